import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveCalendar } from '../../db/calendars.ts';
import { policyDocument } from '../../domain/policy/fields.ts';
import { OFFICE } from '../domain/support/calendars.ts';
import { policy } from '../support/registrations.ts';
import { itemsOf, pointersOf, registered, soon, testApi, type Answer, type TestApi } from './testing.ts';

let api: TestApi;
beforeAll(async () => void (api = await testApi()));
afterAll(() => api.database.drop());

const FILE = { buffer: { fixed: 'P1D' }, lead: 'P1D' };
const put = (kind: string, body: unknown): Promise<Answer> => api.call('PUT', `/v1/policies/${kind}`, body);
const get = (kind: string): Promise<Answer> => api.call('GET', `/v1/policies/${kind}`);

describe('a policy', () => {
  test('is stored, and read with every field and the version', async () => {
    const stored = await put('gift', { kind: 'gift', ...FILE });
    const whole = policyDocument(policy({ kind: 'gift', ...FILE }));
    expect([stored.status, stored.body]).toEqual([200, { ...whole, version: 1 }]);
    expect((await get('gift')).body).toEqual(stored.body);
  });

  test('sent again keeps its version, changed it is the next one, and the former one can be read', async () => {
    expect((await put('again', FILE)).body['version']).toBe(1);
    expect((await put('again', FILE)).body['version']).toBe(1);
    expect((await put('again', { ...FILE, lead: 'P2D' })).body).toMatchObject({ version: 2, lead: 'P2D' });
    expect((await get('again?version=1')).body).toMatchObject({ version: 1, lead: 'P1D' });
  });

  test.each(['nothing', 'gift?version=99', 'Gift', '7', '%00', 'gift:diff'])('%s is not there', async (path) => {
    const { status, body } = await get(path);
    expect([status, body['code']]).toEqual([404, 'POLICY_UNKNOWN']);
  });

  test('is listed by kind', async () => {
    await put('aaa', FILE);
    const items = itemsOf((await api.call('GET', '/v1/policies')).body);
    expect(items[0]).toEqual({ kind: 'aaa', version: 1 });
  });

  test.each([
    ['no buffer', { lead: 'P1D' }, '/buffer'],
    ['an unknown field', { ...FILE, led: 'P1D' }, '/led'],
    ['a wrong duration', { ...FILE, lead: 'soon' }, '/lead'],
    ['another kind', { ...FILE, kind: 'other' }, '/kind'],
    ['a calendar that nobody stored', { buffer: { working: 'PT4H', calendar: 'nowhere' } }, '/buffer/calendar'],
    ['no object', [], ''],
  ])('with %s is refused at its pointer, by PUT and by diff', async (_, body, pointer) => {
    for (const [method, path] of [
      ['PUT', '/v1/policies/wrong'],
      ['POST', '/v1/policies/delivery:diff'],
    ] as const) {
      const { status, body: answer } = await api.call(method, path, body);
      expect([status, answer['code'], pointersOf(answer)]).toEqual([422, 'INVALID_BODY', [pointer]]);
    }
  });

  test('may count by a calendar that is stored', async () => {
    await saveCalendar(api.database.pool, OFFICE);
    expect((await put('worked', { buffer: { working: 'PT4H', calendar: 'office' } })).status).toBe(200);
  });
});

describe('diff and apply', () => {
  test('say what changes, change nothing, and then do it', async () => {
    await put('moved', FILE);
    const id = await registered(api.call, { kind: 'moved', promised: { at: soon(5 * 24 * 3_600_000) } });
    const next = { ...FILE, buffer: { fixed: 'P2D' } };
    const foreseen = await api.call('POST', '/v1/policies/moved:diff', next);
    expect(foreseen.body).toMatchObject({
      version: 2,
      open: 1,
      changed: 1,
      instants: { targetAt: { earlier: 1, later: 0 } },
      fields: [{ field: 'buffer', from: { fixed: 'P1D' }, to: { fixed: 'P2D' } }],
      examples: [{ id, instant: 'targetAt' }],
    });
    expect((await get('moved')).body['version']).toBe(1);
    await put('moved', next);
    expect((await api.call('POST', '/v1/policies/moved:diff', {})).body).toMatchObject({ version: 2, changed: 1 });
    const applied = await api.call('POST', '/v1/policies/moved:apply');
    expect(applied.body).toMatchObject({ kind: 'moved', version: 2, open: 1, applied: 1, replanned: 1, failed: [] });
    expect((await api.call('POST', '/v1/policies/moved:apply')).body).toMatchObject({ applied: 0 });
    const { body } = await api.call('GET', `/v1/promises/${id}`);
    expect(body['targetAt']).toBe((foreseen.body['examples'] as readonly { to: string }[])[0]?.to);
  });

  test.each(['diff', 'apply'])('%s knows no kind without a policy', async (verb) => {
    for (const kind of ['nothing', 'Gift']) {
      const { status, body } = await api.call('POST', `/v1/policies/${kind}:${verb}`, {});
      expect([status, body['code']]).toEqual([404, 'POLICY_UNKNOWN']);
    }
  });
});

test('that a policy was applied is no fact for a caller to tell, and the refusal names the route', async () => {
  const id = await registered(api.call);
  const fact = { factKey: 'f', kind: 'policy_applied', occurredAt: soon(0), version: 1, calendars: {} };
  const { status, body } = await api.call('POST', `/v1/promises/${id}/facts`, fact);
  const [error] = body['errors'] as readonly { pointer: string; message: string }[];
  expect([status, error?.pointer]).toEqual([422, '/kind']);
  expect(error?.message).toContain('POST /v1/policies/{kind}:apply');
});
