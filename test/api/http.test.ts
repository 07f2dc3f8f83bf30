import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../api/routes/index.ts';
import { holdMails, releaseMails } from '../../db/hold.ts';
import { saveKey } from '../../db/keys.ts';
import { caller, promiseOf, registered, testApi, type TestApi } from './testing.ts';

let api: TestApi;
beforeAll(async () => void (api = await testApi()));
afterAll(() => api.database.drop());

const ID = '0199c0de-0000-7000-8000-000000000000';
const pathOf = (path: string): string => path.replace('{id}', ID);

describe('without a valid key', () => {
  const KEYLESS: readonly (readonly [string, Record<string, string>])[] = [
    ['no key', {}],
    ['a wrong key', { authorization: 'Bearer kept_wrong' }],
    ['an empty key', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic a2VwdDprZXB0' }],
    ['a key too long', { authorization: `Bearer ${'x'.repeat(10_000)}` }],
  ];
  const closed = ROUTES.filter((route) => route.path.startsWith('/v1/'));

  test.each(closed.map((route) => [route.method.toUpperCase(), route.path] as const))(
    '%s %s is closed',
    async (method, path) => {
      const call = caller(api.database.pool, null);
      for (const [, headers] of KEYLESS) {
        const { status, body, headers: got } = await call(method, pathOf(path), undefined, headers);
        expect([status, body['code']]).toEqual([401, 'UNAUTHENTICATED']);
        expect(got.get('www-authenticate')).toBe('Bearer realm="kept"');
      }
    },
  );

  test('every route of /v1 asks for a key, and only those of the open ones do not', () => {
    expect(ROUTES.filter((route) => route.scope === 'public').map((route) => route.path)).toEqual([
      '/health',
      '/ready',
    ]);
  });

  test('even an address that does not exist says nothing', async () => {
    expect((await caller(api.database.pool, null)('GET', '/v1/nothing')).status).toBe(401);
  });

  test('the body is not read', async () => {
    expect((await caller(api.database.pool, null)('POST', '/v1/promises', '{')).status).toBe(401);
  });

  test.each(['/health', '/ready', '/openapi.json'])('%s is open', async (path) => {
    expect((await caller(api.database.pool, null)('GET', path)).status).toBe(200);
  });

  test('a key that was replaced stops working', async () => {
    const { pool } = api.database;
    const hash = (key: string): Buffer => createHash('sha256').update(key).digest();
    await saveKey(pool, 'robot', hash('kept_old'));
    await saveKey(pool, 'robot', hash('kept_new'));
    expect((await caller(pool, 'kept_old')('GET', '/v1/promises')).status).toBe(401);
    expect((await caller(pool, 'kept_new')('GET', '/v1/promises')).status).toBe(200);
  });

  test('the scheme may be written in any case', async () => {
    const headers = { authorization: `bearer ${api.key}` };
    expect((await caller(api.database.pool, null)('GET', '/v1/promises', undefined, headers)).status).toBe(200);
  });
});

describe('addresses', () => {
  test.each([
    ['GET', '/nothing'],
    ['GET', '/v1'],
    ['GET', '/v1/nothing'],
    ['GET', '/v1/promises/'],
    ['POST', `/v1/promises/${ID}:close`],
    ['POST', '/v1/policies/delivery:close'],
    ['POST', `/v1/promises/${ID}/letters`],
    ['GET', '/metrics'],
    ['GET', '/docs'],
    ['GET', '/'],
    ['GET', `/promises/${ID}`],
    ['GET', '/events'],
    ['GET', '/assets/nothing.css'],
    ['GET', '/dev/mail'],
    ['GET', '/dev/mail.json'],
  ])('%s %s does not exist', async (method, path) => {
    const { status, body } = await api.call(method, path);
    expect([status, body['code']]).toEqual([404, 'ROUTE_UNKNOWN']);
  });

  test.each([
    ['DELETE', '/v1/promises', 'POST, GET, HEAD'],
    ['PUT', `/v1/promises/${ID}`, 'GET, HEAD'],
    ['GET', '/v1/promises:plan', 'POST'],
    ['GET', `/v1/promises/${ID}/facts`, 'POST'],
    ['POST', `/v1/promises/${ID}/timeline`, 'GET, HEAD'],
    ['DELETE', '/v1/calendars/office', 'GET, HEAD, PUT'],
    ['PUT', '/v1/calendars', 'GET, HEAD'],
    ['DELETE', '/v1/policies/delivery', 'GET, HEAD, PUT'],
    ['PUT', '/v1/policies', 'GET, HEAD'],
    ['PATCH', '/v1/policies/delivery:diff', 'POST'],
    ['PATCH', '/v1/reports/word-kept', 'GET, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
    ['OPTIONS', '/v1/promises:plan', 'POST'],
  ])('%s %s names the methods there are', async (method, path, allow) => {
    const { status, body, headers } = await api.call(method, path);
    expect([status, body['code'], headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', allow]);
  });

  test('HEAD answers as GET without a body', async () => {
    const { status, headers } = await api.call('HEAD', '/v1/promises');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
  });
});

describe('bodies', () => {
  const post = (body: string | Uint8Array, headers = {}) => api.call('POST', '/v1/promises', body, headers);

  test.each([['{'], [''], ['{"source":"shop",}'], ["{'source':1}"], ['NaN'], ['{"a":1}{"b":2}']])(
    '%j is no JSON',
    async (body) => {
      const { status, body: answer } = await post(body);
      expect([status, answer['code']]).toEqual([400, 'MALFORMED_JSON']);
    },
  );

  test('what is no UTF-8 is no JSON', async () => {
    const { status } = await post(new Uint8Array([0x22, 0xff, 0xfe, 0x22]));
    expect(status).toBe(400);
  });

  test('a very deep body is refused, not a fault', async () => {
    expect((await post('['.repeat(30_000) + ']'.repeat(30_000))).status).toBe(422);
  });

  test('a body of 64 KiB is read, one byte more is too large', async () => {
    const padded = (bytes: number): string => {
      const body = JSON.stringify(promiseOf());
      return body + ' '.repeat(bytes - body.length);
    };
    expect((await post(padded(65_536))).status).toBe(201);
    const { status, body } = await post(padded(65_537));
    expect([status, body['code'], body['limit']]).toEqual([413, 'BODY_TOO_LARGE', '65536']);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'text/html; application/json'])(
    '%s is not taken',
    async (type) => {
      const { status, body } = await post(JSON.stringify(promiseOf()), { 'content-type': type });
      expect([status, body['code']]).toEqual([415, 'NOT_JSON']);
    },
  );

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    '%s is taken',
    async (type) => {
      expect((await post(JSON.stringify(promiseOf()), { 'content-type': type })).status).toBe(201);
    },
  );
});

test('answers are not kept by anybody and not guessed at', async () => {
  for (const path of ['/v1/promises', '/v1/nothing', '/health', '/nothing']) {
    const { headers } = await api.call('GET', path);
    expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff']);
  }
});

test('a fault of ours is a problem without a word of what was asked, here and in the log', async () => {
  const lines: string[] = [];
  const secret = 'mari.secret@customers.example';
  const { pool } = api.database;
  const broken = Object.create(pool, {
    query: { value: () => Promise.reject(new TypeError(`cannot read ${secret}`)) },
  }) as typeof pool;
  const log = {
    info: () => {},
    warn: () => {},
    error: (f: object, m: string) => void lines.push(JSON.stringify(f) + m),
  };
  const { status, body } = await caller(broken, api.key, { log })('GET', `/v1/promises?customer=${secret}`);
  expect([status, body['code']]).toEqual([500, 'INTERNAL']);
  expect(JSON.stringify(body)).not.toContain(secret);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('TypeError');
  expect(lines[0]).not.toContain(secret);
});

describe('/ready', () => {
  test('is ready where nothing is due and the engine is up', async () => {
    const { status, body } = await api.call('GET', '/ready');
    expect(status).toBe(200);
    const capacity = { short: false, neededMs: 0, haveMs: 0 };
    expect(body).toEqual({ status: 'ready', engine: 'up', hold: false, due: 0, lagMs: 0, backlog: 0, capacity });
  });

  test('is degraded while mails are held back, and says so', async () => {
    await holdMails(api.database.pool);
    const { status, body } = await api.call('GET', '/ready');
    await releaseMails(api.database.pool);
    expect([status, body['status'], body['hold']]).toEqual([200, 'degraded', true]);
  });

  test('is degraded, and answers 200, while the engine is down', async () => {
    const { status, body } = await caller(api.database.pool, null, { engineUp: () => false })('GET', '/ready');
    expect([status, body['status'], body['engine']]).toEqual([200, 'degraded', 'down']);
  });

  test('says in whole milliseconds how long what is due has waited', async () => {
    const { pool } = api.database;
    const id = await registered(api.call);
    const setWake = (at: string): Promise<unknown> =>
      pool.query(`update promises set wake_at = ${at} where id = $1`, [id]);
    await setWake(`clock_timestamp() - interval '2000.4567 milliseconds'`);
    const { body } = await api.call('GET', '/ready');
    await setWake(`clock_timestamp() + interval '1 day'`);
    expect(body).toMatchObject({ status: 'ready', due: 1 });
    expect(Number.isInteger(body['lagMs'])).toBe(true);
    expect(body['lagMs']).toBeGreaterThanOrEqual(2000);
  });
});
