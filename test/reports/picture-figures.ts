import type { MarginHistogram } from '../../domain/metrics/margins.ts';
import type { Grouping, WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import type { ReportFigures } from '../../reports/charts/picture.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const NONE = { p50: null, p90: null };

/** A group of promises, `kept` of `due` of them in time; the others broken. */
export function group(key: string | null, due: number, kept: number, more: Partial<WordKeptGroup> = {}): WordKeptGroup {
  const rate = due === 0 ? null : kept / due;
  return {
    key,
    promises: due,
    kept,
    broken: due - kept,
    overdue: 0,
    open: 0,
    withdrawn: 0,
    withdrawnByUs: 0,
    keptRate: rate,
    keptRateFirst: rate,
    earlyRate: rate,
    goal: null,
    brokenAllowed: null,
    promisedLengthMs: NONE,
    actualLengthMs: NONE,
    marginMs: { p5: -2 * HOUR, p10: -HOUR, p50: 5 * MINUTE, p90: HOUR },
    bufferUse: NONE,
    noticeLeadMs: { p10: null, p50: null },
    noticeRecall: null,
    falseAlarmRate: null,
    noticeMissed: 0,
    unreachable: 0,
    newTimeKeptRate: null,
    falseRecovery: 0,
    contactsPerPromise: 0,
    askedFirst: null,
    firstContactRate: null,
    recoveryTimeMs: NONE,
    remedyCost: {},
    secondBreaks: 0,
    handOvers: 0,
    ...more,
  };
}

/** Bins of `binMs` from the latest to the earliest; `firstBin` of them are before 0. */
export function histogram(
  counts: readonly number[],
  late: number,
  more: Partial<MarginHistogram> = {},
): MarginHistogram {
  const binMs = more.binMs ?? 10 * MINUTE;
  const bins = counts.map((n, index) => ({ fromMs: (index - late) * binMs, toMs: (index - late + 1) * binMs, n }));
  return { binMs, bins, promiseAtMs: 0, targetMs: 15 * MINUTE, below: 0, above: 0, ...more };
}

/** What it took. */
const EFFORT: Partial<WordKeptGroup> = {
  newTimeKeptRate: 0.625,
  contactsPerPromise: 1 / 3,
  askedFirst: 0.1,
  firstContactRate: 0.9,
  remedyCost: { EUR: '1250.00', SEK: '40.50' },
  secondBreaks: 3,
  handOvers: 12,
};

/** Three weeks, the middle one without promises; 7 of 10 kept; two partners and promises without one. */
export const FIGURES: ReportFigures = {
  total: group(null, 1_240, 868, { goal: 0.8, ...EFFORT }),
  weeks: {
    groups: [group('2026-W45', 600, 480), group('2026-W47', 630, 380), group('2026-W48', 10, 8)],
  },
  groups: {
    by: 'partner',
    groups: [
      group('dpd', 400, 300, { goal: 0.8, ...EFFORT }),
      group('omniva', 820, 560, { goal: 0.8 }),
      group(null, 20, 8, { marginMs: { p5: null, p10: null, p50: null, p90: null } }),
    ],
  },
  margins: histogram([20, 60, 292, 500, 300, 60], 3, { below: 4, above: 4 }),
};

/** The same with other groups. */
export const groupedBy = (by: Grouping, groups: readonly WordKeptGroup[]): ReportFigures => ({
  ...FIGURES,
  groups: { by, groups },
});
