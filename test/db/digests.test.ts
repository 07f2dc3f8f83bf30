import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAlerts } from '../../db/alerts.ts';
import { handOver } from '../../db/hand-over.ts';
import { addNote } from '../../db/notes.ts';
import {
  claimDigest,
  emptyVoidDigests,
  mailsDue,
  recordDigest,
  refuseDigest,
  releaseDigest,
  type ClaimedDigest,
  type DigestClaim,
  type DigestRequest,
} from '../../db/digests.ts';
import { handBack } from '../../db/held.ts';
import { savePeople } from '../../db/people.ts';
import { createRegistrar } from '../../db/register.ts';
import { advance, recordFact } from '../../db/settle.ts';
import { companySays } from '../support/company.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed, STAFF } from '../support/registrations.ts';
import { messageFrom } from '../support/deliver.ts';

const HOUR = 3_600_000;
let database: TestDatabase;
let requests: DigestRequest[] = [];

beforeAll(async () => {
  database = await testDatabase();
  const tries = { max: 3, every: 'PT20M', remind: 'PT15M' };
  await seed(database.pool, [
    policy({ kind: 'far', buffer: { fixed: 'PT2H' }, lead: 'PT1M', factLag: 'PT0S' }),
    policy({ kind: 'call', buffer: { fixed: 'PT1M' }, tries }),
  ]);
});
afterAll(() => database.drop());
beforeEach(async () => {
  requests = [];
  await database.pool.query('truncate promises, facts, duties, outbox, staff_alerts, digests, alert_links cascade');
  await savePeople(database.pool, STAFF);
  await pauses('PT0S', 'PT0S');
});

const pauses = (window: string, urgent: string) => companySays(database.pool, { alerts: { window, urgent } });

async function made(owner = 'kati', dueMs = 10 * HOUR, madeMs = 0): Promise<string> {
  const promised = { precision: 'instant', at: fromNow(dueMs) } as const;
  const wish = { kind: 'far', promised, madeAt: fromNow(madeMs), owner };
  const { promise } = await createRegistrar(database.pool).register(await registration(database.pool, wish));
  return promise.id;
}

const tell = (id: string, fact: object) =>
  recordFact(database.pool, id, { factKey: randomUUID(), occurredAt: fromNow(0), ...fact } as never);

/** A promise whose estimate lies between target and deadline: its owner is told. */
async function slipping(owner = 'kati'): Promise<string> {
  const id = await made(owner);
  await tell(id, { kind: 'estimated', at: fromNow(9 * HOUR) });
  return id;
}

const rowOf = async (person: string): Promise<string> => {
  const { rows } = await database.pool.query<{ id: string }>('select row_id as id from people where id = $1', [person]);
  return rows[0]?.id ?? '';
};

const claim = async (
  person = 'kati',
  more: { personId?: string; workerName?: string; claimMs?: number } = {},
): Promise<DigestClaim> =>
  claimDigest(database.pool, {
    personId: await rowOf(person),
    workerName: 'worker-1',
    claimMs: 30_000,
    newLink: () => {
      const token = randomUUID();
      return { token, hash: createHash('sha256').update(token).digest() };
    },
    compose: (request) => {
      requests.push(request);
      const text = request.lines.map(({ ref }) => ref).join(' ');
      return messageFrom(request.digestId, text);
    },
    ...more,
  });

const sending = (claimed: DigestClaim): ClaimedDigest => {
  if (claimed.kind !== 'send') throw new Error(`Expected a mail to send, got ${claimed.kind}.`);
  return claimed;
};

const sent = async (person = 'kati'): Promise<void> =>
  recordDigest(database.pool, { id: sending(await claim(person)).digestId, workerName: 'worker-1' });

const told = (): readonly string[] => requests.at(-1)?.lines.map(({ promiseId }) => promiseId) ?? [];

const rowsOf = async (promiseId: string) => {
  const { rows } = await database.pool.query<{ waits: boolean; sent: boolean }>(
    `select waiting_since is not null as waits, sent_at is not null as sent from staff_alerts
     where promise_id = $1 order by rung desc, id`,
    [promiseId],
  );
  return rows;
};

describe('a mail to one of the staff', () => {
  it('tells all that waits, once', async () => {
    const [a, b] = [await slipping(), await slipping()];
    await sent();
    expect([...told()].sort()).toEqual([a, b].sort());
    expect(requests[0]).toMatchObject({ counts: { slip: 2 }, recipient: { name: 'Kati Kask' } });
    expect(await rowsOf(a)).toEqual([{ waits: false, sent: true }]);
    expect(await claim()).toEqual({ kind: 'nothing' });
  });

  it('lists the 50 most urgent and counts all', async () => {
    const late = await made('kati', 10 * HOUR);
    await tell(late, { kind: 'estimated', at: fromNow(20 * HOUR) });
    const slips = await Promise.all(Array.from({ length: 60 }, () => slipping()));
    await sent();
    expect(told()).toHaveLength(50);
    expect(told()[0]).toBe(late);
    expect(requests[0]?.counts).toEqual({ at_risk: 1, slip: 60 });
    const { rows } = await database.pool.query(
      `select count(*)::int as n from staff_alerts where promise_id = any ($1) and sent_at is not null`,
      [slips],
    );
    expect(rows).toEqual([{ n: 60 }]);
  });

  it('is sent by one of many workers', async () => {
    await slipping();
    const claims = await Promise.all(Array.from({ length: 6 }, (_, at) => claim('kati', { workerName: `w-${at}` })));
    expect(claims.map(({ kind }) => kind).sort()).toEqual(['later', 'later', 'later', 'later', 'later', 'send']);
  });

  it('goes again with the same words under the same Message-ID when a worker died over it', async () => {
    await slipping();
    const first = sending(await claim('kati', { workerName: 'dies', claimMs: 0 }));
    await slipping();
    const second = sending(await claim('kati', { workerName: 'heir' }));
    expect([second.digestId, second.message]).toEqual([first.digestId, first.message]);
    expect(requests).toHaveLength(1);
    await recordDigest(database.pool, { id: first.digestId, workerName: 'dies' });
    expect(await claim()).toMatchObject({ kind: 'later' });
    await recordDigest(database.pool, { id: first.digestId, workerName: 'heir' });
    expect(sending(await claim()).digestId).not.toBe(first.digestId);
  });

  it('goes again at once with the same words where a later try failed, since an earlier one may have succeeded', async () => {
    await slipping();
    const first = sending(await claim('kati', { workerName: 'dies', claimMs: 0 }));
    expect(sending(await claim('kati', { workerName: 'heir', claimMs: 60_000 })).attempts).toBe(2);
    await releaseDigest(database.pool, { id: first.digestId, workerName: 'heir', attempts: 1 });
    await handBack(database.pool, 'digests', { id: first.digestId, workerName: 'heir', attempts: 2 });
    expect(sending(await claim())).toMatchObject({ digestId: first.digestId, message: first.message, attempts: 2 });
  });

  it('is written anew where nothing had left the house, and its keys open nothing', async () => {
    const id = await slipping();
    const first = sending(await claim());
    await releaseDigest(database.pool, { id: first.digestId, workerName: 'worker-1', attempts: 1 });
    expect((await database.pool.query('select 1 from alert_links')).rows).toEqual([]);
    await tell(id, { kind: 'estimated', at: fromNow(20 * HOUR) });
    await sent();
    expect(requests.at(-1)?.counts).toEqual({ at_risk: 1 });
  });

  it('keeps no key once it has left', async () => {
    await slipping();
    await sent();
    expect((await database.pool.query('select content, alerts from digests')).rows).toEqual([
      { content: {}, alerts: 1 },
    ]);
    expect((await database.pool.query('select 1 from alert_links')).rows).toHaveLength(1);
  });

  it('keeps nothing of customers where whoever it was for has left before it did', async () => {
    const id = await slipping();
    const personId = await rowOf('kati');
    sending(await claim('kati', { workerName: 'dies', claimMs: 0 }));
    await savePeople(database.pool, { ...STAFF, people: STAFF.people.filter((person) => person.id !== 'kati') });
    expect(await claim('kati', { personId })).toEqual({ kind: 'nothing' });
    const { rows } = await database.pool.query('select state, content from digests where person = $1', [personId]);
    expect(rows).toEqual([{ state: 'failed', content: {} }]);
    expect(await rowsOf(id)).toMatchObject([{ sent: false }]);
  });

  it('keeps nothing of customers where a worker died over it and what it tells was acknowledged since', async () => {
    const id = await slipping();
    const { digestId } = sending(await claim('kati', { claimMs: 0 }));
    const stored = async () => (await database.pool.query('select state, content from digests')).rows;
    await emptyVoidDigests(database.pool);
    expect(await stored()).toMatchObject([{ state: 'claimed', content: { to: 'x@example.com' } }]);
    await database.pool.query('update staff_alerts set acknowledged_at = clock_timestamp() where promise_id = $1', [
      id,
    ]);
    expect(await mailsDue(database.pool)).toEqual([]);
    await emptyVoidDigests(database.pool);
    expect(await stored()).toEqual([{ state: 'failed', content: {} }]);
    await recordDigest(database.pool, { id: digestId, workerName: 'worker-1' });
    expect(await stored()).toEqual([{ state: 'failed', content: {} }]);
  });

  it('is not tried again once the channel has refused it for good; its alerts stay', async () => {
    const id = await slipping();
    const { digestId } = sending(await claim());
    await refuseDigest(database.pool, { id: digestId, workerName: 'worker-1', attempts: 1 });
    expect(await rowsOf(id)).toEqual([{ waits: false, sent: false }]);
    expect(await claim()).toEqual({ kind: 'nothing' });
  });

  it('keeps for the next one what comes while it is on its way', async () => {
    await slipping();
    const { digestId } = sending(await claim());
    const id = await slipping();
    await recordDigest(database.pool, { id: digestId, workerName: 'worker-1' });
    await sent();
    expect(told()).toEqual([id]);
  });
});

describe('what is left out of a mail', () => {
  it('is an alert whose promise has ended', async () => {
    const [over, open] = [await slipping(), await slipping()];
    await tell(over, { kind: 'fulfilled' });
    await sent();
    expect(told()).toEqual([open]);
    expect(await rowsOf(over)).toEqual([{ waits: false, sent: false }]);
  });

  it('is not that we took a promise back: that is the news', async () => {
    const id = await slipping();
    await tell(id, { kind: 'withdrawn', by: 'company' });
    await sent();
    expect(told()).toEqual([id]);
    expect(requests[0]?.lines).toMatchObject([{ reason: 'broken', takenBack: true, group: 'overdue' }]);
  });

  it('is an alert that was acknowledged', async () => {
    const id = await slipping();
    await database.pool.query('update staff_alerts set acknowledged_at = clock_timestamp()');
    expect(await claim()).toEqual({ kind: 'nothing' });
    expect(id).toBeTruthy();
  });

  it('is a slip, once a newer estimate holds the target, and a risk, once one holds the promise', async () => {
    const [slip, risk] = [await slipping(), await made()];
    await tell(risk, { kind: 'estimated', at: fromNow(20 * HOUR) });
    for (const id of [slip, risk]) await tell(id, { kind: 'estimated', at: fromNow(HOUR) });
    expect(await claim()).toEqual({ kind: 'nothing' });
  });

  it('is a lower rung of the ladder, once the same person is told of a higher one', async () => {
    const id = await slipping();
    await tell(id, { kind: 'estimated', at: fromNow(20 * HOUR) });
    await sent();
    expect(requests[0]?.counts).toEqual({ at_risk: 1 });
    expect(await rowsOf(id)).toHaveLength(3);
  });

  it('is an alert about a time before the one that was agreed since', async () => {
    const id = await slipping();
    const promised = { precision: 'instant', at: fromNow(30 * HOUR) };
    await tell(id, { kind: 'repromised', promised, agreedByCustomer: true });
    expect(await claim()).toEqual({ kind: 'nothing' });
  });
});

describe('when a mail is due', () => {
  const inMs = async (): Promise<readonly number[]> => (await mailsDue(database.pool)).map(({ delayMs }) => delayMs);

  it('is a window after the first alert; until then nobody claims it', async () => {
    await pauses('PT15M', 'PT1M');
    await slipping();
    const [ms = 0] = await inMs();
    expect(ms).toBeGreaterThan(14 * 60_000);
    expect(ms).toBeLessThanOrEqual(15 * 60_000);
    expect(await claim()).toMatchObject({ kind: 'later' });
  });

  it('is at once where a promise is due within its lead, and the short wait after the last mail', async () => {
    await pauses('PT15M', 'PT1M');
    const id = await made('kati', 30_000, -10 * HOUR);
    await tell(id, { kind: 'estimated', at: fromNow(HOUR) });
    await sent();
    const next = await made('kati', 30_000, -10 * HOUR);
    await tell(next, { kind: 'estimated', at: fromNow(HOUR) });
    const [ms = 0] = (await mailsDue(database.pool)).filter(({ delayMs }) => delayMs > 0).map(({ delayMs }) => delayMs);
    expect(ms).toBeGreaterThan(50_000);
    expect(ms).toBeLessThanOrEqual(60_000);
  });

  it('is at once where a number has reached somebody else', async () => {
    await pauses('PT15M', 'PT1M');
    const id = await made();
    await tell(id, { kind: 'attempted', result: 'wrong_number' });
    expect(Math.max(...(await inMs()))).toBeLessThanOrEqual(0);
    await sent();
    expect(requests[0]?.lines).toMatchObject([{ reason: 'callback', occasion: 'wrong_number:1' }]);
  });

  it('brings all that is known of the customer to whoever is to call her, and is none once the call was made', async () => {
    const promised = { precision: 'window', from: fromNow(60_000), to: fromNow(HOUR) } as const;
    const wish = await registration(database.pool, { kind: 'call', promised, customer: 'C-17' });
    const { promise } = await createRegistrar(database.pool).register(wish);
    await advance(database.pool, promise.id);
    const later = { precision: 'instant', at: fromNow(20 * HOUR) } as const;
    const other = await registration(database.pool, { kind: 'far', promised: later, customer: 'C-17', owner: null });
    await createRegistrar(database.pool).register(other);
    await tell(other.id, { kind: 'contacted', channel: 'phone', about: 'trouble' });
    await addNote(database.pool, { promiseId: other.id, text: 'After 17:00, please.', by: 'jaan' });
    await sent();
    const [line] = requests[0]?.lines ?? [];
    expect(line).toMatchObject({ reason: 'callback', occasion: 'call:1' });
    expect(line?.brief).toMatchObject({
      customer: { ref: 'C-17', name: 'Mari Tamm' },
      contacts: [{ fact: { about: 'trouble' } }],
      notes: [{ text: 'After 17:00, please.' }],
    });
    expect(line?.brief?.promises.map(({ id }) => id).toSorted()).toEqual([promise.id, other.id].toSorted());

    const open = async () => (await listAlerts(database.pool, { open: true, limit: 10 })).map(({ reason }) => reason);
    expect(await open()).toEqual(['callback']);
    await recordFact(database.pool, promise.id, {
      ...{ kind: 'attempted', factKey: 't', occurredAt: promised.from, result: 'no_answer' },
    });
    expect(await open()).toEqual([]);
  });

  it('brings it to whom the call was handed over after its owner had been reminded, who hears no more of it', async () => {
    const promised = { precision: 'window', from: fromNow(60_000), to: fromNow(HOUR) } as const;
    const wish = await registration(database.pool, { kind: 'call', promised, customer: 'C-17' });
    const { promise } = await createRegistrar(database.pool).register(wish);
    await advance(database.pool, promise.id);
    await sent('kati');
    for (let times = 0; times < 2; times += 1) await handOver(database.pool, promise.id, { to: 'jaan', by: 'kati' });
    await sent('jaan');
    expect(requests.at(-1)?.lines.map(({ reason, brief }) => [reason, brief?.customer?.name])).toEqual([
      ['callback', 'Mari Tamm'],
      ['handed_over', undefined],
    ]);
    const open = async () => (await listAlerts(database.pool, { open: true, limit: 10 })).map(({ person }) => person);
    expect(await open()).toEqual(['jaan', 'jaan']);
    await tell(promise.id, { kind: 'attempted', result: 'declined' });
    expect(await open()).toEqual([]);
  });

  it('reads once what is known of a customer who is to be called for several promises', async () => {
    const promised = { precision: 'window', from: fromNow(60_000), to: fromNow(HOUR) } as const;
    for (const customer of ['C-18', 'C-18', 'C-19']) {
      const { promise } = await createRegistrar(database.pool).register(
        await registration(database.pool, { kind: 'call', promised, customer }),
      );
      await advance(database.pool, promise.id);
    }
    await sent();
    const briefs = requests[0]?.lines.map(({ brief }) => brief) ?? [];
    const said = briefs.map((brief) => `${brief?.customer?.ref}: ${brief?.promises.length}`);
    expect(said.toSorted()).toEqual(['C-18: 2', 'C-18: 2', 'C-19: 1']);
    expect(new Set(briefs).size).toBe(2);
  });

  it('is never for somebody without an address: the alerts stand, nobody is asked again and again', async () => {
    await savePeople(database.pool, {
      ...STAFF,
      people: STAFF.people.map((person) => ({ ...person, email: null })),
    });
    const id = await slipping();
    expect(await inMs()).toEqual([]);
    expect(await claim()).toEqual({ kind: 'nothing' });
    expect(await rowsOf(id)).toHaveLength(1);
  });
});

it('gives 5,000 slips of two owners one mail each, the 50 most urgent listed and all counted', async () => {
  await Promise.all([slipping('kati'), slipping('jaan')]);
  const { rows } = await database.pool.query<{ others: string }>(
    `select string_agg(quote_ident(column_name), ', ') as others from information_schema.columns
     where table_name = 'promises' and column_name not in ('id', 'ref')`,
  );
  const others = rows[0]?.others ?? '';
  await database.pool.query(
    `with copies as (
       insert into promises (id, ref, ${others}) select gen_random_uuid(), ref || '-' || n, ${others}
       from promises, generate_series(1, 2499) n returning id, owner)
     insert into staff_alerts (id, promise_id, reason, rung, person, at)
     select gen_random_uuid(), id, 'slip', 'owner', owner, clock_timestamp() from copies`,
  );
  for (const person of ['kati', 'jaan']) {
    await sent(person);
    expect(requests.at(-1)?.counts).toEqual({ slip: 2_500 });
    expect(told()).toHaveLength(50);
    expect(await claim(person)).toEqual({ kind: 'nothing' });
  }
  expect(await mailsDue(database.pool)).toEqual([]);
});
