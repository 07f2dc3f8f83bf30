import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What pages load besides themselves. To add one: the file in `web/assets/` and one line here. */
const TYPES = {
  'style.css': 'text/css; charset=utf-8',
  'forms.css': 'text/css; charset=utf-8',
  'live.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

export interface Asset {
  readonly type: string;
  readonly body: string;
}

/** A file under `/assets/`, read once; null for any other name. */
export function asset(name: string): Asset | null {
  if (!Object.hasOwn(TYPES, name)) return null;
  const known = read.get(name);
  if (known) return known;
  const loaded = { type: TYPES[name as keyof typeof TYPES], body: readFileSync(`${folder()}/${name}`, 'utf8') };
  read.set(name, loaded);
  return loaded;
}

const read = new Map<string, Asset>();

/** The files lie beside the sources, also when the compiled code runs from `dist/`. */
function folder(): string {
  const here = fileURLToPath(new URL('assets', import.meta.url));
  return existsSync(here) ? here : fileURLToPath(new URL('../../web/assets', import.meta.url));
}

/** What pages need and no more: no inline script, no inline style, nothing from elsewhere. */
export const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
