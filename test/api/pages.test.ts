import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp, startApi } from '../../api/server.ts';
import type { ApiOptions, DevMail } from '../../api/deps.ts';
import { createLive } from '../../api/live.ts';
import { instant } from '../../domain/promise/instant.ts';
import { logInto, registered, soon, testApi, type TestApi } from './testing.ts';

let api: TestApi;
let id: string;
beforeAll(async () => {
  api = await testApi();
  id = await registered(api.call, { subject: 'Three <b>books</b>' });
});
afterAll(() => api.database.drop());

const MAIL: DevMail = {
  at: '2026-11-27T13:00:00.000Z',
  from: 'care@books.example',
  to: ['mari@customers.example'],
  subject: 'Your <i>order</i>',
  messageId: '<1@books.example>',
  headers: [{ key: 'kept-notices', value: `x:risk:1` }],
  text: 'Dear Mari',
  html: '<p>Dear Mari</p>',
};
const dev = { mails: () => Promise.resolve([MAIL]) };

const options = (more: Partial<ApiOptions> = {}): ApiOptions => ({
  pool: api.database.pool,
  baseUrl: 'http://kept.example',
  log: logInto([]),
  engineUp: () => true,
  now: () => instant(Date.now()),
  dev,
  ...more,
});
const get = async (path: string, headers = {}): Promise<Response> => createApp(options()).request(path, { headers });

describe('the pages of a laptop', () => {
  test.each(['/', '/dev/mail', '/promises/new', '/find', '/people/kati', '/people/hotline', 'promise', 'explain'])(
    '%s needs no key, loads nothing foreign and is kept by nobody',
    async (path) => {
      const response = await get({ promise: `/promises/${id}`, explain: `/promises/${id}/explain` }[path] ?? path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      const html = await response.text();
      expect(html).toMatch(/^<!doctype html>/i);
      expect(html).not.toMatch(/<script(?![^>]* src=)|\sstyle=|\son\w+=/i);
    },
  );

  test('the first page shows what was promised, escaped', async () => {
    const html = await (await get('/')).text();
    expect(html).toContain('Three &lt;b&gt;books&lt;/b&gt;');
    expect(html).toContain(`/promises/${id}`);
    expect(html).toContain('Your &lt;i&gt;order&lt;/i&gt;');
  });

  test('the page of a promise names it and its owner', async () => {
    const html = await (await get(`/promises/${id}`)).text();
    expect(html).toContain('Kati Kask');
  });

  test('the page that explains a promise says by which policy it was planned, and is linked from its own', async () => {
    expect(await (await get(`/promises/${id}`)).text()).toContain(`href="/promises/${id}/explain"`);
    const html = await (await get(`/promises/${id}/explain`)).text();
    expect(html).toContain('Policy delivery, version 1');
    expect(html).toContain('Promise made');
  });

  test.each([
    '0199c0de-0000-7000-8000-000000000000',
    'A-1001',
    '0199c0de-0000-7000-8000-000000000000/explain',
    'A-1001/explain',
  ])('a page for no promise (%s) says so', async (unknown) => {
    const response = await get(`/promises/${unknown}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  });

  test('what pages load is there, and nothing else is', async () => {
    const html = await (await get('/')).text();
    const assets = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(assets.length).toBeGreaterThan(0);
    for (const path of assets) expect((await get(path)).status).toBe(200);
    for (const path of ['/assets/nothing.js', '/assets/..%2Fshapes.ts', '/assets/constructor'])
      expect((await get(path)).status).toBe(404);
  });

  test('mails stand in /dev/mail.json as they arrived', async () => {
    expect(await (await get('/dev/mail.json')).json()).toEqual([MAIL]);
  });

  test.each(['/', '/dev/mail.json', '/events', '/assets/style.css'])(
    '%s answers under our own names only',
    async (path) => {
      const app = createApp(options());
      expect((await app.request(`http://evil.example${path}`)).status).toBe(404);
      const own = await app.request(`http://kept.example${path}`);
      expect(own.status).toBe(200);
      await own.body?.cancel();
    },
  );

  test('serving them elsewhere than on loopback is refused', async () => {
    await expect(startApi({ ...options(), port: 0, host: '0.0.0.0' })).rejects.toThrow(/loopback/);
  });
});

describe('without a laptop', () => {
  test.each([
    ...['/', '/events', 'promise', 'explain', '/reports', '/dev/mail', '/dev/mail.json'],
    ...['/promises/new', '/find', 'notes', '/people/kati', '/people/kati/hand-over', '/people/kati/acknowledge'],
    ...['hand-over', 'acknowledge'],
  ])('kept api answers 404 for %s, to a GET and to a form', async (page) => {
    const { dev: _, ...bare } = options();
    const app = createApp(bare);
    const of = `/promises/${id}`;
    const at = page === 'promise' ? of : page.startsWith('/') ? page : `${of}/${page}`;
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' };
    expect([(await app.request(at)).status, (await app.request(at, form)).status]).toEqual([404, 404]);
  });
});

describe('the stream of the first page', () => {
  test('tells what changed, and ends when the API is closed', async () => {
    const served = await startApi({ ...options(), port: 0, host: '127.0.0.1' });
    const response = await fetch(`${served.url}/events`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!reader) throw new Error('The stream has no body.');
    let text = '';
    const readUntil = async (found: string): Promise<void> => {
      while (!text.includes(found)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`The stream ended before ${found}.`);
        text += value;
      }
    };
    await readUntil('event: rows');
    await readUntil('Three');
    await registered(api.call, { subject: 'A fourth book', promised: { at: soon(3_600_000) } });
    await readUntil('A fourth book');
    const ended = (async () => {
      while (!(await reader.read()).done);
    })();
    await served.close();
    await ended;
  });
});

describe('a live line', () => {
  const never = new AbortController().signal;

  test('is made once for all who listen', async () => {
    let made = 0;
    const live = createLive(
      () => Promise.resolve(`line ${(made += 1)}`),
      () => {},
    );
    const lines = await Promise.all([live.after(null, never), live.after(null, never), live.after(null, never)]);
    expect(lines).toEqual(['line 1', 'line 1', 'line 1']);
    expect(made).toBe(1);
    expect(await live.after('line 1', never)).toBe('line 2');
  });

  test('that could not be made is tried again', async () => {
    const errors: unknown[] = [];
    let tries = 0;
    const live = createLive(
      () => ((tries += 1) === 1 ? Promise.reject(new Error('down')) : Promise.resolve('up')),
      (error) => errors.push(error),
    );
    expect(await live.after(null, never)).toBe('up');
    expect(errors).toHaveLength(1);
  });

  test('nobody waits for ends with the one who left', async () => {
    const gone = new AbortController();
    const live = createLive(
      () => Promise.resolve('same'),
      () => {},
    );
    expect(await live.after(null, gone.signal)).toBe('same');
    const next = live.after('same', gone.signal);
    gone.abort();
    expect(await next).toBeNull();
    expect(await live.after(null, gone.signal)).toBeNull();
  });
});
