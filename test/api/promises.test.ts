import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { savePolicies } from '../../db/policies.ts';
import { policy } from '../support/registrations.ts';
import { DAY, HOUR, promiseOf, registered, soon, testApi, type TestApi } from './testing.ts';

let api: TestApi;
beforeAll(async () => void (api = await testApi()));
afterAll(() => api.database.drop());

const post = (body: unknown) => api.call('POST', '/v1/promises', body);

describe('registering', () => {
  test('answers the promise as GET does, with its plan and its contact', async () => {
    const at = soon(5 * DAY);
    const body = promiseOf({ promised: { at }, subject: '3 books', region: 'tartu', partner: 'dpd', product: 'books' });
    const made = await post(body);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      source: 'shop',
      ref: body['ref'],
      kind: 'delivery',
      phase: 'open',
      precision: 'instant',
      revision: 1,
      promisedAt: at,
      firstPromisedAt: at,
      riskAt: null,
      estimatedAt: null,
      fulfilledAt: null,
      marginMs: null,
      closedAt: null,
      owner: 'kati',
      partner: 'dpd',
      region: 'tartu',
      product: 'books',
      subject: '3 books',
      zone: 'Europe/Tallinn',
      day: null,
      from: null,
      customer: 'C-17',
      told: { at, revision: 1 },
      flags: [],
      policyVersion: 1,
      contact: { role: 'owner', name: 'Kati Kask', email: 'kati@books.example' },
      links: { page: `http://kept.example/promises/${String(made.body['id'])}` },
    });
    expect(String(made.body['targetAt']) < at).toBe(true);
    const read = await api.call('GET', `/v1/promises/${String(made.body['id'])}`);
    expect(read.body).toEqual(made.body);
  });

  test('the same content again is the same promise, however it is written', async () => {
    const body = promiseOf({ promised: { at: '2031-11-27T15:00:00+02:00' }, madeAt: '2026-01-01T00:00:00Z' });
    const first = await post(body);
    const spelled = { ...body, promised: { at: '2031-11-27T13:00:00.000Z' } };
    const again = await post(Object.fromEntries(Object.entries(spelled).reverse()));
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
  });

  test('the customer is no part of the content, and is brought up to date', async () => {
    const body = promiseOf();
    const first = await post(body);
    const again = await post({
      ...body,
      customer: { ref: 'C-17', name: 'Mari Kask', email: 'kask@customers.example' },
    });
    expect([first.status, again.status]).toEqual([201, 200]);
    const { rows } = await api.database.pool.query(`select name, email, zone from customers where ref = 'C-17'`);
    expect(rows).toEqual([{ name: 'Mari Kask', email: 'kask@customers.example', zone: 'Europe/Tallinn' }]);
  });

  test.each([
    ['another time', { promised: { at: '2032-01-01T00:00:00Z' } }],
    ['a field more', { partner: 'dpd' }],
    ['a default spelled out', { madeAt: '2026-01-01T00:00:00Z' }],
  ])('the same source and ref with %s is a clash', async (_, changes) => {
    const body = promiseOf();
    const first = await post(body);
    const clash = await post({ ...body, ...changes });
    expect(clash.status).toBe(409);
    expect(clash.body).toMatchObject({ code: 'PROMISE_CLASH', promiseId: first.body['id'] });
  });

  test('the same ref of another source is another promise', async () => {
    const body = promiseOf();
    expect((await post(body)).status).toBe(201);
    expect((await post({ ...body, source: 'other' })).status).toBe(201);
  });

  test('an owner nobody knows is accepted and flagged, and the hotline is named', async () => {
    const { body } = await post(promiseOf({ owner: 'nobody' }));
    expect(body['flags']).toEqual(['owner_unknown']);
    expect(body['contact']).toMatchObject({ role: 'hotline', name: 'Customer care' });
  });

  test('without an owner nothing is flagged, and the hotline is named', async () => {
    const { body } = await post(promiseOf({ owner: undefined, customer: { ref: 'C-19', zone: 'Europe/Tallinn' } }));
    expect(body['flags']).toEqual([]);
    expect(body['contact']).toMatchObject({ role: 'hotline' });
  });

  test("a customer's unknown zone is the company's, flagged", async () => {
    const { body } = await post(promiseOf({ customer: { ref: 'C-18' } }));
    expect(body).toMatchObject({ zone: 'Europe/Tallinn', flags: ['zone_assumed'] });
  });

  test('a day is promised up to the first instant of the next one there', async () => {
    const { body } = await post(promiseOf({ promised: { day: '2031-03-30', zone: 'Europe/Tallinn' } }));
    expect(body).toMatchObject({ precision: 'day', day: '2031-03-30', promisedAt: '2031-03-30T21:00:00.000Z' });
  });

  test('a window is promised up to its end', async () => {
    const [from, to] = [soon(DAY), soon(DAY + 2 * HOUR)];
    const { body } = await post(promiseOf({ kind: 'callback', promised: { from, to } }));
    expect(body).toMatchObject({ precision: 'window', from, promisedAt: to });
  });

  test('the target that came with it is kept', async () => {
    const at = soon(2 * DAY);
    expect((await post(promiseOf({ target: { at } }))).body['targetAt']).toBe(at);
  });

  test('it is made under the newest policy of its kind', async () => {
    const document = { kind: 'assembly', buffer: { fixed: 'P1D' } };
    await savePolicies(api.database.pool, [policy(document)]);
    expect((await post(promiseOf({ kind: 'assembly' }))).body['policyVersion']).toBe(1);
    await savePolicies(api.database.pool, [policy({ ...document, lead: 'P2D' })]);
    await expect
      .poll(async () => (await post(promiseOf({ kind: 'assembly' }))).body['policyVersion'], { timeout: 10_000 })
      .toBe(2);
  });

  test('fifty times at once it is made once', async () => {
    const body = promiseOf();
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(body)));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 200)).toHaveLength(49);
    expect(new Set(answers.map((answer) => answer.body['id'])).size).toBe(1);
  });

  test('fifty different ones at once of one customer are all made', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(promiseOf())));
    expect(new Set(answers.map((answer) => answer.body['id'])).size).toBe(50);
    expect(answers.every((answer) => answer.status === 201)).toBe(true);
  });
});

describe('planning', () => {
  const plan = (body: unknown) => api.call('POST', '/v1/promises:plan', body);

  test('says what registering would do, and stores nothing', async () => {
    const body = promiseOf({ madeAt: soon(-HOUR), owner: 'nobody' });
    const planned = await plan(body);
    expect(planned.status).toBe(200);
    const { body: none } = await api.call('GET', `/v1/promises?source=shop&ref=${String(body['ref'])}`);
    expect(none).toEqual({ items: [], next: null });
    const made = await post(body);
    const { promisedAt, targetAt, riskAt, lastCallAt, flags, policyVersion } = made.body;
    expect(planned.body).toMatchObject({ promisedAt, targetAt, riskAt, lastCallAt, flags, policyVersion });
  });

  test('gives a reason for every instant, in code and in words', async () => {
    const { body } = await plan(promiseOf());
    const reasons = body['reasons'] as readonly {
      instant: string;
      because: string;
      text: string;
      field: string | null;
    }[];
    expect(reasons.map((reason) => reason.instant)).toEqual(
      expect.arrayContaining(['promisedAt', 'targetAt', 'riskAt', 'lastCallAt']),
    );
    expect(reasons.find((reason) => reason.instant === 'targetAt')).toMatchObject({
      because: 'buffer_share',
      field: 'buffer.share',
      value: '20%',
      text: 'The promised time less a buffer of 20% of the time promised.',
    });
    expect(reasons.every((reason) => !reason.text.includes(reason.because))).toBe(true);
  });

  test('spreads a promise as registering it will', async () => {
    await savePolicies(api.database.pool, [policy({ kind: 'spread', buffer: { fixed: 'P1D' }, spread: 'PT6H' })]);
    const body = promiseOf({ kind: 'spread', madeAt: soon(-HOUR) });
    const [planned, made] = [await plan(body), await post(body)];
    expect(planned.body['lastCallAt']).toBe(made.body['lastCallAt']);
  });

  test.each([
    ['long ago', '1999-12-31T00:00:00Z', '2000-01-05T00:00:00Z'],
    ['far ahead', '2090-01-01T00:00:00Z', '2090-01-05T00:00:00Z'],
  ])('takes a madeAt %s', async (_, madeAt, at) => {
    const { status, body } = await plan(promiseOf({ madeAt, promised: { at } }));
    expect([status, body['promisedAt']]).toEqual([200, at.replace('Z', '.000Z')]);
  });
});

describe('reading', () => {
  test.each(['0199c0de-0000-7000-8000-000000000000', 'nonsense', "1'; select 1", '%00', '%E0%A4%A'])(
    'no promise is called %s',
    async (id) => {
      for (const path of ['', '/timeline', '/notices', '/explain']) {
        const { status, body } = await api.call('GET', `/v1/promises/${encodeURI(decodeURIOr(id))}${path}`);
        expect([status, body['code']]).toEqual([404, 'PROMISE_UNKNOWN']);
      }
    },
  );

  test('the margin of a fulfilled promise is positive when it was early', async () => {
    const at = soon(2 * HOUR);
    const id = await registered(api.call, { promised: { at }, madeAt: soon(-HOUR) });
    const occurredAt = soon(-60_000);
    await api.call('POST', `/v1/promises/${id}/facts`, { factKey: 'done', kind: 'fulfilled', occurredAt });
    const { body } = await api.call('GET', `/v1/promises/${id}`);
    expect(body).toMatchObject({
      phase: 'kept',
      fulfilledAt: occurredAt,
      marginMs: Date.parse(at) - Date.parse(occurredAt),
    });
  });
});

const decodeURIOr = (text: string): string => {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
};
