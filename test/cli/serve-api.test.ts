import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOf, newKey } from '../../cli/key.ts';
import { serveApi } from '../../cli/serve-api.ts';
import { saveKey } from '../../db/keys.ts';
import { DEFAULT_POLICIES } from '../../domain/policy/defaults.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { seed } from '../support/registrations.ts';

const key = newKey();
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, DEFAULT_POLICIES);
  await saveKey(database.pool, 'test', hashOf(key));
});
afterAll(() => database.drop());

/** Serves on any free port and registers a promise; gives where it listens and where the promise's page is said to be. */
async function served(host: string, baseUrl: string | null): Promise<{ url: URL; page: URL; status: number }> {
  const settings = {
    databaseUrl: database.url,
    temporal: { address: '127.0.0.1:1', namespace: 'default' },
    ...{ port: 0, host, baseUrl, policies: null, laptop: null, logLevel: 'silent' as const },
  };
  const api = await serveApi(settings, pino({ level: 'silent' }), new AbortController().signal);
  try {
    const url = new URL(api.url ?? '');
    const response = await fetch(new URL('/v1/promises', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ source: 'shop', ref: `${host} ${baseUrl}`, kind: 'delivery', customer: { ref: 'C-1' } },
        promised: { at: new Date(Date.now() + 864e5).toISOString() },
      }),
    });
    const { links } = (await response.json()) as { links: { page: string } };
    const { status } = await fetch(new URL('/', url));
    return { url, page: new URL(links.page), status };
  } finally {
    await api.stop();
  }
}

describe('links in answers', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::1', '[::1]'],
    ['::', '[::1]'],
  ])('of an API on %s, port 0, begin with an address that can be opened', async (host, expected) => {
    const { url, page } = await served(host, null);
    expect(url.hostname).toBe(expected);
    expect(Number(url.port)).toBeGreaterThan(0);
    expect(page.origin).toBe(url.origin);
  });

  it('begin with KEPT_BASE_URL where it is set', async () => {
    const { page } = await served('127.0.0.1', 'https://kept.example/shop');
    expect(page.href).toMatch(/^https:\/\/kept\.example\/shop\/promises\//);
  });
});

it('an API by itself has no pages', async () => {
  expect((await served('127.0.0.1', 'http://kept.example')).status).toBe(404);
});
