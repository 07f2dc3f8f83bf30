import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { onlyOwnForms, readForm, seeOther } from '../../api/forms.ts';

const BASE = 'https://kept.example';
const FORM = 'application/x-www-form-urlencoded';

/** A page with a form that changes something; `changed` is what it was told. */
function site() {
  const changed: string[] = [];
  const app = new Hono();
  app.post('/things', onlyOwnForms({ baseUrl: BASE }), async (c) => {
    const form = await readForm(c);
    changed.push(form.value('name'));
    return seeOther('/things/1');
  });
  return { app, changed };
}

const send = async (headers: Record<string, string>, body = 'name=Mari', url = 'http://127.0.0.1:7400/things') => {
  const { app, changed } = site();
  const response = await app.request(url, { method: 'POST', headers: { 'content-type': FORM, ...headers }, body });
  return { response, changed };
};

describe('a form', () => {
  test.each<[string, Record<string, string>]>([
    ['of the page itself', { origin: 'http://127.0.0.1:7400', 'sec-fetch-site': 'same-origin' }],
    ['of the page as people see it behind a proxy', { origin: BASE, 'sec-fetch-site': 'same-origin' }],
    ['of a program, which names no page', {}],
  ])('%s is carried out, and the page follows by GET', async (_, headers) => {
    const { response, changed } = await send(headers);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/things/1']);
    expect(changed).toEqual(['Mari']);
  });

  test.each<[string, Record<string, string>]>([
    ['of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['of another site, by an old browser', { origin: 'https://evil.example' }],
    ['of another server on this machine', { origin: 'http://127.0.0.1:7434', 'sec-fetch-site': 'same-site' }],
    ['of a page that hides where it comes from', { origin: 'null' }],
    ['of a page whose browser says only that it is foreign', { 'sec-fetch-site': 'cross-site' }],
    ['over another scheme', { origin: 'http://kept.example' }],
  ])('%s is refused and changes nothing', async (_, headers) => {
    const { response, changed } = await send(headers);
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(changed).toEqual([]);
  });

  test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''])(
    'that is none (%s) is refused and changes nothing',
    async (type) => {
      const { response, changed } = await send({ 'content-type': type });
      expect(response.status).toBe(415);
      expect(changed).toEqual([]);
    },
  );

  test('reads as it was typed: the first of each field, trimmed, a missing one being empty', async () => {
    const app = new Hono();
    app.post('/', async (c) => {
      const form = await readForm(c);
      return c.json([form.value('a'), form.value('b'), form.value('c'), form.all('a')]);
    });
    const body = new URLSearchParams([
      ['a', '  Jõgeva & Võru '],
      ['a', 'second'],
      ['b', 'one\r\ntwo'],
    ]);
    const response = await app.request('/', { method: 'POST', headers: { 'content-type': FORM }, body });
    expect(await response.json()).toEqual(['Jõgeva & Võru', 'one\ntwo', '', ['Jõgeva & Võru', 'second']]);
  });
});
