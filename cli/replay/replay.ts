import { setTimeout as sleep } from 'node:timers/promises';
import { newestPolicy, savePolicies } from '../../db/policies.ts';
import { databaseNow, isUnavailable, type Pool, type Queryable } from '../../db/pool.ts';
import { beginReplay, noticeFiguresOf, phasesOf, unfinishedOf } from '../../db/replays.ts';
import { dayOf, startOfDay } from '../../domain/calendar/zones.ts';
import { instant, msOf, plusMs, type Instant } from '../../domain/promise/instant.ts';
import type { Phase } from '../../domain/promise/words.ts';
import type { Mapping } from '../import/mapping.ts';
import type { DatedRow } from '../import/read-history.ts';
import type { ApiClient } from './api-client.ts';
import { play, type Played } from './player.ts';
import { shrinkPolicy, shrinkRow, type PlayedRow, type Scale } from './shrink.ts';

/** What happened, and whether it is what the history says. The shape is public: `kept replay --json`. */
export interface ReplayResult {
  readonly source: string;
  readonly registered: number;
  readonly facts: number;
  readonly kept: number;
  readonly broken: number;
  readonly overdue: number;
  readonly open: number;
  readonly withdrawn: number;
  readonly warned: number;
  readonly recovered: number;
  readonly noticesAfterFulfilled: number;
  readonly wakeLagMs: { readonly p50: number | null; readonly p99: number | null };
  readonly equal: boolean;
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly ref: string;
  readonly expected: PlayedRow['expected'];
  /** `missing`: the promise is not there. */
  readonly found: Phase | 'missing';
}

export interface ReplayOptions {
  readonly api: ApiClient;
  readonly pool: Pool;
  readonly mapping: Mapping;
  readonly rows: readonly DatedRow[];
  /** The local day at whose start the clock of the replay begins; null: the day of the earliest row. */
  readonly from: string | null;
  readonly dayMs: number;
  readonly onProgress: (progress: Progress) => void;
  /** How long what is owed may stay undone once its time has come; default two minutes. */
  readonly patienceMs?: number;
}

/** How far a replay has come: calls answered of all; once those are done, how long until the last deadline is over. */
export interface Progress extends Played {
  readonly remainingMs: number | null;
}

/** Something stands in the way of a replay; the message says what to do. */
export class ReplayRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ReplayRefused';
  }
}

/** Kinds of a replay are the history's with this ending, so that shrunken policies touch no real promise. */
const SUFFIX = '-replay';
/** So that the first calls come at their moment, not after it. */
const LEAD_IN_MS = 1_000;
const POLL_MS = 200;
/** Mail and engine then are no longer working. */
const PATIENCE_MS = 120_000;

/**
 * Plays a history as if it happened now and waits until nothing more can come of it.
 * @throws ReplayRefused when the source was played before, a kind has no policy, or notices stay undone.
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { api, pool, mapping, rows, dayMs, onProgress } = options;
  const source = mapping.name;
  const policies = await shrunkenPolicies(pool, rows, dayMs);
  const askedAt = Date.now();
  const now = await databaseNow(pool);
  // Promises are judged by the database's clock, so the player goes by it, too.
  const skewMs = msOf(now) - (askedAt + Date.now()) / 2;
  const scale = {
    historyOrigin: beginningOf(rows, options.from, mapping.zone),
    origin: plusMs(now, LEAD_IN_MS),
    dayMs,
  };
  if (!(await beginReplay(pool, { source, originAt: scale.origin, dayMs })))
    throw new ReplayRefused(
      `Promises of ${source} are here already, played or imported. Begin anew with "npm start -- --fresh", which forgets everything, ` +
        'or start a second Kept beside it ("npm start -- --no-sample --state other") and add --state other here.',
    );
  await savePolicies(pool, policies);
  const played = rows.map((row) => shrinkRow(scale, row, SUFFIX));
  const sent = await play({
    api,
    source,
    zone: mapping.zone,
    rows: played,
    now: () => Date.now() + skewMs,
    onCall: (done) => onProgress({ ...done, remainingMs: null }),
  });
  await untilNothingIsOwed(pool, source, options.patienceMs ?? PATIENCE_MS, (remainingMs) =>
    onProgress({ ...sent, remainingMs }),
  );
  return resultOf(pool, source, sent, played);
}

async function shrunkenPolicies(
  q: Queryable,
  rows: readonly DatedRow[],
  dayMs: number,
): Promise<ReturnType<typeof shrinkPolicy>[]> {
  const kinds = [...new Set(rows.map((row) => row.kind))];
  const policies = await Promise.all(kinds.map((kind) => newestPolicy(q, kind)));
  return kinds.map((kind, index) => {
    const known = policies[index];
    if (!known) throw new ReplayRefused(`There is no policy for the kind ${kind}: add ${kind}.yaml to KEPT_POLICIES.`);
    return shrinkPolicy(known.policy, `${kind}${SUFFIX}`, dayMs);
  });
}

function beginningOf(rows: readonly DatedRow[], from: string | null, zone: string): Scale['historyOrigin'] {
  const first = rows.reduce<Instant | null>(
    (best, { madeAt }) => (best === null || madeAt < best ? madeAt : best),
    null,
  );
  return startOfDay(from ?? dayOf(first ?? instant(0), zone), zone);
}

/** Until the last deadline and its late facts are over and every notice has its end. */
async function untilNothingIsOwed(
  pool: Pool,
  source: string,
  patienceMs: number,
  onWait: (remainingMs: number) => void,
): Promise<void> {
  let left: Left | null = null;
  let giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const seen = await leftOf(pool, source);
    left = seen ?? left;
    if (seen?.notices === 0 && seen.waiting === 0 && seen.remainingMs <= 0) return;
    // As long as a deadline or a next look lies ahead, waiting is what there is to do.
    if (seen && seen.remainingMs > 0) giveUpAt = performance.now() + seen.remainingMs + patienceMs;
    if (performance.now() > giveUpAt) throw new ReplayRefused(stuck(left, patienceMs));
    onWait(Math.max(0, left?.remainingMs ?? 0));
    await sleep(POLL_MS);
  }
}

interface Left {
  readonly notices: number;
  readonly waiting: number;
  readonly remainingMs: number;
}

/** Null while the database is away: `kept up` brings it back. */
async function leftOf(q: Queryable, source: string): Promise<Left | null> {
  try {
    const { notices, waiting, lastRecoveryAt, lastWakeAt } = await unfinishedOf(q, source);
    const ahead = [lastRecoveryAt, lastWakeAt].flatMap((at) => (at === null ? [] : [msOf(at)]));
    const remainingMs = ahead.length === 0 ? 0 : Math.max(...ahead) - msOf(await databaseNow(q));
    return { notices, waiting, remainingMs };
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
}

function stuck(left: Left | null, patienceMs: number): string {
  const what = left
    ? `${left.notices} notices and ${left.waiting} promises are still unfinished`
    : 'The database is away';
  return `${what}, ${patienceMs / 1000} s after everything should be over. Look at /ready of the API and at the logs in the state folder.`;
}

async function resultOf(q: Queryable, source: string, sent: Played, rows: readonly PlayedRow[]): Promise<ReplayResult> {
  const found = await phasesOf(q, source);
  const count = (...phases: readonly Phase[]): number => found.filter(({ phase }) => phases.includes(phase)).length;
  const { warned, recovered, noticesAfterFulfilled, wakeLagP50, wakeLagP99 } = await noticeFiguresOf(q, source);
  const differences = differencesOf(rows, found);
  return {
    source,
    registered: sent.registered,
    facts: sent.facts,
    kept: count('kept'),
    broken: count('broken'),
    overdue: count('overdue'),
    open: count('open', 'at_risk'),
    withdrawn: count('withdrawn'),
    warned,
    recovered,
    noticesAfterFulfilled,
    wakeLagMs: { p50: wakeLagP50, p99: wakeLagP99 },
    equal: differences.length === 0,
    differences,
  };
}

/** Where the outcome of a promise is not what its history says. */
export function differencesOf(
  rows: readonly Pick<PlayedRow, 'ref' | 'expected'>[],
  found: readonly { readonly ref: string; readonly phase: Phase }[],
): readonly Difference[] {
  const phases = new Map(found.map(({ ref, phase }) => [ref, phase]));
  return rows.flatMap(({ ref, expected }) => {
    const phase = phases.get(ref) ?? 'missing';
    return phase === expected ? [] : [{ ref, expected, found: phase }];
  });
}
