import type { Sought } from '../db/dossiers.ts';
import { readPhone } from './phone.ts';
import { promisePath } from './routes/promise-path.ts';

/** What was typed to find somebody, in each way in which it can be read. `country`: of phones without a prefix. */
export function soughtBy(typed: string, country: string | null): Sought {
  const text = typed.trim();
  const path = promisePath.safeParse({ id: text });
  return { text, phone: readPhone(text, country), promiseId: path.success ? path.data.id : null };
}
