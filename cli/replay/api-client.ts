import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { OutsideFact } from '../../domain/promise/facts.ts';

/** The two calls an order system makes. Both are repeated under the same key until they are answered. */
export interface ApiClient {
  /** Registers a promise; the answer is its id. */
  register(body: Readonly<Record<string, unknown>>): Promise<string>;
  reportFact(promiseId: string, fact: OutsideFact): Promise<void>;
}

export interface ApiClientOptions {
  /** `http://127.0.0.1:7400` */
  readonly url: string;
  readonly key: string;
  readonly signal?: AbortSignal;
  /** How long a call is repeated while the API is away or overloaded. */
  readonly patienceMs: number;
  /** How long one attempt may take before it counts as unanswered; default 15 s. */
  readonly attemptMs?: number;
}

/** The API refused a call, or was away for too long. The message carries codes and pointers, nothing of the customer. */
export class ApiRefusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ApiRefusal';
  }
}

/** Longer than the API itself waits for its database. */
const ATTEMPT_MS = 15_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

const Identified = z.object({ id: z.string() });
const Problem = z.object({
  code: z.string().optional(),
  title: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string().optional() })).optional(),
});

/** Node's fetch keeps connections open between calls. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { url, key, signal, patienceMs, attemptMs = ATTEMPT_MS } = options;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };

  async function attempt(path: string, body: string): Promise<Attempt> {
    const timeout = AbortSignal.timeout(attemptMs);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    try {
      const answer = await fetch(new URL(path, url), { method: 'POST', headers, body, signal: either });
      const text = await answer.text();
      if (answer.ok) return { result: 'done', text };
      const again = answer.status >= 500 || answer.status === 429;
      const afterMs = Number(answer.headers.get('retry-after') ?? 0) * 1000;
      return again
        ? { result: 'again', why: `HTTP ${answer.status}`, afterMs }
        : { result: 'refused', why: problemOf(answer.status, text) };
    } catch (error) {
      signal?.throwIfAborted();
      const why = timeout.aborted ? `no answer within ${attemptMs / 1000} s` : networkCode(error);
      return { result: 'again', why, afterMs: 0 };
    }
  }

  async function post(path: string, body: unknown): Promise<string> {
    const text = JSON.stringify(body);
    const giveUpAt = performance.now() + patienceMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const attempted = await attempt(path, text);
      if (attempted.result === 'done') return attempted.text;
      if (attempted.result === 'refused') throw new ApiRefusal(`POST ${path} was refused: ${attempted.why}`);
      if (performance.now() >= giveUpAt)
        throw new ApiRefusal(
          `POST ${path} was not answered for ${patienceMs / 1000} s (${attempted.why}). Is the API running?`,
        );
      await sleep(
        Math.max(pauseMs, Math.min(attempted.afterMs, LONGEST_PAUSE_MS)),
        undefined,
        signal ? { signal } : {},
      );
    }
  }

  return {
    register: async (body) => Identified.parse(JSON.parse(await post('/v1/promises', body))).id,
    reportFact: async (promiseId, fact) => void (await post(`/v1/promises/${promiseId}/facts`, fact)),
  };
}

type Attempt =
  | { readonly result: 'done'; readonly text: string }
  | { readonly result: 'again'; readonly why: string; readonly afterMs: number }
  | { readonly result: 'refused'; readonly why: string };

function problemOf(status: number, text: string): string {
  const read = Problem.safeParse(jsonOrNull(text));
  if (!read.success) return `HTTP ${status}`;
  const { code, title, errors = [] } = read.data;
  const where = errors.map(({ pointer, message }) => `${pointer} ${message ?? ''}`.trim()).join('; ');
  return [`HTTP ${status}`, code, title, where].filter((part) => part !== undefined && part !== '').join(', ');
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** fetch hides the system's code one level down. */
function networkCode(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return typeof cause?.code === 'string' ? cause.code : 'no answer';
}
