import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY, soon, itemsOf, pointersOf, testApi, type Answer, type TestApi } from './testing.ts';

let api: TestApi;
beforeAll(async () => void (api = await testApi()));
afterAll(() => api.database.drop());

/** As partners.yaml says it. */
const DPD = { name: 'DPD', goal: '97%', factLag: 'PT6H', checkpoints: { delivery: [{ name: 'scanned', at: '60%' }] } };

const put = (id: string, body: unknown): Promise<Answer> => api.call('PUT', `/v1/partners/${id}`, body);
const get = (id: string): Promise<Answer> => api.call('GET', `/v1/partners/${id}`);

describe('a partner', () => {
  test('is stored, and read as its file says it with the version', async () => {
    const stored = await put('dpd', DPD);
    expect([stored.status, stored.body]).toEqual([200, { id: 'dpd', ...DPD, version: 1 }]);
    expect((await get('dpd')).body).toEqual(stored.body);
    expect((await put('dpd', { ...DPD, id: 'dpd' })).body['version']).toBe(1);
    expect((await put('dpd', { ...DPD, goal: '98%' })).body).toMatchObject({ goal: '98%', version: 2 });
    expect((await get('dpd?version=1')).body).toMatchObject({ goal: '97%', version: 1 });
  });

  test('is listed with its newest version', async () => {
    await put('listed', { goal: '90%' });
    expect(itemsOf((await api.call('GET', '/v1/partners')).body)).toContainEqual({ id: 'listed', version: 1 });
  });

  test('is listed page by page, each once', async () => {
    for (const id of ['Paged Ltd. / Õ', 'paged-2', 'paged-3']) await put(id, {});
    const { body: all } = await api.call('GET', '/v1/partners?limit=1000');
    const seen: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await api.call('GET', `/v1/partners?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...itemsOf(body));
      cursor = body['next'] as string | null;
    }
    expect(seen).toEqual(itemsOf(all));
    expect(all['next']).toBeNull();
    const refused = await api.call('GET', '/v1/partners?cursor=nonsense');
    expect([refused.status, refused.body['code']]).toEqual([422, 'INVALID_QUERY']);
  });

  test('may be called as promises name it, in full', async () => {
    const id = encodeURIComponent('Aurobindo Unit III, India 50% / 2');
    const { status, body } = await put(id, {});
    expect([status, body['id'], body['name']]).toEqual([200, ...Array(2).fill('Aurobindo Unit III, India 50% / 2')]);
    expect((await get(id)).status).toBe(200);
  });

  test.each(['nobody', 'nobody?version=3', '%00', 'x'.repeat(201)])(
    'that nobody stored is not there: %s',
    async (id) => {
      const { status, body } = await get(id);
      expect([status, body['code']]).toEqual([404, 'PARTNER_UNKNOWN']);
    },
  );

  test.each<[string, unknown, string]>([
    ['another id', { id: 'omniva' }, '/id'],
    ['a field that is none', { goals: '97%' }, '/goals'],
    ['a goal of nothing', { goal: '0%' }, '/goal'],
    ['a kind that has no policy', { checkpoints: { delivry: [] } }, '/checkpoints/delivry'],
    ['no mapping', [], ''],
  ])('is refused with %s', async (_, body, pointer) => {
    const refused = await put('wrong', body);
    expect([refused.status, refused.body['code'], pointersOf(refused.body)]).toEqual([422, 'INVALID_BODY', [pointer]]);
    expect((await get('wrong')).status).toBe(404);
  });
});

test('has its own goal in the report, at once, and its newest one', async () => {
  await put('goal', { goal: '97%' });
  const body = { source: 'goals', ref: 'R-1', kind: 'delivery', partner: 'goal', promised: { at: soon(10 * DAY) } };
  await api.call('POST', '/v1/promises', { ...body, customer: { ref: 'C-2', zone: 'UTC' } });
  const goalOf = async (query: string): Promise<unknown> => {
    const report = (await api.call('GET', `/v1/reports/word-kept?${query}`)).body;
    return (report['groups'] as { key: string; goal: number | null }[]).find(({ key }) =>
      ['goal', 'delivery'].includes(key),
    )?.goal;
  };
  expect(await goalOf('by=partner&source=goals')).toBe(0.97);
  expect(await goalOf('by=kind&partner=goal')).toBe(0.97);
  expect(await goalOf('by=kind&source=goals')).not.toBe(0.97);
  await put('goal', {});
  expect(await goalOf('by=partner&source=goals')).not.toBe(0.97);
});

describe('a promise that names a partner', () => {
  const body = (ref: string, partner: string) => ({
    ...{ source: 'partners', ref, kind: 'delivery', partner },
    promised: { at: soon(10 * DAY) },
    customer: { ref: 'C-1', zone: 'Europe/Tallinn' },
  });

  test('is planned by the rules of it, and says so in plan, promise and explain', async () => {
    await put('gls', { ...DPD, name: 'GLS' });
    const planned = await api.call('POST', '/v1/promises:plan', body('G-1', 'gls'));
    expect(planned.body['checkpoints']).toMatchObject([{ name: 'scanned', partner: true }]);
    const registered = await api.call('POST', '/v1/promises', body('G-1', 'gls'));
    expect(registered.body['checkpoints']).toMatchObject([{ name: 'scanned', partner: true, passedAt: null }]);
    const { body: explained } = await api.call('GET', `/v1/promises/${String(registered.body['id'])}/explain`);
    expect(explained['partner']).toEqual({ id: 'gls', version: 1 });
    expect(explained['checkpoints']).toMatchObject([
      { name: 'scanned', value: '60%', field: 'partners.gls.checkpoints.delivery', partner: true },
    ]);
    expect(explained['reasons']).toContainEqual(
      expect.objectContaining({ instant: 'recoveryAt', field: 'partners.gls.factLag', value: 'PT6H' }),
    );
  });

  test('of whom nothing is said is planned by the policy alone', async () => {
    const registered = await api.call('POST', '/v1/promises', body('U-1', 'unheard-of'));
    expect([registered.status, registered.body['checkpoints']]).toEqual([201, []]);
    const { body: explained } = await api.call('GET', `/v1/promises/${String(registered.body['id'])}/explain`);
    expect(explained['partner']).toBeNull();
  });
});
