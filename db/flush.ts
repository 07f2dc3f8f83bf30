import { KeptError } from './fault-fields.ts';
import { isUnavailable } from './pool.ts';

/** How requests are gathered. */
export interface FlushOptions<T, R> {
  /** Stores a batch and answers in its order. */
  readonly store: (batch: readonly T[]) => Promise<readonly R[]>;
  readonly maxBatch: number;
  /** Flushes at a time. */
  readonly maxInFlight: number;
}

interface Waiting<T, R> {
  readonly request: T;
  readonly resolve: (answer: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Requests that arrive while a flush is running share the next one; no timer. Answers after the flush, and rejects with its
 * error.
 */
export function createFlush<T, R>({ store, maxBatch, maxInFlight }: FlushOptions<T, R>): (request: T) => Promise<R> {
  const queue: Waiting<T, R>[] = [];
  let inFlight = 0;

  const flush = async (batch: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const answers = await store(batch.map(({ request }) => request));
      batch.forEach((item, at) => {
        const answer = answers[at];
        if (answer === undefined) item.reject(new KeptError('A request got no answer.'));
        else item.resolve(answer);
      });
    } catch (error) {
      // One bad row fails the whole statement: the others deserve their own answer.
      if (batch.length > 1 && !isUnavailable(error)) for (const item of batch) await flush([item]);
      else for (const item of batch) item.reject(error);
    }
  };

  const pump = (): void => {
    while (inFlight < maxInFlight && queue.length > 0) {
      inFlight += 1;
      void flush(queue.splice(0, maxBatch)).finally(() => {
        inFlight -= 1;
        pump();
      });
    }
  };

  return (request) =>
    new Promise((resolve, reject) => {
      queue.push({ request, resolve, reject });
      pump();
    });
}
