import { noticeKeyText, type Fact, type NoticeKey } from './facts.ts';
import type { Engaged, UnfinishedNotice } from './decisions.ts';
import { fold, type PromiseState } from './fold.ts';
import { IDLE, earlier, plusMs, type Instant } from './instant.ts';
import { judge } from './judge.ts';
import { freshUntil, phaseOf, type PhaseTerms } from './phase.ts';
import { settlement, type Settlement } from './settlement.ts';
import type { Plan, Planning, Terms } from './plan.ts';
import type { Phase } from './words.ts';

/**
 * What the rows of one promise must say, by its facts and the clock alone, as pure functions: the heart of `kept doctor`.
 * What is found is told by what would mend it.
 */

/** How a notice row must stand. `unfinished`: no fact says how it ended. */
export type NoticeEnd = 'sent' | 'dropped' | 'failed' | 'unfinished';

/** A notice row as it is stored. */
export interface StoredNotice extends UnfinishedNotice {
  readonly state: 'owed' | 'claimed' | Exclude<NoticeEnd, 'unfinished'>;
}

/** A promise as its rows tell of it. */
export interface Examined {
  readonly planning: Planning;
  readonly termsFor: (plan: Plan) => Terms;
  readonly facts: readonly Fact[];
  /** When the newest of them was recorded: it was settled then or later. */
  readonly recordedAt: Instant;
  /** Those of which no fact says how they ended, whatever their rows say. */
  readonly unfinished: readonly UnfinishedNotice[];
  readonly engaged: Engaged;
  /** When it looks next, as it is stored. */
  readonly wakeAt: Instant | null;
  readonly now: Instant;
}

/** What a promise must be by its facts. */
export interface Examination {
  readonly settled: Settlement;
  /** Any of these: a phase is stored when something happens, and time goes on. */
  readonly phases: readonly Phase[];
  /**
   * Notices or alerts that nobody has written a row for. False where it looks at the wrong time anyway. What has lost its reason
   * by the clock is dropped when somebody next looks, and is no fault.
   */
  readonly isUnsettled: boolean;
}

const ENDS = { notice_dropped: 'dropped', notice_failed: 'failed', notice_sent: 'sent' } as const;

/** How a notice ended, by the facts of its promise: what left has left, whatever else is said of it. */
export function noticeEnds(facts: readonly Fact[]): (notice: NoticeKey) => NoticeEnd {
  const ends = new Map<string, NoticeEnd>();
  for (const kind of ['notice_dropped', 'notice_failed', 'notice_sent'] as const)
    for (const fact of facts) if (fact.kind === kind) ends.set(noticeKeyText(fact), ENDS[kind]);
  return (notice) => ends.get(noticeKeyText(notice)) ?? 'unfinished';
}

const MS = 1;

/**
 * Judges it once more, at the last moment at which nothing can have become due since it was settled: what is due now
 * waits for its workflow, and that is no fault.
 */
export function examine(found: Examined): Examination {
  const { planning, termsFor, facts, unfinished, engaged, recordedAt, wakeAt, now } = found;
  const isPlausible = wakeAt !== null && wakeAt > recordedAt;
  const at = isPlausible ? earlier(now, wakeAt === IDLE ? now : plusMs(wakeAt, -MS)) : now;
  const settled = settlement({
    ...{ planning, termsFor, facts, unfinished, engaged, now: at },
    ...{ answering: false, pokeAnyway: false },
  });
  const { judged, insert, ownFacts, terms, before } = settled;
  const looksInTime = judged.wakeAt === wakeAt;
  return {
    settled,
    phases: phasesBetween(terms, before, recordedAt, at),
    isUnsettled: looksInTime && (insert.length > 0 || ownFacts.some(({ kind }) => kind !== 'notice_dropped')),
  };
}

/** Every phase that it had from one instant to another by the clock alone. */
function phasesBetween(terms: PhaseTerms, state: PromiseState, from: Instant, to: Instant): readonly Phase[] {
  const turns = [
    state.estimate && freshUntil(terms, state.estimate),
    state.waiting?.until ?? null,
    terms.plan.promisedAt,
  ].flatMap((at) => (at !== null && at !== IDLE && at > from && at <= to ? [at, plusMs(at, MS)] : []));
  return [...new Set([from, to, ...turns].map((at) => phaseOf(terms, state, at)))];
}

/**
 * What would mend what the engine is thought to know. `forget`: it is thought to run, and is over. `free_poke`: one that nobody
 * will ever take, since its claim never runs out. `poke_unless_heard`: a notice is due, and only the engine knows whether its
 * workflow has heard of it.
 */
export type EngageMend = 'poke' | 'poke_unless_heard' | 'start' | 'forget' | 'unneeded_poke' | 'free_poke';

/** What is known of the engine's side of a promise. */
export interface Engagement {
  readonly armedAt: Instant | null;
  /** It was started in this engine before. */
  readonly wasStarted: boolean;
  /** A poke is on its way; `stuck`: and never comes. */
  readonly poke: 'none' | 'waiting' | 'stuck';
  /** Notices that have not ended; `owing`: one is due, and nobody has begun with it. */
  readonly notices: 'none' | 'busy' | 'owing';
}

/**
 * Whether its workflow will look when it must: at `wakeAt` or before, or it is poked. `wakes`: every instant for which it
 * was ever put to sleep; a plan that has moved to later leaves it looking at one of them. Null: all is well.
 */
export function engageMend(
  engagement: Engagement,
  settled: Pick<Settlement, 'judged'>,
  wakes: () => readonly Instant[],
  now: Instant,
): EngageMend | null {
  const { armedAt, wasStarted, poke, notices } = engagement;
  const { wakeAt, closed } = settled.judged;
  const isPoked = poke === 'waiting';
  const isBusy = notices !== 'none';
  if (poke === 'stuck') {
    const isNeeded = isBusy || engageMend({ ...engagement, poke: 'none' }, settled, wakes, now) !== null;
    return isNeeded ? 'free_poke' : 'unneeded_poke';
  }
  // Over, but for a notice: the starter looks after it, and its workflow is poked for nothing else.
  if (closed !== null) return armedAt === null || isPoked || isBusy ? null : 'forget';
  if (armedAt === null) return wasStarted && !isPoked ? 'start' : null;
  const mustLook = wakeAt ?? IDLE;
  // Once answered it looks when it must; a notice that came since has poked it.
  const mayBeEarly = notices !== 'owing' && armedAt < mustLook && armedAt > now;
  const willLook = armedAt === mustLook || (mayBeEarly && wakes().includes(armedAt));
  if (isPoked) return willLook && !isBusy ? 'unneeded_poke' : null;
  if (!willLook) return 'poke';
  return notices === 'owing' ? 'poke_unless_heard' : null;
}

/** A fact with when it was recorded. */
export type RecordedFact = Fact & { readonly recordedAt: Instant };

/** More turns than any plan has. */
const MOST_TURNS = 1_000;

/** Every instant at which it was to look next, after each fact and each time it looked. */
export function wakesOf(
  { planning, termsFor }: Pick<Examined, 'planning' | 'termsFor'>,
  facts: readonly RecordedFact[],
  now: Instant,
): readonly Instant[] {
  const moments = [...new Set(facts.map(({ recordedAt }) => recordedAt))].toSorted();
  return moments.flatMap((moment, index) => {
    const until = moments[index + 1] ?? now;
    const state = fold(
      planning,
      facts.filter(({ recordedAt }) => recordedAt <= moment),
    );
    const terms = termsFor(state.plan);
    const wakes: Instant[] = [];
    for (let at: Instant | null = moment; at !== null && at <= until && wakes.length < MOST_TURNS;) {
      at = judge(terms, state, at).wakeAt;
      if (at !== null) wakes.push(at);
    }
    return wakes;
  });
}
