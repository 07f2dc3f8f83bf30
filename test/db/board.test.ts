import { afterAll, beforeAll, expect, test } from 'vitest';
import { board } from '../../db/board.ts';
import { claimNotice } from '../../db/claims.ts';
import { recordSent } from '../../db/dispatches.ts';
import { createRegistrar } from '../../db/register.ts';
import { advance, recordFact } from '../../db/settle.ts';
import type { Promised } from '../../domain/promise/plan.ts';
import { IDLE, plusMs, type Instant } from '../../domain/promise/instant.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed, type RegistrationWish } from '../support/registrations.ts';
import { messageFrom } from '../support/deliver.ts';

const HOUR = 3_600_000;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [
    policy({ kind: 'delivery', buffer: { share: '20%' }, lead: 'PT1H', factLag: 'PT0S', goal: '95%' }),
    policy({ kind: 'reply', buffer: { fixed: 'PT10M' }, lead: 'PT1H' }),
    policy({ kind: 'callback', buffer: { fixed: 'PT10M' }, lead: 'PT1H', notices: { promised: true } }),
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
    openAlerts: [],
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
    {
      kind: 'delivery',
      goal: 0.95,
      counts: { open: 2, at_risk: 1, overdue: 1, kept: 1, broken: 0, withdrawn: 0, paused: 0, unreachable: 0 },
    },
    {
      kind: 'reply',
      goal: null,
      counts: { open: 0, at_risk: 0, overdue: 0, kept: 0, broken: 1, withdrawn: 0, paused: 0, unreachable: 0 },
    },
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

/** Performs the first notice that is owed: it leaves, or there is no address. */
async function perform(promiseId: string, outcome: 'sent' | 'failed'): Promise<void> {
  const dutyId = (await advance(database.pool, promiseId)).duties[0]?.id;
  if (!dutyId) throw new Error('Nothing owed.');
  const claimed = await claimNotice(database.pool, {
    promiseId,
    dutyId,
    workerName: 'w',
    claimMs: 30_000,
    channel: 'email',
    compose: ({ dispatchId }) => (outcome === 'sent' ? messageFrom(dispatchId) : { failed: 'no_address' }),
  });
  if (claimed.kind === 'send')
    await recordSent(database.pool, { promiseId, dispatchId: claimed.dispatchId, workerName: 'w' });
}

const rowOf = async (id: string) => (await board(database.pool)).rows.find((row) => row.id === id);

test('a promise stays at the top while the later time that was told stands, however old the estimate', async () => {
  const id = await promise('told', 5 * HOUR, { customer: 'C-told' });
  await fact(id, { kind: 'estimated', at: fromNow(8 * HOUR) });
  await perform(id, 'sent');
  await database.pool.query(
    `update promises set estimate_fresh_until = clock_timestamp() - interval '1 second' where id = $1`,
    [id],
  );
  expect(await rowOf(id)).toMatchObject({ phase: 'open', section: 'at_risk', unreached: false, nextNewsAt: null });
  const rows = (await board(database.pool)).rows.map(({ section }) => section);
  expect(rows.lastIndexOf('at_risk')).toBeLessThan(rows.indexOf('overdue'));
  await database.pool.query(
    `update promises set promised_at = clock_timestamp() - interval '2 hours', target_at = clock_timestamp() - interval '3 hours',
       told_at = clock_timestamp() - interval '1 hour' where id = $1`,
    [id],
  );
  expect(await rowOf(id)).toMatchObject({ phase: 'overdue', section: 'overdue' });
});

test('a customer whom the newest notice did not reach is marked, until one leaves', async () => {
  const id = await promise('unreached', 5 * HOUR, { customer: 'C-unreached' });
  expect(await rowOf(id)).toMatchObject({ unreached: false });
  await fact(id, { kind: 'estimated', at: fromNow(8 * HOUR) });
  await perform(id, 'failed');
  expect(await rowOf(id)).toMatchObject({ unreached: true, nextNewsAt: null, section: 'at_risk' });
});

test('who is to be called is not marked where only her confirmation could not be sent', async () => {
  const id = await promise('to-call', 5 * HOUR, { customer: 'C-call', kind: 'callback' });
  const confirmed = async () => {
    const { rows } = await database.pool.query<{ reason: string; state: string }>(
      'select reason, state from duties where promise_id = $1',
      [id],
    );
    return rows;
  };
  expect(await confirmed()).toEqual([{ reason: 'promised', state: 'owed' }]);
  await perform(id, 'failed');
  expect(await confirmed()).toEqual([{ reason: 'promised', state: 'failed' }]);
  expect(await rowOf(id)).toMatchObject({ unreached: false });
});

test('when the customer was told to hear next is known as long as nothing newer was said', async () => {
  const id = await promise('silent', -HOUR, { customer: 'C-silent' });
  await perform(id, 'sent');
  const row = await rowOf(id);
  expect(row).toMatchObject({ section: 'overdue', unreached: false });
  expect((row?.nextNewsAt ?? '') > (await board(database.pool)).now).toBe(true);
});

test('an alert before the deadline about a broken promise says that it was taken back', async () => {
  const id = await promise('taken', 5 * HOUR, { customer: 'C-taken' });
  await recordFact(database.pool, id, {
    kind: 'withdrawn',
    by: 'company',
    factKey: 'end',
    occurredAt: fromNow(-60_000),
  });
  const { alerts } = await board(database.pool);
  const broken = alerts.filter(({ reason }) => reason === 'broken');
  expect(broken.map(({ ref, takenBack }) => [ref, takenBack])).toEqual(
    expect.arrayContaining([
      ['taken', true],
      ['late', false],
    ]),
  );
  expect(broken.every(({ ref, takenBack }) => takenBack === (ref === 'taken'))).toBe(true);
});

test('what waits says for whom and until when; a clock that stands has no time and comes last', async () => {
  const within = { precision: 'instant', within: 'PT6H', calendar: null } as const;
  const madeAt = fromNow(-4 * HOUR);
  const standing = await promise('standing', 0, { promised: within, madeAt, customer: 'C-standing' });
  const waiting = await promise('waiting', 3 * HOUR, { partner: 'dpd', customer: 'C-waiting' });
  const [since, until] = [plusMs(madeAt, 3 * HOUR), fromNow(HOUR)];
  await recordFact(database.pool, standing, {
    kind: 'paused',
    waitingFor: 'customer',
    factKey: 'p',
    occurredAt: since,
  });
  await recordFact(database.pool, waiting, {
    kind: 'paused',
    waitingFor: 'partner',
    until,
    factKey: 'p',
    occurredAt: since,
  });
  expect(await rowOf(waiting)).toMatchObject({
    ...{ phase: 'open', partner: 'dpd', waitingFor: 'partner', waitingSince: since, waitingUntil: until, clock: null },
  });
  const { rows: others } = await database.pool.query<{ id: string }>(`select id from promises where ref like 'many-%'`);
  await Promise.all(others.map(({ id }) => fact(id, { kind: 'fulfilled' })));
  const { rows } = await board(database.pool);
  expect(rows.at(-1)).toMatchObject({
    ...{ id: standing, phase: 'paused', section: 'open', promisedAt: IDLE, wakeAt: null, waitingFor: 'customer' },
    clock: { withinMs: 6 * HOUR, leftMs: 3 * HOUR },
  });
});

test('a wait that is over by itself is no more', async () => {
  const id = await promise('waited', 3 * HOUR, { customer: 'C-waited' });
  await recordFact(database.pool, id, {
    ...{ kind: 'paused', waitingFor: 'us', until: fromNow(-60_000), factKey: 'p', occurredAt: fromNow(-HOUR) },
  });
  expect(await rowOf(id)).toMatchObject({ waitingFor: null });
});

test('a missed checkpoint is alerted by its name, and by the partner whose slip it is', async () => {
  await seed(database.pool, [
    policy({
      ...{ kind: 'parcel', buffer: { share: '20%' }, lead: 'PT1H' },
      checkpoints: [{ name: 'scanned', at: '40%', partner: true }],
    }),
  ]);
  const id = await promise('checked', 4 * HOUR, { kind: 'parcel', partner: 'dpd', customer: 'C-checked' });
  await advance(database.pool, id);
  const { alerts } = await board(database.pool);
  expect(alerts.find(({ promiseId }) => promiseId === id)).toMatchObject({
    ...{ reason: 'checkpoint', checkpoint: 'scanned', partner: 'dpd', takenBack: false },
  });
  expect(alerts.filter(({ reason }) => reason !== 'checkpoint').every(({ checkpoint }) => checkpoint === null)).toBe(
    true,
  );
});
