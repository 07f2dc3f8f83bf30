import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../api/server.ts';
import { instant } from '../../domain/promise/instant.ts';
import { NEWS_SOURCE } from '../../domain/promise/news.ts';
import { DAY, HOUR, itemsOf, logInto, registered, soon, testApi, type Json, type TestApi } from './testing.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
  await api.call('PUT', '/v1/people/kati', {
    name: 'Kati Kask',
    email: 'kati@books.example',
    lead: 'jaan',
    deputy: 'mall',
    absences: [
      { from: '2001-01-01', to: '2001-01-02' },
      { every: 'fri', from: '12:00', to: '12:01' },
    ],
  });
});
afterAll(() => api.database.drop());

const app = () =>
  createApp({
    pool: api.database.pool,
    baseUrl: 'http://kept.example',
    log: logInto([]),
    engineUp: () => true,
    now: () => instant(Date.now()),
    dev: { mails: () => Promise.resolve([]) },
  });
const get = async (path: string): Promise<string> => (await app().request(path)).text();
const send = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  app().request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: String(new URLSearchParams(fields)),
  });
const promiseOf = async (id: string): Promise<Json> => (await api.call('GET', `/v1/promises/${id}`)).body;

describe('the page of one of the staff', () => {
  test('says who stands in, when they are away, and what they answer for, most urgent first', async () => {
    const later = await registered(api.call, { subject: 'An atlas' });
    const sooner = await registered(api.call, { subject: 'Two <b>maps</b>', promised: { at: soon(3 * DAY) } });
    await registered(api.call, { subject: 'Of somebody else', owner: 'jaan' });
    const html = await get('/people/kati');
    expect(html).toContain('Kati Kask');
    expect(html).toContain('href="/people/mall"');
    expect(html).toContain('every Friday, 12:00 to 12:01');
    expect(html).not.toContain('2001');
    expect(html).toContain('Open promises (2)');
    expect(html.indexOf(sooner)).toBeLessThan(html.indexOf(later));
    expect(html).toContain('Two &lt;b&gt;maps&lt;/b&gt;');
    expect(html).not.toContain('Of somebody else');
  });

  test('takes an absence, once or every week, and takes it back; a foreign form and half of one add nothing', async () => {
    const absences = async () => {
      const { body } = await api.call('GET', '/v1/people/away');
      return body['absences'] as (Json & { id: string })[];
    };
    await api.call('PUT', '/v1/people/away', { name: 'Anu Away' });
    const add = (fields: Record<string, string>, headers = {}) => send('/people/away/absences', fields, headers);
    const once = { 'from-day': '2998-12-24', 'from-time': '', 'to-day': '2998-12-27', 'to-time': '12:00' };
    const added = await add(once);
    expect([added.status, added.headers.get('location')]).toEqual([303, '/people/away']);
    expect((await add({ every: 'sun', 'week-from': '18:00', 'week-to': '00:00' })).status).toBe(303);
    expect(await absences()).toEqual([
      expect.objectContaining({ from: '2998-12-24T00:00', to: '2998-12-27T12:00' }),
      expect.objectContaining({ every: 'sun', from: '18:00', to: '24:00' }),
    ]);
    expect(
      (await add({ every: 'mon', 'week-from': '08:00', 'week-to': '09:00' }, { origin: 'http://evil.example' })).status,
    ).toBe(403);
    for (const fields of [
      { ...once, 'to-day': '2998-12-23' },
      { ...once, 'from-day': '' },
    ]) {
      const refused = await add(fields);
      expect(refused.status).toBe(422);
      const html = await refused.text();
      expect(html).toContain('Nothing was added:');
      expect(html).toContain(`value="${fields['to-day']}"`);
    }
    expect((await add({ every: 'mon', 'week-from': '09:00', 'week-to': '08:00' })).status).toBe(422);
    expect((await send('/people/nobody-here/absences', once)).status).toBe(404);
    expect((await send('/people/hotline/absences', once)).status).not.toBe(303);
    const [first] = await absences();
    expect(await get('/people/away')).toContain(`value="${first?.id ?? ''}"`);
    await send('/people/away/absences/remove', { absence: first?.id ?? '' }, { origin: 'http://evil.example' });
    expect(await absences()).toHaveLength(2);
    await send('/people/away/absences/remove', { absence: first?.id ?? '' });
    expect(await absences()).toEqual([expect.objectContaining({ every: 'sun' })]);
  });

  test('counts what it lists, as the list of people does: no promise to be in touch again', async () => {
    const owner = 'counted';
    await api.call('PUT', `/v1/people/${owner}`, { name: 'Counted Kask', email: 'counted@books.example' });
    const [listed, again] = [await registered(api.call, { owner }), await registered(api.call, { owner })];
    await api.database.pool.query(`update promises set source = $2 where id = $1`, [again, NEWS_SOURCE]);
    const html = await get(`/people/${owner}`);
    expect(html).toContain('Open promises (1)');
    expect([html.includes(listed), html.includes(again)]).toEqual([true, false]);
    const people = itemsOf((await api.call('GET', '/v1/people')).body);
    expect(people.find(({ id }) => id === owner)).toMatchObject({ openPromises: 1 });
  });

  test('is reached from the first page, from a promise, and from a customer', async () => {
    const id = await registered(api.call);
    expect(await get('/')).toContain('href="/people/kati"');
    expect(await get(`/promises/${id}`)).toContain('href="/people/kati"');
    expect(await (await send('/find', { q: 'C-17' })).text()).toContain('href="/people/kati"');
  });

  test('is not there for whom nobody knows, unless promises name them', async () => {
    for (const nobody of ['nobody', '%00']) expect((await app().request(`/people/${nobody}`)).status).toBe(404);
    await registered(api.call, { owner: 'who/ever' });
    expect(await get('/people/who%2Fever')).toContain('Not in the staff list');
  });
});

describe('handing over by the page', () => {
  test('of a promise keeps the note and asks the new owner to acknowledge, which one click does', async () => {
    const id = await registered(api.call);
    const done = await send(`/promises/${id}/hand-over`, { to: 'mall', note: 'Mornings only.', 'handed-by': 'kati' });
    expect([done.status, done.headers.get('location')]).toEqual([303, `/promises/${id}`]);
    expect(done.headers.get('set-cookie')).toContain('kept-person=kati');
    expect(await promiseOf(id)).toMatchObject({ owner: 'mall', handOver: { from: 'kati', acknowledgedAt: null } });
    expect(await get(`/promises/${id}`)).toContain('Kati Kask handed it over to Mall Saar');
    const page = await get('/people/mall');
    expect(page).toContain('Mornings only.');
    expect(page.match(/Acknowledge</g)).toHaveLength(1);
    expect(page).toContain('Nothing waits for them.');

    const taken = await send('/people/mall/acknowledge', { promise: id });
    expect([taken.status, taken.headers.get('location')]).toEqual([303, '/people/mall']);
    expect(await promiseOf(id)).toMatchObject({ handOver: { acknowledgedAt: expect.any(String) as string } });
    expect(await get('/people/mall')).not.toContain('Mornings only.');
    expect(await get(`/promises/${id}`)).not.toContain('handed it over');
  });

  test('is acknowledged on the page of the promise, too', async () => {
    const id = await registered(api.call);
    await send(`/promises/${id}/hand-over`, { to: 'mall', 'handed-by': 'kati' });
    await send(`/promises/${id}/acknowledge`, { by: 'mall' });
    expect(await promiseOf(id)).toMatchObject({ handOver: { acknowledgedAt: expect.any(String) as string } });
  });

  test('by an alert of the page, too', async () => {
    const id = await registered(api.call);
    await api.call('POST', `/v1/promises/${id}:hand-over`, { to: 'mall', by: 'kati' });
    const alerts = itemsOf((await api.call('GET', '/v1/alerts?person=mall&open=true')).body);
    const [alert] = alerts.filter(({ promiseId }) => promiseId === id);
    expect((await send('/people/mall/acknowledge', { alert: String(alert?.['id']) })).status).toBe(303);
    expect(await promiseOf(id)).toMatchObject({ handOver: { acknowledgedAt: expect.any(String) as string } });
  });

  test.each<[string, Record<string, string>, string]>([
    ['nobody', { to: '', 'handed-by': 'kati' }, 'Say who gets it.'],
    ['who has it', { to: 'kati', 'handed-by': 'kati' }, 'They have it already.'],
    ['somebody, by nobody', { to: 'mall', 'handed-by': 'noone' }, 'Say who hands it over.'],
    ['somebody, by what is no id', { to: 'mall', 'handed-by': 'a\0b' }, 'Say who hands it over.'],
    ['somebody, with a book', { to: 'mall', 'handed-by': 'kati', note: 'a'.repeat(4001) }, 'at most 4000'],
  ])('to %s is refused, everything typed being kept', async (_, fields, says) => {
    const id = await registered(api.call);
    const answer = await send(`/promises/${id}/hand-over`, { note: 'Mornings only.', ...fields });
    const html = await answer.text();
    expect(answer.status).toBe(422);
    expect(html).toContain(says);
    expect(html).toContain(fields['note'] ?? 'Mornings only.');
    expect(await promiseOf(id)).toMatchObject({ owner: 'kati', handOver: null });
  });

  test('of all that a leaver has says how many went to whom, and what stays', async () => {
    await api.call('PUT', '/v1/people/dora', { name: 'Dora Dell', lead: 'jaan' });
    for (let count = 0; count < 3; count += 1)
      await registered(api.call, { owner: 'dora', customer: { ref: `D-${count}` }, promised: { at: soon(HOUR * 99) } });
    expect(await get('/people/dora')).toContain('Hand over all 3 promises');
    const done = await send('/people/dora/hand-over', { to: '', note: 'Dora has left.', 'handed-by': 'jaan' });
    expect(done.status).toBe(303);
    const html = await get(done.headers.get('location') ?? '');
    expect(html).toContain('Handed over: 3 to Jaan Tamm.');
    expect(html).toContain('Open promises (0)');
    expect(html).not.toContain('action="/people/dora/hand-over"');
  });

  test.each(['/people/kati/hand-over', '/people/kati/acknowledge', 'hand-over', 'acknowledge'])(
    'is refused to a page of somebody else: %s',
    async (path) => {
      const id = await registered(api.call);
      const fields = { to: 'mall', 'handed-by': 'kati', by: 'kati', promise: id };
      const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
      const answer = await send(path.startsWith('/') ? path : `/promises/${id}/${path}`, fields, foreign);
      expect([answer.status, (await promiseOf(id))['owner']]).toEqual([403, 'kati']);
    },
  );
});
