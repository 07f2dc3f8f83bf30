import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isRejected, type Mapping } from '../../../cli/import/mapping.ts';
import { startable } from '../../../db/engine.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { fromNow, policy, seed } from '../../support/registrations.ts';
import { bringIn, csv, everything, plain } from './importing.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [
    policy({ kind: 'delivery', buffer: { fixed: 'P1D' } }),
    policy({ kind: 'reply', buffer: { fixed: 'PT1H' }, whenUnknown: 'warn' }),
  ]);
});
beforeEach(async () => {
  await database.pool.query(
    'truncate promises, facts, duties, dispatches, outbox, staff_alerts, customers, replays, rollup, rollup_due cascade',
  );
});
afterAll(() => database.drop());

const phases = async (): Promise<Record<string, string>> => {
  const { rows } = await database.pool.query<{ ref: string; phase: string }>(
    'select ref, phase from promises order by ref',
  );
  return Object.fromEntries(rows.map(({ ref, phase }) => [ref, phase]));
};
const idOf = async (ref: string): Promise<string> => {
  const { rows } = await database.pool.query<{ id: string }>('select id from promises where ref = $1', [ref]);
  return rows[0]?.id ?? '';
};
const count = async (table: string): Promise<number> =>
  (await database.pool.query<{ n: number }>(`select count(*) as n from ${table}`)).rows[0]?.n ?? -1;

describe('a live import', () => {
  const SOON = fromNow(3 * DAY_MS);
  const LATE = fromNow(-3 * DAY_MS);
  const MADE = fromNow(-9 * DAY_MS);
  const DONE = fromNow(-4 * DAY_MS);

  it('makes promises that live of those that have not ended, and history of the others', async () => {
    const content = csv(
      'ref,made,promised,done,email',
      `open,${MADE},${SOON},,mari@mail.example`,
      `late,${MADE},${LATE},,mart@mail.example`,
      `done,${MADE},${SOON},${DONE},`,
    );
    expect(await bringIn(database.pool, content, { live: true })).toMatchObject({
      imported: 3,
      live: 2,
      livePastTime: 1,
      liveWithoutAddress: 0,
      openHistory: 0,
    });
    const { rows } = await database.pool.query(
      'select ref, history, wake_at is null as idle from promises order by ref',
    );
    expect(rows).toEqual([
      { ref: 'done', history: true, idle: true },
      { ref: 'late', history: false, idle: true },
      { ref: 'open', history: false, idle: false },
    ]);
    const found = await startable(database.pool, 1, null, 10);
    expect(found.map(({ promiseId }) => promiseId)).toContain(await idOf('open'));
  });

  it('owes an apology at once where the time has passed', async () => {
    await bringIn(database.pool, csv('ref,made,promised', `late,${MADE},${LATE}`), { live: true });
    const { rows } = await database.pool.query('select reason, state from duties');
    expect(rows).toEqual([{ reason: 'recovery', state: 'owed' }]);
    expect(await count('outbox')).toBe(1);
  });

  it('judges by the news there are: who said it will be in time owes no warning', async () => {
    const inAnHour = fromNow(HOUR_MS);
    const content = csv(
      'ref,kind,made,promised,estimated',
      `heard,reply,${MADE},${inAnHour},${fromNow(-HOUR_MS)}`,
      `silent,reply,${MADE},${inAnHour},`,
    );
    await bringIn(database.pool, content, { live: true });
    const { rows } = await database.pool.query('select ref, reason from duties join promises p on p.id = promise_id');
    expect(rows).toEqual([{ ref: 'silent', reason: 'progress' }]);
  });

  it('gives a promise without a customer one without an address', async () => {
    await bringIn(database.pool, csv('ref,made,promised', `a1,${MADE},${SOON}`), { live: true });
    expect((await database.pool.query('select ref, email from customers')).rows).toEqual([
      { ref: 'shop:a1', email: null },
    ]);
  });

  it('flags an owner who is not known', async () => {
    const content = csv('ref,made,promised,owner', `a1,${MADE},${SOON},kati`, `a2,${MADE},${SOON},nobody`);
    await bringIn(database.pool, content, { live: true });
    expect((await database.pool.query('select ref, flags from promises order by ref')).rows).toEqual([
      { ref: 'a1', flags: [] },
      { ref: 'a2', flags: ['owner_unknown'] },
    ]);
  });

  it('MADE_AT_MISSING: needs the time at which an open one was made', async () => {
    const content = csv('ref,made,promised,done', `open,,${SOON},`, `done,,${SOON},${DONE}`);
    expect(await bringIn(database.pool, content, { live: true })).toMatchObject({
      imported: 1,
      errors: { MADE_AT_MISSING: 1 },
    });
  });

  it('wakes what came in as history and has not ended', async () => {
    const content = csv('ref,made,promised,email', `open,${MADE},${SOON},mari@mail.example`, `late,${MADE},${LATE},`);
    await bringIn(database.pool, content);
    const rehearsed = await bringIn(database.pool, content, { live: true, dryRun: true });
    const result = await bringIn(database.pool, content, { live: true });
    expect(result).toMatchObject({
      imported: 0,
      existing: 2,
      updated: 2,
      live: 2,
      livePastTime: 1,
      liveWithoutAddress: 1,
      openHistory: 0,
    });
    expect(rehearsed).toEqual({ ...result, dryRun: true });
    const { rows } = await database.pool.query(
      `select p.ref, history, c.ref as customer, wake_at is not null as wakes, reason
       from promises p join customers c on c.id = customer_id left join duties on promise_id = p.id order by 1`,
    );
    expect(rows).toEqual([
      { ref: 'late', history: false, customer: 'shop:late', wakes: false, reason: 'recovery' },
      { ref: 'open', history: false, customer: 'C-open', wakes: true, reason: null },
    ]);
    const found = await startable(database.pool, 1, null, 10);
    expect(found.map(({ promiseId }) => promiseId)).toEqual([await idOf('open')]);
    expect((await database.pool.query('select promise_id from outbox')).rows).toEqual([
      { promise_id: await idOf('late') },
    ]);
  });

  it('plans what it wakes as if it had come in living', async () => {
    const content = csv('ref,made,promised,owner', `a1,${MADE},${SOON},nobody`);
    const planned = async (): Promise<unknown> =>
      (
        await database.pool.query(
          'select plan, flags, policy_version, promised_day, target_at, last_call_at, lead_to, wake_at from promises',
        )
      ).rows;
    await bringIn(database.pool, content);
    const asHistory = await planned();
    await bringIn(database.pool, content, { live: true });
    const woken = await planned();
    await database.pool.query('truncate promises, facts, customers cascade');
    await bringIn(database.pool, content, { live: true });
    expect(woken).toEqual(await planned());
    expect(woken).not.toEqual(asHistory);
  });

  it('again changes nothing of what it woke', async () => {
    const content = csv('ref,made,promised', `open,${MADE},${SOON}`, `late,${MADE},${LATE}`);
    await bringIn(database.pool, content);
    await bringIn(database.pool, content, { live: true });
    const before = await everything(database.pool);
    expect(await bringIn(database.pool, content, { live: true })).toMatchObject({ existing: 2, updated: 0, live: 0 });
    expect(await everything(database.pool)).toEqual(before);
  });

  it('wakes by the news the file brings', async () => {
    const made = `a1,reply,${MADE},${fromNow(HOUR_MS)}`;
    await bringIn(database.pool, csv('ref,kind,made,promised', made));
    const news = csv('ref,kind,made,promised,estimated', `${made},${fromNow(-HOUR_MS)}`);
    expect(await bringIn(database.pool, news, { live: true })).toMatchObject({ updated: 1, live: 1 });
    expect(await count('duties')).toBe(0);
  });

  it('lets history sleep that has ended, or ends by this file', async () => {
    const rows = [`ended,${MADE},${SOON},${DONE}`, `ends,${MADE},${SOON},`];
    await bringIn(database.pool, csv('ref,made,promised,done', ...rows));
    const newer = csv('ref,made,promised,done', `ended,${MADE},${SOON},`, `ends,${MADE},${SOON},${DONE}`);
    expect(await bringIn(database.pool, newer, { live: true })).toMatchObject({ existing: 2, updated: 1, live: 0 });
    expect((await database.pool.query('select distinct history from promises')).rows).toEqual([{ history: true }]);
    expect(await count('customers')).toBe(0);
  });

  it('MADE_AT_MISSING: wakes none of which nobody knows when it was made', async () => {
    const content = csv('ref,promised', `a1,${SOON}`);
    await bringIn(database.pool, content);
    for (const dryRun of [true, false])
      expect(await bringIn(database.pool, content, { live: true, dryRun })).toMatchObject({
        existing: 0,
        errors: { MADE_AT_MISSING: 1 },
      });
    expect((await database.pool.query('select history from promises')).rows).toEqual([{ history: true }]);
  });

  it('knows an address from elsewhere that the file does not name', async () => {
    const mapping: Mapping = {
      ...plain(),
      read: (row) => {
        const read = plain().read(row);
        if (isRejected(read)) return read;
        const nameless = { name: null, phone: null, language: null, zone: null };
        return { ...read, customer: { ...nameless, ref: 'C-1', email: row['email'] || null } };
      },
    };
    await bringIn(database.pool, csv('ref,promised,email', `a1,${SOON},mari@mail.example`), { mapping });
    const bare = csv('ref,made,promised', `a2,${MADE},${SOON}`);
    expect(await bringIn(database.pool, bare, { mapping, live: true })).toMatchObject({
      live: 1,
      liveWithoutAddress: 0,
    });
  });

  it('closes a living promise by a newer export', async () => {
    await bringIn(database.pool, csv('ref,made,promised,done', `a1,${MADE},${SOON},`), { live: true });
    const newer = csv('ref,made,promised,done', `a1,${MADE},${SOON},${DONE}`);
    expect(await bringIn(database.pool, newer, { live: true })).toMatchObject({ existing: 1, updated: 1 });
    expect(await phases()).toEqual({ a1: 'kept' });
  });

  it('is rehearsed with the figures it will have', async () => {
    const content = csv('ref,made,promised', `open,${MADE},${SOON}`, `late,${MADE},${LATE}`);
    const before = await everything(database.pool);
    expect(await bringIn(database.pool, content, { live: true, dryRun: true })).toMatchObject({
      live: 2,
      livePastTime: 1,
    });
    expect(await everything(database.pool)).toEqual(before);
  });
});
