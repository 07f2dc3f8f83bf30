import { byOccurrence, type Fact, type NoticeKey, type Told } from './facts.ts';
import type { Instant } from './instant.ts';
import type { Plan } from './plan.ts';
import type { AlertReason, DropCause, FailOutcome, Withdrawer } from './words.ts';

/** How a promise ended. */
export type End =
  | {
      readonly kind: 'fulfilled';
      readonly at: Instant;
      /** Only the local day is known, and `at` is its end. */
      readonly asDay: boolean;
    }
  | { readonly kind: 'withdrawn'; readonly at: Instant; readonly by: Withdrawer };

/** What became of one notice. */
export interface NoticeRecord extends NoticeKey {
  readonly state: 'sent' | 'dropped' | 'failed';
  readonly at: Instant;
  /** The new time it told, if it told one. */
  readonly told: Told | null;
  readonly cause: DropCause | null;
  /** Why it failed, if it did. */
  readonly outcome: FailOutcome | null;
}

/** What the facts say, without letting time pass. */
export interface PromiseState {
  /** Number of the newest told time; 1 is the promise as first made. */
  readonly revision: number;
  /** The newest told time: the promised one, or what a notice told since. */
  readonly told: Told;
  readonly estimate: { readonly at: Instant; readonly occurredAt: Instant } | null;
  readonly checkpoint: string | null;
  readonly end: End | null;
  readonly notices: readonly NoticeRecord[];
  readonly alerted: readonly AlertReason[];
}

/**
 * What the facts say, whatever their order of arrival: `fold(plan, shuffle(facts))` equals `fold(plan, facts)`, and a
 * fact given twice counts once.
 * News that occurred after the end is ignored; what merely arrived later is not. Our own facts always count.
 */
export function fold(plan: Plan, facts: readonly Fact[]): PromiseState {
  const ordered = [...facts].sort(byOccurrence);
  const isRepeated = (fact: Fact, at: number): boolean => fact.factKey === ordered[at - 1]?.factKey;
  return ordered.filter((fact, at) => !isRepeated(fact, at)).reduce(transition, initial(plan));
}

function initial(plan: Plan): PromiseState {
  const told = { at: plan.promisedAt, day: plan.day };
  return { revision: 1, told, estimate: null, checkpoint: null, end: null, notices: [], alerted: [] };
}

/** Moves one promise forward by one fact. Same inputs, same answer: no clock, no IO. */
export function transition(state: PromiseState, fact: Fact): PromiseState {
  switch (fact.kind) {
    case 'registered':
      return state;
    case 'progressed':
      return state.end ? state : { ...state, checkpoint: fact.checkpoint };
    case 'estimated':
      return state.end ? state : { ...state, estimate: { at: fact.at, occurredAt: fact.occurredAt } };
    case 'fulfilled':
      return state.end
        ? state
        : { ...state, end: { kind: 'fulfilled', at: fact.occurredAt, asDay: fact.asDay ?? false } };
    case 'withdrawn':
      return state.end ? state : { ...state, end: { kind: 'withdrawn', at: fact.occurredAt, by: fact.by } };
    case 'notice_sent':
      return sent(state, record(fact, 'sent', { told: fact.told }));
    case 'notice_dropped':
      return { ...state, notices: [...state.notices, record(fact, 'dropped', { cause: fact.cause })] };
    case 'notice_failed':
      return { ...state, notices: [...state.notices, record(fact, 'failed', { outcome: fact.outcome })] };
    case 'escalated':
      return { ...state, alerted: [...state.alerted, fact.reason] };
  }
}

/** A time we tell makes an imposed revision. */
function sent(state: PromiseState, notice: NoticeRecord): PromiseState {
  const notices = [...state.notices, notice];
  return notice.told ? { ...state, notices, told: notice.told, revision: state.revision + 1 } : { ...state, notices };
}

function record(
  fact: NoticeKey & { readonly occurredAt: Instant },
  state: NoticeRecord['state'],
  rest: Partial<Pick<NoticeRecord, 'told' | 'cause' | 'outcome'>>,
): NoticeRecord {
  const { reason, revision, occasion, occurredAt } = fact;
  return { reason, revision, occasion, state, at: occurredAt, told: null, cause: null, outcome: null, ...rest };
}
