import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lookAtCapacity } from '../../db/capacity.ts';
import { savePolicies } from '../../db/policies.ts';
import { companySays } from '../support/company.ts';
import { policy } from '../support/registrations.ts';
import { caller, DAY, HOUR, promiseOf, soon, testApi, type Answer, type Json, type TestApi } from './testing.ts';

const MADE = new Date(Date.now() - 2 * DAY).toISOString();
const [DEADLINE, LATER] = [soon(3 * HOUR), soon(9 * HOUR)];
let api: TestApi;
let herd: readonly Json[];

/** A hundred promises with one deadline, of which one a second can be woken: 100 s, where 85 are left. */
beforeAll(async () => {
  api = await testApi();
  await savePolicies(api.database.pool, [
    policy({ kind: 'herd', buffer: { fixed: 'PT1S' }, lead: 'PT5M', whenUnknown: 'warn' }),
  ]);
  await companySays(api.database.pool, { capacity: { wakesPerSecond: 1 } });
  herd = Array.from({ length: 100 }, () => body());
  await Promise.all(herd.map((each) => make(each)));
  await lookAtCapacity(api.database.pool);
  await lookAtCapacity(api.database.pool);
  // What an API remembers of it is a second old at most.
  api = { ...api, call: caller(api.database.pool, api.key) };
});
afterAll(() => api.database.drop());

const body = (changes: Json = {}): Json =>
  promiseOf({ kind: 'herd', promised: { at: DEADLINE }, madeAt: MADE, ...changes });
const make = (sent: Json): Promise<Answer> => api.call('POST', '/v1/promises', sent);

describe('where more are to be warned at once than can be', () => {
  test('/ready says so, and how much time is needed and left', async () => {
    const { status, body: ready } = await api.call('GET', '/ready');
    expect([status, ready]).toMatchObject([
      200,
      { status: 'degraded', capacity: { short: true, neededMs: 100_000, haveMs: 85_000 } },
    ]);
  });

  test('the manager has one alert', async () => {
    const { body: listed } = await api.call('GET', '/v1/alerts?person=mall&open=true');
    expect(listed['items']).toMatchObject([{ reason: 'capacity', person: 'mall', times: 1, acknowledgedAt: null }]);
  });

  test('a further promise to the minute is refused, with a time that is then taken', async () => {
    const { status, body: refused } = await make(body());
    expect([status, refused]).toMatchObject([
      422,
      {
        code: 'CANNOT_BE_PROMISED',
        reason: 'no_capacity',
        earliest: expect.any(String),
        errors: [{ pointer: '/promised' }],
      },
    ]);
    expect(refused['detail']).toContain(`not before ${refused['earliest'] as string}`);
    const held = await make(body({ promised: { at: refused['earliest'] } }));
    expect([held.status, held.body['promisedAt']]).toEqual([201, refused['earliest']]);
    // A minute sooner the last call would come while the engine is still behind.
    const sooner = new Date(Date.parse(String(refused['earliest'])) - 60_000).toISOString();
    expect((await make(body({ promised: { at: sooner } }))).status).toBe(422);
  });

  test('the same rehearsed says why it would be refused', async () => {
    const { status, body: planned } = await api.call('POST', '/v1/promises:plan', body());
    expect([status, planned['refusal']]).toEqual([
      200,
      { reason: 'no_capacity', earliest: expect.any(String) as unknown, latest: null },
    ]);
  });

  test('a promise of the herd, sent again, is still the promise that it made', async () => {
    expect((await make(herd[0] ?? {})).status).toBe(200);
  });

  test.each<readonly [name: string, changes: Json]>([
    ['to the minute at another time', { promised: { at: LATER }, madeAt: undefined }],
    ['of a window', { promised: { from: soon(2 * HOUR), to: DEADLINE } }],
    [
      'of a day',
      {
        promised: { day: new Date(Date.now() + 2 * DAY).toISOString().slice(0, 10), zone: 'UTC' },
        madeAt: undefined,
        kind: 'delivery',
      },
    ],
  ])('a promise %s is taken', async (_, changes) => {
    expect((await make(body(changes))).status).toBe(201);
  });
});
