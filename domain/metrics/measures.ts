import type { Instant } from '../promise/instant.ts';
import type { Grouping } from './word-kept.ts';

/**
 * What is known of many promises, a column per figure and a place per promise, so that a million of them are counted
 * within a blink. Read once, then counted by any of the groupings that were asked for, without another look.
 */
export interface Measures {
  /** The moment whose state these are, by PostgreSQL's clock. */
  readonly asOf: Instant;
  /** How many promises. */
  readonly n: number;
  /** What became of each; `outcome.ts` says how it is written. */
  readonly outcomes: Int16Array;
  /** promisedAt - fulfilledAt; NaN where it was not fulfilled. Of length 0 where this is so of all, as those below. */
  readonly marginMs: Float64Array;
  /** promisedAt - madeAt of the fulfilled ones; NaN also where madeAt is not known. */
  readonly promisedLengthMs: Float64Array;
  /** promisedAt - targetAt of the fulfilled ones, greater than 0; else NaN. */
  readonly bufferMs: Float64Array;
  /** leadTo - first warning; NaN where none was given. */
  readonly noticeLeadMs: Float64Array;
  /** From the break to the recovery notice; NaN where there was none. */
  readonly recoveryTimeMs: Float64Array;
  /** Of the times told that nobody agreed to, how many were kept and how many not, as far as that is known. */
  readonly newTimesKept: Float64Array;
  readonly newTimesBroken: Float64Array;
  /** How often the customer came to us. */
  readonly contacts: Float64Array;
  /** 1 where she did before she was told anything, of those kept, broken and overdue. */
  readonly askedFirst: Float64Array;
  /** 1 where it was broken again. */
  readonly secondBreaks: Float64Array;
  readonly handOvers: Float64Array;
  /** What was granted, in hundredths of the currency; null where nothing was. */
  readonly remedies: { readonly cents: Float64Array; readonly currency: Codes } | null;
  /** The groupings that were asked for; `kind` always. */
  readonly codes: { readonly [G in Grouping]?: Codes } & { readonly kind: Codes };
  /** The share of its promises that a kind shall keep, by its newest policy; absent where none is set. */
  readonly goals: ReadonlyMap<string, number>;
  /** The same of a partner, where it has a goal of its own. */
  readonly partnerGoals: ReadonlyMap<string, number>;
  /** Whose promises these are; null: not narrowed to a partner. */
  readonly partner: string | null;
}

/** The key of each promise in a grouping: `keys[places[i]]`. No key stands twice. */
export interface Codes {
  readonly places: Int32Array;
  readonly keys: readonly (string | null)[];
}
