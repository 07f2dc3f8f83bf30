import { afterAll, beforeAll, expect, it } from 'vitest';
import { savePeople } from '../../db/people.ts';
import { databaseNow } from '../../db/pool.ts';
import { dayOf, plusDays, startOfDay } from '../../domain/calendar/zones.ts';
import { earlier, plusMs } from '../../domain/promise/instant.ts';
import { STAFF } from '../support/registrations.ts';
import { testApi, type Json, type TestApi } from './testing.ts';

const ZONE = 'Europe/Tallinn';
const MINUTE = 60_000;
let api: TestApi;
beforeAll(async () => {
  api = await testApi();
  const member = { name: 'Kati Kask', email: null, phone: null, lead: null, manager: null, team: 'care', parallel: 1 };
  await savePeople(api.database.pool, {
    ...STAFF,
    people: [{ ...member, id: 'kati' }],
    teams: [{ id: 'care', kinds: ['callback'] }],
  });
});
afterAll(() => api.database.drop());

const body = (ref: string, slot: string): Json => {
  return { source: 'phone', ref, kind: 'callback', promised: { slot }, customer: { ref: `C-${ref}` } };
};
const slotsFrom = async (hours: number): Promise<readonly Json[]> => {
  const from = new Date(Date.now() + hours * 3_600_000).toISOString();
  return (await api.call('GET', `/v1/slots?kind=callback&from=${from}`)).body['items'] as Json[];
};

it('a missed call becomes a callback by one request, sent again without a second place', async () => {
  const made = await api.call('POST', '/v1/promises', body('missed', 'next'));
  expect(made).toMatchObject({
    status: 201,
    body: { precision: 'window', owner: 'kati', attempts: { counted: 0, max: 3 } },
  });
  const again = await api.call('POST', '/v1/promises', body('missed', 'next'));
  expect(again).toMatchObject({ status: 200, body: { id: made.body['id'], slot: made.body['slot'] } });
  const other = await api.call('POST', '/v1/promises', body('missed', String(made.body['slot'])));
  expect(other).toMatchObject({ status: 409, body: { code: 'PROMISE_CLASH' } });
});

it('a full slot is refused with the next three, one that is not offered at its pointer', async () => {
  const [slot] = await slotsFrom(30);
  expect(slot).toMatchObject({ capacity: 1, free: 1 });
  const id = String(slot?.['slot']);
  expect((await api.call('POST', '/v1/promises', body('first', id))).status).toBe(201);
  const refused = await api.call('POST', '/v1/promises', body('second', id));
  expect(refused).toMatchObject({ status: 409, body: { code: 'SLOT_TAKEN', next: [{ free: 1 }, {}, {}] } });
  for (const wrong of ['callback@2020-01-01T10:00:00.000Z', 'tomorrow', 'reply@2099-01-01T10:00:00.000Z'])
    expect(await api.call('POST', '/v1/promises', body('third', wrong))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/promised/slot' }] },
    });
  expect((await slotsFrom(30))[0]).toMatchObject({ slot: id, free: 0 });
  expect((await api.call('GET', '/v1/slots?kind=callback&owner=mall')).body).toEqual({ items: [] });
  expect((await api.call('GET', '/v1/slots?kind=delivery')).body).toMatchObject({ errors: [{ pointer: '/kind' }] });
});

it('another time is chosen, as a slot or as a window, until the promise has ended', async () => {
  const [first, second] = (await slotsFrom(60)).map(({ slot }) => String(slot));
  const made = await api.call('POST', '/v1/promises', body('chooses', first ?? ''));
  const path = `/v1/promises/${String(made.body['id'])}`;
  expect(await api.call('POST', `${path}:choose`, { slot: second })).toMatchObject({
    status: 200,
    body: { slot: second, revision: 2, agreedRevision: 2 },
  });
  expect((await slotsFrom(60))[0]).toMatchObject({ slot: first, free: 1 });
  const window = { from: '2030-01-01T10:00:00.000Z', to: '2030-01-01T12:00:00.000Z' };
  for (const _ of [1, 2])
    expect(await api.call('POST', `${path}:choose`, window)).toMatchObject({
      status: 200,
      body: { slot: null, revision: 3, from: window.from, promisedAt: window.to },
    });
  const fact = { factKey: 'w', kind: 'withdrawn', occurredAt: new Date().toISOString() };
  expect(await api.call('POST', `${path}/facts`, { ...fact, by: 'unknown' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/by' }] },
  });
  expect((await api.call('POST', `${path}/facts`, { ...fact, by: 'customer' })).status).toBe(202);
  expect(await api.call('POST', `${path}:choose`, { slot: first })).toMatchObject({
    status: 409,
    body: { code: 'PROMISE_CLOSED' },
  });
});

it('a zone that was named with the day stands when a window is chosen instead', async () => {
  const day = { day: plusDays(dayOf(await databaseNow(api.database.pool), ZONE), 9), zone: 'America/New_York' };
  const order = { source: 'shop', ref: 'zoned', kind: 'delivery', promised: day, customer: { ref: 'C-zoned' } };
  const made = await api.call('POST', '/v1/promises', order);
  expect(made).toMatchObject({ status: 201, body: { zone: 'America/New_York' } });
  const window = { from: '2030-01-01T10:00:00.000Z', to: '2030-01-01T12:00:00.000Z' };
  const chosen = await api.call('POST', `/v1/promises/${String(made.body['id'])}:choose`, window);
  expect(chosen).toMatchObject({ status: 200, body: { promisedAt: window.to, zone: 'America/New_York' } });
  expect(chosen.body['flags']).not.toContain('zone_assumed');
});

it('of the calls of today, those for which nobody is free are named', async () => {
  const { pool } = api.database;
  const now = await databaseNow(pool);
  const end = startOfDay(plusDays(dayOf(now, ZONE), 1), ZONE);
  const promised = { from: earlier(now, plusMs(end, -MINUTE)), to: end };
  const ids: unknown[] = [];
  for (const ref of ['one', 'other'])
    ids.push((await api.call('POST', '/v1/promises', { ...body(ref, ''), promised, owner: 'kati' })).body['id']);
  const before = (await api.call('GET', '/v1/callbacks')).body;
  // One on duty has room for both before midnight, unless it is near; nobody has room for any.
  await savePeople(pool, { ...STAFF, people: [], teams: [] });
  const after = (await api.call('GET', '/v1/callbacks')).body;
  expect([before['day'], after['day']]).toEqual([dayOf(now, ZONE), dayOf(now, ZONE)]);
  expect(after['overflow']).toEqual(expect.arrayContaining(ids));
  expect((before['overflow'] as unknown[]).length).toBeLessThan((after['overflow'] as unknown[]).length);
});

it('the calls of a day are listed with those for which nobody is free', async () => {
  const at = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  const window = { from: `${at}T10:00:00.000Z`, to: `${at}T10:30:00.000Z` };
  const made = await api.call('POST', '/v1/promises', { ...body('listed', ''), promised: window, owner: 'kati' });
  const { body: listed } = await api.call('GET', `/v1/callbacks?day=${at}&owner=kati`);
  expect(listed).toMatchObject({ day: at, overflow: [] });
  expect(listed['items']).toContainEqual({
    ...{ id: made.body['id'], ...window, owner: 'kati', phase: 'open', attempts: { counted: 0, max: 3 } },
  });
});
