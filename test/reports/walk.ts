import { Temporal } from 'temporal-polyfill';
import type { Fact } from '../../domain/promise/facts.ts';
import type { Plan, Undertaking } from '../../domain/promise/plan.ts';

/** A deadline in milliseconds; Infinity while the clock stands. */
export interface Due {
  readonly at: number;
  /** An instant itself is in time; of a day and a window it is over. */
  readonly isInstant: boolean;
}

export interface End {
  readonly kind: 'fulfilled' | 'withdrawn' | 'unreachable';
  readonly at: number;
  readonly asDay: boolean;
  readonly by: string | null;
  /** Whether it needed no second contact, as far as it is said. */
  readonly atOnce: boolean | null;
}

/** What came of a promise, walked through fact by fact. */
export interface Walked {
  readonly end: End | null;
  readonly deadline: Due;
  readonly first: Due;
  /** Times told that nobody agreed to, but for those that another time, agreed before they had passed, made void. */
  readonly imposed: readonly Due[];
  /** How often the customer was tried in vain, as counted. */
  readonly tries: number;
  /** First warning about the time in force. */
  readonly warned: number | null;
  readonly recovered: number | null;
}

type Pauses = readonly (readonly [from: number, to: number])[];

/** The story of domain.md section 4 once more, by milliseconds and one loop. */
export function walk(promised: Undertaking, plan: Plan, facts: readonly Fact[]): Walked {
  const made = plan.madeAt === null ? null : Date.parse(plan.madeAt);
  let [current, first]: [Undertaking, Due | null] = [promised, null];
  /** Durations among them move as long as they are not passed or void. */
  let imposed: readonly (Due | Undertaking)[] = [];
  let [end, warned, recovered]: [End | null, number | null, number | null] = [null, null, null];
  /** Words of progress, and times told that nobody agreed to: each a warning, if it was in time to be one. */
  let hints: readonly (readonly [at: number, told: number])[] = [];
  let pauses: Pauses = [];
  let tries: readonly number[] = [];
  // What was told as done and then taken back was never done.
  const notDone = Math.max(
    ...facts.map(({ kind, occurredAt }) => (kind === 'fulfilment_reversed' ? Date.parse(occurredAt) : -Infinity)),
  );
  for (const fact of [...facts].sort((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt))) {
    const at = Date.parse(fact.occurredAt);
    if (fact.kind === 'notice_sent') {
      if (fact.reason === 'risk') warned ??= at;
      if (fact.reason === 'progress') hints = [...hints, [at, Number.MAX_VALUE]];
      if (fact.told) hints = [...hints, [at, Date.parse(fact.told.at)]];
      if (fact.reason === 'recovery') recovered ??= at;
      if (fact.told) imposed = [...imposed, { at: Date.parse(fact.told.at), isInstant: fact.told.day === null }];
    }
    if (end !== null || (fact.kind === 'fulfilled' && at < notDone)) continue;
    if (fact.kind === 'paused' || fact.kind === 'resumed') {
      pauses = goneOn(pauses, at);
      if (fact.kind === 'paused' && fact.waitingFor === 'customer')
        pauses = [...pauses, [at, fact.until === undefined ? Infinity : Date.parse(fact.until)]];
    }
    if (fact.kind === 'repromised') {
      const isAgreed = fact.agreedByCustomer && at < due(current, made, pauses).at;
      hints = isAgreed ? [] : [...hints, [at, due(fact.promised, made, pauses).at]];
      if (!isAgreed) imposed = [...imposed, fact.promised];
      if (isAgreed) {
        first ??= due(current, made, goneOn(pauses, at));
        current = fact.promised;
        warned = null;
        tries = [];
        imposed = imposed.map((each) => dueOf(each, made, pauses)).filter((each) => isOver(each, at));
      }
    }
    if (fact.kind === 'attempted' && plan.tries !== null) {
      const last = tries.at(-1) ?? -Infinity;
      const from = 'from' in current ? Date.parse(current.from) : (made ?? at);
      const counts = at - last >= plan.tries.everyMs && at >= from && at < due(current, made, pauses).at;
      if (fact.result === 'reached') end = ended('fulfilled', at);
      else if (counts) tries = [...tries, at];
      if (tries.length === plan.tries.max) end = ended('unreachable', at);
    }
    if (fact.kind === 'fulfilled')
      end = { ...ended('fulfilled', at), asDay: fact.asDay === true, atOnce: fact.firstContact ?? null };
    if (fact.kind === 'withdrawn') end = { ...ended('withdrawn', at), by: fact.by };
    if (end !== null) pauses = goneOn(pauses, at);
  }
  const deadline = due(current, made, pauses);
  for (const [at, toldAt] of hints)
    if (at < deadline.at && toldAt > deadline.at && toldAt < Infinity) warned = Math.min(warned ?? at, at);
  return {
    end,
    deadline,
    first: first ?? deadline,
    imposed: imposed.map((each) => dueOf(each, made, pauses)),
    tries: tries.length,
    warned,
    recovered,
  };
}

/** Whether an end, or what is open at `now`, is in time; of an end by its day the moment before that day was over counts. */
export function inTime({ at, isInstant }: Due, end: End | null, now: number): boolean {
  return !isOver({ at, isInstant }, end === null ? now : end.asDay ? end.at - 1 : end.at);
}

const isOver = ({ at, isInstant }: Due, when: number): boolean => (isInstant ? when > at : when >= at);

const ended = (kind: End['kind'], at: number): End => ({ kind, at, asDay: false, by: null, atOnce: null });

/** What was waited for goes on. */
const goneOn = (pauses: Pauses, at: number): Pauses => pauses.map(([from, to]) => [from, Math.min(to, at)]);

const dueOf = (told: Due | Undertaking, made: number | null, pauses: Pauses): Due =>
  'isInstant' in told ? told : due(told, made, pauses);

function due(promised: Undertaking, made: number | null, pauses: Pauses): Due {
  if ('within' in promised) {
    const waited = pauses.reduce((sum, [from, to]) => sum + Math.max(0, to - from), 0);
    return {
      at: (made ?? NaN) + Temporal.Duration.from(promised.within).total('milliseconds') + waited,
      isInstant: true,
    };
  }
  if (promised.precision === 'instant') return { at: Date.parse(promised.at), isInstant: true };
  if (promised.precision === 'window') return { at: Date.parse(promised.to), isInstant: false };
  const next = Temporal.PlainDate.from(promised.day).add({ days: 1 }).toZonedDateTime(promised.zone);
  return { at: next.epochMilliseconds, isInstant: false };
}
