import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../api/server.ts';
import { claimDigest, recordDigest } from '../../db/digests.ts';
import { instant } from '../../domain/promise/instant.ts';
import { companySays } from '../support/company.ts';
import { DAY, itemsOf, logInto, pointersOf, registered, soon, testApi, type Json, type TestApi } from './testing.ts';
import { messageFrom } from '../support/deliver.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
  await companySays(api.database.pool, { alerts: { window: 'PT0S', urgent: 'PT0S' } });
});
afterAll(() => api.database.drop());

/** A promise that is known to be late: owner and lead are told. */
async function atRisk(changes: Json = {}): Promise<string> {
  const id = await registered(api.call, changes);
  const fact = { factKey: randomUUID(), kind: 'estimated', occurredAt: new Date().toISOString(), at: soon(9 * DAY) };
  expect((await api.call('POST', `/v1/promises/${id}/facts`, fact)).status).toBe(202);
  return id;
}

const alertsOf = async (query: string): Promise<readonly Json[]> =>
  itemsOf((await api.call('GET', `/v1/alerts${query}`)).body);
const about = async (promiseId: string, person: string): Promise<Json> =>
  (await alertsOf(`?person=${person}`)).find((alert) => alert['promiseId'] === promiseId) ?? {};

describe('GET /v1/alerts', () => {
  test('lists those of a person, and which of them are open', async () => {
    const [open, over] = [await atRisk(), await atRisk()];
    await api.call('POST', `/v1/promises/${over}/facts`, {
      factKey: 'done',
      kind: 'fulfilled',
      occurredAt: new Date().toISOString(),
    });
    const ids = async (query: string) => (await alertsOf(query)).map(({ promiseId }) => promiseId);
    expect(await ids('?person=kati&open=true')).toEqual([open]);
    expect(await ids('?person=kati&open=false')).toEqual([over]);
    expect(await ids('?person=kati')).toEqual([over, open]);
    expect(await ids('?person=mall')).toEqual([]);
    expect(await about(open, 'kati')).toMatchObject({ reason: 'at_risk', rung: 'owner', times: 1, sentAt: null });
  });

  test('goes on from page to page', async () => {
    await atRisk();
    const all = (await alertsOf('?person=jaan')).map(({ id }) => id);
    const seen: unknown[] = [];
    let query = '?person=jaan&limit=1';
    for (let page = 0; page < 10; page += 1) {
      const { body } = await api.call('GET', `/v1/alerts${query}`);
      seen.push(...itemsOf(body).map(({ id }) => id));
      if (body['next'] === null) break;
      query = `?person=jaan&limit=1&cursor=${body['next'] as string}`;
    }
    expect(seen).toEqual(all);
    expect(all.length).toBeGreaterThan(2);
  });

  test.each([
    ['?open=maybe', '/open'],
    ['?limit=0', '/limit'],
    ['?cursor=x', '/cursor'],
    ['?persons=kati', '/persons'],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await api.call('GET', `/v1/alerts${query}`);
    expect([status, pointersOf(body)]).toEqual([422, [pointer]]);
  });
});

describe('POST /v1/alerts/{id}:acknowledge', () => {
  test('is said once; the same again changes nothing', async () => {
    const { id } = await about(await atRisk(), 'kati');
    const first = await api.call('POST', `/v1/alerts/${String(id)}:acknowledge`, { by: 'kati' });
    expect([first.status, first.body['acknowledgedBy'], first.body['dueAt']]).toEqual([200, 'kati', null]);
    const again = await api.call('POST', `/v1/alerts/${String(id)}:acknowledge`, { by: 'jaan' });
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await alertsOf('?person=kati&open=true')).map((alert) => alert['id'])).not.toContain(id);
  });

  test('names who is not of the staff, and knows no alert that is not there', async () => {
    const { id } = await about(await atRisk(), 'kati');
    const refused = await api.call('POST', `/v1/alerts/${String(id)}:acknowledge`, { by: 'evil' });
    expect([refused.status, pointersOf(refused.body)]).toEqual([422, ['/by']]);
    const missing = await api.call('POST', `/v1/alerts/${randomUUID()}:acknowledge`, { by: 'kati' });
    expect([missing.status, missing.body['code']]).toEqual([404, 'ALERT_UNKNOWN']);
  });
});

describe('/a/{token}', () => {
  const app = (dev = false) =>
    createApp({
      pool: api.database.pool,
      baseUrl: 'http://kept.example',
      log: logInto([]),
      engineUp: () => true,
      now: () => instant(Date.now()),
      ...(dev ? { dev: { mails: () => Promise.resolve([]) } } : {}),
    });
  const post = (token: string, headers: Record<string, string> = {}, body = '') =>
    app().request(`http://kept.example/a/${token}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });

  /** The key that stands in the mail about a promise. */
  async function mailed(promiseId: string, person = 'kati'): Promise<string> {
    const { rows } = await api.database.pool.query<{ id: string }>('select row_id as id from people where id = $1', [
      person,
    ]);
    const keys = new Map<string, string>();
    const claim = await claimDigest(api.database.pool, {
      personId: rows[0]?.id ?? '',
      workerName: 'test',
      claimMs: 30_000,
      newLink: () => {
        const token = randomUUID();
        return { token, hash: createHash('sha256').update(token).digest() };
      },
      compose: ({ digestId, lines }) => {
        for (const line of lines) keys.set(line.promiseId, line.token);
        return messageFrom(digestId);
      },
    });
    if (claim.kind === 'send') await recordDigest(api.database.pool, { id: claim.digestId, workerName: 'test' });
    return keys.get(promiseId) ?? '';
  }

  test('shows an alert by GET, as often as a mail is looked through, and changes nothing', async () => {
    const id = await atRisk({ subject: 'Three <b>books</b>' });
    const token = await mailed(id);
    for (const dev of [false, true, false]) {
      const response = await app(dev).request(`http://kept.example/a/${token}`);
      const html = await response.text();
      expect(response.status).toBe(200);
      expect(html).toContain('Three &lt;b&gt;books&lt;/b&gt;');
      expect(html).toContain('<form method="post">');
      expect(html.includes(`/promises/${id}`)).toBe(dev);
      expect(html).not.toContain('mari@');
    }
    expect((await about(id, 'kati'))['acknowledgedAt']).toBeNull();
  });

  test('acknowledges by POST, and says so afterwards', async () => {
    const id = await atRisk();
    const token = await mailed(id);
    const response = await post(token, { origin: 'http://kept.example' });
    expect([response.status, response.headers.get('location')]).toEqual([303, `/a/${token}`]);
    expect(await about(id, 'kati')).toMatchObject({ acknowledgedBy: 'kati' });
    const html = await (await app().request(`http://kept.example/a/${token}`)).text();
    expect(html).toContain('Acknowledged by Kati Kask');
    expect(html).not.toContain('<form');
  });

  test('takes no form of another page', async () => {
    const id = await atRisk();
    const token = await mailed(id);
    expect((await post(token, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await about(id, 'kati'))['acknowledgedAt']).toBeNull();
  });

  test('of a partner’s person leads to all that waits for them and to no page of ours; there each is acknowledged', async () => {
    await api.call('PUT', '/v1/people/ivo', { name: 'Ivo Ilves', email: 'ivo@dpd.example', partner: 'dpd' });
    const [first, second, ours] = [await atRisk({ partner: 'dpd' }), await atRisk({ partner: 'dpd' }), await atRisk()];
    const token = await mailed(first, 'ivo');
    expect(await (await app(true).request(`http://kept.example/a/${token}`)).text()).toContain(
      `href="/a/${token}/all"`,
    );
    const all = async () => (await app(true).request(`http://kept.example/a/${token}/all`)).text();
    expect(await all()).toContain('<h1>Waiting for you (2)</h1>');
    for (const id of [first, second, ours]) expect(await all()).not.toContain(`/promises/${id}`);
    const asked = async (id: string) => `alert=${String((await about(id, id === ours ? 'kati' : 'ivo'))['id'])}`;
    expect((await post(`${token}/all`, { origin: 'http://evil.example' }, await asked(second))).status).toBe(403);
    const taken = await post(`${token}/all`, { origin: 'http://kept.example' }, await asked(second));
    expect([taken.status, taken.headers.get('location')]).toEqual([303, `/a/${token}/all`]);
    expect(await all()).toContain('<h1>Waiting for you (1)</h1>');
    expect(await about(second, 'ivo')).toMatchObject({ acknowledgedBy: 'ivo' });
    await post(`${token}/all`, {}, await asked(ours));
    expect((await about(ours, 'kati'))['acknowledgedAt']).toBeNull();
  });

  test('opens nothing by another key', async () => {
    for (const response of [
      await app().request('http://kept.example/a/unknown'),
      await app().request('http://kept.example/a/unknown/all'),
      await post('unknown'),
      await post('unknown/all'),
    ])
      expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  });
});
