import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FileRow, HistoryRow } from '../../../cli/import/mapping.ts';
import { plusDays, startOfDay } from '../../../domain/calendar/zones.ts';
import type { OutsideFact } from '../../../domain/promise/facts.ts';
import { instant } from '../../../domain/promise/instant.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { policy, seed } from '../../support/registrations.ts';
import { bringIn, broughtIn, csv, plain } from './importing.ts';

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

describe('a clash says what differs', () => {
  const HEAD = 'ref,kind,made,promised,done';
  const OLD = 'a1,delivery,2026-01-01T08:00:00.000Z,2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.000Z';
  const why = async (line: string, dryRun: boolean): Promise<string | undefined> => {
    const { pool } = database;
    const { examples } = await broughtIn(pool, csv(HEAD, ...(dryRun ? [OLD] : []), line), { dryRun });
    return [...examples.rejected.values()][0]?.message;
  };

  it.each([
    [
      'a1,delivery,2026-01-01T08:00:00.000Z,2026-01-06T08:00:00.000Z,',
      'promised 2026-01-05T08:00:00Z here, 2026-01-06T08:00:00Z in the file.',
    ],
    ['a1,reply,2026-01-01T08:00:00.000Z,2026-01-05T08:00:00.000Z,', 'kind delivery here, reply in the file.'],
    ['a1,delivery,,2026-01-05T08:00:00.000Z,', 'made 2026-01-01T08:00:00Z here, not given in the file.'],
    [
      'a1,delivery,2026-01-01T08:00:00.000Z,2026-01-05T08:00:00.000Z,2026-01-04T08:00:00.001Z',
      '2026-01-04T08:00:00Z here, 2026-01-04T08:00:00.001Z in the file.',
    ],
  ])('%s: %s', async (line, said) => {
    expect(await why(line, true)).toContain(said);
    await bringIn(database.pool, csv(HEAD, OLD));
    expect(await why(line, false)).toContain(said);
  });

  const told = async (...promises: readonly Partial<HistoryRow>[]): Promise<string | undefined> => {
    let last: string | undefined;
    for (const promise of promises) {
      const read = (row: FileRow): HistoryRow => ({ ...(plain().read(row) as HistoryRow), ...promise });
      const mapping = { ...plain(), read };
      const { examples } = await broughtIn(database.pool, csv('ref,promised', 'a1,2026-01-05T08:00:00.000Z'), {
        mapping,
      });
      last = [...examples.rejected.values()][0]?.message;
    }
    return last;
  };
  const day = (on: string, zone = 'UTC'): Pick<HistoryRow, 'promised'> => ({
    promised: { precision: 'day', day: on, zone },
  });
  const endOf = (on: string): OutsideFact => {
    return { kind: 'fulfilled', factKey: 'done', occurredAt: startOfDay(plusDays(on, 1), TALLINN), asDay: true };
  };
  const TALLINN = 'Europe/Tallinn';

  it('of days as days', async () => {
    expect(await told(day('2026-11-17'), day('2026-11-20'))).toContain(
      'promised 2026-11-17 here, 2026-11-20 in the file.',
    );
  });

  it('of a day in another zone', async () => {
    expect(await told(day('2026-11-17'), day('2026-11-17', TALLINN))).toContain(
      'zone UTC here, Europe/Tallinn in the file.',
    );
  });

  it('of a window, of which both ends are told, and of a target', async () => {
    const [from, to] = [instant(Date.UTC(2026, 0, 5, 8)), instant(Date.UTC(2026, 0, 5, 10))];
    const target = instant(Date.UTC(2026, 0, 4));
    const said = await told(
      { promised: { precision: 'window', from, to }, target },
      { promised: { precision: 'window', from: target, to } },
    );
    expect(said).toContain(
      'promised 2026-01-05T08:00:00Z to 2026-01-05T10:00:00Z here, 2026-01-04T00:00:00Z to 2026-01-05T10:00:00Z in the file; target 2026-01-04T00:00:00Z here, not given in the file.',
    );
  });

  it('of a fulfilment on a day as days', async () => {
    const promised = day('2026-01-17', TALLINN);
    expect(
      await told({ ...promised, facts: [endOf('2026-01-16')] }, { ...promised, facts: [endOf('2026-01-18')] }),
    ).toContain('2026-01-16 here, 2026-01-18 in the file.');
  });

  it('of a fact that says something else at the same time', async () => {
    const off = { kind: 'withdrawn', factKey: 'off', occurredAt: instant(0) } as const;
    expect(await told({ facts: [{ ...off, by: 'customer' }] }, { facts: [{ ...off, by: 'company' }] })).toContain(
      'at the same time, 1970-01-01T00:00:00Z, but something else of it differs.',
    );
  });

  it('or that it came in another way', async () => {
    await bringIn(database.pool, csv(HEAD, OLD));
    await database.pool.query(`update promises set body_hash = sha256('another')`);
    expect(await why(OLD, false)).toContain('it came in another way');
  });
});
