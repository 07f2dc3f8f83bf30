import { afterAll, beforeEach } from 'vitest';
import { claimNotice } from '../../db/claims.ts';
import type { ComposeMember } from '../../db/compose-request.ts';
import { recordSent } from '../../db/dispatches.ts';
import { addAbsence } from '../../db/duty.ts';
import { savePeople, type PersonData } from '../../db/people.ts';
import { getPromise, timelineOf } from '../../db/promises.ts';
import { createRegistrar } from '../../db/register.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { testDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed, STAFF, type RegistrationWish } from '../support/registrations.ts';
import { messageFrom } from '../support/deliver.ts';

/** What tests of hand-overs share: a database of their own, with a staff and policies that are there anew before each. */
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
const database = await testDatabase();
export const { pool } = database;
afterAll(() => database.drop());

const person = (id: string, more: Partial<PersonData> = {}): PersonData => ({
  id,
  name: `${id} of care`,
  email: `${id}@books.example`,
  phone: null,
  lead: 'lena',
  manager: null,
  ...more,
});
/** Kati and Mari answer questions, Jaan stands in for Kati, Lena leads all of them. */
export const CARE = [
  person('kati', { deputy: 'jaan', team: 'care' }),
  person('mari', { team: 'care' }),
  person('jaan'),
  person('lena', { lead: null }),
];

beforeEach(async () => {
  await pool.query('truncate promises, customers, absences cascade');
  await seed(pool, [
    policy({ kind: 'delivery', buffer: { fixed: 'PT1H' }, lead: 'PT2H', factLag: 'PT0S' }),
    policy({ kind: 'repair', buffer: { fixed: 'PT1H' }, lead: 'PT2H', factLag: 'PT0S', whenUnknown: 'warn' }),
    policy({ kind: 'reply', buffer: { fixed: 'PT1H' }, lead: 'PT2H', factLag: 'PT0S', whenUnknown: 'silent' }),
  ]);
  await savePeople(pool, { ...STAFF, people: CARE, teams: [{ id: 'care', kinds: ['reply'] }] });
});

const registrar = createRegistrar(pool);
export async function register(wish: Partial<RegistrationWish> & { dueMs?: number } = {}): Promise<string> {
  const { dueMs = DAY, ...rest } = wish;
  const promised = { precision: 'instant', at: fromNow(dueMs) } as const;
  const made = await registration(pool, { kind: 'delivery', promised, madeAt: fromNow(-DAY), ...rest });
  await registrar.register(made);
  return made.id;
}

export const ownerOf = async (id: string) => (await getPromise(pool, id))?.owner;
export const poked = async (): Promise<number> => (await pool.query('select 1 from outbox')).rows.length;
export const kinds = async (id: string) => (await timelineOf(pool, id)).map(({ fact }) => fact.kind);
export const away = (who: string, from: Instant, to: Instant) => addAbsence(pool, who, { from, to });
/** The time in which it was to be acknowledged is over. */
export const overdue = (id: string) =>
  pool.query(
    `update promises set acknowledge_by = clock_timestamp() - interval '1 s',
     hand_over = jsonb_set(hand_over, '{dueAt}', to_jsonb('2020-01-01T00:00:00.000Z'::text)) where id = $1`,
    [id],
  );

let counter = 0;
export const late = (dueMs: number): OutsideFact => ({
  kind: 'estimated',
  factKey: `late-${(counter += 1)}`,
  occurredAt: fromNow(0),
  at: fromNow(dueMs),
});

/** Hands over every notice that is due; answers whom each mail went to, and what it told. */
export async function deliver(): Promise<
  readonly { readonly to: string | null; readonly members: readonly ComposeMember[] }[]
> {
  const mails: { to: string | null; members: readonly ComposeMember[] }[] = [];
  for (;;) {
    const { rows } = await pool.query<{ id: string; promiseId: string }>(
      `select id, promise_id as "promiseId" from duties where state = 'owed' order by due_at, id limit 1`,
    );
    const [duty] = rows;
    if (!duty) return mails;
    const claim = await claimNotice(pool, {
      promiseId: duty.promiseId,
      dutyId: duty.id,
      workerName: 'w',
      claimMs: 30_000,
      channel: 'email',
      compose: ({ dispatchId, recipient, members }) => {
        mails.push({ to: recipient.email, members });
        return messageFrom(dispatchId);
      },
    });
    if (claim.kind === 'send')
      await recordSent(pool, { promiseId: duty.promiseId, dispatchId: claim.dispatchId, workerName: 'w' });
  }
}
