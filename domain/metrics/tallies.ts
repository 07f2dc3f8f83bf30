import type { Groups } from './grouping.ts';
import { OUTCOMES, outcomeOf, type Outcome } from './outcome.ts';
import type { Rate, WordKeptGroup } from './word-kept.ts';

/** How many promises of a group had the same outcome. */
export interface Tally {
  readonly outcome: Outcome;
  readonly n: number;
}

/** Per group the outcomes that it has: there are few, so a promise is looked at once and the rest is counted from these. */
export function talliesOf(outcomes: Int16Array, { keys, of, sizes }: Groups): readonly (readonly Tally[])[] {
  const { placeOf, named } = outcomesAmong(outcomes);
  const counts = new Int32Array(sizes.length * named.length);
  for (let i = 0; i < outcomes.length; i += 1) {
    const cell = (of[i] ?? 0) * named.length + (placeOf[outcomes[i] ?? 0] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return keys.map((_, group) =>
    named.flatMap((outcome, place) => {
      const n = counts[group * named.length + place] ?? 0;
      return n === 0 ? [] : [{ outcome, n }];
    }),
  );
}

function outcomesAmong(outcomes: Int16Array): { readonly placeOf: Int16Array; readonly named: readonly Outcome[] } {
  const placeOf = new Int16Array(OUTCOMES).fill(-1);
  const named: Outcome[] = [];
  for (let i = 0; i < outcomes.length; i += 1) {
    const code = outcomes[i] ?? 0;
    if (placeOf[code] !== -1) continue;
    placeOf[code] = named.length;
    named.push(outcomeOf(code));
  }
  return { placeOf, named };
}

/** The figures that are counts and shares of promises. */
export type Counts = Pick<
  WordKeptGroup,
  | 'promises'
  | 'kept'
  | 'broken'
  | 'overdue'
  | 'open'
  | 'withdrawn'
  | 'withdrawnByUs'
  | 'keptRate'
  | 'keptRateFirst'
  | 'earlyRate'
  | 'goal'
  | 'brokenAllowed'
  | 'noticeRecall'
  | 'falseAlarmRate'
  | 'noticeMissed'
  | 'unreachable'
  | 'falseRecovery'
  | 'firstContactRate'
> & {
  /** How many are not imported, and how many of these are kept, broken or overdue. */
  readonly ours: number;
  readonly oursCounted: number;
};

/**
 * Counts of one group. Imported promises had no notices of ours, and nothing is known of their contacts, so they are in no
 * figure about these.
 */
export function countsOf(tallies: readonly Tally[], goal: number | null): Counts {
  const n = (is: (outcome: Outcome) => boolean): number =>
    tallies.reduce((sum, tally) => (is(tally.outcome) ? sum + tally.n : sum), 0);
  const rate = (part: (outcome: Outcome) => boolean, whole: (outcome: Outcome) => boolean): Rate => {
    const of = n(whole);
    return of === 0 ? null : n((outcome) => whole(outcome) && part(outcome)) / of;
  };
  const counted = n(isCounted);
  return {
    promises: n(() => true),
    kept: n(isKept),
    broken: n(({ standing }) => standing === 'broken'),
    overdue: n(({ standing }) => standing === 'overdue'),
    open: n(({ standing }) => standing === 'open'),
    withdrawn: n(({ standing }) => standing === 'withdrawn'),
    withdrawnByUs: n(({ standing, isByUs }) => standing === 'broken' && isByUs),
    keptRate: rate(isKept, isCounted),
    keptRateFirst: rate(isKeptFirst, isCountedFirst),
    earlyRate: rate(({ isEarly }) => isEarly, isCounted),
    goal,
    brokenAllowed: goal === null ? null : brokenAllowed(goal, counted),
    noticeRecall: rate(
      ({ isWarnedInTime }) => isWarnedInTime,
      (outcome) => isFailed(outcome) && isOurs(outcome),
    ),
    falseAlarmRate: rate(isKeptFirst, (outcome) => isCounted(outcome) && outcome.isWarned && isOurs(outcome)),
    noticeMissed: n((outcome) => isFailed(outcome) && outcome.isNoticeMissed && isOurs(outcome)),
    unreachable: n(({ standing }) => standing === 'unreachable'),
    falseRecovery: n((outcome) => isKept(outcome) && outcome.isRecovered && isOurs(outcome)),
    firstContactRate: rate(
      ({ isFirstContact }) => isFirstContact === true,
      (outcome) => outcome.isFirstContact !== null && isOurs(outcome),
    ),
    ours: n(isOurs),
    oursCounted: n((outcome) => isCounted(outcome) && isOurs(outcome)),
  };
}

const isKept = ({ standing }: Outcome): boolean => standing === 'kept';
const isFailed = ({ standing }: Outcome): boolean => standing === 'broken' || standing === 'overdue';
const isCounted = (outcome: Outcome): boolean => isKept(outcome) || isFailed(outcome);
const isKeptFirst = ({ first }: Outcome): boolean => first === 'kept';
const isCountedFirst = ({ first }: Outcome): boolean => first === 'kept' || first === 'broken' || first === 'overdue';
const isOurs = ({ isHistory }: Outcome): boolean => !isHistory;

/** Goals are decimal, and 1 - 0.9 is a little less than 0.1 to a computer: reckoned in billionths. */
function brokenAllowed(goal: number, counted: number): number {
  return Number((BigInt(Math.round((1 - goal) * 1e9)) * BigInt(counted)) / 1_000_000_000n);
}
