import { createHash } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type RunningApi } from '../../../api/server.ts';
import { closingLines, laptopOf, paceOption, replayCommand } from '../../../cli/commands/replay.ts';
import { olist } from '../../../cli/import/olist.ts';
import type { DatedRow } from '../../../cli/import/read-history.ts';
import { createApiClient } from '../../../cli/replay/api-client.ts';
import { differencesOf, replay, type ReplayOptions, type ReplayResult } from '../../../cli/replay/replay.ts';
import { WrongUsage } from '../../../cli/wrong-usage.ts';
import { saveKey } from '../../../db/keys.ts';
import { newestPolicy } from '../../../db/policies.ts';
import { listPromises } from '../../../db/promises.ts';
import { instant, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import type { OutsideFact } from '../../../domain/promise/facts.ts';
import { logInto } from '../../api/testing.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { historyRow } from '../../support/history.ts';
import { policy, seed } from '../../support/registrations.ts';
import { miniEngine } from './mini-engine.ts';

const DAY = 86_400_000;
const MADE = instant(Date.UTC(2017, 10, 1, 14));
const KEY = 'kept_replay';

let database: TestDatabase;
let api: RunningApi;
let engine: ReturnType<typeof miniEngine>;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [policy({ kind: 'delivery', buffer: { fixed: 'P1D' }, whenUnknown: 'warn' })]);
  await saveKey(database.pool, 'admin', createHash('sha256').update(KEY).digest());
  const log = logInto([]);
  api = await startApi({
    pool: database.pool,
    port: 0,
    host: '127.0.0.1',
    baseUrl: 'http://kept.example',
    log,
    engineUp: () => true,
  });
  engine = miniEngine(database.pool);
});
afterAll(async () => {
  await engine.stop();
  await api.close();
  await database.drop();
});

const days = (count: number): Instant => plusMs(MADE, count * DAY);
const row = (ref: string, ...facts: readonly OutsideFact[]): DatedRow => historyRow({ ref, madeAt: MADE, facts });
const sent = (at: number): OutsideFact => ({
  kind: 'progressed',
  factKey: 'carrier',
  checkpoint: 'carrier',
  occurredAt: days(at),
});
const done = (at: number): OutsideFact => ({ kind: 'fulfilled', factKey: 'delivered', occurredAt: days(at) });
const off = (at: number): OutsideFact => ({
  kind: 'withdrawn',
  by: 'unknown',
  factKey: 'withdrawn',
  occurredAt: days(at),
});

const HISTORY = [
  row('early', sent(1), done(2)),
  row('on-the-day', done(5.4)),
  row('late', sent(1), done(20)),
  row('never', sent(2)),
  row('off', off(0)),
];

const play = (rows: readonly DatedRow[], more: Partial<ReplayOptions> = {}): Promise<ReplayResult> =>
  replay({
    api: createApiClient({ url: api.url, key: KEY, patienceMs: 10_000 }),
    pool: database.pool,
    mapping: olist,
    rows,
    from: null,
    dayMs: 100,
    onProgress: () => {},
    ...more,
  });

describe('a replay', () => {
  it('ends as its history says, and tells what happened', async () => {
    const result = await play(HISTORY);
    expect(result).toMatchObject({
      source: 'olist',
      registered: 5,
      facts: 7,
      kept: 2,
      broken: 1,
      overdue: 1,
      open: 0,
      withdrawn: 1,
      recovered: 2,
      noticesAfterFulfilled: 0,
      equal: true,
      differences: [],
    });
    expect(result.wakeLagMs.p50).toBeGreaterThanOrEqual(0);
    expect(result.wakeLagMs.p99).toBeGreaterThanOrEqual(result.wakeLagMs.p50 ?? Infinity);
    expect(Object.keys(result)).toEqual(
      'source registered facts kept broken overdue open withdrawn warned recovered noticesAfterFulfilled wakeLagMs equal differences'.split(
        ' ',
      ),
    );
  });

  it('leaves nothing owed behind and made its promises under a shrunken policy of their own', async () => {
    const promises = await listPromises(database.pool, { source: 'olist', limit: 10 });
    expect(promises.map((one) => one.kind)).toEqual(Array(5).fill('delivery-replay'));
    expect(promises.filter((one) => one.wakeAt !== null)).toEqual([]);
    expect(
      promises.every((one) => one.precision === 'instant' && one.customerRef === `${one.ref}@replay.example`),
    ).toBe(true);
    const shrunken = await newestPolicy(database.pool, 'delivery-replay');
    expect(shrunken?.policy).toMatchObject({ lead: 'PT0.1S', buffer: { fixed: 'PT0.1S' }, whenUnknown: 'warn' });
    expect((await newestPolicy(database.pool, 'delivery'))?.policy.lead).toBe('P1D');
  });

  it('does not lose its patience while a promise waits for a later time that was told', async () => {
    const late: OutsideFact = { kind: 'estimated', factKey: 'e', occurredAt: days(1), at: days(20) };
    const mapping = { ...olist, name: 'olist-later' };
    const result = await play([row('later', late)], { mapping, patienceMs: 300 });
    expect(result).toMatchObject({ warned: 1, recovered: 1, overdue: 1, equal: true });
  });

  it('gives up when what is owed stays undone, naming how much', async () => {
    await engine.stop();
    const mapping = { ...olist, name: 'olist-stuck' };
    await expect(play([row('stuck')], { mapping, patienceMs: 300 })).rejects.toThrow(
      /1 promises are still unfinished, 0.3 s after/,
    );
    engine = miniEngine(database.pool);
  });

  it('is refused a second time on the same state, naming the way out, and sends nothing', async () => {
    await expect(play([...HISTORY, row('another')])).rejects.toThrow(/are here already.*--fresh/);
    expect((await listPromises(database.pool, { source: 'olist', limit: 10 })).length).toBe(5);
  });

  it('is refused where a kind has no policy, before anything is sent', async () => {
    await expect(play([{ ...row('x'), kind: 'repair' }])).rejects.toThrow(
      /no policy for the kind repair: add repair.yaml/,
    );
  });
});

describe('what a replay found', () => {
  it('differs where an outcome is another one or the promise is not there', () => {
    const said = [
      { ref: 'a', expected: 'kept' },
      { ref: 'b', expected: 'broken' },
      { ref: 'c', expected: 'overdue' },
    ] as const;
    const found = [
      { ref: 'a', phase: 'kept' },
      { ref: 'b', phase: 'overdue' },
    ] as const;
    expect(differencesOf(said, found)).toEqual([
      { ref: 'b', expected: 'broken', found: 'overdue' },
      { ref: 'c', expected: 'overdue', found: 'missing' },
    ]);
  });
});

describe('kept replay', () => {
  const run = { pid: 1, api: 'http://127.0.0.1:7400', key: 'k', database: 'postgres://x', temporal: null };

  it.each(['http://127.0.0.1:7400/dev/mail', 'http://localhost:7400/dev/mail', 'http://[::1]:7400/dev/mail'])(
    'writes to the sink at %s',
    (mail) => {
      expect(laptopOf({ ...run, mail })).toEqual({ ...run, mail });
    },
  );

  it.each([null, 'http://kept.example/dev/mail', 'http://127.0.0.1.evil.example/dev/mail'])(
    'refuses to write where the sink is %s',
    (mail) => {
      expect(() => laptopOf({ ...run, mail })).toThrow(/sink of a laptop only/);
    },
  );

  it.each([
    ['2s', 2_000],
    ['500ms', 500],
    ['0.5s', 500],
    ['1m', 60_000],
  ])('reads a day of %s', (text, ms) => {
    expect(paceOption(text)).toBe(ms);
  });

  it('ends with the kept rate and the command for the report, on the same state', () => {
    const result = {
      source: 'olist',
      registered: 9,
      facts: 9,
      kept: 5,
      broken: 1,
      overdue: 1,
      open: 1,
      withdrawn: 1,
      warned: 0,
      recovered: 2,
      noticesAfterFulfilled: 0,
      wakeLagMs: { p50: null, p99: null },
      equal: true,
      differences: [],
    };
    expect(closingLines(result)).toMatch(/^Kept rate: 71\.4 % of 7 .*$/m);
    expect(closingLines(result)).toMatch(/^The report: npx kept report --source olist$/m);
    expect(closingLines(result, '/srv/other')).toMatch(/--source olist --state \/srv\/other$/m);
    const none = { ...result, kept: 0, broken: 0, overdue: 0 };
    expect(closingLines(none)).toMatch(/^Kept rate: – of 0 /m);
  });

  it('is wrong usage with a mapping that there is not, and names those there are', async () => {
    const program = new Command();
    replayCommand(program);
    const asked = program.parseAsync(['replay', 'x.csv', '--mapping', 'olst', '--day', '2s'], { from: 'user' });
    await expect(asked).rejects.toBeInstanceOf(WrongUsage);
    await expect(asked).rejects.toThrow(/olst.*bookshop.*olist/);
  });

  it('names what is required in its help', () => {
    const program = new Command();
    replayCommand(program);
    const help = program.commands[0]?.helpInformation() ?? '';
    expect(help).toMatch(/^Usage: .*<file> --mapping <name\|file> --day <length> \[options\]$/m);
    expect(help.match(/^ +--(mapping|day) [^]*?required/gm)).toHaveLength(2);
  });

  it.each(['', '2', '0s', '-1s', '1h', '0.0001s', '2 s', '1441m'])('refuses a day of %j', (text) => {
    expect(() => paceOption(text)).toThrow(InvalidArgumentError);
  });
});
