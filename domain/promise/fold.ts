import { afterTry, UNTRIED, type Tried } from './attempts.ts';
import { NO_CONTACTS, withContact, type Contacts } from './contacts.ts';
import { byOccurrence, type Fact, type NoticeKey, type Offer, type Told } from './facts.ts';
import { acknowledged, handedOver, named, ownedBy, type Owning } from './hand-over.ts';
import type { Instant } from './instant.ts';
import {
  chosen,
  FIRST_LADDER,
  firstDeadline,
  moved,
  onLadder,
  paused,
  repromised,
  resumed,
  stopped,
  type Moving,
} from './moves.ts';
import { isLate, toldBy, type Planning, type Undertaking } from './plan.ts';
import type { LadderAlert, DropCause, FailOutcome, Precision, SecondBreak, WaitedFor, Withdrawer } from './words.ts';

/** How a promise ended. */
export type End =
  | {
      readonly kind: 'fulfilled';
      readonly at: Instant;
      /** Only the local day is known, and `at` is its end. */
      readonly asDay: boolean;
      /** Whether it needed no second contact, by the sender's word; null: it says nothing. */
      readonly firstContact: boolean | null;
    }
  | { readonly kind: 'withdrawn'; readonly at: Instant; readonly by: Withdrawer }
  /** Given up after all tries. */
  | { readonly kind: 'unreachable'; readonly at: Instant };

/** What became of one notice. */
export interface NoticeRecord extends NoticeKey {
  readonly state: 'sent' | 'dropped' | 'failed';
  readonly at: Instant;
  /** The new time it told, if it told one. */
  readonly told: Told | null;
  readonly cause: DropCause | null;
  /** Why it failed, if it did. */
  readonly outcome: FailOutcome | null;
  /** It told nothing but who looks after the promise from now on. */
  readonly isOfOwner: boolean;
  /** The ladder of the time that was in force then. */
  readonly ladder: string;
}

/** Who must act, by the newest word about it. */
export interface Waiting {
  readonly for: WaitedFor;
  readonly since: Instant;
  /** When it is over by itself; null: when something happens. */
  readonly until: Instant | null;
}

/** One told time after the first. */
export interface Revision {
  readonly revision: number;
  /** When it was told, and by which fact. */
  readonly at: Instant;
  readonly factKey: string;
  /** Of a duration it moves with the pauses until another time is agreed; `IDLE` while the clock stands. */
  readonly told: Told;
  /** How exactly it was told, by which it is judged. */
  readonly precision: Precision;
  /** What was told; null: a time in a notice. */
  readonly promised: Undertaking | null;
  /** The customer asked for it or accepted it in time: the promise is judged by it. */
  readonly agreed: boolean;
  /** One of the company's causes, where one was named. */
  readonly cause: string | null;
}

/** An alert that was given. */
export interface GivenAlert {
  readonly reason: LadderAlert | 'callback';
  /** Which one was missed; null for other reasons. */
  readonly checkpoint: string | null;
  /** Of which call the owner was reminded; null for other reasons. */
  readonly call: string | null;
  /** As `PromiseState.ladder`. */
  readonly ladder: string;
}

/** A remedy that was granted. */
export interface GrantedRemedy {
  readonly id: string;
  readonly options: readonly Offer[];
  /** The place of the option that holds. */
  readonly chosen: number;
  /** Somebody had to approve it, so that it was not granted at once. */
  readonly approved: boolean;
}

/** What the facts say, without letting time pass. */
export interface PromiseState extends Moving, Owning {
  /** Number of the newest told time; 1 is the promise as first made. */
  readonly revision: number;
  /** The newest told time: the promised one, or what was told since. */
  readonly told: Told;
  readonly revisions: readonly Revision[];
  readonly estimate: {
    readonly at: Instant;
    readonly occurredAt: Instant;
    /** As reckoned when it was recorded. */
    readonly freshUntil: Instant | null;
  } | null;
  /** The newest checkpoint passed. */
  readonly checkpoint: string | null;
  /** Checkpoints passed, each when first. */
  readonly passed: Readonly<Record<string, Instant>>;
  readonly waiting: Waiting | null;
  readonly tried: Tried;
  readonly contacts: Contacts;
  readonly end: End | null;
  /** What a fulfilment that turns out to be none leaves: as if it had not been told. Null unless it is fulfilled. */
  readonly ifOpen: PromiseState | null;
  readonly notices: readonly NoticeRecord[];
  /** Every alert there has been. */
  readonly given: readonly GivenAlert[];
  /** Alerts given on the ladder of the time in force. */
  readonly alerted: readonly LadderAlert[];
  /** Checkpoints of the plan in force whose being missed was alerted. */
  readonly missed: readonly string[];
  /** Calls of the time in force of which the owner was reminded. */
  readonly reminded: readonly string[];
  /** Set where it broke not for the first time. */
  readonly secondBreak: SecondBreak | null;
  /** Every remedy there has been. */
  readonly remedies: readonly GrantedRemedy[];
  /** Ids of those that were taken back. */
  readonly reversed: readonly string[];
  /** Ids of those that the customer was told of. */
  readonly toldOf: readonly string[];
}

/**
 * What the facts say, whatever their order of arrival: `fold(planning, shuffle(facts))` equals `fold(planning, facts)`, and
 * a fact given twice counts once.
 * News that occurred after the end is ignored, unless the end is taken back; what merely arrived later is not. Our own
 * facts always count.
 */
export function fold(planning: Planning, facts: readonly Fact[]): PromiseState {
  return inOrder(facts).reduce((state, fact) => transition(planning, state, fact), initial(planning));
}

/** The facts as they count: by occurrence, each once. */
export function inOrder(facts: readonly Fact[]): readonly Fact[] {
  const ordered = [...facts].sort(byOccurrence);
  return ordered.filter((fact, at) => fact.factKey !== ordered[at - 1]?.factKey);
}

/** When a checkpoint was passed; null: not yet. One may be called as what every object has, say `constructor`. */
export const passedAt = (passed: PromiseState['passed'], checkpoint: string): Instant | null =>
  Object.hasOwn(passed, checkpoint) ? (passed[checkpoint] ?? null) : null;

/** A promise of which nothing but its registration is known. */
export function initial({ plan, chain, owner = null }: Planning): PromiseState {
  return {
    plan,
    first: firstDeadline(plan),
    clock: chain ? { ...chain.basis, toldAt: null, pauses: [] } : null,
    steps: [],
    agreedRevision: 1,
    ladder: FIRST_LADDER,
    slot: null,
    revision: 1,
    told: toldBy(plan),
    revisions: [],
    estimate: null,
    checkpoint: null,
    passed: {},
    waiting: null,
    tried: UNTRIED,
    contacts: NO_CONTACTS,
    end: null,
    ifOpen: null,
    notices: [],
    given: [],
    alerted: [],
    missed: [],
    reminded: [],
    secondBreak: null,
    remedies: [],
    reversed: [],
    toldOf: [],
    ...ownedBy(owner),
  };
}

/** Moves one promise forward by one fact. Same inputs, same answer: no clock, no IO. */
export function transition(planning: Planning, state: PromiseState, fact: Fact): PromiseState {
  if (!state.ifOpen) return counted(planning, state, fact);
  if (fact.kind === 'fulfilment_reversed') return state.ifOpen;
  const open = transition(planning, state.ifOpen, fact);
  // Fulfilled once more, it is open again when that is taken back: a reversal is of all that was told as done.
  return { ...counted(planning, state, fact), ifOpen: open.ifOpen ?? open };
}

function counted(planning: Planning, state: PromiseState, fact: Fact): PromiseState {
  switch (fact.kind) {
    case 'registered':
      return fact.slot === undefined ? state : { ...state, slot: fact.slot };
    case 'contacted':
      return { ...state, contacts: withContact(state.contacts, fact, state.plan.madeAt) };
    case 'rated':
    case 'fulfilment_reversed':
      return state;
    case 'notice_sent':
      return named(
        {
          ...sent(
            state,
            record(state, fact, 'sent', { told: fact.told, isOfOwner: fact.about === 'owner' }),
            fact.factKey,
          ),
          toldOf: fact.remedies ? [...state.toldOf, ...fact.remedies] : state.toldOf,
        },
        fact.reason,
        fact.named,
      );
    case 'notice_dropped':
      return { ...state, notices: [...state.notices, record(state, fact, 'dropped', { cause: fact.cause })] };
    case 'notice_failed':
      return { ...state, notices: [...state.notices, record(state, fact, 'failed', { outcome: fact.outcome })] };
    case 'handed_over':
      return handedOver(state, fact);
    case 'acknowledged':
      return acknowledged(state, fact);
    case 'escalated': {
      const { reason, checkpoint = null, call = null, ladder = FIRST_LADDER } = fact;
      return onLadder({ ...state, given: [...state.given, { reason, checkpoint, call, ladder }] });
    }
    case 'broken_again':
      return { ...state, secondBreak: fact.of };
    case 'remedy_granted':
      return { ...state, remedies: [...state.remedies, grantedBy(fact)] };
    case 'remedy_reversed':
      return { ...state, reversed: [...state.reversed, fact.remedy] };
    case 'chosen':
      if (!('remedy' in fact)) return state.end ? state : news(planning, state, fact);
      return {
        ...state,
        remedies: state.remedies.map((each) => (each.id === fact.remedy ? { ...each, chosen: fact.option } : each)),
      };
    default:
      return state.end ? state : news(planning, state, fact);
  }
}

const grantedBy = ({ remedy: id, options, by }: Extract<Fact, { kind: 'remedy_granted' }>): GrantedRemedy => {
  return { id, options, chosen: 0, approved: by !== undefined };
};

/** What counts only while the promise is open. */
type News = Extract<
  Fact,
  {
    kind:
      | 'policy_applied'
      | 'progressed'
      | 'estimated'
      | 'paused'
      | 'resumed'
      | 'repromised'
      | 'chosen'
      | 'attempted'
      | 'fulfilled'
      | 'withdrawn';
  }
>;

function news(planning: Planning, state: PromiseState, fact: News): PromiseState {
  const { occurredAt: at } = fact;
  switch (fact.kind) {
    case 'policy_applied':
      return moved(planning, state, fact, {
        policyVersion: fact.version,
        // What it does not name stays in the version that was counted by.
        calendars: { ...state.clock?.calendars, ...fact.calendars },
        ...(fact.partnerVersion === undefined ? {} : { partnerVersion: fact.partnerVersion }),
      });
    case 'progressed': {
      const { checkpoint } = fact;
      const passed = Object.hasOwn(state.passed, checkpoint) ? state.passed : { ...state.passed, [checkpoint]: at };
      return { ...state, checkpoint, passed };
    }
    case 'estimated':
      return { ...state, estimate: { at: fact.at, occurredAt: at, freshUntil: fact.freshUntil ?? null } };
    case 'paused':
      return paused(planning, state, fact);
    case 'resumed':
      return resumed(planning, state, fact);
    case 'repromised':
      return repromised(planning, state, fact);
    case 'chosen':
      return 'promised' in fact ? chosen(planning, state, fact) : state;
    case 'attempted':
      return attempted(planning, state, fact);
    case 'fulfilled':
      return ended(planning, state, fact, {
        kind: 'fulfilled',
        at,
        asDay: fact.asDay ?? false,
        firstContact: fact.firstContact ?? null,
      });
    case 'withdrawn':
      return ended(planning, state, fact, { kind: 'withdrawn', at, by: fact.by });
  }
}

/**
 * Nothing is waited for after the end; a clock that stood then is taken to have gone on at that instant. All that is kept
 * beside it, as it would be without: a pause goes on, and what occurs meanwhile counts, should the end be taken back.
 */
function ended(planning: Planning, state: PromiseState, fact: Fact, end: End): PromiseState {
  return { ...stopped(planning, state, fact), waiting: null, end, ifOpen: end.kind === 'fulfilled' ? state : null };
}

/**
 * Only kinds whose customers are tried end by it: `reached` fulfils, `declined` is the customer's wish, the last try gives
 * up. Once the promise is overdue nothing but `reached` changes anything.
 */
function attempted(planning: Planning, state: PromiseState, fact: Extract<Fact, { kind: 'attempted' }>): PromiseState {
  const { plan, tried } = state;
  const { occurredAt: at, result } = fact;
  if (plan.tries === null) return state;
  if (result === 'reached')
    return ended(planning, state, fact, { kind: 'fulfilled', at, asDay: false, firstContact: null });
  if (isLate(plan, at)) return state;
  if (result === 'declined') return ended(planning, state, fact, { kind: 'withdrawn', at, by: 'customer' });
  const next = { ...state, tried: afterTry(plan, plan.tries, tried, at) };
  return next.tried.counted < plan.tries.max ? next : ended(planning, next, fact, { kind: 'unreachable', at });
}

/** A time we tell makes an imposed revision. */
function sent(state: PromiseState, notice: NoticeRecord, factKey: string): PromiseState {
  const notices = [...state.notices, notice];
  const { told, at } = notice;
  if (!told) return { ...state, notices };
  const revision = state.revision + 1;
  const precision = told.day === null ? 'instant' : 'day';
  const newest: Revision = { revision, at, factKey, told, precision, promised: null, agreed: false, cause: null };
  return { ...state, notices, told, revision, revisions: [...state.revisions, newest] };
}

function record(
  { ladder }: PromiseState,
  fact: NoticeKey & { readonly occurredAt: Instant },
  state: NoticeRecord['state'],
  rest: Partial<Pick<NoticeRecord, 'told' | 'cause' | 'outcome' | 'isOfOwner'>>,
): NoticeRecord {
  const { reason, revision, occasion, occurredAt } = fact;
  const nothing = { told: null, cause: null, outcome: null, isOfOwner: false };
  return { reason, revision, occasion, state, at: occurredAt, ladder, ...nothing, ...rest };
}
