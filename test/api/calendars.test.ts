import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findCalendar } from '../../db/calendars.ts';
import { itemsOf, pointersOf, testApi, type Answer, type Json, type TestApi } from './testing.ts';

let api: TestApi;
beforeAll(async () => void (api = await testApi()));
afterAll(() => api.database.drop());

/** As the file of the README says it. */
const FILE = {
  zone: 'Europe/Tallinn',
  week: { mon: ['09:00-12:30', '13:00-17:00'], fri: ['09:00-16:00'], sun: ['00:00-24:00'] },
  holidays: { country: 'EE', add: ['2026-05-02'], remove: ['2026-12-26'] },
};
const ALL_DAYS = { tue: [], wed: [], thu: [], sat: [], ...FILE.week };

const put = (id: string, body: unknown): Promise<Answer> => api.call('PUT', `/v1/calendars/${id}`, body);
const get = (id: string): Promise<Answer> => api.call('GET', `/v1/calendars/${id}`);

describe('a calendar', () => {
  test('is stored, and read as its file says it with the version', async () => {
    const stored = await put('office', { calendar: 'office', ...FILE });
    expect([stored.status, stored.body]).toEqual([200, { calendar: 'office', ...FILE, week: ALL_DAYS, version: 1 }]);
    expect(await get('office')).toMatchObject({ status: 200, body: stored.body });
  });

  test('may leave out its name, which the address says', async () => {
    const { status, body } = await put('unnamed', { zone: 'UTC', week: { mon: ['09:00-17:00'] } });
    expect([status, body['calendar'], body['version'], 'holidays' in body]).toEqual([200, 'unnamed', 1, false]);
  });

  test('sent again keeps its version, changed it is the next one', async () => {
    expect((await put('again', FILE)).body['version']).toBe(1);
    const { holidays, week, zone } = FILE;
    expect((await put('again', { holidays, week: ALL_DAYS, zone, calendar: 'again' })).body['version']).toBe(1);
    expect((await put('again', { week, zone })).body['version']).toBe(2);
    const [newest, first] = [await get('again'), await get('again?version=1')];
    expect([newest.body['version'], 'holidays' in newest.body]).toEqual([2, false]);
    expect([first.body['version'], first.body['holidays']]).toEqual([1, FILE.holidays]);
    expect(await findCalendar(api.database.pool, 'again', 3)).toBeNull();
  });

  test.each(['nowhere', 'nowhere?version=1', 'Office', 'a_b', '7', 'x'.repeat(64), '%00', 'office:close'])(
    'that nobody stored is not there: %s',
    async (path) => {
      const { status, body } = await get(path);
      expect([status, body['code']]).toEqual([404, 'CALENDAR_UNKNOWN']);
    },
  );

  test('of a version that nobody stored is not there', async () => {
    await put('young', FILE);
    const { status, body } = await get('young?version=2147483647');
    expect([status, body['code']]).toEqual([404, 'CALENDAR_UNKNOWN']);
  });

  test('cannot be stored under a name that is none', async () => {
    const { status, body } = await put('Office', FILE);
    expect([status, body['code']]).toEqual([404, 'CALENDAR_UNKNOWN']);
  });

  test.each([
    ['nothing', 'version=', '/version'],
    ['the version 0', 'version=0', '/version'],
    ['half a version', 'version=1.5', '/version'],
    ['a version no number can have', 'version=2147483648', '/version'],
    ['two versions', 'version=1&version=2', '/version'],
    ['a stray parameter', 'at=2026-01-01', '/at'],
  ])('is not asked for by %s', async (_, query, pointer) => {
    const { status, body } = await get(`office?${query}`);
    expect([status, body['code'], pointersOf(body)]).toEqual([422, 'INVALID_QUERY', [pointer]]);
  });
});

const WRONG: readonly (readonly [string, unknown, readonly string[]])[] = [
  ['a list', [], ['']],
  ['null', null, ['']],
  ['nothing', {}, ['/zone', '/week']],
  ['another name than the address says', { ...FILE, calendar: 'shop' }, ['/calendar']],
  ['a name that is none', { ...FILE, calendar: null }, ['/calendar']],
  ['a zone that nobody knows', { ...FILE, zone: 'Europe/Tallin' }, ['/zone']],
  ['a zone of 60,000 letters', { ...FILE, zone: 'x'.repeat(60_000) }, ['/zone']],
  ['a weekday that is none', { ...FILE, week: { monday: ['09:00-17:00'] } }, ['/week/monday']],
  ['a time that ends before it begins', { ...FILE, week: { mon: ['17:00-09:00'] } }, ['/week/mon/0']],
  ['a country that is none', { ...FILE, holidays: { country: 'XX' } }, ['/holidays/country']],
  ['a day that is none', { ...FILE, holidays: { add: ['2026-02-30', '2026-05-02'] } }, ['/holidays/add/0']],
  ['its version, which is ours to say', { ...FILE, version: 1 }, ['/version']],
  ['a stray field with a slash and a tilde', { ...FILE, 'a/b~c': 1 }, ['/a~1b~0c']],
  ['several things that are wrong', { zone: 5, week: {}, holiday: {} }, ['/holiday', '/zone', '/week']],
];

describe('PUT /v1/calendars/{id} refuses', () => {
  test.each(WRONG)('%s', async (_, body, pointers) => {
    const refused = await put('wrong', body);
    expect([refused.status, refused.body['code'], pointersOf(refused.body)]).toEqual([422, 'INVALID_BODY', pointers]);
  });

  test('the prototype as a field', async () => {
    const { status, body } = await put('wrong', JSON.stringify(FILE).replace('{', '{"__proto__":{"zone":"x"},'));
    expect([status, pointersOf(body)]).toEqual([422, ['/__proto__']]);
  });

  test('and says what may have been meant', async () => {
    const { body } = await put('wrong', { ...FILE, zone: 'Europe/Tallin' });
    expect(body['errors']).toMatchObject([
      { message: expect.stringContaining('Did you mean Europe/Tallinn?') as unknown },
    ]);
  });

  test('and stores nothing of what it refused', async () => {
    expect((await get('wrong')).status).toBe(404);
  });
});

test('GET /v1/calendars lists each with its newest version', async () => {
  const own = await testApi();
  try {
    expect((await own.call('GET', '/v1/calendars')).body).toEqual({ items: [] });
    const bodies: readonly Json[] = [FILE, { ...FILE, zone: 'UTC' }];
    for (const body of bodies) await own.call('PUT', '/v1/calendars/office', body);
    await own.call('PUT', '/v1/calendars/desk', FILE);
    expect(itemsOf((await own.call('GET', '/v1/calendars')).body)).toEqual([
      { calendar: 'desk', version: 1 },
      { calendar: 'office', version: 2 },
    ]);
  } finally {
    await own.database.drop();
  }
});
