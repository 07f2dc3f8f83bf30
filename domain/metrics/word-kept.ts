import type { Instant } from '../promise/instant.ts';

/** What promises can be grouped by; `week` and `month` are those of the day on which they fall due. */
export const GROUPINGS = ['kind', 'partner', 'owner', 'source', 'region', 'product', 'week', 'month'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** A share between 0 and 1; null over nothing. */
export type Rate = number | null;

/** Milliseconds at the named percentiles; null over nothing. */
export type PercentilesMs<P extends string> = { readonly [K in P]: number | null };

/**
 * How a group of promises was kept. Each figure is defined in `reports/columns.ts`, where it is printed from; each can
 * be recounted from facts. A rate over nothing is null, never 0 or 1.
 */
export interface WordKeptGroup {
  /** The kind, partner and so on, an ISO week as `2013-W07`, a month as `2013-02`; null: the promises that name none. */
  readonly key: string | null;
  readonly promises: number;
  readonly kept: number;
  readonly broken: number;
  readonly overdue: number;
  readonly open: number;
  readonly withdrawn: number;
  readonly withdrawnByUs: number;
  readonly keptRate: Rate;
  readonly keptRateFirst: Rate;
  readonly earlyRate: Rate;
  readonly goal: Rate;
  readonly brokenAllowed: number | null;
  readonly promisedLengthMs: PercentilesMs<'p50' | 'p90'>;
  readonly actualLengthMs: PercentilesMs<'p50' | 'p90'>;
  readonly marginMs: PercentilesMs<'p5' | 'p10' | 'p50' | 'p90'>;
  /** Shares, not milliseconds. */
  readonly bufferUse: { readonly p50: Rate; readonly p90: Rate };
  readonly noticeLeadMs: PercentilesMs<'p10' | 'p50'>;
  readonly noticeRecall: Rate;
  readonly falseAlarmRate: Rate;
  readonly noticeMissed: number;
  readonly unreachable: number;
  readonly newTimeKeptRate: Rate;
  readonly falseRecovery: number;
  readonly contactsPerPromise: number;
  readonly askedFirst: Rate;
  readonly firstContactRate: Rate;
  readonly recoveryTimeMs: PercentilesMs<'p50' | 'p90'>;
  /** Amount by currency, e.g. `{ "EUR": "12.50" }`. */
  readonly remedyCost: Readonly<Record<string, string>>;
  readonly secondBreaks: number;
  readonly handOvers: number;
}

/** The report `word-kept`: one group per value of `by`, in the order of the keys. */
export interface WordKept {
  readonly generatedAt: Instant;
  /** How old the figures are: they show the promises as they stood at `generatedAt - readLagMs`. */
  readonly readLagMs: number;
  readonly by: Grouping;
  readonly groups: readonly WordKeptGroup[];
  /** What the partner missed to which it is narrowed, by name; absent: it is narrowed to none. */
  readonly slips?: readonly PartnerSlip[];
}

/** A checkpoint that a partner missed. */
export interface PartnerSlip {
  readonly checkpoint: string;
  /** Of so many promises. */
  readonly promises: number;
}

/** One end of what is counted: an instant of promisedAt, or the day, in the promise's own zone, on which it falls due. */
export type ReportBound = { readonly at: Instant } | { readonly day: string };

/** Which promises are counted; what is absent does not choose. `from` is inside; of `to` an instant is not, a day is. */
export interface WordKeptFilter {
  readonly kind?: string | undefined;
  readonly partner?: string | undefined;
  readonly owner?: string | undefined;
  readonly source?: string | undefined;
  readonly from?: ReportBound | undefined;
  readonly to?: ReportBound | undefined;
}

export interface WordKeptQuery extends WordKeptFilter {
  readonly by: Grouping;
}

/** What the hand-over of a warning may take: one that leaves this long after its last call still gave the whole lead. */
export const HAND_OVER_ALLOWANCE_MS = 5_000;
