import { armedByStart, pokeAfterStart, pokeNotTaken, sleepsUntil } from '../../domain/promise/decisions.ts';
import { newsChanges } from '../../domain/promise/news.ts';
import {
  afterHandOver,
  claimHoldsMs,
  handOverAtOnce,
  isQuick,
  sendWithinMs,
  shortWayAfter,
  takeOver,
  takingOf,
} from '../../domain/promise/sending.ts';
import { registered, settlement } from '../../domain/promise/settlement.ts';

/** Every decision that the simulation asks for: the functions that `db/`, `temporal/` and `activities/` call, too. */
export const DECISIONS = {
  ...{ settlement, registered, newsChanges },
  ...{ sleepsUntil, armedByStart, pokeAfterStart, pokeNotTaken },
  ...{ takingOf, takeOver, claimHoldsMs, sendWithinMs, afterHandOver, isQuick, shortWayAfter, handOverAtOnce },
};
export type Decisions = typeof DECISIONS;

/** Faults planted into one decision, to see that the simulation finds them. */
export const PLANTS = {
  /** A workflow that sleeps too long is not poked unless there is a notice. */
  'lost-poke': {
    settlement: (found) => {
      const decided = settlement(found);
      return { ...decided, poke: decided.poke && decided.insert.length > 0 };
    },
  },
  /** A text is thrown away because this hand-over failed, though an earlier one may have succeeded. */
  'doubled-send': { afterHandOver: (outcome) => afterHandOver(outcome, 1) },
  /** A text whose claim has run out goes again, whether it is still true or not, and is not cut off. */
  'late-warning': {
    takeOver: (frozen, now) => takeOver({ ...frozen, notValidAfter: null }, now),
    sendWithinMs: (_trueForMs, spentMs, mostMs) => sendWithinMs(null, spentMs, mostMs),
  },
} satisfies Record<string, Partial<Decisions>>;
export type Plant = keyof typeof PLANTS;
