import { afterAll, beforeAll, expect, it } from 'vitest';
import { instant } from '../../domain/promise/instant.ts';
import { caller, testApi, type TestApi } from './testing.ts';

const HOUR_MS = 3_600_000;
let api: TestApi;
beforeAll(async () => void (api = await testApi()));
afterAll(() => api.database.drop());

const body = (ref: string, more: object = {}) => ({
  source: 'shop',
  ref,
  kind: 'delivery',
  promised: { at: instant(Date.now() + HOUR_MS) },
  customer: { ref: 'C-1' },
  ...more,
});

it('answers a request sent again after its time has passed with the promise it made', async () => {
  const sent = body('late');
  const first = await api.call('POST', '/v1/promises', sent);
  const later = caller(api.database.pool, api.key, { now: () => instant(Date.now() + 2 * HOUR_MS) });
  const again = await later('POST', '/v1/promises', sent);
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.body['id']).toBe(first.body['id']);
});

it('still refuses a first request, and one with other content, whose time has passed', async () => {
  const later = caller(api.database.pool, api.key, { now: () => instant(Date.now() + 2 * HOUR_MS) });
  expect((await later('POST', '/v1/promises', body('never'))).status).toBe(422);
  const sent = body('changed');
  await api.call('POST', '/v1/promises', sent);
  expect((await later('POST', '/v1/promises', { ...sent, subject: 'other' })).status).toBe(422);
});

it('knows a promise by its id in either case', async () => {
  const { body: made } = await api.call('POST', '/v1/promises', body('case'));
  const id = String(made['id']).toUpperCase();
  const fact = { factKey: 'f', kind: 'fulfilled', occurredAt: instant(Date.now()) };
  expect((await api.call('POST', `/v1/promises/${id}/facts`, fact)).status).toBe(202);
});

it.each([
  [{ promised: { at: '9999-12-31T23:30:00Z' } }, '/promised'],
  [{ promised: { at: '0001-01-01T01:00:00Z' }, madeAt: '0001-01-01T00:00:00Z' }, '/promised'],
  [{ promised: { day: '2011-12-30', zone: 'Pacific/Apia' }, madeAt: '2011-12-01T00:00:00Z' }, '/promised/day'],
])('refuses times that could not be written or lived: %j', async (more, pointer) => {
  const { status, body: said } = await api.call('POST', '/v1/promises', body('odd', more));
  expect([status, said['errors']]).toMatchObject([422, [{ pointer }]]);
});

it('refuses an estimate for which no time could be told', async () => {
  const { body: made } = await api.call('POST', '/v1/promises', body('estimate'));
  const fact = { factKey: 'e', kind: 'estimated', occurredAt: instant(Date.now()), at: '9999-12-31T23:00:00Z' };
  expect((await api.call('POST', `/v1/promises/${String(made['id'])}/facts`, fact)).status).toBe(422);
});
