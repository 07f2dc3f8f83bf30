import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One line of the journal, in the manner of Jepsen. `invoke`: a request goes out; then `ok`: it was acknowledged; `info`:
 * nobody knows, it is sent again with the same key; `fail`: it was refused and changed nothing.
 */
export interface Entry {
  readonly atMs: number;
  readonly type: 'invoke' | 'ok' | 'info' | 'fail';
  readonly what: 'register' | 'fact';
  /** Of the promise. */
  readonly ref: string;
  /** Of the fact. */
  readonly key?: string;
  /** Of the answer; absent where none came. */
  readonly status?: number;
  readonly retryAfter?: boolean;
}

export interface Journal {
  readonly entries: readonly Entry[];
  /** Requests that wait for their answer now. */
  waiting(): ReadonlySet<symbol>;
  /** Of those, how many never got one. Once they have all ended. */
  unanswered(of: ReadonlySet<symbol>): number;
  /** How many are neither acknowledged nor given up, be they under way or between two tries. */
  pending(): number;
}

export interface Client extends Journal {
  /** Sends until it is acknowledged; null where that did not happen in time. @throws where it is refused */
  post(op: Pick<Entry, 'what' | 'ref' | 'key'>, path: string, body: unknown): Promise<Answer | null>;
}

export type Answer = Readonly<Record<string, unknown>>;

export interface ClientOptions {
  readonly url: string;
  readonly key: string;
  /** Kept for a look, a line each. */
  readonly file: string;
}

/** How long one request waits for its answer, and how long it is sent again and again. */
const ANSWER_MS = 10_000;
const PATIENCE_MS = 180_000;
/** The first pause before it is sent again; each one is longer, up to ten times. */
const AGAIN_MS = 200;

/** Sends requests with keys of their own, and writes down what was acknowledged and when. */
export function createClient({ url, key, file }: ClientOptions): Client {
  const entries: Entry[] = [];
  const waiting = new Set<symbol>();
  const silent = new Set<symbol>();
  let pending = 0;
  const note = (entry: Omit<Entry, 'atMs'>): void => {
    const line = { atMs: Date.now(), ...entry };
    entries.push(line);
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };

  const send = async (path: string, body: string): Promise<Response | null> => {
    const request = Symbol(path);
    waiting.add(request);
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const response = await fetch(`${url}${path}`, { method: 'POST', headers, body, signal });
      // An answer without its end is none.
      return new Response(await response.arrayBuffer(), response);
    } catch {
      silent.add(request);
      return null;
    } finally {
      waiting.delete(request);
    }
  };

  const postUntilAcknowledged: Client['post'] = async (op, path, body) => {
    const text = JSON.stringify(body);
    const giveUpAt = Date.now() + PATIENCE_MS;
    for (let tries = 1; Date.now() < giveUpAt; tries += 1) {
      note({ type: 'invoke', ...op });
      const response = await send(path, text);
      const status = response?.status;
      if (response?.ok) {
        note({ type: 'ok', ...op, status: response.status });
        return (await response.json()) as Answer;
      }
      if (response && response.status < 500) {
        note({ type: 'fail', ...op, status: response.status });
        throw new Error(`${op.what} ${op.ref} ${op.key ?? ''}: ${response.status} ${await response.text()}`);
      }
      const retryAfter = response?.headers.has('retry-after') ?? false;
      note({ type: 'info', ...op, ...(status === undefined ? {} : { status, retryAfter }) });
      await sleep(AGAIN_MS * Math.min(tries, 10) * (0.5 + Math.random()));
    }
    return null;
  };

  return {
    entries,
    waiting: () => new Set(waiting),
    unanswered: (of) => [...of].filter((request) => silent.has(request)).length,
    pending: () => pending,
    post: async (op, path, body) => {
      pending += 1;
      try {
        return await postUntilAcknowledged(op, path, body);
      } finally {
        pending -= 1;
      }
    },
  };
}
