import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { saveCalendar } from '../../db/calendars.ts';
import { donePokes, started, takePokes } from '../../db/engine.ts';
import { diffPolicy } from '../../db/policy-diff.ts';
import { findPolicy, newestPolicy, savePolicy } from '../../db/policies.ts';
import { getPromise, timelineOf } from '../../db/promises.ts';
import { createRegistrar } from '../../db/register.ts';
import { carriedPokes } from '../../db/replan-pokes.ts';
import { applyPolicy, type Applied } from '../../db/replan.ts';
import { recordFact } from '../../db/settle.ts';
import type { PromiseRow } from '../../db/shapes.ts';
import { planOf } from '../../domain/calendar/plan.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import { msBetween } from '../../domain/promise/instant.ts';
import { calendar, daily } from '../domain/support/calendars.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed, type RegistrationWish } from '../support/registrations.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.drop());

let kinds = 0;
/** A kind of its own for each test, with a buffer of an hour and a lead of two. */
async function newKind(): Promise<string> {
  const kind = `kind-${(kinds += 1)}`;
  await seed(database.pool, [rules(kind)]);
  return kind;
}
const rules = (kind: string, more: Record<string, unknown> = {}) =>
  policy({ kind, buffer: { fixed: 'PT1H' }, lead: 'PT2H', factLag: 'PT0S', ...more });

async function register(kind: string, wish: Partial<RegistrationWish> & { dueMs?: number } = {}): Promise<string> {
  const { dueMs = 2 * DAY, ...rest } = wish;
  const promised = { precision: 'instant', at: fromNow(dueMs) } as const;
  const made = await registration(database.pool, { kind, promised, madeAt: fromNow(-DAY), ...rest });
  await createRegistrar(database.pool).register(made);
  return made.id;
}

async function read(id: string): Promise<PromiseRow> {
  const promise = await getPromise(database.pool, id);
  if (!promise) throw new Error(`No promise ${id}`);
  return promise;
}

/** A minute after it was stored: whoever registers knows of it. */
async function apply(kind: string): Promise<Applied> {
  await database.pool.query(`update policies set created_at = created_at - interval '1 minute' where kind = $1`, [
    kind,
  ]);
  const applied = await applyPolicy(database.pool, kind);
  if (!applied) throw new Error(`No policy for ${kind}`);
  return applied;
}

/** As a workflow would have it that sleeps until the next instant. */
async function sleeping(id: string): Promise<string> {
  const { wakeAt } = await read(id);
  if (wakeAt) await started(database.pool, 1, [{ promiseId: id, sleepsUntil: wakeAt }]);
  await database.pool.query('delete from outbox where promise_id = $1', [id]);
  return id;
}

let counter = 0;
const fact = (kind: string, more: object = {}): OutsideFact =>
  ({ kind, factKey: `f-${(counter += 1)}`, occurredAt: fromNow(0), ...more }) as OutsideFact;
const record = (id: string, kind: string, more: object = {}) => recordFact(database.pool, id, fact(kind, more));

/** Everything that is stored of a promise, as text. */
async function storedOf(id: string): Promise<readonly unknown[]> {
  const { rows } = await database.pool.query(
    `select p::text, (select string_agg(f::text, ' ' order by fact_key) from facts f where f.promise_id = p.id) as facts
     from promises p where id = $1`,
    [id],
  );
  return rows;
}

describe('applying a policy', () => {
  it('plans what is open as the new policy says, and says so with a fact', async () => {
    const kind = await newKind();
    const id = await register(kind);
    const next = rules(kind, { buffer: { fixed: 'PT5H' }, lead: 'PT9H', factLag: 'PT3H' });
    await savePolicy(database.pool, next);
    expect(await apply(kind)).toMatchObject({ kind, version: 2, open: 1, applied: 1, replanned: 1, failed: [] });
    const { plan, basis, policyVersion, targetAt } = await read(id);
    const { targetAt: target, lastCallAt, recoveryAt } = planOf(basis, next);
    expect(plan).toMatchObject({ targetAt: target, lastCallAt, recoveryAt, policyVersion: 2 });
    expect([policyVersion, targetAt]).toEqual([2, target]);
    const facts = (await timelineOf(database.pool, id)).map((item) => item.fact);
    expect(facts[1]).toMatchObject({ kind: 'policy_applied', factKey: 'policy:2:-', version: 2, calendars: {} });
  });

  it('reaches what is registered meanwhile by who does not know of it yet', async () => {
    const kind = await newKind();
    const promised = { precision: 'instant', at: fromNow(2 * DAY) } as const;
    const late = await registration(database.pool, { kind, promised });
    await savePolicy(database.pool, rules(kind, { lead: 'PT9H' }));
    const asked = vi.spyOn(database.pool, 'query');
    const stored = applyPolicy(database.pool, kind);
    // It has found nothing to apply it to.
    await vi.waitFor(() => {
      const at = asked.mock.calls.findIndex(([query]) => JSON.stringify(query).includes('open_of_kind'));
      expect(asked.mock.settledResults[at]?.type).toBe('fulfilled');
    });
    asked.mockRestore();
    await createRegistrar(database.pool).register(late);
    expect(await stored).toMatchObject({ open: 0, applied: 1, replanned: 1 });
    expect((await read(late.id)).policyVersion).toBe(2);
  });

  it('touches nothing that has closed, and no history', async () => {
    const kind = await newKind();
    const closed = await register(kind);
    await record(closed, 'fulfilled');
    const history = await register(kind);
    await database.pool.query('update promises set history = true, wake_at = null where id = $1', [history]);
    await savePolicy(database.pool, rules(kind, { lead: 'PT9H' }));
    const before = [await storedOf(closed), await storedOf(history)];
    expect(await apply(kind)).toMatchObject({ open: 0, applied: 0 });
    expect([await storedOf(closed), await storedOf(history)]).toEqual(before);
  });

  it('pokes those that must look earlier and no others, nearest first', async () => {
    const kind = await newKind();
    const far = await sleeping(await register(kind, { dueMs: 3 * DAY }));
    const near = await sleeping(await register(kind, { dueMs: 2 * DAY }));
    await sleeping(await register(kind, { target: fromNow(DAY) }));
    await register(kind, { dueMs: 4 * DAY });
    await savePolicy(database.pool, rules(kind, { buffer: { fixed: 'PT5H' } }));
    expect(await apply(kind)).toMatchObject({ applied: 4, replanned: 3, earlier: 3, pokes: 2 });
    const { rows } = await database.pool.query<{ promise_id: string }>(
      `select promise_id from outbox o join promises p on p.id = o.promise_id where p.kind = $1 order by o.id`,
      [kind],
    );
    expect(rows.map((row) => row.promise_id)).toEqual([near, far]);
  });

  it('pokes nobody where everybody may look later', async () => {
    const kind = await newKind();
    await sleeping(await register(kind));
    await savePolicy(database.pool, rules(kind, { buffer: { fixed: 'PT10M' } }));
    expect(await apply(kind)).toMatchObject({ applied: 1, replanned: 1, earlier: 0, pokes: 0 });
  });

  it('leaves the working time left of a promise that waits for its customer as it was', async () => {
    const kind = await newKind();
    await saveCalendar(database.pool, { ...calendar({ zone: 'UTC', week: daily('08:00-20:00') }), id: 'desk' });
    const desk = { calendar: { ...calendar({ zone: 'UTC', week: daily('08:00-20:00') }), id: 'desk' }, version: 1 };
    const id = await register(kind, {
      promised: { precision: 'instant', within: 'PT100H', calendar: 'desk' },
      calendar: desk,
    });
    await record(id, 'paused', { waitingFor: 'customer' });
    const before = (await read(id)).plan.clock;
    await savePolicy(database.pool, rules(kind, { buffer: { fixed: 'PT5H' } }));
    expect((await apply(kind)).applied).toBe(1);
    const { plan } = await read(id);
    expect(plan.policyVersion).toBe(2);
    expect(plan.clock?.leftMs).toBe(before?.leftMs);
    expect(before?.leftMs).toBeGreaterThan(0);
  });

  it('once more finds nothing', async () => {
    const kind = await newKind();
    const id = await register(kind);
    await savePolicy(database.pool, rules(kind, { lead: 'PT9H' }));
    await apply(kind);
    const before = await storedOf(id);
    expect(await apply(kind)).toMatchObject({ open: 1, applied: 0, replanned: 0, pokes: 0 });
    expect(await storedOf(id)).toEqual(before);
  });

  it('holds for what is open again, too, though its end came before the policy', async () => {
    const kind = await newKind();
    const id = await register(kind);
    await savePolicy(database.pool, rules(kind, { lead: 'PT9H' }));
    await apply(kind);
    await record(id, 'fulfilled', { occurredAt: fromNow(-HOUR) });
    await record(id, 'fulfilment_reversed');
    expect((await read(id)).policyVersion).toBe(2);
    expect((await apply(kind)).applied).toBe(0);
  });

  it('names what it cannot be applied to, and applies it to all others', async () => {
    const kind = await newKind();
    const broken = await register(kind);
    const other = await register(kind);
    const last = `'{"promised": {"precision": "instant", "at": "9999-12-31T23:59:59.999Z"}}'`;
    await database.pool.query(`update promises set basis = basis || ${last} where id = $1`, [broken]);
    await savePolicy(database.pool, rules(kind, { lead: 'PT9H' }));
    expect(await diffPolicy(database.pool, kind, null)).toMatchObject({ open: 2, changed: 1, failed: [broken] });
    expect(await apply(kind)).toMatchObject({ applied: 1, failed: [broken] });
    expect([(await read(broken)).policyVersion, (await read(other)).policyVersion]).toEqual([1, 2]);
  });

  it('knows no kind without a policy', async () => {
    expect(await applyPolicy(database.pool, 'nothing')).toBeNull();
    expect(await diffPolicy(database.pool, 'nothing', null)).toBeNull();
  });

  it('stopped in the middle, it has done some, and run again it does the rest', { timeout: 60_000 }, async () => {
    const kind = await newKind();
    const registrar = createRegistrar(database.pool);
    const promised = { precision: 'instant', at: fromNow(2 * DAY) } as const;
    const one = await registration(database.pool, { kind, promised });
    const many = Array.from({ length: 1_100 }, (_, at) => ({
      ...one,
      id: `${one.id.slice(0, -4)}${at.toString(16).padStart(4, '0')}`,
      ref: `many-${at}`,
    }));
    await Promise.all(many.map((each) => registrar.register(each)));
    await savePolicy(database.pool, rules(kind, { lead: 'PT9H' }));
    const stop = (): never => {
      throw new Error('stopped');
    };
    await expect(applyPolicy(database.pool, kind, stop)).rejects.toThrow('stopped');
    const rest = await apply(kind);
    expect(rest.applied).toBeGreaterThan(0);
    expect(rest.applied).toBeLessThan(1_100);
    const { rows } = await database.pool.query(
      `select policy_version, version, count(*) as n from promises where kind = $1 group by 1, 2`,
      [kind],
    );
    expect(rows).toEqual([{ policy_version: 2, version: 2, n: 1_100 }]);
  });

  it('and facts that come meanwhile wait for each other, and none is lost', async () => {
    const kind = await newKind();
    const ids = await Promise.all(Array.from({ length: 20 }, () => register(kind)));
    await savePolicy(database.pool, rules(kind, { lead: 'PT9H' }));
    const news = ids.map((id) => record(id, 'estimated', { at: fromNow(DAY) }));
    await Promise.all([apply(kind), apply(kind), ...news]);
    for (const id of ids) {
      const found = (await timelineOf(database.pool, id)).map((item) => item.fact.kind);
      expect(found.toSorted()).toEqual(['estimated', 'policy_applied', 'registered']);
      expect((await read(id)).policyVersion).toBe(2);
    }
  });
});

describe('a changed calendar', () => {
  it('moves the deadline of open duration promises when it is applied, and of closed ones nothing', async () => {
    const kind = await newKind();
    const always = { ...calendar({ zone: 'UTC', week: daily('00:00-24:00') }), id: 'always' };
    await saveCalendar(database.pool, always);
    const wish = {
      promised: { precision: 'instant', within: 'PT72H', calendar: 'always' } as const,
      calendar: { calendar: always, version: 1 },
    };
    const [open, closed] = [await register(kind, wish), await register(kind, wish)];
    await record(closed, 'fulfilled');
    const [before, asItWas] = [await read(open), await storedOf(closed)];
    const holiday = fromNow(DAY).slice(0, 10);
    const week = daily('00:00-24:00');
    await saveCalendar(database.pool, {
      ...calendar({ zone: 'UTC', week, holidays: { add: [holiday] } }),
      id: 'always',
    });
    expect(await apply(kind)).toMatchObject({
      version: 1,
      calendars: { always: 2 },
      open: 1,
      applied: 1,
      replanned: 1,
    });
    const after = await read(open);
    expect(msBetween(before.promisedAt, after.promisedAt)).toBe(DAY);
    expect([after.plan.calendars, after.firstPromisedAt]).toEqual([{ always: 2 }, after.promisedAt]);
    expect(await storedOf(closed)).toEqual(asItWas);
    expect((await apply(kind)).applied).toBe(0);
  });
});

describe('the pokes of an applied policy', () => {
  async function poked(): Promise<Applied> {
    const kind = await newKind();
    await sleeping(await register(kind));
    await savePolicy(database.pool, rules(kind, { buffer: { fixed: 'PT5H' } }));
    return apply(kind);
  }

  it('that nobody takes stay, and it is said that no worker carries them', async () => {
    const carried = await carriedPokes(database.pool, await poked(), { nobodyMs: 1 });
    expect(carried).toEqual({ pokedMs: null, missedWakes: 0, stillWaiting: 1, isCarried: false });
    await database.pool.query('delete from outbox');
  });

  it('are waited for while somebody carries them', async () => {
    const applied = await poked();
    const pokes = await takePokes(database.pool, 100);
    const waiting = carriedPokes(database.pool, applied);
    await donePokes(
      database.pool,
      pokes.map(({ id }) => id),
    );
    expect(await waiting).toMatchObject({ missedWakes: 0, stillWaiting: 0, isCarried: true });
    expect((await waiting).pokedMs).not.toBeNull();
  });

  it('do not hide an instant that passed without anybody looking', async () => {
    const applied = await poked();
    await database.pool.query(
      `update promises set wake_at = clock_timestamp() - interval '6 seconds' where kind = $1`,
      [applied.kind],
    );
    await database.pool.query('delete from outbox');
    expect(await carriedPokes(database.pool, applied)).toMatchObject({ missedWakes: 1 });
  });
});

describe('saved by many at once', () => {
  it('each changed policy has a version of its own: none is lost, none doubled', async () => {
    const kind = await newKind();
    const hours = Array.from({ length: 12 }, (_, hour) => hour + 10);
    const versions = await Promise.all(
      hours.map((hour) => savePolicy(database.pool, rules(kind, { lead: `PT${hour}H` }))),
    );
    expect(versions.toSorted((a, b) => a - b)).toEqual(hours.map((hour) => hour - 8));
    for (const [at, version] of versions.entries())
      expect((await findPolicy(database.pool, kind, version))?.lead).toBe(`PT${hours[at]}H`);
  });

  it('the same policy is one version', async () => {
    const kind = await newKind();
    const same = rules(kind, { lead: 'PT11H' });
    const versions = await Promise.all(Array.from({ length: 8 }, () => savePolicy(database.pool, same)));
    expect(new Set(versions)).toEqual(new Set([2]));
    expect((await newestPolicy(database.pool, kind))?.version).toBe(2);
  });
});
