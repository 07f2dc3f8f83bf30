import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../api/server.ts';
import { advance } from '../../db/settle.ts';
import { newestPolicy, savePolicies } from '../../db/policies.ts';
import { deliver } from '../support/deliver.ts';
import { policy } from '../support/registrations.ts';
import { itemsOf, logInto, pointersOf, registered, soon, testApi, HOUR, type Json, type TestApi } from './testing.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
  const remedies = {
    currency: 'EUR',
    rows: [{ options: [{ refund: '10%' }, { voucher: '15%' }] }],
    limit: '100.00',
    month: '1000.00',
  };
  await savePolicies(api.database.pool, [
    policy({ kind: 'parcel', buffer: { fixed: 'PT1H' }, factLag: 'PT0S', quiet: 'none', remedies }),
  ]);
});
afterAll(() => api.database.drop());

const call = (method: string, path: string, body?: unknown) => api.call(method, path, body);

/** A promise that has broken, with its one remedy. */
async function broken(amount: string): Promise<{ id: string; remedy: Json }> {
  const id = await registered(api.call, {
    kind: 'parcel',
    customer: { ref: `C-${amount}-${Math.random()}`, name: 'Mari Tamm', email: 'mari@customers.example' },
    promised: { at: soon(-HOUR) },
    madeAt: soon(-48 * HOUR),
    value: { amount, currency: 'EUR' },
  });
  await advance(api.database.pool, id);
  const [remedy] = itemsOf((await call('GET', `/v1/promises/${id}/remedies`)).body);
  return { id, remedy: remedy ?? {} };
}

const spent = async (): Promise<string> =>
  (
    await api.database.pool.query<{ spent: string }>(
      'select coalesce(sum(spent), 0)::text as spent from remedy_budgets',
    )
  ).rows[0]?.spent ?? '';
const phaseOf = async (id: unknown): Promise<unknown> =>
  (await call('GET', `/v1/promises/${String(id)}`)).body['phase'];
const notices = async (id: string): Promise<readonly unknown[]> =>
  itemsOf((await call('GET', `/v1/promises/${id}/notices`)).body).map(({ reason, state, apology }) => [
    reason,
    state,
    apology,
  ]);

beforeEach(() => api.database.pool.query('delete from remedy_budgets'));

describe('a remedy that was granted at once', () => {
  test('is read with its promise and among all, with the promise that brings it', async () => {
    const { id, remedy } = await broken('49.90');
    expect(remedy).toMatchObject({
      ...{ promiseId: id, state: 'granted', reason: 'late', chosen: 0, by: null },
      options: [
        { kind: 'refund', amount: '4.99', currency: 'EUR' },
        { kind: 'voucher', amount: '7.49', currency: 'EUR' },
      ],
    });
    expect(itemsOf((await call('GET', '/v1/remedies?state=granted')).body)[0]).toEqual(remedy);
    expect(await spent()).toBe('4.99');
    expect((await call('GET', `/v1/promises/${String(remedy['refundPromiseId'])}`)).body).toMatchObject({
      ...{ kind: 'refund', parent: id, value: { amount: '4.99', currency: 'EUR' } },
    });
  });

  test('is exchanged for another one that the customer chooses, once', async () => {
    const { remedy } = await broken('49.90');
    const path = `/v1/remedies/${String(remedy['id'])}:choose`;
    const chosen = await call('POST', path, { option: 1, by: 'kati' });
    expect(chosen).toMatchObject({ status: 200, body: { state: 'granted', chosen: 1, by: 'kati' } });
    expect((await call('POST', path, { option: 1 })).body).toEqual(chosen.body);
    expect(await phaseOf(remedy['refundPromiseId'])).toBe('withdrawn');
    expect((await call('GET', `/v1/promises/${String(chosen.body['refundPromiseId'])}`)).body).toMatchObject({
      ...{ phase: 'open', value: { amount: '7.49', currency: 'EUR' } },
    });
    expect(await spent()).toBe('7.49');
    expect(pointersOf((await call('POST', path, { option: 2 })).body)).toEqual(['/option']);
  });

  test('has arrived once its promise is fulfilled, and is then closed', async () => {
    const { id, remedy } = await broken('49.90');
    const refund = String(remedy['refundPromiseId']);
    await call('POST', `/v1/promises/${refund}/facts`, { factKey: 'paid', kind: 'fulfilled', occurredAt: soon(0) });
    expect(itemsOf((await call('GET', `/v1/promises/${id}/remedies`)).body)[0]).toMatchObject({ state: 'arrived' });
    const again = await call('POST', `/v1/remedies/${String(remedy['id'])}:reverse`, { by: 'mall' });
    expect([again.status, again.body['code']]).toEqual([409, 'REMEDY_CLOSED']);
    await call('POST', `/v1/promises/${refund}/facts`, {
      factKey: 'no',
      kind: 'fulfilment_reversed',
      occurredAt: soon(0),
    });
    expect(itemsOf((await call('GET', `/v1/promises/${id}/remedies`)).body)[0]).toMatchObject({ state: 'granted' });
  });

  test('is taken back with the promise that would have brought it, and gives back the budget', async () => {
    const { id, remedy } = await broken('49.90');
    const reversed = await call('POST', `/v1/remedies/${String(remedy['id'])}:reverse`, {
      by: 'mall',
      note: 'Paid in the shop.',
    });
    expect(reversed).toMatchObject({ status: 200, body: { state: 'reversed', by: 'mall' } });
    expect((await call('POST', `/v1/remedies/${String(remedy['id'])}:reverse`, { by: 'mall' })).body).toEqual(
      reversed.body,
    );
    expect(await phaseOf(remedy['refundPromiseId'])).toBe('withdrawn');
    expect(await spent()).toBe('0.00');
    expect(itemsOf((await call('GET', `/v1/promises/${id}/notes`)).body)).toMatchObject([
      { by: 'mall', text: 'Paid in the shop.' },
    ]);
    expect((await deliver(api.database.pool, id)).remedies).toEqual([]);
  });
});

describe('a remedy above the limit', () => {
  test('is granted when somebody approves it, and told of without an apology', async () => {
    const { id, remedy } = await broken('2000.00');
    expect(remedy).toMatchObject({ state: 'pending', refundPromiseId: null });
    await deliver(api.database.pool, id);
    expect(await notices(id)).toEqual([['recovery', 'sent', true]]);
    const approved = await call('POST', `/v1/remedies/${String(remedy['id'])}:approve`, { by: 'mall' });
    expect(approved).toMatchObject({ status: 200, body: { state: 'granted', by: 'mall' } });
    expect(approved.body['refundPromiseId']).not.toBeNull();
    expect((await call('POST', `/v1/remedies/${String(remedy['id'])}:approve`, { by: 'mall' })).body).toEqual(
      approved.body,
    );
    expect(await spent()).toBe('200.00');
    expect((await deliver(api.database.pool, id)).remedies).toHaveLength(1);
    expect(await notices(id)).toEqual([
      ['recovery', 'sent', true],
      ['remedy', 'sent', false],
    ]);
  });

  test('is refused without a word to the customer, and not granted any more', async () => {
    const { id, remedy } = await broken('2000.00');
    expect((await call('POST', `/v1/remedies/${String(remedy['id'])}:refuse`, { by: 'mall' })).body).toMatchObject({
      state: 'refused',
    });
    expect((await call('POST', `/v1/remedies/${String(remedy['id'])}:approve`, { by: 'mall' })).body['code']).toBe(
      'REMEDY_CLOSED',
    );
    await call('POST', `/v1/promises/${id}/facts`, { factKey: 'done', kind: 'fulfilled', occurredAt: soon(0) });
    expect(itemsOf((await call('GET', `/v1/promises/${id}/remedies`)).body)).toHaveLength(1);
  });
});

test('nobody unknown decides, and what is not there is not decided', async () => {
  const { remedy } = await broken('49.90');
  expect(
    pointersOf((await call('POST', `/v1/remedies/${String(remedy['id'])}:reverse`, { by: 'nobody' })).body),
  ).toEqual(['/by']);
  const missing = await call('POST', '/v1/remedies/0199c0de-0000-7000-8000-000000000000:reverse', { by: 'mall' });
  expect([missing.status, missing.body['code']]).toEqual([404, 'REMEDY_UNKNOWN']);
  expect((await call('GET', '/v1/remedies?state=lost')).status).toBe(422);
  expect(await newestPolicy(api.database.pool, 'parcel')).not.toBeNull();
});

describe('the page of remedies', () => {
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
  const app = () =>
    createApp({
      ...{ pool: api.database.pool, baseUrl: 'http://kept.example', log: logInto([]), engineUp: () => true },
      ...{ now: () => soon(0), dev: { mails: () => Promise.resolve([]) } },
    });
  const press = (decision: string, by: string, headers: Record<string, string> = {}) =>
    app().request('/remedies', {
      method: 'POST',
      headers: { ...FORM, ...headers },
      body: new URLSearchParams({ decision, by }),
    });
  const stateOf = async (id: string): Promise<unknown> =>
    itemsOf((await call('GET', `/v1/promises/${id}/remedies`)).body)[0]?.['state'];

  test('shows what waits and the budget, and a press grants it in the name of whoever is chosen', async () => {
    const { id, remedy } = await broken('2000.00');
    const decision = `approve:${String(remedy['id'])}`;
    const html = await (await app().request('/remedies')).text();
    expect(html).toContain(`value="${decision}"`);
    expect(html).toMatch(/parcel: 0\.00 EUR of 1000\.00 EUR granted in/);
    for (const [by, headers, status] of [
      ['mall', { origin: 'https://evil.example' }, 403],
      ['nobody', {}, 422],
      ['', {}, 422],
    ] as const) {
      expect((await press(decision, by, headers)).status).toBe(status);
      expect(await stateOf(id)).toBe('pending');
    }
    expect((await press(decision, 'mall')).status).toBe(303);
    expect(await stateOf(id)).toBe('granted');
    expect(await (await app().request('/remedies')).text()).toMatch(/parcel: 200\.00 EUR of 1000\.00 EUR granted in/);
    expect(await (await app().request('/')).text()).toMatch(/parcel: 800\.00 EUR of 1000\.00 EUR left in/);
  });

  test('lists the newest of what waits and of what was decided, however many the others are', async () => {
    const { remedy } = await broken('49.90');
    const waits = await broken('2000.00');
    const { rows } = await api.database.pool.query<{ others: string }>(
      `select string_agg(quote_ident(column_name), ', ') as others from information_schema.columns
       where table_name = 'remedies' and column_name not in ('id', 'number', 'at')`,
    );
    const others = rows[0]?.others ?? '';
    await api.database.pool.query(
      `insert into remedies (id, number, at, ${others})
       select gen_random_uuid(), number + n, at + n * interval '1 second', ${others}
       from remedies, generate_series(1, 1100) n where id = $1`,
      [waits.remedy['id']],
    );
    const html = await (await app().request('/remedies')).text();
    expect(html.match(/value="approve:/g)).toHaveLength(100);
    expect(html.match(/Only the newest 100 are listed/g)).toHaveLength(1);
    expect(html).toContain(`value="reverse:${String(remedy['id'])}"`);
    await api.database.pool.query('delete from remedies where promise_id = $1', [waits.id]);
  });

  test('says where something was decided otherwise already', async () => {
    const { id, remedy } = await broken('2000.00');
    await press(`refuse:${String(remedy['id'])}`, 'mall');
    for (const decision of [`approve:${String(remedy['id'])}`, 'approve:none', 'pay'])
      expect((await press(decision, 'mall')).status).toBe(409);
    expect(await stateOf(id)).toBe('refused');
  });
});
