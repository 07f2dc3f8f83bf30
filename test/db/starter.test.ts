import { afterAll, beforeAll, expect, it } from 'vitest';
import { startable } from '../../db/engine.ts';
import { createRegistrar } from '../../db/register.ts';
import { sleepsUntil, type Startable } from '../../domain/promise/decisions.ts';
import { IDLE } from '../../domain/promise/instant.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';

const HOUR = 3_600_000;
const EPOCH = 2;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [policy({ kind: 'delivery', buffer: { fixed: 'PT1H' }, lead: 'PT2H' })]);
});
afterAll(() => database.drop());

/** Every way in which the starter can find a promise. */
const CASES: readonly Startable[] = [false, true].flatMap((closed) =>
  [null, fromNow(HOUR), IDLE].flatMap((armedAt) =>
    [EPOCH - 1, EPOCH].flatMap((engineEpoch) =>
      [null, fromNow(-HOUR), fromNow(HOUR)].flatMap((wakeAt) =>
        [false, true].flatMap((unfinished) =>
          (['none', 'waiting', 'carried'] as const).map((poke) => ({
            closed,
            armedAt,
            engineEpoch,
            wakeAt: closed ? null : wakeAt,
            unfinished,
            poke,
          })),
        ),
      ),
    ),
  ),
);

it('the starter finds by SQL whatever the domain says it has to start, and nothing else', async () => {
  const { pool } = database;
  const registrar = createRegistrar(pool);
  const ids = await Promise.all(
    CASES.map(async () => {
      const promised = { precision: 'instant', at: fromNow(48 * HOUR) } as const;
      const made = await registration(pool, { kind: 'delivery', promised, madeAt: fromNow(-HOUR) });
      await registrar.register(made);
      return made.id;
    }),
  );
  for (const [at, { closed, armedAt, engineEpoch, wakeAt, unfinished, poke }] of CASES.entries()) {
    const id = ids[at];
    await pool.query(
      `update promises set armed_at = $2, engine_epoch = $3, wake_at = $4, phase = case when $5 then 'kept' else phase end,
         closed_at = case when $5 then clock_timestamp() end where id = $1`,
      [id, armedAt, engineEpoch, wakeAt, closed],
    );
    if (unfinished)
      await pool.query(
        `insert into duties (id, promise_id, key, reason, revision, occasion, due_at, not_before)
         values (gen_random_uuid(), $1, 'risk:1:0', 'risk', 1, 0, clock_timestamp(), clock_timestamp())`,
        [id],
      );
    const claimedAt = { waiting: null, carried: fromNow(0), none: fromNow(-60_000) }[poke];
    // One that nobody has heard of for long is none: it may have gone to an engine that was emptied since.
    await pool.query('insert into outbox (promise_id, claimed_at) values ($1, $2)', [id, claimedAt]);
  }
  const found = new Map((await startable(pool, EPOCH, null, 1_000)).map((start) => [start.promiseId, start]));
  const now = fromNow(0);
  const isSooner = (at: string | null): boolean | null => (at === null ? null : at <= now);
  expect(CASES.map((one, at) => ({ ...one, now: isSooner(found.get(ids[at] ?? '')?.sleepsUntil ?? null) }))).toEqual(
    CASES.map((one) => ({ ...one, now: isSooner(sleepsUntil(one, EPOCH, now)) })),
  );
  expect(found.size).toBeGreaterThan(20);
  expect(found.size).toBeLessThan(CASES.length);
});
