import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { claimNotice, type Claim } from '../../db/claims.ts';
import { giveBackDropped } from '../../db/caps.ts';
import { recordSent, releaseClaim } from '../../db/dispatches.ts';
import { createRegistrar } from '../../db/register.ts';
import { advance, recordFact } from '../../db/settle.ts';
import { companySays } from '../support/company.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';
import { messageFrom } from '../support/deliver.ts';

const HOUR = 3_600_000;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const head = { buffer: { fixed: 'PT1H' }, lead: 'PT2H', factLag: 'PT0S' };
  await seed(database.pool, [
    policy({ kind: 'warned', ...head, whenUnknown: 'warn' }),
    policy({ kind: 'callback', ...head, whenUnknown: 'warn' }),
    policy({ kind: 'confirmed', ...head, notices: { promised: true } }),
  ]);
});
afterAll(() => database.drop());
afterEach(async () => {
  await companySays(database.pool, {});
  await database.pool.query('truncate mail_seconds');
});

interface Owed {
  readonly id: string;
  readonly dutyId: string;
}

/** A promise that owes its customer a notice: a warning within two hours, or a confirmation. */
async function owes(kind: 'warned' | 'callback' | 'confirmed', customer?: string): Promise<Owed> {
  const made = await registration(database.pool, {
    kind,
    promised: { precision: 'instant', at: fromNow(kind === 'confirmed' ? 48 * HOUR : HOUR) },
    madeAt: fromNow(-24 * HOUR),
    ...(customer ? { customer } : {}),
  });
  await createRegistrar(database.pool).register(made);
  const dutyId = (await advance(database.pool, made.id)).duties[0]?.id;
  if (!dutyId) throw new Error('Nothing is owed.');
  return { id: made.id, dutyId };
}

const claim = ({ id, dutyId }: Owed, { most } = { most: Infinity }): Promise<Claim> =>
  claimNotice(database.pool, {
    promiseId: id,
    dutyId,
    workerName: 'worker',
    claimMs: 30_000,
    channel: 'email',
    compose: ({ dispatchId, members }) => {
      if (members.length > most) throw new Error('Too many to be put into words.');
      return messageFrom(dispatchId);
    },
  });

async function sent(owed: Owed): Promise<void> {
  const claimed = await claim(owed);
  if (claimed.kind !== 'send') throw new Error(`Expected a text to send, got ${claimed.kind}.`);
  await recordSent(database.pool, { promiseId: owed.id, dispatchId: claimed.dispatchId, workerName: 'worker' });
}

/** How many mails have or keep a place in each second, by what the rows say, and by the count. */
async function places(): Promise<{ readonly rows: readonly number[]; readonly counted: readonly number[] }> {
  const { rows } = await database.pool.query<{ n: number }>(
    `select count(distinct mail)::int as n from (
       select place_at, id as mail from dispatches where place_at is not null
       union all select d.place_at, p.customer_id from duties d join promises p on p.id = d.promise_id
         where d.place_at is not null and d.state = 'owed') m group by place_at order by place_at`,
  );
  const counted = await database.pool.query<{ mails: number }>(
    'select mails from mail_seconds where mails > 0 order by second',
  );
  return { rows: rows.map(({ n }) => n), counted: counted.rows.map(({ mails }) => mails) };
}

const fulfilled = ({ id }: Owed) =>
  recordFact(database.pool, id, { kind: 'fulfilled', factKey: 'done', occurredAt: fromNow(-1_000) });

describe('the cap of a minute', () => {
  it('lets as many mails leave as it says, and gives each of the others a place a minute after one of those', async () => {
    await companySays(database.pool, { caps: { perMinute: 3 } });
    const all = await Promise.all(Array.from({ length: 10 }, () => owes('warned')));
    const claims = await Promise.all(all.map((owed) => claim(owed)));
    const { rows, counted } = await places();
    expect(rows).toEqual(counted);
    expect(rows.reduce((sum, n) => sum + n, 0)).toBe(10);
    expect(claims.filter(({ kind }) => kind === 'send')).toHaveLength(3);
    const { rows: taken } = await database.pool.query<{ at: Date }>(
      `select extract(epoch from second)::int as at from mail_seconds, generate_series(1, mails) order by 1`,
    );
    const at = taken.map((row) => Number(row.at));
    expect(at.every((second, n) => n < 3 || second - (at[n - 3] ?? 0) > 60)).toBe(true);
    const { rows: kept } = await database.pool.query<{ n: number }>(
      `select count(*)::int as n from duties where state = 'owed' and place_at = not_before and place_at > clock_timestamp()`,
    );
    expect(kept[0]?.n).toBe(7);
  });

  it('holds places for calls that have not come yet, unless something else holds those up', async () => {
    await companySays(database.pool, { caps: { perMinute: 3 } });
    const [call, stuck] = [await owes('callback'), await owes('callback')];
    await database.pool.query(`update duties set created_at = created_at - interval '3 minutes' where id = $1`, [
      stuck.dutyId,
    ]);
    const [first, second, third] = [await owes('warned'), await owes('warned'), await owes('warned')];
    expect((await claim(first)).kind).toBe('send');
    expect((await claim(second)).kind).toBe('send');
    expect((await claim(third)).kind).toBe('later');
    expect((await claim(call)).kind).toBe('send');
    await fulfilled(call);
    await fulfilled(stuck);
  });

  /** One place is taken so many seconds ago. */
  const takenBefore = (...seconds: readonly number[]): Promise<unknown> =>
    database.pool.query(
      `insert into mail_seconds select date_trunc('second', clock_timestamp()) - n * interval '1 second', 1 from unnest($1::int[]) n`,
      [seconds],
    );
  /** The time of its place has come so many seconds ago. */
  const placeCame = ({ dutyId }: Owed, seconds: number): Promise<unknown> =>
    database.pool.query(
      `with moved as (
         update duties d set not_before = t.at, place_at = t.at
         from (select date_trunc('second', clock_timestamp()) - $2 * interval '1 second' as at) t where d.id = $1 returning t.at)
       insert into mail_seconds select at, 1 from moved on conflict (second) do update set mails = mail_seconds.mails + 1`,
      [dutyId, seconds],
    );

  it('says to come exactly when the place is there, and then takes no other', async () => {
    await companySays(database.pool, { caps: { perMinute: 1 } });
    const [first, second] = [await owes('warned'), await owes('warned')];
    await takenBefore(20);
    expect(await claim(first)).toMatchObject({ kind: 'later', exactly: true });
    const before = await places();
    expect(await claim(first)).toMatchObject({ kind: 'later', exactly: true });
    expect(await places()).toEqual(before);
    await database.pool.query('truncate mail_seconds');
    await placeCame(first, 2);
    expect((await claim(first)).kind).toBe('send');
    expect((await places()).counted).toEqual([1]);
    expect((await claim(second)).kind).toBe('later');
  });

  it('lets what comes late leave where that minute has room, else gives it another place', async () => {
    await companySays(database.pool, { caps: { perMinute: 1 } });
    const [late, another] = [await owes('warned'), await owes('warned')];
    await placeCame(late, 40);
    expect((await claim(late)).kind).toBe('send');
    await placeCame(another, 40);
    expect(await claim(another)).toMatchObject({ kind: 'later', exactly: true });
    expect((await places()).counted).toEqual([1, 1]);
  });

  it('keeps no place for what could not be told in one text with the others', async () => {
    await companySays(database.pool, { caps: { perMinute: 5 } });
    const [one, other] = [await owes('confirmed', 'both'), await owes('confirmed', 'both')];
    await placeCame(one, 2);
    await database.pool.query(
      `update duties d set not_before = o.not_before, place_at = o.place_at from duties o where o.id = $1 and d.id = $2`,
      [one.dutyId, other.dutyId],
    );
    expect((await claim(one, { most: 1 })).kind).toBe('send');
    const { rows } = await database.pool.query<{ state: string; placeAt: Date | null }>(
      `select state, place_at as "placeAt" from duties where id = $1`,
      [other.dutyId],
    );
    expect(rows).toEqual([{ state: 'owed', placeAt: null }]);
    expect((await places()).counted).toEqual([1]);
    expect((await claim(other, { most: 1 })).kind).toBe('send');
    expect((await places()).counted.reduce((sum, mails) => sum + mails, 0)).toBe(2);
  });

  it('counts a text once more that goes once more', async () => {
    await companySays(database.pool, { caps: { perMinute: 5 } });
    const owed = await owes('warned');
    const first = await claim(owed);
    if (first.kind !== 'send') throw new Error('Expected a text to send.');
    await database.pool.query(`update dispatches set claim_until = clock_timestamp() where id = $1`, [
      first.dispatchId,
    ]);
    expect(await claim(owed)).toMatchObject({ kind: 'send', dispatchId: first.dispatchId, attempts: 2 });
    expect((await places()).counted.reduce((sum, mails) => sum + mails, 0)).toBe(2);
  });

  it('counts one mail for all that a customer is due', async () => {
    await companySays(database.pool, { caps: { perMinute: 1 } });
    const [a, b] = [await owes('warned', 'one'), await owes('warned', 'one')];
    await sent(a);
    expect((await claim(b)).kind).toBe('done');
    expect((await places()).counted).toEqual([1]);
  });

  it('gives a place back from which nothing left', async () => {
    await companySays(database.pool, { caps: { perMinute: 5 } });
    const owed = await owes('warned');
    const claimed = await claim(owed);
    if (claimed.kind !== 'send') throw new Error('Expected a text to send.');
    await releaseClaim(database.pool, { id: claimed.dispatchId, workerName: 'worker', attempts: 1 });
    expect((await places()).counted).toEqual([]);
  });
});

describe('a notice that is dropped while it waits for its place', () => {
  /** Holds back two notices of a customer, in one place after three others. */
  async function heldBack(): Promise<readonly Owed[]> {
    await companySays(database.pool, { caps: { perMinute: 1 } });
    await database.pool.query(
      `insert into mail_seconds select date_trunc('second', clock_timestamp()) + n * interval '70 seconds', 1
       from generate_series(0, 2) n`,
    );
    const both = [await owes('warned', 'held'), await owes('warned', 'held')];
    for (const owed of both) expect((await claim(owed)).kind).toBe('later');
    return both;
  }

  it('gives it back when nothing of its mail is left, once', async () => {
    const both = await heldBack();
    const full = (await places()).counted;
    expect(full).toEqual([1, 1, 1, 1]);
    for (const [index, owed] of both.entries()) {
      await fulfilled(owed);
      for (let times = 0; times < 2; times += 1) await giveBackDropped(database.pool);
      expect((await places()).counted).toEqual(index === 0 ? full : [1, 1, 1]);
    }
    // Whoever comes next gets the place that is free again, not one that is taken.
    expect((await claim(await owes('warned'))).kind).toBe('later');
    expect((await places()).counted).toEqual(full);
  });
});

describe('a notice that is dropped just before the place of its mail', () => {
  it('gives nothing back of what the mail has used, nor once more what the mail gives back itself', async () => {
    await companySays(database.pool, { caps: { perMinute: 1 } });
    const [left, dropped] = [await owes('warned', 'near'), await owes('warned', 'near')];
    // Another mail counts in the same second.
    await database.pool.query(
      `with moved as (
         update duties set place_at = t.at, not_before = t.at
         from (select date_trunc('second', clock_timestamp()) - interval '75 seconds' as at) t where id = any ($1) returning t.at)
       insert into mail_seconds select distinct at, 2 from moved`,
      [[left.dutyId, dropped.dutyId]],
    );
    await fulfilled(dropped);
    const claimed = await claim(left);
    if (claimed.kind !== 'send') throw new Error(`Expected a text to send, got ${claimed.kind}.`);
    await giveBackDropped(database.pool);
    // Its own has moved to where it leaves.
    expect((await places()).counted).toEqual([1, 1]);
    await releaseClaim(database.pool, { ...claimed, id: claimed.dispatchId, workerName: 'worker' });
    await giveBackDropped(database.pool);
    expect((await places()).counted).toEqual([1]);
  });
});

describe("the cap of a customer's day", () => {
  it('holds a confirmation back until her next day, and neither a warning nor what another customer is due', async () => {
    await companySays(database.pool, { caps: { perCustomerDay: 1 } });
    await sent(await owes('confirmed', 'full'));
    const held = await owes('confirmed', 'full');
    expect(await claim(held)).toMatchObject({ kind: 'later', exactly: true });
    const { rows } = await database.pool.query<{ at: string }>(
      `select to_char(not_before at time zone 'Europe/Tallinn', 'HH24:MI') as at from duties where id = $1`,
      [held.dutyId],
    );
    expect(rows).toEqual([{ at: '00:00' }]);
    await sent(await owes('warned', 'full'));
    await sent(await owes('confirmed', 'another'));
  });

  it('gives back the place that was kept for what waits for her next day', async () => {
    await companySays(database.pool, { caps: { perMinute: 9, perCustomerDay: 1 } });
    await sent(await owes('confirmed', 'kept'));
    const held = await owes('confirmed', 'kept');
    await database.pool.query(
      `insert into mail_seconds values (date_trunc('minute', clock_timestamp() - interval '1 hour'), 2)`,
    );
    await database.pool.query(
      `update duties set place_at = date_trunc('minute', clock_timestamp() - interval '1 hour'),
         not_before = clock_timestamp() where id = $1`,
      [held.dutyId],
    );
    expect(await claim(held)).toMatchObject({ kind: 'later', exactly: true });
    expect((await places()).counted).toEqual([1, 1]);
  });

  it('counts mails, not what they hold', async () => {
    await companySays(database.pool, { caps: { perCustomerDay: 2 } });
    const [a] = [await owes('confirmed', 'two'), await owes('confirmed', 'two')];
    await sent(a);
    await sent(await owes('confirmed', 'two'));
    expect((await claim(await owes('confirmed', 'two'))).kind).toBe('later');
  });
});
