import { createPool, isUnavailable, type Pool } from '../db/pool.ts';

/**
 * Does `work` with the database of `url` and closes what it opened.
 * @throws the work's own faults; where the database cannot be used at all, a sentence that says where and what to do
 */
export async function withDatabase<T>(
  { url, max = 1, name }: { readonly url: string; readonly max?: number; readonly name: string },
  work: (pool: Pool) => Promise<T>,
): Promise<T> {
  const pool = createPool({ url, max, name });
  try {
    return await explained(url, () => work(pool));
  } finally {
    await pool.end();
  }
}

/** The same for what opens its own connections. */
export async function explained<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const words = sentenceOf(error, placeOf(url));
    throw words === null ? error : new Error(words, { cause: error });
  }
}

const UNDEFINED_TABLE = '42P01';
/** Invalid authorisation, and a database that is not there. */
const REFUSED = /^(28...|3D000)$/;

function sentenceOf(error: unknown, place: string): string | null {
  const given = (error as { code?: unknown } | null)?.code;
  const code = typeof given === 'string' ? given : '';
  const said = error instanceof Error && error.message !== '' ? error.message : code;
  if (code === UNDEFINED_TABLE)
    return `The database at ${place} has not the tables of Kept. Run "npx kept migrate" with this DATABASE_URL once.`;
  // pg says so itself, without a code, where a password is asked for and none is given.
  if (REFUSED.test(code) || said.startsWith('SASL'))
    return `PostgreSQL at ${place} refuses: ${said}. Check user, password and name in DATABASE_URL.`;
  if (!isUnavailable(error)) return null;
  return `PostgreSQL at ${place} cannot be reached (${code || said}). Is it running, and is DATABASE_URL right?`;
}

/** Host, port and name: without the password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host || 'the local socket'}${pathname}`;
}
