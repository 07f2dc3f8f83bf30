import { afterAll, beforeAll, expect, test } from 'vitest';
import { board } from '../../db/board.ts';
import { createRegistrar } from '../../db/register.ts';
import { advance, recordFact } from '../../db/settle.ts';
import type { Promised } from '../../domain/calendar/plan.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed, type RegistrationWish } from '../support/registrations.ts';

const HOUR = 3_600_000;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [
    policy({ kind: 'delivery', buffer: { share: '20%' }, lead: 'PT1H', factLag: 'PT0S', goal: '95%' }),
    policy({ kind: 'reply', buffer: { fixed: 'PT10M' }, lead: 'PT1H' }),
  ]);
});
afterAll(() => database.drop());

async function promise(ref: string, dueMs: number, wish: Partial<RegistrationWish> = {}): Promise<string> {
  const promised: Promised = { precision: 'instant', at: fromNow(dueMs) };
  const made = await registration(database.pool, {
    kind: 'delivery',
    ref,
    promised,
    madeAt: fromNow(-4 * HOUR),
    ...wish,
  });
  const { promise: stored } = await createRegistrar(database.pool).register(made);
  return stored.id;
}

const fact = (id: string, changes: { kind: 'estimated'; at: Instant } | { kind: 'fulfilled' }) =>
  recordFact(database.pool, id, { factKey: 'f1', occurredAt: fromNow(-60_000), ...changes });

test('the board of an empty ledger is empty', async () => {
  expect(await board(database.pool)).toMatchObject({
    zone: 'Europe/Tallinn',
    rows: [],
    kinds: [],
    alerts: [],
    countedOnly: null,
  });
});

test('open promises come at risk first, then overdue, then by deadline, each with what it waits for', async () => {
  await promise('later', 9 * HOUR);
  const soon = await promise('soon', 2 * HOUR, { owner: 'nobody-known' });
  const late = await promise('late', -30 * 60_000, { owner: 'jaan' });
  const risky = await promise('risky', 3 * HOUR);
  const done = await promise('done', 5 * HOUR);
  const broken = await promise('broken', -HOUR, { kind: 'reply' });
  await fact(risky, { kind: 'estimated', at: fromNow(6 * HOUR) });
  await fact(done, { kind: 'fulfilled' });
  await fact(broken, { kind: 'fulfilled' });
  await advance(database.pool, late);

  const { now, rows, kinds, alerts } = await board(database.pool);
  expect(rows.map(({ ref, phase, owner, notice }) => [ref, phase, owner, notice])).toEqual([
    ['risky', 'at_risk', 'Kati Kask', 'risk'],
    ['late', 'overdue', 'Jaan Tamm', 'recovery'],
    ['soon', 'open', 'nobody-known', null],
    ['later', 'open', 'Kati Kask', null],
  ]);
  const row = rows.find(({ id }) => id === soon);
  expect(row).toMatchObject({
    zone: 'Europe/Tallinn',
    day: null,
    closedAt: null,
    estimatedAt: null,
    subject: 'order soon',
  });
  expect(row?.wakeAt).toBe(row?.targetAt);
  expect((row?.wakeAt ?? '') > now).toBe(true);
  expect(kinds).toEqual([
    { kind: 'delivery', goal: 0.95, counts: { open: 2, at_risk: 1, overdue: 1, kept: 1, broken: 0, withdrawn: 0 } },
    { kind: 'reply', goal: null, counts: { open: 0, at_risk: 0, overdue: 0, kept: 0, broken: 1, withdrawn: 0 } },
  ]);
  expect(alerts.map(({ ref, reason, person }) => [ref, reason, person])).toEqual(
    expect.arrayContaining([
      ['risky', 'at_risk', 'Kati Kask'],
      ['late', 'broken', 'Jaan Tamm'],
    ]),
  );
});

test('at most a hundred rows and ten alerts are listed, the most urgent and the newest', async () => {
  await Promise.all(Array.from({ length: 120 }, (_, n) => promise(`many-${n}`, (20 + n) * HOUR)));
  const { rows, kinds, alerts } = await board(database.pool);
  expect(rows).toHaveLength(100);
  expect(rows[0]?.ref).toBe('risky');
  expect(rows.at(-1)?.ref).toBe('many-95');
  expect(kinds.find(({ kind }) => kind === 'delivery')?.counts.open).toBe(122);
  expect(alerts.length).toBeLessThanOrEqual(10);
});
