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

/** After so long without a word each side asks whether the other is still there; PostgreSQL takes no for an answer at 30 s. */
const KEEPALIVE_SECONDS = 15;
const KEEPALIVE = `-c tcp_keepalives_idle=${KEEPALIVE_SECONDS} -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3`;

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

/** One that is not let in hangs up: left open, its connection would keep the process from ending. */
export class Client extends pg.Client {
  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error | undefined) => void): void;
  override connect(callback?: (error: Error | undefined) => void): Promise<pg.Client> | void {
    const hangUp = (): void => this.end(() => {});
    if (!callback) {
      const connected = super.connect();
      connected.catch(hangUp);
      return connected;
    }
    super.connect((error?: Error) => {
      if (error) hangUp();
      callback(error);
    });
  }
}

export function createPool({ url, max, name, statementMs = STATEMENT_MS }: PoolOptions): Pool {
  const pool = new pg.Pool({
    Client,
    connectionString: url,
    max,
    application_name: name,
    types,
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementMs,
    query_timeout: statementMs + ANSWER_MS,
    // Who is cut off without a word inside a transaction holds its locks no longer than it would wait itself.
    idle_in_transaction_session_timeout: statementMs + ANSWER_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_SECONDS * 1_000,
    options: `-c timezone=UTC ${KEEPALIVE}`,
  });
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  // Nor does one end it that dies just as it is handed out or given back: whoever has it hears of it by their next query.
  pool.on('connect', (client) => client.on('error', () => {}));
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
    // Who does not answer is not asked to roll back, which would take as long again: the end of the connection does it.
    if (error instanceof Error && isUnavailable(error)) broken = error;
    else await client.query('rollback').catch((rollbackError: Error) => void (broken = rollbackError));
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** What came of work on many. */
export interface Tried<T> {
  /** What the work answered: once for all, or once for each. */
  readonly done: readonly T[];
  /** Those that could not be worked on; they stand in nobody else's way. */
  readonly failed: readonly { readonly id: string; readonly error: unknown }[];
}

/** Less than a statement may take: a row that somebody holds for long is no server that is away. */
const LOCK_SECONDS = 5;

/**
 * Runs `work` on all of them in one transaction; where that fails, on each in one of its own. Rejects only when PostgreSQL is
 * not there (`isUnavailable`); what was committed by then stays so.
 */
export async function allOrEach<T>(
  pool: Pool,
  ids: readonly string[],
  work: (tx: Tx, ids: readonly string[]) => Promise<T>,
): Promise<Tried<T>> {
  const attempt = (these: readonly string[]): Promise<T> =>
    inTransaction(pool, async (tx) => {
      await tx.query(`set local lock_timeout = '${LOCK_SECONDS}s'`);
      return work(tx, these);
    });
  try {
    return { done: [await attempt(ids)], failed: [] };
  } catch (error) {
    if (isUnavailable(error)) throw error;
  }
  const done: T[] = [];
  const failed: { id: string; error: unknown }[] = [];
  for (const id of ids)
    try {
      done.push(await attempt([id]));
    } catch (error) {
      if (isUnavailable(error)) throw error;
      failed.push({ id, error });
    }
  return { done, failed };
}

const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'ENOENT']);

/** PostgreSQL has heard nothing for too long inside a transaction. */
const NOT_HEARD = '25P03';

/** True when the error says that PostgreSQL is not there (connection lost, shutting down, starting up, too many clients, no answer in time). */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string')
    return (
      NETWORK.has(code) || code.startsWith('08') || code.startsWith('57') || code === '53300' || code === NOT_HEARD
    );
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
