import { groupsOf, type Groups } from './grouping.ts';
import type { Codes, Measures } from './measures.ts';
import { spreadsOf, type Spreads } from './spreads.ts';
import { sumsOf, type Sums } from './sums.ts';
import { countsOf, talliesOf, type Counts } from './tallies.ts';
import type { Grouping, Rate, WordKeptGroup } from './word-kept.ts';

/**
 * The figures of the report by one grouping, in the order of the keys, none last. A million promises take some 150 ms, in
 * which nothing else runs.
 * @throws RangeError for a grouping that was not read.
 */
export function wordKeptBy(measures: Measures, by: Grouping): readonly WordKeptGroup[] {
  const codes = measures.codes[by];
  if (!codes) throw new RangeError(`These measures were not read for a report by ${by}.`);
  return keptOf(measures, codes, by === 'partner' ? (key) => key : () => measures.partner);
}

/** The same by any codes, one for each promise. */
export const wordKeptOf = (measures: Measures, codes: Codes): readonly WordKeptGroup[] =>
  keptOf(measures, codes, () => measures.partner);

/** `partnerOf`: the partner of all promises of a group, by its key; null: none, or different ones. */
function keptOf(
  measures: Measures,
  codes: Codes,
  partnerOf: (key: string | null) => string | null,
): readonly WordKeptGroup[] {
  const groups = groupsOf(codes);
  const tallies = talliesOf(measures.outcomes, groups);
  const goals = goalsOf(measures, groups, partnerOf);
  const sums = sumsOf(measures, groups);
  return spreadsOf(measures, groups).map((spreads, group) =>
    groupOf(groups.keys[group] ?? null, countsOf(tallies[group] ?? [], goals[group] ?? null), spreads, sums(group)),
  );
}

/** Of each group its partner's own goal, else the goal that all its kinds have; null where one has none or another. */
function goalsOf(
  { codes: { kind }, goals, partnerGoals }: Measures,
  { keys, of }: Groups,
  partnerOf: (key: string | null) => string | null,
): readonly (number | null)[] {
  const kinds = kind.keys.length;
  const has = new Uint8Array((keys.length + 1) * kinds);
  for (let i = 0; i < of.length; i += 1) has[(of[i] ?? 0) * kinds + (kind.places[i] ?? 0)] = 1;
  return keys.map((key, group) => {
    const own = partnerGoals.get(partnerOf(key) ?? '');
    if (own !== undefined) return own;
    const among = kind.keys.filter((_key, place) => has[group * kinds + place] === 1);
    const [goal = null, ...others] = new Set(among.map((name) => goals.get(name ?? '') ?? null));
    return others.length === 0 ? goal : null;
  });
}

/** The keys in the order of the contract. */
function groupOf(key: string | null, counts: Counts, spreads: Spreads, sums: Sums): WordKeptGroup {
  return {
    key,
    promises: counts.promises,
    kept: counts.kept,
    broken: counts.broken,
    overdue: counts.overdue,
    open: counts.open,
    withdrawn: counts.withdrawn,
    withdrawnByUs: counts.withdrawnByUs,
    keptRate: counts.keptRate,
    keptRateFirst: counts.keptRateFirst,
    earlyRate: counts.earlyRate,
    goal: counts.goal,
    brokenAllowed: counts.brokenAllowed,
    promisedLengthMs: spreads.promisedLengthMs,
    actualLengthMs: spreads.actualLengthMs,
    marginMs: spreads.marginMs,
    bufferUse: spreads.bufferUse,
    noticeLeadMs: spreads.noticeLeadMs,
    noticeRecall: counts.noticeRecall,
    falseAlarmRate: counts.falseAlarmRate,
    noticeMissed: counts.noticeMissed,
    unreachable: counts.unreachable,
    newTimeKeptRate: share(sums.newTimesKept, sums.newTimesKept + sums.newTimesBroken),
    falseRecovery: counts.falseRecovery,
    contactsPerPromise: share(sums.contacts, counts.ours) ?? 0,
    askedFirst: share(sums.askedFirst, counts.oursCounted),
    firstContactRate: counts.firstContactRate,
    recoveryTimeMs: spreads.recoveryTimeMs,
    remedyCost: sums.remedyCost,
    secondBreaks: sums.secondBreaks,
    handOvers: sums.handOvers,
  };
}

const share = (part: number, whole: number): Rate => (whole === 0 ? null : part / whole);
