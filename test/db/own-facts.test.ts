import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimNotice } from '../../db/claims.ts';
import { recordSent } from '../../db/dispatches.ts';
import { createRegistrar } from '../../db/register.ts';
import { advance, recordFact } from '../../db/settle.ts';
import { isOwnFactKey } from '../../domain/promise/facts.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';
import { messageFrom } from '../support/deliver.ts';

const HOUR = 3_600_000;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [policy({ kind: 'reply', buffer: { fixed: 'PT1H' }, lead: 'PT2H', whenUnknown: 'warn' })]);
});
afterAll(() => database.drop());

/** A promise that owes a warning; `then` is what becomes of it. */
async function warned(then: 'sent' | 'no address' | 'needless'): Promise<void> {
  const { pool } = database;
  const promised = { precision: 'instant', at: fromNow(HOUR) } as const;
  const { id: promiseId } = await registration(pool, { kind: 'reply', promised, madeAt: fromNow(-24 * HOUR) }).then(
    async (made) => (await createRegistrar(pool).register(made), made),
  );
  const [duty] = (await advance(pool, promiseId)).duties;
  const end = { kind: 'fulfilled', factKey: 'order 7', occurredAt: fromNow(0) } as const;
  if (then === 'needless') return void (await recordFact(pool, promiseId, end));
  const claim = await claimNotice(pool, {
    promiseId,
    dutyId: duty?.id ?? '',
    workerName: 'w',
    claimMs: 30_000,
    channel: 'email',
    compose: ({ dispatchId }) => (then === 'sent' ? messageFrom(dispatchId) : { failed: 'no_address' }),
  });
  if (claim.kind === 'send') await recordSent(pool, { promiseId, dispatchId: claim.dispatchId, workerName: 'w' });
}

describe('the keys of facts that Kept states itself', () => {
  it('are all reserved, and those of others are not', async () => {
    for (const then of ['sent', 'no address', 'needless'] as const) await warned(then);
    const { rows } = await database.pool.query<{ kind: string; keys: string[] }>(
      'select kind, array_agg(fact_key) as keys from facts group by kind order by kind',
    );
    expect(rows.map(({ kind }) => kind)).toEqual([
      'escalated',
      'fulfilled',
      'notice_dropped',
      'notice_failed',
      'notice_sent',
      'registered',
    ]);
    for (const { kind, keys } of rows)
      expect([kind, ...keys.map(isOwnFactKey)]).toEqual([kind, ...keys.map(() => kind !== 'fulfilled')]);
  });
});
