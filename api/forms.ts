import type { Context, Next } from 'hono';
import { formRefusedPage } from '../web/pages/form-refused.tsx';
import type { ApiDeps } from './deps.ts';
import { pageResponse } from './page-response.ts';

/** What a form sent. A field that was left empty, or never sent, is the empty text; sent more than once, the first. */
export interface Form {
  value(name: string): string;
  /** Every value of a field that may be chosen more than once. */
  all(name: string): readonly string[];
}

const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/**
 * Reads a form. Its texts are trimmed, with line breaks as `\n`; one that PostgreSQL could not store is refused by the
 * field that reads it (`text()` of fields.ts).
 */
export async function readForm(c: Context): Promise<Form> {
  const sent = new URLSearchParams(await c.req.text());
  return {
    value: (name) => clean(sent.get(name) ?? ''),
    all: (name) => sent.getAll(name).map(clean),
  };
}

const clean = (value: string): string => value.replaceAll('\r\n', '\n').trim();

/**
 * Stands before every handler that takes a form: pages ask for no key, so a page of somebody else, opened in the same
 * browser, must not be able to send one. Browsers name the page that sends (`Origin`, `Sec-Fetch-Site`) and let no script
 * change it. What names none is no browser, and could send whatever it likes anyway.
 */
export function onlyOwnForms({ baseUrl }: Pick<ApiDeps, 'baseUrl'>) {
  const told = new URL(baseUrl).origin;
  return async (c: Context, next: Next): Promise<Response | undefined> => {
    const origin = c.req.header('origin');
    const site = c.req.header('sec-fetch-site');
    // Behind a proxy the address we are asked by may be another than the one that people see.
    const isOwn = origin === undefined || origin === told || origin === new URL(c.req.url).origin;
    const isSameSite = site === undefined || site === 'same-origin' || site === 'none';
    if (!isOwn || !isSameSite) return pageResponse(formRefusedPage('foreign'), 403);
    if (!FORM.test(c.req.header('content-type') ?? '')) return pageResponse(formRefusedPage('type'), 415);
    await next();
    return undefined;
  };
}

/** After a form was carried out: the browser gets the page by GET, so that a reload sends nothing again. */
export const seeOther = (path: string): Response =>
  new Response(null, { status: 303, headers: { location: path, 'cache-control': 'no-store' } });
