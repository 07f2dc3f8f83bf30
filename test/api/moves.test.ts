import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { savePolicies } from '../../db/policies.ts';
import { policy } from '../support/registrations.ts';
import {
  DAY,
  HOUR,
  itemsOf,
  pointersOf,
  registered,
  soon,
  testApi,
  type Answer,
  type Json,
  type TestApi,
} from './testing.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
  await savePolicies(api.database.pool, [
    policy({ kind: 'scanned', buffer: { fixed: 'PT1H' }, checkpoints: [{ name: 'scanned', at: '50%' }] }),
  ]);
});
afterAll(() => api.database.drop());

let keys = 0;
const tell = (id: string, fact: Json): Promise<Answer> =>
  api.call('POST', `/v1/promises/${id}/facts`, { factKey: `f-${(keys += 1)}`, occurredAt: soon(-1000), ...fact });
const told = async (id: string, fact: Json): Promise<Json> => {
  const { status, body } = await tell(id, fact);
  expect(status, JSON.stringify(body)).toBe(202);
  return body['promise'] as Json;
};
const refused = async (id: string, fact: Json): Promise<readonly unknown[]> => {
  const { status, body } = await tell(id, fact);
  return [status, body['code'], pointersOf(body)];
};
const read = async (id: string): Promise<Json> => (await api.call('GET', `/v1/promises/${id}`)).body;
const later = (at: unknown, ms: number): string => new Date(Date.parse(String(at)) + ms).toISOString();

/** Ten hours from one hour ago. */
const TEN_HOURS = { kind: 'reply', promised: { within: 'PT10H' } };
const madeAnHourAgo = (): Json => ({ ...TEN_HOURS, madeAt: soon(-HOUR) });

describe('paused', () => {
  test('for the customer stops the clock: nothing has a time, and the time left is shown', async () => {
    const id = await registered(api.call, madeAnHourAgo());
    const since = later((await read(id))['madeAt'], HOUR / 2);
    const promise = await told(id, { kind: 'paused', waitingFor: 'customer', occurredAt: since });
    expect(promise).toMatchObject({
      phase: 'paused',
      revision: 1,
      promisedAt: null,
      firstPromisedAt: null,
      targetAt: null,
      lastCallAt: null,
      wakeAt: null,
      told: { at: null, revision: 1 },
      waiting: { for: 'customer', since, until: null },
      clock: { withinMs: 10 * HOUR, leftMs: 9.5 * HOUR },
    });
    expect(await read(id)).toEqual(promise);
  });

  test('and resumed, the deadline has moved by exactly the time waited, which is no revision', async () => {
    const id = await registered(api.call, madeAnHourAgo());
    const before = await read(id);
    await told(id, { kind: 'paused', waitingFor: 'customer', occurredAt: later(before['madeAt'], 10 * 60_000) });
    const after = await told(id, { kind: 'resumed', occurredAt: later(before['madeAt'], 40 * 60_000) });
    expect(after).toMatchObject({
      phase: 'open',
      revision: 1,
      promisedAt: later(before['promisedAt'], HOUR / 2),
      firstPromisedAt: later(before['promisedAt'], HOUR / 2),
      waiting: null,
      clock: { leftMs: null },
    });
  });

  test('until an instant, everything has a time as if it went on then', async () => {
    const id = await registered(api.call, madeAnHourAgo());
    const before = await read(id);
    const [since, until] = [later(before['madeAt'], HOUR / 2), later(before['madeAt'], 5 * HOUR)];
    const promise = await told(id, { kind: 'paused', waitingFor: 'customer', occurredAt: since, until });
    expect(promise).toMatchObject({
      phase: 'paused',
      promisedAt: later(before['promisedAt'], 4.5 * HOUR),
      waiting: { for: 'customer', since, until },
      clock: { leftMs: null },
    });
    expect(promise['wakeAt']).not.toBeNull();
  });

  test.each(['partner', 'us'])('for the %s shows who must act and moves nothing', async (waitingFor) => {
    const id = await registered(api.call, madeAnHourAgo());
    const before = await read(id);
    const occurredAt = soon(-1000);
    expect(await told(id, { kind: 'paused', waitingFor, occurredAt })).toEqual({
      ...before,
      waiting: { for: waitingFor, since: occurredAt, until: null },
    });
  });

  test('moves no date', async () => {
    const id = await registered(api.call, { promised: { at: soon(5 * DAY) } });
    const { promisedAt, targetAt } = await read(id);
    const promise = await told(id, { kind: 'paused', waitingFor: 'customer' });
    expect(promise).toMatchObject({ phase: 'paused', promisedAt, targetAt, clock: null, waiting: { for: 'customer' } });
  });

  test('is over by itself: then nobody is waited for', async () => {
    const id = await registered(api.call, madeAnHourAgo());
    const madeAt = (await read(id))['madeAt'];
    const [occurredAt, until] = [later(madeAt, 10 * 60_000), later(madeAt, 20 * 60_000)];
    const promise = await told(id, { kind: 'paused', waitingFor: 'customer', occurredAt, until });
    expect(promise).toMatchObject({ phase: 'open', waiting: null, promisedAt: later(madeAt, 10 * HOUR + 10 * 60_000) });
  });

  test('must not be over before it begins', async () => {
    const id = await registered(api.call, madeAnHourAgo());
    const occurredAt = soon(-1000);
    for (const until of [occurredAt, soon(-2000)])
      expect(await refused(id, { kind: 'paused', waitingFor: 'customer', occurredAt, until })).toEqual([
        422,
        'INVALID_BODY',
        ['/until'],
      ]);
    expect(await refused(id, { kind: 'paused', waitingFor: 'nobody' })).toEqual([422, 'INVALID_BODY', ['/waitingFor']]);
  });
});

describe('repromised', () => {
  test('and agreed in time is the promise from then on; the first one stays as it was', async () => {
    const id = await registered(api.call, { promised: { at: soon(5 * DAY) } });
    const before = await read(id);
    const at = soon(8 * DAY);
    const promise = await told(id, { kind: 'repromised', promised: { at }, agreedByCustomer: true, cause: 'stock' });
    expect(promise).toMatchObject({
      revision: 2,
      agreedRevision: 2,
      promisedAt: at,
      firstPromisedAt: before['promisedAt'],
      told: { at, revision: 2 },
      phase: 'open',
    });
    expect(String(promise['targetAt']) > String(before['targetAt'])).toBe(true);
  });

  test('and not agreed, it is told beside the promise, which stays', async () => {
    const id = await registered(api.call, { promised: { at: soon(5 * DAY) } });
    const before = await read(id);
    const at = soon(8 * DAY);
    expect(await told(id, { kind: 'repromised', promised: { at }, agreedByCustomer: false })).toEqual({
      ...before,
      revision: 2,
      told: { at, revision: 2 },
    });
  });

  test('to the same time is a revision, too', async () => {
    const at = soon(5 * DAY);
    const id = await registered(api.call, { promised: { at } });
    const promise = await told(id, { kind: 'repromised', promised: { at }, agreedByCustomer: true });
    expect(promise).toMatchObject({ revision: 2, agreedRevision: 2, promisedAt: at });
  });

  test('and agreed only once the old time has passed is imposed', async () => {
    const id = await registered(api.call, { madeAt: soon(-5 * DAY), promised: { at: soon(-HOUR) } });
    const promise = await told(id, { kind: 'repromised', promised: { at: soon(DAY) }, agreedByCustomer: true });
    expect(promise).toMatchObject({ revision: 2, agreedRevision: 1, phase: 'overdue' });
  });

  test('as a duration counts from when the promise was made', async () => {
    const id = await registered(api.call, madeAnHourAgo());
    const promised = { within: 'PT20H' };
    const promise = await told(id, { kind: 'repromised', promised, agreedByCustomer: true });
    expect(promise).toMatchObject({ promisedAt: later(promise['madeAt'], 20 * HOUR), clock: { withinMs: 20 * HOUR } });
  });

  test.each([
    ['a date', { at: soon(5 * DAY) }],
    ['a duration of every hour', { within: 'P5D' }],
    ['a duration of another calendar', { within: 'PT40H', calendar: 'always' }],
  ])('and agreed in place of %s, it may count by a calendar that the promise did not have', async (_, promised) => {
    const week = Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['00:00-24:00']]),
    );
    for (const id of ['always', 'brought']) await api.call('PUT', `/v1/calendars/${id}`, { zone: 'UTC', week });
    const id = await registered(api.call, { kind: 'reply', promised });
    const agreed = { within: 'PT200H', calendar: 'brought' };
    const promise = await told(id, { kind: 'repromised', promised: agreed, agreedByCustomer: true });
    expect(promise).toMatchObject({ agreedRevision: 2, promisedAt: later(promise['madeAt'], 200 * HOUR) });
    expect(await told(id, { kind: 'progressed', checkpoint: 'packed' })).toMatchObject({ agreedRevision: 2 });
  });

  test('as a day changes how exactly it was told', async () => {
    const id = await registered(api.call, { promised: { at: soon(5 * DAY) } });
    const day = soon(9 * DAY).slice(0, 10);
    const promised = { day, zone: 'Europe/Tallinn' };
    expect(await told(id, { kind: 'repromised', promised, agreedByCustomer: true })).toMatchObject({
      precision: 'day',
      day,
      zone: 'Europe/Tallinn',
    });
  });

  test.each([
    ['a time that has passed', { at: soon(-2 * HOUR) }, '/promised'],
    ['a duration that is over', { within: 'PT1M' }, '/promised'],
    ['a calendar that nobody stored', { within: 'PT4H', calendar: 'shop' }, '/promised/calendar'],
    ['a duration of nothing', { within: 'PT0S' }, '/promised/within'],
    ['a day that its zone never had', { day: '2011-12-30', zone: 'Pacific/Apia' }, '/promised/day'],
    ['a window that ends before it begins', { from: soon(2 * DAY), to: soon(DAY) }, '/promised/to'],
    ['no form that there is', { soon: true }, '/promised'],
    ['a time that nobody can write', { at: '9999-12-31T23:00:00Z' }, '/promised'],
  ])('does not tell %s, and stores nothing', async (_, promised, pointer) => {
    const id = await registered(api.call, madeAnHourAgo());
    const before = await read(id);
    const fact = { kind: 'repromised', promised, agreedByCustomer: true };
    const [status, code, pointers] = await refused(id, fact);
    expect([status, code]).toEqual([422, 'INVALID_BODY']);
    expect(pointers).toContain(pointer);
    expect(await read(id)).toEqual(before);
    const { body } = await api.call('GET', `/v1/promises/${id}/timeline`);
    expect(itemsOf(body).map((item) => item['kind'])).toEqual(['registered']);
  });

  test('names one of the causes there are, and says whether it was agreed', async () => {
    const id = await registered(api.call);
    const fact = { kind: 'repromised', promised: { at: soon(8 * DAY) }, agreedByCustomer: true };
    expect(await refused(id, { ...fact, cause: 'bad mood' })).toEqual([422, 'INVALID_BODY', ['/cause']]);
    const { agreedByCustomer: _, ...silent } = fact;
    expect(await refused(id, silent)).toEqual([422, 'INVALID_BODY', ['/agreedByCustomer']]);
  });
});

describe('attempted', () => {
  /** A callback whose window began half an hour ago. */
  const callback = (): Promise<string> =>
    registered(api.call, {
      kind: 'callback',
      madeAt: soon(-3 * HOUR),
      promised: { from: soon(-2 * HOUR), to: soon(HOUR) },
    });

  test('counts each try that is not too soon after the last, and the last one gives up', async () => {
    const id = await callback();
    expect(await read(id)).toMatchObject({ attempts: { counted: 0, max: 3 } });
    const tried = async (minutesAgo: number, result: string): Promise<Json> =>
      told(id, { kind: 'attempted', result, occurredAt: soon(-minutesAgo * 60_000) });
    expect(await tried(70, 'no_answer')).toMatchObject({ attempts: { counted: 1 }, phase: 'open' });
    expect(await tried(60, 'no_answer')).toMatchObject({ attempts: { counted: 1 } });
    expect(await tried(45, 'wrong_number')).toMatchObject({ attempts: { counted: 2 } });
    const given = await tried(20, 'no_answer');
    expect(given).toMatchObject({ attempts: { counted: 3, max: 3 }, phase: 'unreachable', wakeAt: null });
    expect(given['closedAt']).not.toBeNull();
    expect(itemsOf((await api.call('GET', '/v1/promises?phase=unreachable')).body).map((one) => one['id'])).toEqual([
      id,
    ]);
  });

  test.each([
    ['reached', 'kept'],
    ['declined', 'withdrawn'],
  ])('that was %s ends it: %s', async (result, phase) => {
    const id = await callback();
    expect(await told(id, { kind: 'attempted', result })).toMatchObject({ phase });
  });

  test('changes nothing of a kind that is not fulfilled by calling', async () => {
    const id = await registered(api.call);
    const before = await read(id);
    expect(before['attempts']).toBeNull();
    expect(await told(id, { kind: 'attempted', result: 'reached' })).toEqual(before);
    expect(await refused(id, { kind: 'attempted', result: 'busy' })).toEqual([422, 'INVALID_BODY', ['/result']]);
  });
});

describe('what the customer says', () => {
  test.each([
    ['came to us', { kind: 'contacted', channel: 'phone', about: 'status' }, 1],
    ['rated', { kind: 'rated', score: 5 }, 0],
  ])('is kept and moves nothing but the number of contacts, open or closed: %s', async (_, fact, contacts) => {
    const id = await registered(api.call);
    const open = await read(id);
    expect(await told(id, fact)).toEqual({ ...open, contacts });
    const closed = await told(id, { kind: 'fulfilled' });
    expect(await told(id, fact)).toEqual({ ...closed, contacts: 2 * contacts });
    const { body } = await api.call('GET', `/v1/promises/${id}/timeline`);
    expect(itemsOf(body).filter((item) => item['kind'] === fact.kind)).toMatchObject([fact, fact]);
  });

  test.each([
    ['a channel there is not', { kind: 'contacted', channel: 'pigeon', about: 'status' }, '/channel'],
    ['a subject there is not', { kind: 'contacted', channel: 'phone', about: 'weather' }, '/about'],
    ['no stars', { kind: 'rated', score: 0 }, '/score'],
    ['six stars', { kind: 'rated', score: 6 }, '/score'],
    ['half a star', { kind: 'rated', score: 4.5 }, '/score'],
  ])('is one of the words there are: %s', async (_, fact, pointer) => {
    expect(await refused(await registered(api.call), fact)).toEqual([422, 'INVALID_BODY', [pointer]]);
  });
});

describe('fulfilment_reversed', () => {
  test('opens what was kept, and its ending counts from then on as if it had not been told', async () => {
    const id = await registered(api.call);
    const open = await read(id);
    const kept = await told(id, { kind: 'fulfilled', occurredAt: soon(-20_000) });
    expect(kept).toMatchObject({ phase: 'kept', wakeAt: null });
    expect(await told(id, { kind: 'fulfilment_reversed', occurredAt: soon(-10_000) })).toEqual(open);
    const end = soon(-1000);
    expect(await told(id, { kind: 'fulfilled', occurredAt: end })).toMatchObject({ phase: 'kept', fulfilledAt: end });
  });

  test('opens what was broken as overdue', async () => {
    const id = await registered(api.call, { madeAt: soon(-5 * DAY), promised: { at: soon(-2 * HOUR) } });
    expect(await told(id, { kind: 'fulfilled', occurredAt: soon(-HOUR) })).toMatchObject({ phase: 'broken' });
    expect(await told(id, { kind: 'fulfilment_reversed' })).toMatchObject({ phase: 'overdue', closedAt: null });
  });

  test('leaves what was withdrawn as it is, and what is open, too', async () => {
    const id = await registered(api.call);
    const open = await read(id);
    expect(await told(id, { kind: 'fulfilment_reversed', occurredAt: soon(-30_000) })).toEqual(open);
    const gone = await told(id, { kind: 'withdrawn', by: 'customer', occurredAt: soon(-20_000) });
    expect(await told(id, { kind: 'fulfilment_reversed' })).toEqual(gone);
  });
});

test('a checkpoint is passed when first said so', async () => {
  const id = await registered(api.call, { kind: 'scanned' });
  const first = soon(-20_000);
  await told(id, { kind: 'progressed', checkpoint: 'scanned', occurredAt: first });
  const promise = await told(id, { kind: 'progressed', checkpoint: 'scanned', occurredAt: soon(-1000) });
  expect(promise['checkpoints']).toMatchObject([{ name: 'scanned', partner: false, passedAt: first }]);
});

describe('lists', () => {
  test('have promises without a time at their end, and go on through them page by page', async () => {
    const source = 'standing';
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const id = await registered(api.call, { source, ...madeAnHourAgo() });
      if (n % 2 === 0) await told(id, { kind: 'paused', waitingFor: 'customer' });
      ids.push(id);
    }
    const seen: Json[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { status, body }: Answer = await api.call('GET', `/v1/promises?source=${source}&limit=1${cursor}`);
      expect([status, itemsOf(body).length]).toEqual([200, 1]);
      seen.push(...itemsOf(body));
      const next = body['next'] as string | null;
      cursor = next && `&cursor=${next}`;
    }
    expect(seen.map((item) => item['promisedAt'] === null)).toEqual([false, false, true, true, true]);
    expect(new Set(seen.map((item) => item['id']))).toEqual(new Set(ids));
  });

  test('find what waits for the customer by its phase', async () => {
    const source = 'waits';
    const standing = await registered(api.call, { source, ...madeAnHourAgo() });
    const until = await registered(api.call, { source, ...madeAnHourAgo() });
    const others = await registered(api.call, { source, ...madeAnHourAgo() });
    await told(standing, { kind: 'paused', waitingFor: 'customer' });
    await told(until, { kind: 'paused', waitingFor: 'customer', until: soon(HOUR) });
    await told(others, { kind: 'paused', waitingFor: 'partner' });
    const by = async (phase: string): Promise<readonly unknown[]> =>
      itemsOf((await api.call('GET', `/v1/promises?source=${source}&phase=${phase}`)).body).map((item) => item['id']);
    expect(await by('paused')).toEqual([until, standing]);
    expect(await by('open')).toEqual([others]);
    expect(await by('overdue')).toEqual([]);
  });
});
