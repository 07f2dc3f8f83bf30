import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { explainCommand } from '../../cli/commands/explain.ts';
import { saveCalendar } from '../../db/calendars.ts';
import { newestPolicy, savePolicies } from '../../db/policies.ts';
import { inTransaction } from '../../db/pool.ts';
import { settle } from '../../db/settle.ts';
import { spanAt } from '../../domain/calendar/transitions.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import { instant, msBetween, plusMs, type Instant } from '../../domain/promise/instant.ts';
import { OFFICE } from '../domain/support/calendars.ts';
import { DAY, HOUR, registered, soon, testApi, type Json, type TestApi } from './testing.ts';

/** While it is true whoever asks for a policy, a calendar or the data of a zone fails. */
const rules = vi.hoisted(() => ({ areGone: false }));
const gone = vi.hoisted(() => (module: Record<string, unknown>) => {
  const guarded = Object.entries(module).map(([name, value]) => {
    if (typeof value !== 'function' || String(value).startsWith('class ')) return [name, value];
    const call = value as (...args: readonly unknown[]) => unknown;
    const guard = (...args: readonly unknown[]): unknown => {
      if (rules.areGone) throw new Error(`${name} was asked, though all is stored.`);
      return call(...args);
    };
    return [name, guard];
  });
  return Object.fromEntries(guarded) as Record<string, unknown>;
});
vi.mock('../../db/policies.ts', async (original) => gone(await original()));
vi.mock('../../db/calendars.ts', async (original) => gone(await original()));
vi.mock('../../db/rules.ts', async (original) => gone(await original()));
vi.mock('../../domain/calendar/transitions.ts', async (original) => gone(await original()));
vi.mock('../../domain/calendar/zones.ts', async (original) => gone(await original()));
vi.mock('@date-fns/tz', async (original) => gone(await original()));

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
  await saveCalendar(api.database.pool, OFFICE);
  vi.stubEnv('DATABASE_URL', api.database.url);
});
afterEach(() => void (rules.areGone = false));
afterAll(async () => {
  vi.unstubAllEnvs();
  await api.database.drop();
});

async function explain(id: string): Promise<Json> {
  const { status, body } = await api.call('GET', `/v1/promises/${id}/explain`);
  expect(status).toBe(200);
  return body;
}

/** Runs the command as the shell would; gives what it printed. */
async function kept(...args: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((part) => printed.push(String(part)) > 0);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  explainCommand(program);
  try {
    await program.parseAsync(['node', 'kept', 'explain', ...args]);
  } finally {
    out.mockRestore();
  }
  return printed.join('');
}

/** Made long enough ago for the facts; its end is far ahead, so that no clock turns while it is read. */
const MADE = soon(-20 * DAY);
const NEXT_YEAR = { within: 'PT2000H', calendar: 'office' };

async function told(id: string, kind: string, occurredAt: Instant, fields: Json = {}): Promise<void> {
  const fact = { factKey: `${kind}-${occurredAt}`, kind, occurredAt, ...fields };
  expect((await api.call('POST', `/v1/promises/${id}/facts`, fact)).status).toBe(202);
}

/** Applies the newest policy to a promise, as a changed policy is applied. */
async function apply(id: string, calendarVersion: number): Promise<void> {
  const { pool } = api.database;
  const version = (await newestPolicy(pool, 'delivery'))?.version ?? 0;
  const fact: Fact = {
    ...{ kind: 'policy_applied', factKey: `policy:${version}`, occurredAt: instant(Date.now()) },
    ...{ version, calendars: { office: calendarVersion } },
  };
  await inTransaction(pool, (tx) => settle(tx, [{ id, facts: [fact] }]));
}

async function change(minutes: number): Promise<number> {
  const { pool } = api.database;
  const newest = await newestPolicy(pool, 'delivery');
  if (!newest) throw new Error('There is no policy.');
  await savePolicies(pool, [{ ...newest.policy, lead: `PT${minutes}M` }]);
  return saveCalendar(pool, { ...OFFICE, zone: `Etc/GMT-${minutes % 12}` });
}

async function moved(ref: string): Promise<string> {
  const id = await registered(api.call, { ref, promised: NEXT_YEAR, madeAt: MADE });
  await told(id, 'paused', plusMs(MADE, 2 * DAY), { waitingFor: 'customer' });
  await told(id, 'resumed', plusMs(MADE, 6 * DAY));
  await told(id, 'estimated', plusMs(MADE, 7 * DAY), { at: plusMs(MADE, 4000 * DAY) });
  await apply(id, await change(90));
  return id;
}

describe('explaining a promise', () => {
  test('gives the same bytes when policy, calendar and zone data are others, and asks for none of them', async () => {
    const id = await moved('same');
    const reading = async () => [JSON.stringify(await explain(id)), await kept(id, '--json'), await kept('shop/same')];
    const before = await reading();
    await change(150);
    rules.areGone = true;
    expect(() => newestPolicy(api.database.pool, 'delivery')).toThrow('newestPolicy was asked');
    expect(() => spanAt('Europe/Tallinn', 0)).toThrow('spanAt was asked');
    expect(await reading()).toEqual(before);
    expect(before[1]).toBe(`${before[0]}\n`);
  });

  test('says every segment, plan, told time and change of phase', async () => {
    const id = await moved('full');
    const body = await explain(id);
    const segments = body['segments'] as readonly { from: Instant; to: Instant; reason: string }[];
    const open = segments.filter(({ reason }) => reason === 'open');
    expect(open.reduce((ms, { from, to }) => ms + msBetween(from, to), 0)).toBe(2000 * HOUR);
    expect(new Set(segments.map(({ reason }) => reason)).size).toBe(5);
    expect((body['steps'] as readonly Json[]).map(({ factKey }) => String(factKey).replace(/-.*|:.*/, ''))).toEqual([
      ...['registered', 'paused', 'resumed', 'policy'],
    ]);
    expect((body['transitions'] as readonly Json[]).map(({ to, because }) => [to, because])).toEqual([
      ['open', 'registered'],
      ['paused', 'fact'],
      ['open', 'fact'],
      ['at_risk', 'fact'],
      ['open', 'estimate_stale'],
    ]);
    expect(body).toMatchObject({ kind: 'delivery', calendar: { id: 'office' }, clock: { withinMs: 2000 * HOUR } });
  });

  test('changes nothing of its plan when the newest policy is another', async () => {
    const id = await registered(api.call, { promised: NEXT_YEAR, madeAt: MADE });
    const before = await explain(id);
    await change(210);
    expect(await explain(id)).toEqual(before);
  });
});

describe('kept explain', () => {
  test('prints for a person: what, who must act, the plan, the clock with its sum, and each change with its fact', async () => {
    const id = await registered(api.call, { ref: 'read', promised: NEXT_YEAR, madeAt: MADE });
    await told(id, 'paused', plusMs(MADE, 6 * DAY), { waitingFor: 'customer' });
    const text = await kept('shop/read');
    for (const words of [
      /^delivery shop\/read\n {2}id +[\da-f-]{36}$/m,
      /^ {2}must act +the customer, since /m,
      /^The plan$/m,
      /^ {2}waiting for the customer .* until something happens$/m,
      /^ {2}open in all +\d.* of 2000 h promised, .* left$/m,
      /^ {2}.*open → paused +fact paused-/m,
    ])
      expect(text).toMatch(words);
  });

  test.each(['shop/nobody', 'nobody', '0199c0de-0000-7000-8000-000000000000'])(
    'says that there is no %s',
    async (name) => {
      await expect(kept(name)).rejects.toThrow(`There is no promise ${name}. Name it by its id, or by source/ref`);
    },
  );
});
