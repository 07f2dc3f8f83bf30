import pg from 'pg';
import { KeptError } from './fault-fields.ts';
import { instant, type Instant } from '../domain/promise/instant.ts';

/** Anything that answers a query: a pool, or one connection inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>;
/** A connection inside a transaction. Only `inTransaction` makes one. */
export type Tx = Queryable & { readonly __tx: true };
export type Pool = pg.Pool;

export interface PoolOptions {
  readonly url: string;
  readonly max: number;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** How long one statement may take; default 10 s. A server that hangs is one that is not there. */
  readonly statementMs?: number;
}

const STATEMENT_MS = 10_000;
/** The server ends a statement itself; only when it does not answer any more, we do. */
const ANSWER_MS = 5_000;

const TIMESTAMPTZ = 1184;
const BIGINT = 20;

/** Timestamps come back as `Instant` (`infinity` stays a word that compares as later than all), bigints as numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === TIMESTAMPTZ) return (text: string) => readInstant(text);
    if (oid === BIGINT) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

export function createPool({ url, max, name, statementMs = STATEMENT_MS }: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    types,
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementMs,
    query_timeout: statementMs + ANSWER_MS,
    keepAlive: true,
    options: '-c timezone=UTC',
  });
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  return pool;
}

/** A commit that the server answered with ROLLBACK: an earlier statement had failed and its error was swallowed. */
export class NotCommitted extends KeptError {
  constructor() {
    super('The transaction was rolled back by the server instead of being committed.');
    this.name = 'NotCommitted';
  }
}

/** Runs `work` in one READ COMMITTED transaction: commits when it returns, rolls back and rethrows when it throws. */
export async function inTransaction<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Between queries a dying connection emits here, not on the pool.
  const onError = (error: Error): void => void (broken = error);
  client.on('error', onError);
  try {
    await client.query('begin');
    const result = await work(client as unknown as Tx);
    const { command } = await client.query('commit');
    if (command !== 'COMMIT') throw new NotCommitted();
    return result;
  } catch (error) {
    await client.query('rollback').catch((rollbackError: Error) => void (broken = rollbackError));
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'ENOENT']);

/** True when the error says that PostgreSQL is not there (connection lost, shutting down, starting up, too many clients, no answer in time). */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string')
    return NETWORK.has(code) || code.startsWith('08') || code.startsWith('57') || code === '53300';
  return /terminat|timeout exceeded when trying to connect|Connection ended|not queryable|Query read timeout/i.test(
    error.message,
  );
}

/** PostgreSQL's clock: the only one that stamps and judges. */
export async function databaseNow(q: Queryable): Promise<Instant> {
  const { rows } = await q.query<{ now: Instant }>('select clock_timestamp() as now');
  const row = rows[0];
  if (!row) throw new KeptError('PostgreSQL gave no time.');
  return row.now;
}

function readInstant(text: string): Instant {
  if (text === 'infinity') return text as Instant;
  return instant(Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')));
}
