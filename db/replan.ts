import {
  appliedTo,
  FIRST,
  goalOf,
  lockBehind,
  openOf,
  placesBehind,
  unknownForMs,
  type Goal,
  type Place,
} from './behind.ts';
import { policyOf } from './policies.ts';
import { allOrEach, databaseNow, type Pool, type Tx } from './pool.ts';
import { settle, type SettledPromise } from './settle.ts';
import { differencesOf, isDifferent, type Differences } from '../domain/policy/differences.ts';
import type { Instant } from '../domain/promise/instant.ts';

/** What applying a policy came to. */
export interface Applied {
  readonly kind: string;
  readonly version: number;
  /** The newest version of every calendar, by id. */
  readonly calendars: Readonly<Record<string, number>>;
  /** Open promises of the kind when it began. */
  readonly open: number;
  /** Those that were not under it, and are now. */
  readonly applied: number;
  /** Of these, those for which it changes something. */
  readonly replanned: number;
  /** Of these, those at which Kept looks earlier than it would have. */
  readonly earlier: number;
  /** Workflows that are told so. */
  readonly pokes: number;
  /** Ids of promises to which it cannot be applied; they stay as they were. */
  readonly failed: readonly string[];
  /** Without the wait for those who register and do not know of it yet. */
  readonly planningMs: number;
  /** PostgreSQL's time when it began. */
  readonly since: Instant;
}

/** How far it has come. */
export type OnProgress = (progress: { readonly applied: number; readonly open: number }) => void;

const BATCH = 500;
/** One batch is planned here while PostgreSQL writes the other. They are of different promises, each locked in id order. */
const LANES = 2;

/**
 * Puts the newest policy of a kind and the newest calendars in force for its open promises, nearest first, as a fact on
 * each. What has closed is never touched. Killed in the middle and run again, it does the rest; run once more, nothing.
 * Null for a kind without a policy.
 * @throws where PostgreSQL is not there any more; what was applied by then stays so
 */
export async function applyPolicy(
  pool: Pool,
  kind: string,
  onProgress: OnProgress = () => {},
): Promise<Applied | null> {
  const beganAt = performance.now();
  const since = await databaseNow(pool);
  const goal = await goalOf(pool, kind, null);
  if (!goal) return null;
  const unknownMs = await unknownForMs(pool, goal);
  const knownAt = performance.now() + unknownMs;
  const open = await openOf(pool, kind);
  const sum = { applied: 0, replanned: 0, earlier: 0, pokes: 0 };
  let failed: readonly string[] = [];
  // Another fact may move a promise to a place that is done already.
  const passUntilNone = async (): Promise<void> => {
    for (let before = -1; before < sum.applied;) {
      before = sum.applied;
      failed = await passOver(pool, goal, (batch) => {
        for (const name of COUNTS) sum[name] += batch[name];
        onProgress({ applied: sum.applied, open });
      });
    }
  };
  await passUntilNone();
  // Until then somebody may still register by what held before.
  const waitMs = Math.max(0, knownAt - performance.now());
  if (waitMs > 0) {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    await passUntilNone();
  }
  const { version, calendars } = goal;
  const planningMs = Math.round(performance.now() - beganAt - waitMs);
  return { kind, version, calendars, open, ...sum, failed, planningMs, since };
}

const COUNTS = ['applied', 'replanned', 'earlier', 'pokes'] as const;
type Counted = Readonly<Record<(typeof COUNTS)[number], number>>;

/** Once from the nearest to the farthest. Answers the ids of those that could not be settled. */
async function passOver(pool: Pool, goal: Goal, count: (batch: Counted) => void): Promise<readonly string[]> {
  const next = pagesOf(pool, goal);
  const failed: string[] = [];
  let stopped = false;
  const lane = async (): Promise<void> => {
    try {
      for (let page = await next(); page.length > 0 && !stopped; page = await next()) {
        const ids = page.map(({ id }) => id);
        const tried = await allOrEach(pool, ids, (tx, these) => applyTogether(tx, goal, these));
        tried.done.forEach(count);
        failed.push(...tried.failed.map(({ id }) => id));
      }
    } catch (error) {
      stopped = true;
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return failed;
}

/** Gives one page after the other, whoever asks. */
function pagesOf(pool: Pool, goal: Goal): () => Promise<readonly Place[]> {
  let turn: Promise<{ readonly page: readonly Place[]; readonly after: Place | null }> = Promise.resolve({
    page: [],
    after: FIRST,
  });
  return async () => {
    turn = turn.then(async ({ after }) => {
      const page = after ? await placesBehind(pool, goal, after, BATCH) : [];
      return { page, after: page.at(-1) ?? null };
    });
    return (await turn).page;
  };
}

async function applyTogether(tx: Tx, goal: Goal, ids: readonly string[]): Promise<Counted> {
  const locked = await lockBehind(tx, goal, ids);
  const now = await databaseNow(tx);
  // In the order given, nearest first: so the pokes leave.
  const changes = ids.flatMap((id) => {
    const promise = locked.get(id);
    return promise ? [{ id, facts: [appliedTo(goal, promise, now)] }] : [];
  });
  const settled = await settle(tx, changes);
  const results = [...settled.values()];
  const differences = [];
  for (const { promise, state, step } of results) {
    const { escalation } = await policyOf(tx, goal.kind, promise.plan.policyVersion);
    const before = { plan: promise.plan, wakeAt: locked.get(promise.id)?.wakeAt ?? null, escalation };
    const after = { plan: state.plan, wakeAt: step.wakeAt, escalation: goal.policy.escalation };
    differences.push(differencesOf(before, after));
  }
  return countOf(results, differences);
}

function countOf(results: readonly SettledPromise[], differences: readonly Differences[]): Counted {
  return {
    applied: results.length,
    replanned: differences.filter(isDifferent).length,
    earlier: differences.filter(({ wakeAt }) => wakeAt.earlier > 0).length,
    pokes: results.filter(({ poked }) => poked).length,
  };
}
