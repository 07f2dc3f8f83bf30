import { setTimeout as sleep } from 'node:timers/promises';
import { later, msOf } from '../../domain/promise/instant.ts';
import type { ApiClient } from './api-client.ts';
import type { PlayedRow } from './shrink.ts';

export interface PlayOptions {
  readonly api: ApiClient;
  readonly source: string;
  /** Customers' zone: their times are shown in it. */
  readonly zone: string;
  readonly rows: readonly PlayedRow[];
  /** Milliseconds since 1970 on the clock by which the promises are judged. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** Called after each answered call. */
  readonly onCall?: (sent: Played) => void;
}

/** What was sent and answered. */
export interface Played {
  readonly registered: number;
  readonly facts: number;
}

/** Calls that may be under way at once; also the number of connections. */
const IN_FLIGHT = 32;

/**
 * Registers each row at its moment and reports its facts at theirs; what lies in the past is sent at once, in order. A
 * fact waits for the call before it on the same promise. Ends when everything is answered.
 * @throws ApiRefusal for the first call that was refused; AbortError when the signal says stop.
 */
export async function play({ api, source, zone, rows, now, signal, onCall }: PlayOptions): Promise<Played> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const sent = { registered: 0, facts: 0 };
  const running = new Set<Promise<void>>();
  const ids = rows.map((): Promise<string> | null => null);
  let failure: unknown = null;

  async function call({ index, step }: Moment): Promise<void> {
    const row = rows[index];
    if (!row) return;
    if (step === 0) {
      const id = api.register(registrationOf(row, source, zone));
      ids[index] = id;
      await id;
      sent.registered += 1;
    } else {
      const fact = row.facts[step - 1];
      const before = ids[index];
      if (!fact || !before) return;
      const reported = before.then(async (id) => {
        await api.reportFact(id, fact);
        return id;
      });
      ids[index] = reported;
      await reported;
      sent.facts += 1;
    }
    onCall?.({ ...sent });
  }

  for (const moment of momentsOf(rows)) {
    if (running.size >= IN_FLIGHT) await Promise.race(running);
    const waitMs = moment.atMs - now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: either }).catch(() => {});
    if (either.aborted) break;
    const answered: Promise<void> = call(moment)
      .catch((error: unknown) => {
        failure ??= error;
        stop.abort();
      })
      .finally(() => running.delete(answered));
    running.add(answered);
  }
  await Promise.all(running);
  if (failure !== null) throw failure;
  signal?.throwIfAborted();
  return sent;
}

/** One call: the registration of a row (step 0) or one of its facts. */
interface Moment {
  readonly atMs: number;
  readonly index: number;
  readonly step: number;
}

/** All calls in the order of their moments; nothing is told of a promise before it is made. */
export function momentsOf(rows: readonly PlayedRow[]): readonly Moment[] {
  const moments = rows.flatMap((row, index) => [
    { atMs: msOf(row.madeAt), index, step: 0 },
    ...row.facts.map((fact, at) => ({ atMs: msOf(later(fact.occurredAt, row.madeAt)), index, step: at + 1 })),
  ]);
  return moments.sort((a, b) => a.atMs - b.atMs || a.index - b.index || a.step - b.step);
}

/** The body of `POST /v1/promises`. Nobody real is written to: each promise has a customer of its own at replay.example. */
export function registrationOf(row: PlayedRow, source: string, zone: string): Readonly<Record<string, unknown>> {
  const { promised } = row;
  const address = `${row.ref}@replay.example`;
  return {
    source,
    ref: row.ref,
    kind: row.kind,
    promised: promised.precision === 'window' ? { from: promised.from, to: promised.to } : { at: promised.at },
    madeAt: row.madeAt,
    customer: { ref: address, email: address, zone, ...(row.customerName === null ? {} : { name: row.customerName }) },
    ...(row.owner === null ? {} : { owner: row.owner }),
    ...(row.partner === null ? {} : { partner: row.partner }),
    ...(row.subject === null ? {} : { subject: row.subject }),
  };
}
