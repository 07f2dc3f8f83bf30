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
