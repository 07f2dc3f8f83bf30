import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { itemsOf, pointersOf, registered, testApi, type TestApi } from './testing.ts';

let api: TestApi;
let id: string;
beforeAll(async () => {
  api = await testApi();
  id = await registered(api.call);
});
afterAll(() => api.database.drop());

describe('notes about a promise', () => {
  test('are read as they were written, oldest first, and change nothing of it', async () => {
    const before = await api.call('GET', `/v1/promises/${id}`);
    const texts = [
      'Mari would rather be called after 17:00.\nNot on Fridays.',
      '<b>Mari</b> calls herself Maria: Ülle-Mai',
    ];
    const ids: unknown[] = [];
    for (const [at, text] of texts.entries()) {
      const { status, body } = await api.call('POST', `/v1/promises/${id}/notes`, {
        text,
        by: at === 0 ? 'kati' : 'jaan',
      });
      expect(status).toBe(201);
      ids.push(body['id']);
    }
    const { status, body } = await api.call('GET', `/v1/promises/${id}/notes`);
    expect(status).toBe(200);
    expect(itemsOf(body).map((item) => [item['id'], item['by'], item['text']])).toEqual([
      [ids[0], 'kati', texts[0]],
      [ids[1], 'jaan', texts[1]],
    ]);
    expect((await api.call('GET', `/v1/promises/${id}`)).body).toEqual(before.body);
    expect(itemsOf((await api.call('GET', `/v1/promises/${id}/timeline`)).body)).toHaveLength(1);
  });

  test('stand in no line of the log, also when they are refused', async () => {
    await api.call('POST', `/v1/promises/${id}/notes`, { text: 'CANARY told us her PIN', by: 'nobody' });
    await api.call('POST', `/v1/promises/${id}/notes`, { text: 'CANARY told us her PIN', by: 'kati' });
    expect(api.lines.join('\n')).not.toContain('CANARY');
  });

  test.each<[string, unknown, string]>([
    ['without a text', { by: 'kati' }, '/text'],
    ['with an empty text', { text: '', by: 'kati' }, '/text'],
    ['with a text that PostgreSQL cannot store', { text: 'a\0b', by: 'kati' }, '/text'],
    ['that is too long', { text: 'a'.repeat(4001), by: 'kati' }, '/text'],
    ['of nobody', { text: 'a' }, '/by'],
    ['of somebody unknown', { text: 'a', by: 'constructor' }, '/by'],
    ['of the hotline, which is no person', { text: 'a', by: 'hotline' }, '/by'],
  ])('%s are refused', async (_, body, pointer) => {
    const before = itemsOf((await api.call('GET', `/v1/promises/${id}/notes`)).body).length;
    const refused = await api.call('POST', `/v1/promises/${id}/notes`, body);
    expect([refused.status, pointersOf(refused.body)]).toEqual([422, [pointer]]);
    expect(itemsOf((await api.call('GET', `/v1/promises/${id}/notes`)).body)).toHaveLength(before);
  });

  test('of a promise that is not there are neither written nor read', async () => {
    const nobody = '0199c0de-0000-7000-8000-000000000000';
    const written = await api.call('POST', `/v1/promises/${nobody}/notes`, { text: 'a', by: 'kati' });
    expect([written.status, written.body['code']]).toEqual([404, 'PROMISE_UNKNOWN']);
    expect((await api.call('GET', `/v1/promises/${nobody}/notes`)).status).toBe(404);
  });
});
