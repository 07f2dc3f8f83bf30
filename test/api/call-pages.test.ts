import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createApp } from '../../api/server.ts';
import { saveCompany } from '../../db/company.ts';
import { savePeople } from '../../db/people.ts';
import { databaseNow } from '../../db/pool.ts';
import { dayOf, plusDays, startOfDay } from '../../domain/calendar/zones.ts';
import { completedRules } from '../../domain/policy/company.ts';
import { earlier, instant, plusMs } from '../../domain/promise/instant.ts';
import { STAFF } from '../support/registrations.ts';
import { itemsOf, logInto, promiseOf, registered, testApi, type Json, type TestApi } from './testing.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const TOKEN = '0199c0de-0000-7000-8000-000000000001';

let api: TestApi;
let app: ReturnType<typeof createApp>;
const lines: string[] = [];
let id: string;
/** The day of the call: wherever now is in the day, its window begins and ends tomorrow. */
let day: string;

beforeAll(async () => {
  api = await testApi();
  const { pool } = api.database;
  await saveCompany(pool, { zone: 'Europe/Tallinn', rules: { ...completedRules({}), country: 'EE' } });
  const dev = { mails: () => Promise.resolve([]) };
  const baseUrl = 'http://kept.example';
  app = createApp({ pool, baseUrl, log: logInto(lines), engineUp: () => true, now: () => instant(Date.now()), dev });
  day = plusDays(dayOf(await databaseNow(pool), 'Europe/Tallinn'), 1);
  id = await registered(api.call, {
    kind: 'callback',
    promised: { from: `${day}T10:00:00Z`, to: `${day}T10:30:00Z` },
    customer: { ref: 'C-17', name: 'CANARY Tamm', phone: '511 0017' },
  });
});
afterAll(() => api.database.drop());

const press = (fields: Record<string, string>, headers: Record<string, string> = {}, of = id) =>
  app.request(`/callbacks/${of}`, {
    method: 'POST',
    headers: { ...FORM, ...headers },
    body: new URLSearchParams(fields),
  });
const tries = async (): Promise<readonly Json[]> =>
  itemsOf((await api.call('GET', `/v1/promises/${id}/timeline`)).body).filter(({ kind }) => kind === 'attempted');

describe('the page of calls', () => {
  test('shows the calls of a day with name and phone, and none of another', async () => {
    const page = await (await app.request(`/callbacks?day=${day}`)).text();
    expect(page).toContain('CANARY Tamm');
    expect(page).toContain('+372 511 0017');
    expect(await (await app.request(`/callbacks?day=${plusDays(day, 1)}`)).text()).not.toContain('CANARY');
    expect(await (await app.request(`/callbacks?day=${day}&owner=jaan`)).text()).not.toContain('CANARY');
    for (const no of ['2026-02-30', '0001-01-01', '9999-12-31']) {
      const wrong = await app.request(`/callbacks?day=${no}`);
      expect([wrong.status, await wrong.text()]).toEqual([
        422,
        expect.stringContaining('No such day in the calendar.'),
      ]);
    }
  });

  test('records what came of a try, once however often it is pressed, and leads back to the call', async () => {
    for (const _ of [1, 2]) {
      const response = await press({ token: TOKEN, result: 'no_answer', day, owner: 'kati' });
      expect([response.status, response.headers.get('location')]).toEqual([
        303,
        `/callbacks?day=${day}&owner=kati#call-${id}`,
      ]);
    }
    expect(await tries()).toMatchObject([{ result: 'no_answer' }]);
    expect(await (await app.request(`/callbacks?day=${day}`)).text()).toContain('no answer');
  });

  test.each<[string, Record<string, string>, number, Record<string, string>?]>([
    ['from a page of somebody else', { token: TOKEN, result: 'declined' }, 403, { origin: 'https://evil.example' }],
    ['of a result that there is not', { token: TOKEN, result: 'asleep' }, 303],
    ['without a token', { result: 'declined' }, 303],
  ])('a form %s changes nothing', async (_, fields, status, headers) => {
    const before = await tries();
    expect((await press(fields, headers)).status).toBe(status);
    expect(await tries()).toEqual(before);
  });

  test('knows calls only', async () => {
    const { body } = await api.call('POST', '/v1/promises', promiseOf());
    for (const other of [String(body['id']), TOKEN, 'none'])
      expect((await press({ token: TOKEN, result: 'reached' }, {}, other)).status).toBe(404);
  });

  test('reached ends it, and nothing of the customer stands in the log', async () => {
    await press({ token: TOKEN, result: 'reached', day, owner: '' });
    expect((await api.call('GET', `/v1/promises/${id}`)).body).toMatchObject({ phase: 'kept' });
    expect(lines.join('\n')).not.toContain('CANARY');
  });
});

describe('the first page', () => {
  /** A call that is to be made until the end of today. */
  const callToday = async (subject: string): Promise<string> => {
    const now = await databaseNow(api.database.pool);
    const to = startOfDay(plusDays(dayOf(now, 'Europe/Tallinn'), 1), 'Europe/Tallinn');
    const promised = { from: earlier(now, plusMs(to, -60_000)), to };
    return registered(api.call, { kind: 'callback', subject, promised });
  };
  /** The page, and the names of the statements that it took. */
  const pageOf = async (): Promise<{ readonly page: string; readonly asked: string }> => {
    const query = vi.spyOn(api.database.pool, 'query');
    const page = await (await app.request('/')).text();
    const asked = query.mock.calls.map(([sent]) => JSON.stringify(sent)).join();
    query.mockRestore();
    return { page, asked };
  };

  test('lists the next five calls of today and counts all, as they are at each turn', async () => {
    expect((await pageOf()).page).toContain('No call is to be made.');
    const ids = [];
    for (const subject of ['one', 'two', 'three', 'four', 'five', 'six']) ids.push(await callToday(subject));
    const { page } = await pageOf();
    expect(page).toContain('6 calls are still to be made');
    expect(page.match(/<li id="today-call-/g)).toHaveLength(5);
    await press({ token: TOKEN, result: 'reached' }, {}, ids[0]);
    const next = (await pageOf()).page;
    expect(next).toContain('5 calls are still to be made');
    expect(next).not.toContain(`today-call-${ids[0]}`);
  });

  test('reckons for how many nobody is free where the calls have changed only', async () => {
    await pageOf();
    expect((await pageOf()).asked).not.toContain('callbacks_of_day');
    await callToday('seven');
    await savePeople(api.database.pool, { ...STAFF, people: [], teams: [] });
    const { page, asked } = await pageOf();
    expect(asked).toContain('callbacks_of_day');
    expect(page).toContain('For 6 calls nobody on duty is free');
  });
});
