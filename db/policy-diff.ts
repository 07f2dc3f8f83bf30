import { KeptError } from './fault-fields.ts';
import { appliedTo, FIRST, goalOf, openOf, pageBehind, type Behind, type Goal } from './behind.ts';
import { policyOf, versionToBe, newestPolicy } from './policies.ts';
import type { Queryable } from './pool.ts';
import { rulesOf } from './rules.ts';
import { readFacts, readMoment } from './settle-reads.ts';
import { planningOf, termsFor } from '../domain/calendar/planning.ts';
import {
  differencesOf,
  fieldChanges,
  firstMove,
  isDifferent,
  NO_DIFFERENCES,
  plusDifferences,
  type Differences,
  type FieldChange,
  type Standing,
} from '../domain/policy/differences.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { noticeChanges, type UnfinishedNotice } from '../domain/promise/decisions.ts';
import type { Fact } from '../domain/promise/facts.ts';
import { fold } from '../domain/promise/fold.ts';
import type { Instant } from '../domain/promise/instant.ts';
import { judge } from '../domain/promise/judge.ts';

/** What would change if a policy were applied. */
export interface PolicyDiff extends Differences {
  readonly kind: string;
  /** As which the policy is stored, or would be. */
  readonly version: number;
  /** Open promises of the kind; changed and unchanged together, and those that cannot be planned. */
  readonly open: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Ids of promises to which it cannot be applied. */
  readonly failed: readonly string[];
  /** What is due as soon as it is applied: notices, and alerts to the staff. */
  readonly dueAtOnce: { readonly risk: number; readonly recovery: number; readonly alerts: number };
  /** Against the newest stored policy and those that open promises are under. */
  readonly fields: readonly FieldChange[];
  /** The nearest that move, each by its most telling instant. */
  readonly examples: readonly Example[];
}

export interface Example {
  readonly id: string;
  readonly source: string;
  readonly ref: string;
  readonly instant: string;
  /** Null: it has no time. */
  readonly from: Instant | null;
  readonly to: Instant | null;
}

const PAGE = 500;
const EXAMPLES = 5;

/**
 * What applying a policy would change about the open promises of its kind. Stores nothing. `proposed` null: the newest
 * stored one, with the newest calendars. Null for a kind without a policy.
 */
export async function diffPolicy(
  q: Queryable,
  kind: string,
  proposed: Policy | null,
  examples = EXAMPLES,
): Promise<PolicyDiff | null> {
  const asked = proposed && { policy: proposed, version: await versionToBe(q, proposed) };
  const goal = await goalOf(q, kind, asked);
  if (!goal) return null;
  const stored = await newestPolicy(q, kind);
  const open = await openOf(q, kind);
  const seen = { ...emptySum(), versions: new Set(stored ? [stored.version] : []) };
  for (let after = FIRST, length = PAGE; length === PAGE;) {
    const page = await pageBehind(q, goal, after, PAGE);
    for (const found of await foreseen(q, goal, page)) add(seen, found, examples);
    length = page.length;
    after = page.at(-1) ?? after;
  }
  const { changed, failed, dueAtOnce, sum, nearest, versions } = seen;
  return {
    kind,
    version: goal.version,
    open,
    changed,
    unchanged: Math.max(0, open - changed - failed.length),
    failed,
    ...sum,
    dueAtOnce,
    fields: await fieldsOf(q, goal, versions),
    examples: nearest,
  };
}

interface Sum {
  changed: number;
  failed: string[];
  dueAtOnce: { risk: number; recovery: number; alerts: number };
  sum: Differences;
  nearest: Example[];
  versions: Set<number>;
}

const emptySum = (): Sum => ({
  changed: 0,
  failed: [],
  dueAtOnce: { risk: 0, recovery: 0, alerts: 0 },
  sum: NO_DIFFERENCES,
  nearest: [],
  versions: new Set(),
});

/** A promise as it stands and as it would. */
interface Foreseen {
  readonly promise: Behind;
  /** Null: it cannot be planned so. */
  readonly stands: { readonly before: Standing; readonly after: Standing & Pick<PolicyDiff, 'dueAtOnce'> } | null;
}

function add(seen: Sum, { promise, stands }: Foreseen, examples: number): void {
  seen.versions.add(promise.policyVersion);
  if (!stands) {
    seen.failed.push(promise.id);
    return;
  }
  const { before, after } = stands;
  for (const what of ['risk', 'recovery', 'alerts'] as const) seen.dueAtOnce[what] += after.dueAtOnce[what];
  const differences = differencesOf(before, after);
  if (!isDifferent(differences)) return;
  seen.changed += 1;
  seen.sum = plusDifferences(seen.sum, differences);
  const { id, source, ref } = promise;
  const move = seen.nearest.length < examples ? firstMove(before, after) : null;
  if (move) seen.nearest.push({ id, source, ref, ...move });
}

/** As settle would find them with the fact that applies the policy. */
async function foreseen(q: Queryable, goal: Goal, page: readonly Behind[]): Promise<readonly Foreseen[]> {
  const ids = page.map(({ id }) => id);
  const facts = await readFacts(q, ids);
  const { now, unfinished } = await readMoment(q, ids);
  const results: Foreseen[] = [];
  for (const promise of page) {
    const known = facts.get(promise.id) ?? [];
    results.push({
      promise,
      stands: await standingWith(q, goal, promise, known, unfinished.get(promise.id) ?? [], now),
    });
  }
  return results;
}

async function standingWith(
  q: Queryable,
  goal: Goal,
  promise: Behind,
  told: readonly Fact[],
  unfinished: readonly UnfinishedNotice[],
  now: Instant,
): Promise<Foreseen['stands']> {
  try {
    const facts = [...told, appliedTo(goal, promise, now)];
    const rules = await rulesOf(q, promise, facts, goal);
    const state = fold(planningOf(promise, rules), facts);
    const judged = judge(termsFor(promise, state.plan, rules), state, now);
    const { insert } = noticeChanges(judged, state, unfinished, now);
    const owed = (reason: string): number => insert.filter((notice) => notice.reason === reason).length;
    const dueAtOnce = {
      risk: owed('risk'),
      recovery: owed('recovery'),
      alerts: judged.alerts.length + judged.missed.length,
    };
    const { escalation } = rules.policy(promise.plan.policyVersion);
    return {
      before: { plan: promise.plan, wakeAt: promise.wakeAt, escalation },
      after: { plan: state.plan, wakeAt: judged.wakeAt, escalation: goal.policy.escalation, dueAtOnce },
    };
  } catch (error) {
    // As apply, which leaves such a promise as it was.
    if (error instanceof RangeError || error instanceof KeptError) return null;
    throw error;
  }
}

/** Each change once, however many versions it is one against. */
async function fieldsOf(q: Queryable, goal: Goal, versions: ReadonlySet<number>): Promise<readonly FieldChange[]> {
  const changes = new Map<string, FieldChange>();
  for (const version of [...versions].sort((a, b) => a - b)) {
    if (version === goal.version) continue;
    for (const change of fieldChanges(await policyOf(q, goal.kind, version), goal.policy))
      changes.set(JSON.stringify(change), change);
  }
  return [...changes.values()];
}
