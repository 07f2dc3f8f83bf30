import { setTimeout as sleep } from 'node:timers/promises';
import { agendaOf, type Moment } from './agenda.ts';
import type { ApiClient } from './api-client.ts';
import type { PlayedRow } from './shrink.ts';

export interface PlayOptions {
  readonly api: ApiClient;
  readonly source: string;
  /** Customers' zone: their times are shown in it. */
  readonly zone: string;
  readonly rows: readonly PlayedRow[];
  /** Ids of the promises that are registered already, by their row's ref: only their facts are told. */
  readonly known?: ReadonlyMap<string, string>;
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
 * Registers each row at its moment and reports its facts at theirs; what lies in the past is sent at once, in the order
 * of `agendaOf`. A fact waits for the call before it on the same promise. Ends when everything is answered.
 * @throws ApiRefusal for the first call that was refused; AbortError when the signal says stop.
 */
export async function play(options: PlayOptions): Promise<Played> {
  const { api, source, zone, rows, known = new Map<string, string>(), now, signal, onCall } = options;
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const sent = { registered: 0, facts: 0 };
  const running = new Set<Promise<void>>();
  const ids = rows.map(({ ref }): Promise<string> | null => {
    const id = known.get(ref);
    return id === undefined ? null : Promise.resolve(id);
  });
  const agenda = agendaOf(rows, new Set(ids.flatMap((id, index) => (id ? [index] : []))));
  let failure: unknown = null;

  async function call({ index, fact: place }: Moment): Promise<void> {
    const row = rows[index];
    if (!row) return;
    if (place === null) {
      const id = api.register(registrationOf(row, source, zone));
      ids[index] = id;
      await id;
      sent.registered += 1;
    } else {
      const fact = row.facts[place];
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

  for (;;) {
    if (running.size >= IN_FLIGHT) await Promise.race(running);
    const moment = agenda.next(now());
    if (!moment) break;
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

/** The body of `POST /v1/promises`. Nobody real is written to: each promise has a customer of its own at replay.example. */
export function registrationOf(row: PlayedRow, source: string, zone: string): Readonly<Record<string, unknown>> {
  const { promised } = row;
  const optional = {
    owner: row.owner,
    partner: row.partner,
    region: row.region,
    product: row.product,
    subject: row.subject,
    target: row.target && { at: row.target },
  };
  return {
    source,
    ref: row.ref,
    kind: row.kind,
    promised: promised.precision === 'window' ? { from: promised.from, to: promised.to } : { at: promised.at },
    madeAt: row.madeAt,
    customer: {
      ref: `${row.ref}@replay.example`,
      // A reference may hold what an address may not.
      email: `${row.ref.replace(/[^\w+-]/g, '-').slice(0, 64)}@replay.example`,
      zone: row.customer?.zone ?? zone,
      ...known({ name: row.customer?.name ?? null, language: row.customer?.language ?? null }),
    },
    ...known(optional),
  };
}

const known = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
