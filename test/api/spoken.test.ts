import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../api/server.ts';
import { saveCompany } from '../../db/company.ts';
import { savePolicies } from '../../db/policies.ts';
import { completedRules } from '../../domain/policy/company.ts';
import { instant } from '../../domain/promise/instant.ts';
import { policy } from '../support/registrations.ts';
import { itemsOf, logInto, registered, testApi, type Json, type TestApi } from './testing.ts';

/** A Thursday, 12:01 in Tallinn. */
const NOW = instant(Date.parse('2026-11-26T10:01:00.000Z'));

let api: TestApi;
let app: ReturnType<typeof createApp>;
const lines: string[] = [];
beforeAll(async () => {
  api = await testApi();
  const { pool } = api.database;
  await saveCompany(pool, { zone: 'Europe/Tallinn', rules: { ...completedRules({}), country: 'EE' } });
  await savePolicies(pool, [
    policy({ kind: 'strict', buffer: { fixed: 'PT2H' }, tooTight: 'refuse', shortest: 'PT3H', longest: 'P10D' }),
  ]);
  const dev = { mails: () => Promise.resolve([]) };
  app = createApp({
    pool,
    baseUrl: 'http://kept.example',
    log: logInto(lines),
    engineUp: () => true,
    now: () => NOW,
    dev,
  });
});
afterAll(() => api.database.drop());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
let tokens = 0;

/** The form as a browser sends it; `changes` are what was typed. */
const post = async (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  app.request(path, { method: 'POST', headers: { ...FORM, ...headers }, body: new URLSearchParams(fields) });

const form = (changes: Record<string, string> = {}): Record<string, string> => ({
  token: `0199c0de-0000-7000-8000-${String((tokens += 1)).padStart(12, '0')}`,
  customer: 'C-17',
  kind: 'reply',
  when: '2026-11-27',
  day: '',
  time: '',
  what: 'Where her parcel is',
  owner: 'kati',
  ...changes,
});

/** The promise that a form made. */
async function made(changes: Record<string, string> = {}): Promise<Json> {
  const response = await post('/promises/new', form(changes));
  expect([response.status, await response.text()]).toEqual([303, '']);
  return promiseAt(response.headers.get('location') ?? '');
}

const promiseAt = async (page: string): Promise<Json> => (await api.call('GET', `/v1${page}`)).body;
const countOf = async (): Promise<number> => itemsOf((await api.call('GET', '/v1/promises?source=spoken')).body).length;

/** The page that a refused form answers; nothing was made. */
async function refused(changes: Record<string, string>): Promise<string> {
  const before = await countOf();
  const response = await post('/promises/new', form(changes));
  expect(response.status).toBe(422);
  expect(await countOf()).toBe(before);
  return response.text();
}

/** What is wrong with one field, as it stands beside it. */
const faultAt = (html: string, field: string): string =>
  new RegExp(`id="field-${field}-fault"[^>]*>([^<]*)<`).exec(html)?.[1] ?? '';

beforeAll(async () => {
  await registered(api.call, {
    ref: 'A-501',
    customer: { ref: 'C-17', phone: '511 0017', email: 'mari@customers.example' },
  });
});

describe('a spoken promise', () => {
  test('is made by four fields, and its page follows', async () => {
    expect(await made()).toMatchObject({
      source: 'spoken',
      kind: 'reply',
      subject: 'Where her parcel is',
      customer: 'C-17',
      owner: 'kati',
      precision: 'day',
      day: '2026-11-27',
      zone: 'Europe/Tallinn',
      madeAt: NOW,
    });
  });

  test.each([['C-17'], ['c-17'], ['511 0017'], ['+372 511 0017'], ['Mari@customers.example'], ['A-501']])(
    'to %s goes to the customer who is called so',
    async (customer) => {
      expect(await made({ customer })).toMatchObject({ customer: 'C-17' });
    },
  );

  test.each([['511 0099'], ['anu@customers.example']])(
    'to %s, whom nobody knows, makes a new customer',
    async (customer) => {
      const promise = await made({ customer });
      expect(promise['customer']).toMatch(/^K-/);
      expect(await made({ customer })).toMatchObject({ customer: promise['customer'] });
    },
  );

  test.each<[string, Record<string, string>, Json]>([
    [
      'in two hours, to five minutes',
      { when: 'PT2H' },
      { promisedAt: '2026-11-26T12:05:00.000Z', precision: 'instant' },
    ],
    ['today, at its end', { when: '2026-11-26' }, { promisedAt: '2026-11-26T22:00:00.000Z', precision: 'day' }],
    ['tomorrow at a time', { time: '15:30' }, { promisedAt: '2026-11-27T13:30:00.000Z', precision: 'instant' }],
    ['at a time as some type it', { time: '9.05' }, { promisedAt: '2026-11-27T07:05:00.000Z' }],
    ['on another day', { when: 'day', day: '2026-12-24' }, { day: '2026-12-24' }],
    [
      'by a field that the choice does not show',
      { when: 'PT1H', day: '2026-12-24', time: '15:30' },
      { promisedAt: '2026-11-26T11:05:00.000Z' },
    ],
    [
      'in the hour that the clock shows twice, the later one',
      { when: 'day', day: '2027-10-31', time: '03:30' },
      { promisedAt: '2027-10-31T01:30:00.000Z' },
    ],
  ])('%s', async (_, changes, promise) => {
    expect(await made(changes)).toMatchObject(promise);
  });

  test('of a call is made at the first time that is free, once by one form', async () => {
    const fields = form({ kind: 'callback', when: 'call', owner: '' });
    const [first, again] = [await post('/promises/new', fields), await post('/promises/new', fields)];
    const promise = await promiseAt(first.headers.get('location') ?? '');
    expect(promise).toMatchObject({
      kind: 'callback',
      precision: 'window',
      slot: expect.stringContaining('callback@'),
    });
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(faultAt(await refused({ kind: 'reply', when: 'call' }), 'when')).toContain('Choose a time');
  });

  test('about nothing is about what its kind stands for', async () => {
    expect(await made({ what: '' })).toMatchObject({ subject: 'your question' });
    expect(await made({ what: ' ', kind: 'delivery' })).toMatchObject({ subject: 'your order' });
    expect(await made({ what: '', kind: 'strict' })).toMatchObject({ subject: 'as agreed on the phone' });
  });

  test('shows its flags on its page, with what they mean', async () => {
    const response = await post('/promises/new', form({ customer: '511 0098', when: 'PT1H', kind: 'delivery' }));
    const page = await app.request(response.headers.get('location') ?? '');
    const html = await page.text();
    expect(html).toContain('<strong>no room for a buffer</strong>: There is no room');
    expect(html).toContain('<strong>company time zone assumed</strong>');
  });

  test('sent twice by one form is one promise, also a moment later', async () => {
    const sent = form({ when: 'PT1H' });
    const both = await Promise.all([post('/promises/new', sent), post('/promises/new', sent)]);
    expect(both.map(({ status }) => status)).toEqual([303, 303]);
    const [first, second] = both.map(({ headers }) => headers.get('location'));
    expect(second).toBe(first);
  });

  test('sent again with something else, by the browser’s way back, is another promise', async () => {
    const sent = form();
    const pages = [];
    for (const changes of [{}, { what: 'Something else' }, { customer: '511 0097' }, { when: 'PT4H' }])
      pages.push((await post('/promises/new', { ...sent, ...changes })).headers.get('location'));
    expect(new Set(pages).size).toBe(4);
  });

  test('proposes whoever was named last as the owner, and the customer whose row the address names', async () => {
    const response = await post('/promises/new', form({ owner: 'jaan' }));
    const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
    const { rows } = await api.database.pool.query<{ id: string }>(`select id from customers where ref = 'C-17'`);
    const html = await (await app.request(`/promises/new?customer=${rows[0]?.id}`, { headers: { cookie } })).text();
    expect(html).toMatch(/<option value="jaan" selected[^>]*>Jaan Tamm/);
    expect(html).toMatch(/id="field-customer"[^>]*value="C-17"|value="C-17"[^>]*id="field-customer"/);
  });
});

describe('what is wrong with a spoken promise stands beside its field, and everything is kept as it was typed', () => {
  test.each<[string, string, Record<string, string>, RegExp]>([
    ['nobody', 'customer', { customer: '' }, /to whom/],
    ['a reference that nobody has', 'customer', { customer: 'C-9999' }, /Nobody has this reference/],
    ['a reference that cannot be stored', 'customer', { customer: 'a\0b' }, /Nobody has this reference/],
    ['a number that is none', 'customer', { customer: '12345' }, /no phone number/],
    ['no time', 'when', { when: '' }, /by when/],
    ['a day that was not chosen', 'when', { when: 'day' }, /Choose the day/],
    ['a day that does not exist', 'when', { when: 'day', day: '2026-02-30' }, /No such day/],
    ['a time that is none', 'when', { time: '25:00' }, /15:30/],
    ['a time that has passed', 'when', { when: '2026-11-26', time: '09:00' }, /has passed/],
    ['a day that has passed', 'when', { when: 'day', day: '2026-11-25' }, /later than/],
    ['a kind without a policy', 'kind', { kind: 'wish' }, /No policy/],
    ['too many words', 'what', { what: 'x'.repeat(301) }, /300/],
    ['a text that cannot be stored', 'what', { what: 'a\0b' }, /U\+0000/],
  ])('%s', async (_, field, changes, words) => {
    const html = await refused({ what: 'A "quoted" <thing>', ...changes });
    expect(faultAt(html, field)).toMatch(words);
    for (const text of [changes['customer'] ?? 'C-17', changes['time'] ?? ''].filter((value) => value !== ''))
      expect(html).toContain(`value="${text}"`);
    if (changes['what'] === undefined) expect(html).toContain('A &quot;quoted&quot; &lt;thing&gt;');
  });

  test('several who share a phone are one click each', async () => {
    for (const ref of ['C-61', 'C-62'])
      await registered(api.call, { customer: { ref, name: `Name ${ref}`, phone: '511 0061' } });
    const html = await refused({ customer: '511 0061' });
    expect(faultAt(html, 'customer')).toContain('2 customers');
    const buttons = [...html.matchAll(/name="chosen" value="([^"]+)"[^>]*>([^<]+)</g)];
    expect(new Set(buttons.map(([, , text]) => text))).toEqual(new Set(['Name C-61, C-61', 'Name C-62, C-62']));
    const [, chosen = '', text = ''] = buttons[0] ?? [];
    expect(await made({ customer: '511 0061', chosen })).toMatchObject({ customer: text.slice(-4) });
  });

  test.each<[string, Record<string, string>, string]>([
    ['too tight', { when: 'PT1H' }, 'Could be kept from'],
    ['too tight for a day that is nearly over', { when: '2026-11-26', time: '14:00' }, 'Could be kept from'],
    ['too long', { when: 'day', day: '2027-01-15' }, 'Could be promised until'],
  ])('what the policy refuses (%s) offers what could be held, as one click', async (_, changes, words) => {
    const html = await refused({ kind: 'strict', ...changes });
    expect(html).toContain(words);
    const offer = /name="offer" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const promise = await made({ kind: 'strict', ...changes, offer });
    expect([promise['day'], promise['promisedAt']]).toContain(offer);
    expect(promise['flags']).not.toContain('no_buffer');
  });

  test('leaves nothing of the customer in the log', async () => {
    await refused({ customer: 'canary@customers.example', what: 'x'.repeat(301) });
    await refused({ customer: '512 3456', when: '' });
    expect(lines.join('\n')).not.toMatch(/canary|512/);
  });
});

describe('the page that finds', () => {
  test('shows the customer with promises, notices, contacts and notes', async () => {
    const id = await registered(api.call, {
      ref: 'A-701',
      customer: { ref: 'C-71', name: 'Rein <Raud>', phone: '511 0071' },
    });
    await api.call('POST', `/v1/promises/${id}/facts`, {
      ...{ kind: 'contacted', factKey: 'c', channel: 'phone', about: 'trouble' },
      occurredAt: new Date().toISOString(),
    });
    await api.call('POST', `/v1/promises/${id}/notes`, { text: 'Second floor, no lift.', by: 'kati' });
    const response = await post('/find', { q: '00372 5110071' });
    expect(response.status).toBe(200);
    const html = await response.text();
    for (const text of [
      'Rein &lt;Raud&gt;',
      '+372 511 0071',
      `/promises/${id}`,
      'told of trouble by phone',
      'Second floor, no lift.',
      'Kati Kask',
    ])
      expect(html).toContain(text);
  });

  test('says so where there is nobody, and asks for something to look for', async () => {
    expect(await (await post('/find', { q: 'C-<b>0' })).text()).toContain('Nobody and nothing is called C-&lt;b&gt;0.');
    expect((await post('/find', { q: ' ' })).status).toBe(422);
    expect(await (await app.request('/find?q=C-71')).text()).not.toContain('C-71');
  });

  test.each(['/promises/new', '/find'])('%s takes no form of a foreign page', async (path) => {
    const before = await countOf();
    expect((await post(path, form({ q: 'C-17' }), { origin: 'http://evil.example' })).status).toBe(403);
    expect(await countOf()).toBe(before);
  });
});

describe('a note written on the page of a promise', () => {
  test('stands on it, and the next one is proposed by the same person', async () => {
    const id = await registered(api.call);
    const response = await post(`/promises/${id}/notes`, { text: 'Called, no answer.\r\nTry later.', by: 'jaan' });
    expect([response.status, response.headers.get('location')]).toEqual([303, `/promises/${id}#notes-title`]);
    const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
    const html = await (await app.request(`/promises/${id}`, { headers: { cookie } })).text();
    expect(html).toContain('Called, no answer.\nTry later.');
    expect(html).toMatch(/<option value="jaan" selected/);
  });

  test.each<[string, Record<string, string>, string]>([
    ['without words', { text: '', by: 'jaan' }, 'text'],
    ['too long', { text: 'x'.repeat(4001), by: 'jaan' }, 'text'],
    ['by nobody', { text: 'Something worth keeping', by: '' }, 'by'],
    ['by somebody unknown', { text: 'Something worth keeping', by: 'hotline' }, 'by'],
  ])('%s is shown again as it was typed', async (_, sent, field) => {
    const id = await registered(api.call);
    const response = await post(`/promises/${id}/notes`, sent);
    expect(response.status).toBe(422);
    const html = await response.text();
    expect(faultAt(html, field)).not.toBe('');
    expect(html).toContain(sent['text'] ?? '');
    expect(itemsOf((await api.call('GET', `/v1/promises/${id}/notes`)).body)).toEqual([]);
  });

  test('about no promise finds none', async () => {
    const nobody = '0199c0de-0000-7000-8000-00000000dead';
    expect((await post(`/promises/${nobody}/notes`, { text: 'a', by: 'jaan' })).status).toBe(404);
  });
});
