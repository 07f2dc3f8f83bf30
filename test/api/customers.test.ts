import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveCompany } from '../../db/company.ts';
import { completedRules } from '../../domain/policy/company.ts';
import {
  DAY,
  itemsOf,
  pointersOf,
  promiseOf,
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
  await saveCompany(api.database.pool, { zone: 'Europe/Tallinn', rules: { ...completedRules({}), country: 'EE' } });
});
afterAll(() => api.database.drop());

const customers = async (): Promise<readonly Json[]> =>
  (await api.database.pool.query<Json>('select ref, name, email, phone from customers order by ref')).rows;
const refOf = async (id: string): Promise<string> =>
  String((await api.call('GET', `/v1/promises/${id}`)).body['customer']);
const find = async (q: string): Promise<readonly Json[]> => {
  const { status, body } = await api.call('POST', '/v1/customers:find', { q });
  expect(status).toBe(200);
  return itemsOf(body);
};

describe('a customer without a reference', () => {
  test('is new with a random one, and found by the phone the next time, in whatever notation', async () => {
    const first = await registered(api.call, { customer: { phone: '+372 511 0001', name: 'Leida Laas' } });
    const ref = await refOf(first);
    expect(ref).toMatch(/^K-[2-9A-Z]{12}$/);
    for (const phone of ['+3725110001', '00372 5110001', '511 0001', '(511) 0001'])
      expect(await refOf(await registered(api.call, { customer: { phone } }))).toBe(ref);
    expect((await customers()).find((one) => one['ref'] === ref)).toEqual({
      ref,
      name: 'Leida Laas',
      email: null,
      phone: '+3725110001',
    });
  });

  test('is found by the e-mail address, whatever its capitals', async () => {
    const ref = await refOf(await registered(api.call, { customer: { email: 'Anu@customers.example' } }));
    expect(await refOf(await registered(api.call, { customer: { email: 'anu@Customers.example' } }))).toBe(ref);
  });

  test('is the one of a reference who has the phone, and what is sent of her is brought up to date', async () => {
    await registered(api.call, { customer: { ref: 'C-31', phone: '511 0031', name: 'Old Name' } });
    const id = await registered(api.call, { customer: { phone: '+372 511 0031', name: 'New Name' } });
    expect(await refOf(id)).toBe('C-31');
    expect((await customers()).find((one) => one['ref'] === 'C-31')).toMatchObject({
      name: 'New Name',
      phone: '+3725110031',
    });
  });

  test('who shares a phone is told by the address', async () => {
    await registered(api.call, { customer: { ref: 'C-41', phone: '511 0041', email: 'he@customers.example' } });
    await registered(api.call, { customer: { ref: 'C-42', phone: '511 0041', email: 'she@customers.example' } });
    const both = { phone: '511 0041', email: 'he@customers.example' };
    expect(await refOf(await registered(api.call, { customer: both }))).toBe('C-41');
  });

  test('counts in the zone that is known of her', async () => {
    await registered(api.call, { customer: { ref: 'C-51', phone: '511 0051', zone: 'Europe/Lisbon' } });
    const body = promiseOf({ customer: { phone: '511 0051' } });
    const { body: promise } = await api.call('POST', '/v1/promises', body);
    expect([promise['zone'], promise['flags']]).toEqual(['Europe/Lisbon', []]);
    expect((await api.call('POST', '/v1/promises:plan', { ...body, ref: 'x' })).body['flags']).toEqual([]);
  });

  test('sent again is the same promise and the same customer, also after she has another phone', async () => {
    const body = promiseOf({ customer: { phone: '511 0061' } });
    const { body: made } = await api.call('POST', '/v1/promises', body);
    const ref = String(made['customer']);
    expect((await api.call('POST', '/v1/promises', body)).body).toMatchObject({ id: made['id'], customer: ref });
    await registered(api.call, { customer: { ref, phone: '511 0062' } });
    const count = (await customers()).length;
    const again = await api.call('POST', '/v1/promises', body);
    expect([again.status, again.body['id']]).toEqual([200, made['id']]);
    expect(await customers()).toHaveLength(count);
  });

  test('is made once, however many ask at the same time', async () => {
    const sent = await Promise.all(
      Array.from({ length: 12 }, () =>
        api.call(
          'POST',
          '/v1/promises',
          promiseOf({ customer: { phone: '511 0071', email: 'new@customers.example' } }),
        ),
      ),
    );
    expect(new Set(sent.map(({ body }) => body['customer'])).size).toBe(1);
    expect((await customers()).filter((one) => one['phone'] === '+3725110071')).toHaveLength(1);
  });

  test('is not made of a promise that is refused', async () => {
    const count = (await customers()).length;
    const refused = await api.call(
      'POST',
      '/v1/promises',
      promiseOf({ customer: { phone: '511 0081' }, promised: { at: soon(-DAY) } }),
    );
    expect([refused.status, pointersOf(refused.body)]).toEqual([422, ['/promised']]);
    expect(await customers()).toHaveLength(count);
  });

  test.each<[string, unknown, string]>([
    ['neither phone nor address', {}, '/customer/ref'],
    ['a name alone', { name: 'Mari' }, '/customer/ref'],
    ['a phone that is none', { phone: 'call me' }, '/customer/phone'],
    ['an address that is none', { email: 'mari' }, '/customer/email'],
  ])('and with %s is refused, naming nobody', async (_, customer, pointer) => {
    const refused = await api.call('POST', '/v1/promises', promiseOf({ customer }));
    expect([refused.status, pointersOf(refused.body)]).toEqual([422, [pointer]]);
    expect(JSON.stringify(refused.body)).not.toMatch(/Mari|call me/);
  });
});

describe('looking for somebody', () => {
  let first: string;
  let second: string;
  beforeAll(async () => {
    const customer = { ref: 'C-91', name: 'Siim Saar', email: 'siim@customers.example', phone: '+372 511 0091' };
    first = await registered(api.call, { ref: 'Order-77', customer });
    second = await registered(api.call, { ref: 'Order-78', customer, kind: 'reply' });
    const fact = { kind: 'contacted', factKey: 'call-1', occurredAt: soon(0), channel: 'phone', about: 'status' };
    await api.call('POST', `/v1/promises/${first}/facts`, fact);
    const done = { kind: 'fulfilled', factKey: 'done', occurredAt: soon(0) };
    await api.call('POST', `/v1/promises/${second}/facts`, done);
    for (const [id, text] of [
      [first, 'The parcel is for his sister.'],
      [second, 'Prefers e-mail.'],
    ])
      await api.call('POST', `/v1/promises/${id}/notes`, { text, by: 'kati' });
  });

  test.each([
    'C-91',
    'c-91',
    ' C-91 ',
    'Order-77',
    'order-78',
    'siim@customers.example',
    'Siim@Customers.example',
    '+3725110091',
    '00372 511 0091',
    '511-0091',
    'tel:+3725110091',
  ])('%s finds the customer with all that is known', async (q) => {
    const items = await find(q);
    expect(items).toHaveLength(1);
    const [item = {}] = items;
    expect(item).toMatchObject({ ref: 'C-91', name: 'Siim Saar', phone: '+3725110091' });
    const ids = (part: string) => (item[part] as readonly Json[]).map((one) => one['promiseId'] ?? one['id']);
    expect(ids('promises')).toEqual([first, second]);
    expect(ids('contacts')).toEqual([first]);
    expect(ids('notes')).toEqual([second, first]);
    expect(item['contacts']).toMatchObject([{ channel: 'phone', about: 'status' }]);
    expect(item['notes']).toMatchObject([{ text: 'Prefers e-mail.', by: 'kati' }, {}]);
  });

  test('the id of a promise finds its customer', async () => {
    expect((await find(second.toUpperCase())).map((item) => item['ref'])).toEqual(['C-91']);
  });

  test('everybody who is called so is found: two systems may use one reference', async () => {
    await registered(api.call, { ref: 'Order-77', source: 'till', customer: { ref: 'C-92' } });
    expect(new Set((await find('Order-77')).map((item) => item['ref']))).toEqual(new Set(['C-91', 'C-92']));
  });

  test.each(['Siim', 'C-9', "' or 1=1 --", '%', 'constructor', '0'])('%s finds nobody', async (q) => {
    expect(await find(q)).toEqual([]);
  });

  test.each<[unknown, string]>([
    [{}, '/q'],
    [{ q: '' }, '/q'],
    [{ q: 'a'.repeat(255) }, '/q'],
    [{ q: 'a\0' }, '/q'],
    [{ q: 7 }, '/q'],
  ])('%j is refused', async (body, pointer) => {
    const refused = await api.call('POST', '/v1/customers:find', body);
    expect([refused.status, pointersOf(refused.body)]).toEqual([422, [pointer]]);
  });

  test('is not taken from the address, and leaves nothing in the log', async () => {
    expect((await api.call('GET', '/v1/customers:find?q=C-91')).status).toBe(405);
    expect(api.lines.join('\n')).not.toMatch(/C-91|siim|511/);
  });

  test('a brief holds the open promises of the customer, and what was said about any', async () => {
    const brief: Answer = await api.call('GET', `/v1/promises/${first}/brief`);
    expect(brief.status).toBe(200);
    const { promises, contacts, notes, notices } = brief.body as Record<string, readonly Json[]>;
    expect(promises?.map((one) => one['id'])).toEqual([first]);
    expect(contacts).toHaveLength(1);
    expect(notes?.map((one) => one['promiseId'])).toEqual([second, first]);
    expect(notices).toEqual([]);
  });

  test('a brief about a promise that has ended holds it, too', async () => {
    const { body } = await api.call('GET', `/v1/promises/${second}/brief`);
    expect((body['promises'] as readonly Json[]).map((one) => one['id'])).toEqual([first, second]);
  });

  test('there is no brief about a promise that is not there', async () => {
    expect((await api.call('GET', '/v1/promises/0199c0de-0000-7000-8000-000000000000/brief')).status).toBe(404);
  });
});
