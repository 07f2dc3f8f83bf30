import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type RunningApi } from '../../../api/server.ts';
import { bookshop } from '../../../cli/import/bookshop.ts';
import { readHistory, type DatedRow } from '../../../cli/import/read-history.ts';
import { expectedOf, shrinkRow } from '../../../cli/replay/shrink.ts';
import { deadlineOf } from '../../../domain/calendar/deadline.ts';
import { playSample } from '../../../cli/up/sample.ts';
import { bookshopCsv, FIRST_DAY } from '../../../cli/up/sample/generator.ts';
import { samplePolicies } from '../../../cli/up/sample/policies.ts';
import { saveKey } from '../../../db/keys.ts';
import { createRegistrar } from '../../../db/register.ts';
import { replayOf } from '../../../db/replays.ts';
import { startOfDay } from '../../../domain/calendar/zones.ts';
import { msBetween, plusMs } from '../../../domain/promise/instant.ts';
import { logInto } from '../../api/testing.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { registration, seed } from '../../support/registrations.ts';

const DAY = 86_400_000;
const FILE = resolve(import.meta.dirname, '../../../cli/up/sample/bookshop.csv');
/** When the sample begins, in the time of its file. */
const OPENING = plusMs(startOfDay(FIRST_DAY, bookshop.zone), 3 * DAY + DAY / 3);
/** Twenty seconds of play. */
const A_DAY_LATER = plusMs(OPENING, DAY);

const rowsOf = async (): Promise<readonly DatedRow[]> => (await readHistory(FILE, bookshop, () => true)).rows;

describe('the shipped sample', () => {
  it('is what its generator makes, every time', () => {
    expect(bookshopCsv()).toBe(bookshopCsv());
    expect(readFileSync(FILE, 'utf8'), 'run: npx tsx cli/up/sample/write.ts').toBe(bookshopCsv());
  });

  it('is about 40 deliveries and some callbacks and replies, all readable', async () => {
    const { rows, rejected } = await readHistory(FILE, bookshop, () => true);
    const of = (kind: string) => rows.filter((row) => row.kind === kind).length;
    expect(rejected).toEqual([]);
    expect([of('delivery'), of('callback'), of('reply')]).toEqual([40, 9, 9]);
  });

  it('promises five days and delivers most in three or four; few are broken, one by the shop', async () => {
    const deliveries = (await rowsOf()).filter((row) => row.kind === 'delivery');
    const promised = deliveries.map((row) => Math.round(msBetween(row.madeAt, deadlineOf(row.promised)) / DAY - 0.5));
    expect(new Set(promised)).toEqual(new Set([5]));
    const kept = deliveries.filter((row) => expectedOf(row) === 'kept');
    const early = kept.filter((row) =>
      row.facts.some((fact) => fact.kind === 'fulfilled' && msBetween(fact.occurredAt, deadlineOf(row.promised)) > DAY),
    );
    expect(kept.length).toBeGreaterThanOrEqual(34);
    expect(early.length).toBeGreaterThanOrEqual(28);
    const broken = deliveries.filter((row) => expectedOf(row) === 'broken');
    expect(
      broken.filter((row) => row.facts.some((fact) => fact.kind === 'withdrawn' && fact.by === 'company')).length,
    ).toBe(1);
    // One comes too late without a word: the one that is recovered.
    const silent = broken.filter((row) =>
      row.facts.every((fact) => fact.kind !== 'estimated' && fact.kind !== 'withdrawn'),
    );
    expect(silent.length).toBe(1);
  });

  it('has orders on their way when it opens, none of them late by then', async () => {
    const earlier = (await rowsOf()).filter((row) => row.madeAt !== null && row.madeAt <= OPENING);
    expect(earlier.length).toBeGreaterThanOrEqual(8);
    for (const row of earlier) expect(deadlineOf(row.promised) > OPENING).toBe(true);
  });

  it('puts a promise at risk and lets another slip inside its buffer within twenty seconds', async () => {
    const estimates = (await rowsOf()).flatMap((row) =>
      row.facts.flatMap((fact) =>
        fact.kind === 'estimated' && fact.occurredAt > OPENING && fact.occurredAt <= A_DAY_LATER
          ? [fact.at > deadlineOf(row.promised)]
          : [],
      ),
    );
    expect(estimates.filter((isLate) => isLate).length).toBe(1);
    expect(estimates.filter((isLate) => !isLate).length).toBe(1);
  });

  it('has policies of its own for its kinds, as short as its days', () => {
    expect(samplePolicies(20_000)).toMatchObject([
      { kind: 'delivery-sample', buffer: { fixed: 'PT20S' }, lead: 'PT20S', goal: 0.9 },
      { kind: 'callback-sample', notices: { promised: true } },
      { kind: 'reply-sample', whenUnknown: 'warn' },
    ]);
  });
});

describe('playing the sample', () => {
  const KEY = 'kept_sample';
  let database: TestDatabase;
  let api: RunningApi;

  beforeAll(async () => {
    database = await testDatabase();
    await seed(database.pool, []);
    await saveKey(database.pool, 'admin', createHash('sha256').update(KEY).digest());
    api = await startApi({
      pool: database.pool,
      port: 0,
      host: '127.0.0.1',
      baseUrl: 'http://kept.example',
      log: logInto([]),
      engineUp: () => true,
    });
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  const tell = async (): Promise<readonly { ref: string; promised_at: string; facts: number }[]> =>
    (
      await database.pool.query<{ ref: string; promised_at: string; facts: number }>(
        `select ref, promised_at, (select count(*) from facts f where f.promise_id = p.id) as facts
         from promises p where source = 'bookshop' order by ref`,
      )
    ).rows;

  /** Plays until so many promises are there, then stops as Ctrl-C does. */
  async function playUntil(promises: number): Promise<readonly string[]> {
    const stop = new AbortController();
    const lines: string[] = [];
    const playing = playSample({
      api: api.url,
      key: KEY,
      pool: database.pool,
      signal: stop.signal,
      log: (line) => lines.push(line),
    });
    await expect
      .poll(async () => (await tell()).length, { timeout: 20_000, interval: 20 })
      .toBeGreaterThanOrEqual(promises);
    stop.abort();
    await playing;
    return lines;
  }

  it('registers at once what was promised before, and goes on from its origin at the next start', async () => {
    const earlier = (await rowsOf()).filter((row) => row.madeAt !== null && row.madeAt <= OPENING);
    const first = await playUntil(earlier.length);
    const before = await tell();
    const clock = await replayOf(database.pool, 'bookshop');
    expect(first.join()).toContain('opens');
    expect(before.map((row) => row.ref)).toEqual(expect.arrayContaining(earlier.map((row) => row.ref)));

    const second = await playUntil(before.length + 1);
    const after = new Map((await tell()).map((row) => [row.ref, row]));
    expect(second.join()).toContain('goes on');
    expect(await replayOf(database.pool, 'bookshop')).toEqual(clock);
    for (const row of before) expect(after.get(row.ref)?.promised_at).toBe(row.promised_at);

    const scale = {
      historyOrigin: startOfDay(FIRST_DAY, bookshop.zone),
      origin: clock?.originAt ?? OPENING,
      dayMs: 20_000,
    };
    const risky = (await rowsOf()).find((row) => row.ref === 'B-1002');
    if (!risky) throw new Error('B-1002 is gone.');
    expect(after.get('B-1002')?.promised_at).toBe(deadlineOf(shrinkRow(scale, risky, '').promised));
  });
});

describe('playing the sample beside promises of the same source', () => {
  it('is left alone, and says so', async () => {
    const database = await testDatabase();
    const lines: string[] = [];
    await seed(database.pool, samplePolicies(20_000));
    const wish = {
      kind: 'delivery-sample',
      promised: { precision: 'instant', at: A_DAY_LATER },
      source: 'bookshop',
    } as const;
    await createRegistrar(database.pool).register(await registration(database.pool, wish));
    const signal = new AbortController().signal;
    await playSample({
      api: 'http://127.0.0.1:9',
      key: 'k',
      pool: database.pool,
      signal,
      log: (line) => lines.push(line),
    });
    expect(lines).toEqual([expect.stringContaining('The sample is not played')]);
    await database.drop();
  });
});
