import type { Fact } from './facts.ts';
import { inOrder, initial, transition, type PromiseState } from './fold.ts';
import { earlier, plusMs, type Instant } from './instant.ts';
import { phaseOf } from './phase.ts';
import { isLate, type Planning } from './plan.ts';
import type { Phase, TurnCause } from './words.ts';

/** One change of phase. */
export interface Transition {
  readonly at: Instant;
  /** Null: it was registered. */
  readonly from: Phase | null;
  readonly to: Phase;
  readonly because: TurnCause;
  /** Of the fact that made it; null where the clock did. */
  readonly factKey: string | null;
}

/**
 * Every change of phase from the registration on: those made by facts, and up to `now` those made by the clock. At one
 * instant the clock comes first, then the facts in their order. Uses what is stored and nothing else (the plans of the
 * steps, until when each estimate is news), so that the answer is the same under any later policy, calendar or zone data.
 * An estimate stored without that time is no news.
 * @example
 * storyOf(planning, [registered, lateEstimate], now)
 * //=> null → open (registered), open → at_risk (fact), at_risk → open (estimate_stale), open → overdue (deadline)
 */
export function storyOf(planning: Planning, facts: readonly Fact[], now: Instant): readonly Transition[] {
  const story: Transition[] = [];
  let state = initial(planning);
  let since: Instant | null = null;
  for (const fact of inOrder(facts)) {
    const { occurredAt: at, factKey, kind } = fact;
    story.push(...turnsByClock(story.at(-1), state, since, earlier(at, now)));
    state = transition(planning, state, fact);
    since = at;
    const from = story.at(-1)?.to ?? null;
    // What occurred before the promise was made shows in the phase that it is registered with.
    if (from === null && kind !== 'registered') continue;
    const to = phaseAt(state, at);
    if (to !== from) story.push({ at, from, to, because: from === null ? 'registered' : 'fact', factKey });
  }
  return [...story, ...turnsByClock(story.at(-1), state, since, now)];
}

/**
 * The phase at an instant by what is stored alone; `phaseOf` of `judge.ts` under the plan in force.
 * @example phaseAt(fold(planning, facts), now) //=> 'at_risk'
 */
export const phaseAt = (state: PromiseState, at: Instant): Phase =>
  phaseOf({ plan: state.plan, freshUntil: (occurredAt) => occurredAt }, state, at);

/** What the clock does after the facts of `since`, up to and with `until`. */
function turnsByClock(
  last: Transition | undefined,
  state: PromiseState,
  since: Instant | null,
  until: Instant,
): readonly Transition[] {
  if (!last || since === null) return [];
  const turns: Transition[] = [];
  let from = last.to;
  for (const at of turningPoints(state, since, until)) {
    const to = phaseAt(state, at);
    if (to !== from) turns.push({ at, from, to, because: causeOf(from, to), factKey: null });
    from = to;
  }
  return turns;
}

/** Instants at which the phase may change by itself, in order. */
function turningPoints({ plan, estimate, waiting }: PromiseState, since: Instant, until: Instant): readonly Instant[] {
  const firstLate = plan.precision === 'instant' && isLate(plan, until) ? plusMs(plan.promisedAt, 1) : plan.promisedAt;
  const points = [firstLate, estimate?.freshUntil ?? null, waiting?.until ?? null];
  return points.filter((at): at is Instant => at !== null && at > since && at <= until).sort();
}

/** The clock lets a deadline pass, news grow old and a wait end; each ends another phase. */
function causeOf(from: Phase, to: Phase): TurnCause {
  if (to === 'overdue') return 'deadline';
  return from === 'at_risk' ? 'estimate_stale' : 'wait_over';
}
