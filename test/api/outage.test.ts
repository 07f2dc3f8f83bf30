import { Agent, get } from 'node:http';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi } from '../../api/server.ts';
import { createPool, type Pool } from '../../db/pool.ts';
import { caller, logInto, promiseOf, soon, testApi, type TestApi } from './testing.ts';

let pool: Pool;
beforeAll(async () => {
  // A port that was free a moment ago and that nobody listens on.
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
  pool = createPool({ url: `postgres://kept@127.0.0.1:${port}/kept`, max: 2, name: 'test' });
});
afterAll(() => pool.end());

const ID = '0199c0de-0000-7000-8000-000000000000';

describe('without PostgreSQL', () => {
  test.each([
    ['POST', '/v1/promises', promiseOf()],
    ['POST', '/v1/promises:plan', promiseOf()],
    ['POST', `/v1/promises/${ID}/facts`, { factKey: 'a', kind: 'fulfilled', occurredAt: soon(0) }],
    ['GET', '/v1/promises', undefined],
    ['GET', `/v1/promises/${ID}`, undefined],
    ['GET', '/v1/calendars', undefined],
    ['GET', '/v1/calendars/office', undefined],
    ['PUT', '/v1/calendars/office', { zone: 'UTC', week: { mon: ['09:00-17:00'] } }],
    ['GET', '/v1/reports/word-kept', undefined],
    ['GET', '/ready', undefined],
  ])('%s %s says so and when to come back', async (method, path, body) => {
    const lines: string[] = [];
    const answer = await caller(pool, 'kept_any', { log: logInto(lines) })(method, path, body);
    expect([answer.status, answer.body['code']]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(lines).toHaveLength(1);
  });

  test('the process itself is healthy', async () => {
    expect((await caller(pool, null)('GET', '/health')).body).toEqual({ status: 'ok' });
  });

  test('requests with a key found good before fail as such, and work again when it is back', async () => {
    const api = await testApi();
    const real = api.database.pool;
    let down = false;
    const flaky = new Proxy(real, {
      get: (target, name: keyof Pool) => {
        const value: unknown = (down ? pool : target)[name];
        return typeof value === 'function' ? (value.bind(down ? pool : target) as unknown) : value;
      },
    });
    const call = caller(flaky, api.key);
    const body = promiseOf();
    expect((await call('POST', '/v1/promises', body)).status).toBe(201);
    down = true;
    expect((await call('POST', '/v1/promises', promiseOf())).status).toBe(503);
    expect((await call('GET', `/v1/promises/${ID}`)).status).toBe(503);
    down = false;
    expect((await call('POST', '/v1/promises', body)).status).toBe(200);
    await api.database.drop();
  });
});

describe('a served API', () => {
  let api: TestApi;
  beforeAll(async () => void (api = await testApi()));
  afterAll(() => api.database.drop());

  const start = (port: number, lines: string[] = [], engineUp = (): boolean => true) =>
    startApi({
      pool: api.database.pool,
      port,
      host: '127.0.0.1',
      baseUrl: 'http://kept.example',
      log: logInto(lines),
      engineUp,
    });

  test('answers over the network until it is closed', async () => {
    const served = await start(0);
    const headers = { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' };
    const made = await fetch(`${served.url}/v1/promises`, {
      method: 'POST',
      headers,
      body: JSON.stringify(promiseOf()),
    });
    expect(made.status).toBe(201);
    await served.close();
    await expect(fetch(`${served.url}/health`)).rejects.toThrow('fetch failed');
  });

  test('cuts off nobody who keeps a connection and goes on asking while it is closed', async () => {
    let begun = (): void => {};
    const served = await start(0, [], () => {
      begun();
      return true;
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (): Promise<string> =>
      new Promise((resolve) => {
        const asked = get(`${served.url}/ready`, { agent }, (answer) => {
          answer.resume().once('end', () => resolve(answer.headers.connection ?? ''));
        });
        asked.once('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message));
      });
    expect(await ask()).toBe('keep-alive');
    const isUnderWay = new Promise<void>((resolve) => void (begun = resolve));
    const underWay = ask();
    await isUnderWay;
    const closed = served.close();
    const heard: string[] = [];
    while (heard.at(-1) !== 'ECONNREFUSED') heard.push(await ask());
    await closed;
    expect([await underWay, ...heard]).toEqual(['close', 'ECONNREFUSED']);
    agent.destroy();
  });

  test('refuses a large body whether or not its length was announced', async () => {
    const served = await start(0);
    const headers = { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' };
    const chunk = new Uint8Array(32 * 1024).fill(0x20);
    const stream = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        start: (controller) => {
          for (let n = 0; n < 4; n += 1) controller.enqueue(chunk);
          controller.close();
        },
      });
    for (const body of [' '.repeat(128 * 1024), stream()]) {
      const init = { method: 'POST', headers, body, duplex: 'half' };
      expect((await fetch(`${served.url}/v1/promises`, init as RequestInit)).status).toBe(413);
    }
    await served.close();
  });

  test('a taken port is an error of the start', async () => {
    const served = await start(0);
    await expect(start(Number(new URL(served.url).port))).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await served.close();
  });

  test('what nobody waited for is logged, without its text, and the API goes on', async () => {
    const lines: string[] = [];
    const served = await start(0, lines);
    process.emit('unhandledRejection', new Error('mari@customers.example'), Promise.resolve());
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('mari');
    expect((await fetch(`${served.url}/health`)).status).toBe(200);
    await served.close();
  });
});
