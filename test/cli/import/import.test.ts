import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ImportRefused } from '../../../cli/import/import.ts';
import { startable, sweepDue } from '../../../db/engine.ts';
import { inTransaction } from '../../../db/pool.ts';
import { beginReplay } from '../../../db/replays.ts';
import { settle } from '../../../db/settle.ts';
import { instant } from '../../../domain/promise/instant.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { fromNow, policy, seed } from '../../support/registrations.ts';
import { bringIn, csv, everything, plain } from './importing.ts';
import { folder } from './reading.ts';

const DAY_MS = 86_400_000;

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

/** Two that were kept, one broken, one withdrawn, one open past its time. */
const PAST = csv(
  'ref,made,promised,done,cancelled,partner',
  'a1,2026-01-01T08:00:00.000Z,2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.000Z,,dpd',
  'a2,2026-01-01T08:00:00.000Z,2026-01-05T08:00:00.000Z,2026-01-05T08:00:00.000Z,,dpd',
  'a3,2026-01-01T08:00:00.000Z,2026-01-05T08:00:00.000Z,2026-01-05T08:00:00.001Z,,omniva',
  'a4,2026-01-01T08:00:00.000Z,2026-01-05T08:00:00.000Z,,2026-01-02T08:00:00.000Z,omniva',
  'a5,2026-01-01T08:00:00.000Z,2026-01-05T08:00:00.000Z,,,omniva',
);

const phases = async (): Promise<Record<string, string>> => {
  const { rows } = await database.pool.query<{ ref: string; phase: string }>(
    'select ref, phase from promises order by ref',
  );
  return Object.fromEntries(rows.map(({ ref, phase }) => [ref, phase]));
};
const count = async (table: string): Promise<number> =>
  (await database.pool.query<{ n: number }>(`select count(*) as n from ${table}`)).rows[0]?.n ?? -1;

describe('an import of history', () => {
  it('stores every promise with how it ended', async () => {
    const result = await bringIn(database.pool, PAST);
    expect(result).toMatchObject({ source: 'shop', rows: 5, imported: 5, existing: 0, rejected: 0, errors: {} });
    expect(await phases()).toEqual({ a1: 'kept', a2: 'kept', a3: 'broken', a4: 'withdrawn', a5: 'overdue' });
  });

  it('writes the columns that settle would write', async () => {
    await bringIn(database.pool, PAST);
    const columns =
      'phase, revision, told_at, fulfilled_at, fulfilled_as_day, withdrawn_by, closed_at, wake_at, armed_at';
    const read = async (): Promise<unknown> =>
      (await database.pool.query(`select ref, flags, ${columns} from promises order by ref`)).rows;
    const written = await read();
    const { rows } = await database.pool.query<{ id: string }>('select id from promises');
    await inTransaction(database.pool, (tx) =>
      settle(
        tx,
        rows.map(({ id }) => ({ id, facts: [] })),
      ),
    );
    expect(written).toEqual(await read());
  });

  it('writes to nobody and starts nothing', async () => {
    await bringIn(database.pool, PAST);
    const written = await Promise.all(['duties', 'outbox', 'staff_alerts', 'dispatches', 'customers'].map(count));
    expect(written).toEqual([0, 0, 0, 0, 0]);
    expect(await startable(database.pool, 1, null, 10)).toEqual([]);
    expect(await sweepDue(database.pool, { graceMs: -DAY_MS, limit: 10, poke: 'all' })).toEqual({
      found: 0,
      failed: [],
    });
  });

  it('tells when it was promised, and without that the earliest it knows of', async () => {
    await bringIn(
      database.pool,
      csv(
        'ref,made,promised,done',
        'a1,2026-01-01T08:00:00.000Z,2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.000Z',
        'a2,,2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.000Z',
        'a3,,2026-01-05T08:00:00.000Z,2026-01-06T08:00:00.000Z',
      ),
    );
    const { rows } = await database.pool.query(
      `select ref, occurred_at from facts join promises on id = promise_id where fact_key = 'registered' order by ref`,
    );
    expect(rows).toEqual([
      { ref: 'a1', occurred_at: '2026-01-01T08:00:00.000Z' },
      { ref: 'a2', occurred_at: '2026-01-04T08:00:00.000Z' },
      { ref: 'a3', occurred_at: '2026-01-05T08:00:00.000Z' },
    ]);
  });

  it('leaves nothing to be rolled up', async () => {
    await bringIn(database.pool, PAST);
    expect(await count('rollup_due')).toBe(0);
    const { rows } = await database.pool.query<{ n: number }>('select sum(n)::int as n from rollup');
    expect(rows).toEqual([{ n: 4 }]);
  });

  it('keeps the address that a customer has now', async () => {
    await bringIn(database.pool, csv('ref,promised,email', 'a1,2026-02-01T08:00:00.000Z,new@mail.example'));
    await bringIn(database.pool, csv('ref,promised,email', 'a1,2026-01-01T08:00:00.000Z,old@mail.example'), {
      mapping: plain('older'),
    });
    const { rows } = await database.pool.query('select ref, email from customers');
    expect(rows).toEqual([{ ref: 'C-a1', email: 'new@mail.example' }]);
  });
});

describe('the same again', () => {
  it('changes nothing', async () => {
    await bringIn(database.pool, PAST);
    const before = await everything(database.pool);
    expect(await bringIn(database.pool, PAST)).toMatchObject({ rows: 5, imported: 0, existing: 5, updated: 0 });
    expect(await everything(database.pool)).toEqual(before);
  });

  it('counts a line that stands twice in a file as existing', async () => {
    const line = 'a1,2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.000Z';
    const result = await bringIn(database.pool, csv('ref,promised,done', line, line));
    expect(result).toMatchObject({ rows: 2, imported: 1, existing: 1, updated: 0, rejected: 0 });
  });

  it('goes on where it ended', async () => {
    await bringIn(database.pool, PAST.split('\n').slice(0, 3).join('\n'));
    expect(await bringIn(database.pool, PAST)).toMatchObject({ rows: 5, imported: 3, existing: 2 });
  });

  it('at the same time stores each promise once', async () => {
    const lines = Array.from({ length: 1_500 }, (_, n) => `a${n},2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.000Z`);
    const content = csv('ref,promised,done', ...lines);
    const both = await Promise.all([
      bringIn(database.pool, content),
      bringIn(database.pool, content, { name: 'b.csv' }),
    ]);
    expect(both.map(({ imported, existing }) => imported + existing)).toEqual([1_500, 1_500]);
    expect(both[0].imported + both[1].imported).toBe(1_500);
    expect(await count('promises')).toBe(1_500);
  });

  it('with news tells the news: an open order was delivered since', async () => {
    await bringIn(database.pool, csv('ref,promised,done', 'a1,2026-01-05T08:00:00.000Z,'));
    const newer = csv('ref,promised,done', 'a1,2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.000Z');
    expect(await bringIn(database.pool, newer)).toMatchObject({ imported: 0, existing: 1, updated: 1 });
    expect(await phases()).toEqual({ a1: 'kept' });
    expect(await count('outbox')).toBe(0);
  });

  it('takes the news of a later line of the same file', async () => {
    const result = await bringIn(
      database.pool,
      csv('ref,promised,done', 'a1,2026-01-05T08:00:00.000Z,', 'a1,2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.000Z'),
    );
    expect(result).toMatchObject({ imported: 1, existing: 1, updated: 1 });
    expect(await phases()).toEqual({ a1: 'kept' });
  });

  it('under another label leaves the label as it is, and says so', async () => {
    await bringIn(database.pool, csv('ref,promised,partner', 'a1,2026-01-05T08:00:00.000Z,dpd'));
    const result = await bringIn(database.pool, csv('ref,promised,partner', 'a1,2026-01-05T08:00:00.000Z,omniva'));
    expect(result).toMatchObject({ existing: 1, rejected: 0, ignored: { LABEL_CHANGED: 1 } });
    expect((await database.pool.query('select partner from promises')).rows).toEqual([{ partner: 'dpd' }]);
  });
});

describe('a row is rejected, and the others come in', () => {
  const GOOD = 'good,delivery,2026-01-01T08:00:00.000Z,2026-01-05T08:00:00.000Z,,';
  const HEAD = 'ref,kind,made,promised,done,cancelled';
  it.each([
    ['NO_DEADLINE', 'a1,,,,,', 'without a promised time'],
    ['UNKNOWN_KIND', 'a1,haircut,,2026-01-05T08:00:00.000Z,,', 'of a kind without a policy'],
    ['OCCURRED_AT_IMPLAUSIBLE', `a1,,,2026-01-05T08:00:00.000Z,${fromNow(2 * DAY_MS)},`, 'fulfilled in time to come'],
    ['TIME_OUT_OF_RANGE', 'a1,,,9999-12-31T23:59:59.000Z,,', 'promised for the end of the calendar'],
    ['PROMISE_CLASH', 'good,,2026-01-01T08:00:00.000Z,2026-01-06T08:00:00.000Z,,', 'with another promise of its ref'],
    ['WRONG_COLUMNS', 'a1,x', 'with too few cells'],
    ['NOT_STORED', `${'x'.repeat(3_000)}${Math.PI},,,2026-01-05T08:00:00.000Z,,`, 'that PostgreSQL refuses'],
  ])('%s: %s (%s)', async (code, line) => {
    const incompressible = line.replace(/x{3000}/, () => Array.from({ length: 400 }, (_, n) => hash(n)).join(''));
    const result = await bringIn(database.pool, csv(HEAD, GOOD, incompressible));
    expect(result).toMatchObject({ rows: 2, imported: 1, rejected: 1, errors: { [code]: 1 } });
    expect(await phases()).toEqual({ good: 'overdue' });
  });
  const hash = (n: number): string =>
    Math.sin(n + 1)
      .toString(36)
      .slice(2);

  it('FACT_CLASH: with another time of what is known; the first stands', async () => {
    await bringIn(database.pool, csv('ref,promised,done', 'a1,2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.000Z'));
    const changed = csv('ref,promised,done', 'a1,2026-01-05T08:00:00.000Z,2026-01-06T08:00:00.000Z');
    expect(await bringIn(database.pool, changed)).toMatchObject({ existing: 0, errors: { FACT_CLASH: 1 } });
    expect(await phases()).toEqual({ a1: 'kept' });
  });

  it('and nothing of a row with a clash is told, not even what is new', async () => {
    await bringIn(database.pool, csv('ref,promised,estimated', 'a1,2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.000Z'));
    const changed = 'a1,2026-01-05T08:00:00.000Z,2026-01-03T08:00:00.000Z,2026-01-04T08:00:00.000Z';
    await bringIn(database.pool, csv('ref,promised,estimated,done', changed));
    expect(await phases()).toEqual({ a1: 'overdue' });
  });

  it('lists them with line, column, code, value and message', async () => {
    const errors = join(folder, 'listed.csv');
    const content = csv(HEAD, 'a1,,,,,', GOOD, 'a2,=cmd(),,2026-01-05T08:00:00.000Z,,');
    expect(await bringIn(database.pool, content, { errors })).toMatchObject({ rejected: 2, errorFile: errors });
    expect(readFileSync(errors, 'utf8').split('\n')).toEqual([
      'row,column,code,value,message',
      '2,promised,NO_DEADLINE,,Empty.',
      expect.stringMatching(/^4,,UNKNOWN_KIND,'=cmd\(\),.*There are: delivery, reply\./),
      '',
    ]);
  });

  it('makes no list where none was rejected', async () => {
    const errors = join(folder, 'none.csv');
    expect(await bringIn(database.pool, PAST, { errors })).toMatchObject({ errorFile: null });
    expect(() => readFileSync(errors)).toThrow('ENOENT');
  });
});

describe('a file that is cut off', () => {
  it('comes in up to the cut, and the result says so', async () => {
    const lines = Array.from({ length: 2_000 }, (_, n) => `a${n},2026-01-05T08:00:00.000Z,${instant(n * DAY_MS)}`);
    const whole = gzipSync(csv('ref,promised,done', ...lines));
    const result = await bringIn(database.pool, whole.subarray(0, whole.length / 2), { name: 'cut.csv.gz' });
    expect(result.unreadable).toMatch(/cut\.csv\.gz cannot be read beyond line \d+: the gzipped file is cut off/);
    expect(result.imported).toBeGreaterThan(100);
    expect(await count('promises')).toBe(result.imported);
    expect(await bringIn(database.pool, whole, { name: 'whole.csv.gz' })).toMatchObject({
      rows: 2_000,
      existing: result.imported,
      unreadable: null,
    });
  });
});

describe('what is open and history', () => {
  const content = csv(
    'ref,promised,done',
    'a1,2026-01-05T08:00:00.000Z,',
    'a1,2026-01-05T08:00:00.000Z,',
    'a2,2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.000Z',
    'a3,2026-01-05T08:00:00.000Z,',
    'a3,2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.000Z',
  );

  it('is counted, each promise once and as the file leaves it, and again the second time', async () => {
    for (const dryRun of [true, false, false])
      expect(await bringIn(database.pool, content, { dryRun })).toMatchObject({ rows: 5, openHistory: 1 });
  });
});

describe('a rehearsal', () => {
  const MIXED = csv(
    'ref,kind,promised,done',
    'a1,,2026-01-05T08:00:00.000Z,',
    'a1,,2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.000Z',
    'a1,,2026-01-05T08:00:00.000Z,2026-01-04T09:00:00.000Z',
    'a2,,2026-01-06T08:00:00.000Z,',
    'a2,,2026-01-07T08:00:00.000Z,',
    'a3,haircut,2026-01-07T08:00:00.000Z,',
    'a4,reply,2026-01-07T08:00:00.000Z,',
    'a4,reply,2026-01-07T08:00:00.000Z,',
  );

  it('counts what an import would, and writes nothing', async () => {
    await bringIn(database.pool, csv('ref,promised', 'a2,2026-01-06T08:00:00.000Z'));
    const before = await everything(database.pool);
    const rehearsed = await bringIn(database.pool, MIXED, { dryRun: true });
    expect(await everything(database.pool)).toEqual(before);
    expect(rehearsed).toEqual({ ...(await bringIn(database.pool, MIXED)), dryRun: true });
    expect(rehearsed).toMatchObject({ rows: 8, imported: 2, existing: 3, updated: 1, rejected: 3 });
  });
});

describe('a source that is not for imports', () => {
  it('is refused where a replay has played it', async () => {
    await beginReplay(database.pool, { source: 'shop', originAt: instant(0), dayMs: 1000 });
    await expect(bringIn(database.pool, PAST)).rejects.toThrow(ImportRefused);
    expect(await count('promises')).toBe(0);
  });

  it('is refused where it is our own', async () => {
    await expect(bringIn(database.pool, PAST, { mapping: plain('kept') })).rejects.toThrow(/Kept itself/);
  });
});
