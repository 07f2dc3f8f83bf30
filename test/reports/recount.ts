import type { Instant } from '../../domain/promise/instant.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import type { Plan } from '../../domain/promise/plan.ts';

/** A promise as it was made, and every fact of it. */
export interface Told {
  readonly key: string | null;
  readonly plan: Plan;
  readonly goal: number | null;
  readonly history: boolean;
  readonly facts: readonly Fact[];
}

const ms = (at: Instant): number => new Date(at).getTime();

/** The figures of `interface.md` section 5, from plans and facts alone, written a second time in another way. */
export function recount(promises: readonly Told[], now: Instant): Record<string, unknown> {
  const all = promises.map((promise) => measure(promise, ms(now)));
  const settled = all.filter((one) => ['kept', 'broken', 'overdue'].includes(one.phase));
  const ours = settled.filter((one) => !one.history);
  const failed = ours.filter((one) => one.phase !== 'kept');
  const done = all.filter((one) => one.fulfilled !== null);
  const warned = ours.filter((one) => one.warned !== null);
  const newTimes = all.filter((one) => one.newTime !== null);
  const of = (phase: string): number => all.filter((one) => one.phase === phase).length;
  const goals = [...new Set(promises.map((promise) => promise.goal))];
  const goal = goals.length === 1 ? (goals[0] ?? null) : null;
  const dated = done.flatMap((one) => (one.made === null ? [] : [{ ...one, made: one.made }]));
  const lengths = dated.map((one) => one.deadline - one.made);
  const actual = dated.map((one) => (one.fulfilled ?? 0) - one.made);
  const margins = done.map((one) => one.deadline - (one.fulfilled ?? 0));
  const buffers = done.filter((one) => one.deadline > one.target);
  const uses = buffers.map((one) =>
    Math.min(1, Math.max(0, ((one.fulfilled ?? 0) - one.target) / (one.deadline - one.target))),
  );
  const leads = all.flatMap((one) => (one.warned === null ? [] : [one.leadTo - one.warned]));
  const recoveries = all.flatMap((one) => (one.recovered === null ? [] : [one.recovered - one.brokenAt]));
  return {
    promises: all.length,
    kept: of('kept'),
    broken: of('broken'),
    overdue: of('overdue'),
    open: of('open'),
    withdrawn: of('withdrawn'),
    withdrawnByUs: all.filter((one) => one.byUs).length,
    keptRate: rate(of('kept'), settled.length),
    keptRateFirst: rate(of('kept'), settled.length),
    earlyRate: rate(settled.filter((one) => one.early).length, settled.length),
    goal,
    brokenAllowed: goal === null ? null : Math.floor((Math.round((1 - goal) * 1000) * settled.length) / 1000),
    promisedLengthMs: { p50: disc(lengths, 50), p90: disc(lengths, 90) },
    actualLengthMs: { p50: disc(actual, 50), p90: disc(actual, 90) },
    marginMs: { p5: disc(margins, 5), p10: disc(margins, 10), p50: disc(margins, 50), p90: disc(margins, 90) },
    bufferUse: { p50: disc(uses, 50), p90: disc(uses, 90) },
    noticeLeadMs: { p10: disc(leads, 10), p50: disc(leads, 50) },
    noticeRecall: rate(
      failed.filter((one) => one.warned !== null && one.warned <= one.lastCall + 5_000).length,
      failed.length,
    ),
    falseAlarmRate: rate(warned.filter((one) => one.phase === 'kept').length, warned.length),
    noticeMissed: failed.filter((one) => one.warned === null && one.end > one.lastCall).length,
    unreachable: 0,
    newTimeKeptRate: rate(newTimes.filter((one) => one.newTime).length, newTimes.length),
    falseRecovery: all.filter((one) => one.phase === 'kept' && one.recovered !== null).length,
    contactsPerPromise: 0,
    askedFirst: null,
    firstContactRate: null,
    recoveryTimeMs: { p50: disc(recoveries, 50), p90: disc(recoveries, 90) },
    remedyCost: {},
    secondBreaks: 0,
    handOvers: 0,
  };
}

function measure({ plan, facts, history }: Told, now: number): Measured {
  const ends = facts.filter((fact) => fact.kind === 'fulfilled' || fact.kind === 'withdrawn');
  const end = ends.sort((a, b) => ms(a.occurredAt) - ms(b.occurredAt))[0];
  // What came "some time that day" is written down as the day's last moment, one millisecond before its end.
  const asDay = end?.kind === 'fulfilled' && end.asDay === true;
  const inTime = (at: number, deadline: number): boolean =>
    plan.precision === 'instant' ? at <= deadline : (asDay ? at - 1 : at) < deadline;
  const deadline = ms(plan.promisedAt);
  const endMs = end ? ms(end.occurredAt) : now;
  const fulfilled = end?.kind === 'fulfilled' ? endMs : null;
  const by = end?.kind === 'withdrawn' ? end.by : null;
  const sent = (reason: string) =>
    facts
      .filter((fact) => fact.kind === 'notice_sent' && fact.reason === reason)
      .map((fact) => ms(fact.occurredAt))
      .sort((a, b) => a - b)[0] ?? null;
  const news = facts.flatMap((fact) =>
    fact.kind === 'notice_sent' && fact.told ? [{ at: ms(fact.occurredAt), told: ms(fact.told.at) }] : [],
  );
  const newest = news.sort((a, b) => b.at - a.at)[0]?.told ?? null;
  const ok = inTime(endMs, deadline);
  return {
    phase: phase(end?.kind ?? null, by, ok),
    byUs: by === 'company',
    made: plan.madeAt === null ? null : ms(plan.madeAt),
    history,
    deadline,
    target: ms(plan.targetAt),
    lastCall: ms(plan.lastCallAt),
    leadTo: ms(plan.leadTo),
    end: endMs,
    fulfilled,
    early: fulfilled !== null && isEarly(plan, asDay ? fulfilled - 1 : fulfilled),
    warned: sent('risk'),
    recovered: sent('recovery'),
    brokenAt: by === 'company' ? Math.min(deadline, endMs) : deadline,
    newTime: newest === null ? null : newTime(end?.kind ?? null, by, inTime(endMs, newest)),
  };
}

interface Measured {
  readonly phase: string;
  readonly byUs: boolean;
  readonly made: number | null;
  readonly history: boolean;
  readonly deadline: number;
  readonly target: number;
  readonly lastCall: number;
  readonly leadTo: number;
  readonly end: number;
  readonly fulfilled: number | null;
  readonly early: boolean;
  readonly warned: number | null;
  readonly recovered: number | null;
  readonly brokenAt: number;
  readonly newTime: boolean | null;
}

function phase(end: string | null, by: string | null, ok: boolean): string {
  if (end === null) return ok ? 'open' : 'overdue';
  if (end === 'fulfilled') return ok ? 'kept' : 'broken';
  if (by === 'company') return 'broken';
  return by === 'customer' && !ok ? 'broken' : 'withdrawn';
}

function newTime(end: string | null, by: string | null, ok: boolean): boolean | null {
  if (end === 'fulfilled') return ok;
  if (by === 'company') return false;
  return by === 'unknown' || ok ? null : false;
}

function isEarly(plan: Plan, at: number): boolean {
  if (plan.precision === 'instant') return at < ms(plan.promisedAt);
  if (plan.precision === 'window') return at < ms(plan.windowFrom as Instant);
  return new Intl.DateTimeFormat('en-CA', { timeZone: plan.zone }).format(at) < (plan.day ?? '');
}

const rate = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** The smallest value that at least `percent` of the values do not exceed. */
function disc(values: readonly number[], percent: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.find((_, index) => (index + 1) * 100 >= percent * sorted.length) ?? null;
}
