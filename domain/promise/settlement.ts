import {
  alertFacts,
  armedByAnswer,
  armedByChange,
  needsPoke,
  noticeChanges,
  type Engaged,
  type UnfinishedNotice,
} from './decisions.ts';
import { noticeKeyText, type Fact } from './facts.ts';
import { fold, type PromiseState } from './fold.ts';
import type { Instant } from './instant.ts';
import { judge, type Judgement } from './judge.ts';
import type { OwedNotice } from './notices.ts';
import type { Plan, Planning, Terms } from './plan.ts';

/** One promise as it is found under its lock, with every fact that is known of it. */
export interface Found {
  readonly planning: Planning;
  /** The terms under the plan in force. */
  readonly termsFor: (plan: Plan) => Terms;
  /** All of them, those of this moment included. */
  readonly facts: readonly Fact[];
  readonly unfinished: readonly UnfinishedNotice[];
  readonly engaged: Engaged;
  readonly now: Instant;
  /** Its own workflow asks: what is decided is its answer, and needs no poke. */
  readonly answering: boolean;
  /** Nobody looked in time: whatever is decided, its workflow is told to look. */
  readonly pokeAnyway: boolean;
}

/** What one promise has become, and what is to be written of it. */
export interface Settlement {
  readonly terms: Terms;
  /** What the facts say that were found. */
  readonly before: PromiseState;
  /** The same with what is stated now. */
  readonly state: PromiseState;
  readonly judged: Judgement;
  /** What is stated now: who was alerted, which notices lost their reason. */
  readonly ownFacts: readonly Fact[];
  readonly insert: readonly OwedNotice[];
  /** Ids of notices that are dropped. */
  readonly drop: readonly string[];
  /** Notices found that are still to be worked on. */
  readonly left: readonly UnfinishedNotice[];
  readonly armedAt: Instant | null;
  readonly ends: 'ended' | 'reopened' | null;
  readonly poke: boolean;
}

/** Facts and rows of one promise in, what to write and whether its workflow must look out. The heart of `db/settle.ts`. */
export function settlement(found: Found): Settlement {
  const { planning, facts, unfinished, engaged, now, answering } = found;
  const before = fold(planning, facts);
  const terms = found.termsFor(before.plan);
  const judged = judge(terms, before, now);
  const { insert, drop } = noticeChanges(judged, before, unfinished, now);
  const dropped = new Set(drop.map(({ id }) => id));
  const left = unfinished.filter(({ id }) => !dropped.has(id));
  const ownFacts = [...alertFacts(terms, before, judged, now), ...drop.map((each) => droppedFact(each, now))];
  const after = {
    wakeAt: judged.wakeAt,
    closed: judged.closed !== null,
    noticeOwed: insert.length > 0,
    unfinished: left.length + insert.length > 0,
  };
  return {
    terms,
    before,
    state: ownFacts.length === 0 ? before : fold(planning, [...facts, ...ownFacts]),
    judged,
    ownFacts,
    insert,
    drop: [...dropped],
    left,
    armedAt: terms.history ? null : answering ? armedByAnswer(after) : armedByChange(engaged, after),
    ends: after.closed === engaged.closed ? null : after.closed ? 'ended' : 'reopened',
    poke: !terms.history && !answering && (found.pokeAnyway || needsPoke(engaged, after)),
  };
}

function droppedFact({ key, cause }: ReturnType<typeof noticeChanges>['drop'][number], now: Instant): Fact {
  const { reason, revision, occasion } = key;
  const factKey = `notice:${noticeKeyText(key)}:dropped`;
  return { kind: 'notice_dropped', factKey, occurredAt: now, reason, revision, occasion, cause };
}

/** A promise as it is registered: judged before any workflow knows of it. */
export interface Registered {
  readonly state: PromiseState;
  readonly judged: Judgement;
  /** Something is owed at once. What is owed later the starter finds. */
  readonly poke: boolean;
}

/** `facts`: that it was registered, and what is known of it already. */
export function registered(terms: Terms, facts: readonly Fact[], now: Instant): Registered {
  const state = fold(terms, facts);
  const judged = judge(terms, state, now);
  const { owed, alerts, calls } = judged;
  return { state, judged, poke: owed.length + alerts.length + calls.length > 0 };
}
