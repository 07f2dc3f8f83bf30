import { IDLE, type Instant } from '../../domain/promise/instant.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import type { Plan, Undertaking } from '../../domain/promise/plan.ts';
import { inTime, walk, type Walked } from './walk.ts';

/** A promise as it was made, its plan in force, and every fact of it. */
export interface Told {
  readonly key: string | null;
  readonly kind: string;
  readonly promised: Undertaking;
  readonly plan: Plan;
  readonly goal: number | null;
  readonly history: boolean;
  readonly facts: readonly Fact[];
}

/** What has no time while its clock stands comes after everything. */
const ms = (at: Instant): number => (at === IDLE ? Infinity : new Date(at).getTime());

/** The figures of `interface.md` section 5, from plans and facts alone, written a second time in another way. */
export function recount(promises: readonly Told[], now: Instant): Record<string, unknown> {
  const all = promises.map((promise) => measure(promise, ms(now)));
  const counted = (name: string): boolean => ['kept', 'broken', 'overdue'].includes(name);
  const settled = all.filter((one) => counted(one.phase));
  const settledFirst = all.filter((one) => counted(one.first));
  const ours = settled.filter((one) => !one.history);
  const failed = ours.filter((one) => one.phase !== 'kept');
  const done = all.filter((one) => one.fulfilled !== null);
  const warned = ours.filter((one) => one.warned !== null);
  const newTimes = all.flatMap((one) => (one.history ? [] : one.newTimes));
  const lived = all.filter((one) => !one.history);
  const answered = lived.flatMap((one) => (one.atOnce === null ? [] : [one.atOnce]));
  const told = promises.flatMap(({ facts }) => facts);
  const of = (name: string): number => all.filter((one) => one.phase === name).length;
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
  const leads = all.flatMap((one) => (one.warned === null || one.leadTo === Infinity ? [] : [one.leadTo - one.warned]));
  const recoveries = all.flatMap((one) =>
    one.recovered === null || one.recovered < one.brokenAt ? [] : [one.recovered - one.brokenAt],
  );
  return {
    promises: all.length,
    kept: of('kept'),
    broken: of('broken'),
    overdue: of('overdue'),
    open: of('open'),
    withdrawn: of('withdrawn'),
    withdrawnByUs: all.filter((one) => one.byUs).length,
    keptRate: rate(of('kept'), settled.length),
    keptRateFirst: rate(settledFirst.filter((one) => one.first === 'kept').length, settledFirst.length),
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
    falseAlarmRate: rate(warned.filter((one) => one.first === 'kept').length, warned.length),
    noticeMissed: failed.filter((one) => one.warned === null && one.end > one.lastCall).length,
    unreachable: of('unreachable'),
    newTimeKeptRate: rate(newTimes.filter((kept) => kept).length, newTimes.length),
    falseRecovery: all.filter((one) => one.phase === 'kept' && one.recovered !== null && !one.history).length,
    contactsPerPromise:
      rate(
        lived.reduce((sum, one) => sum + one.contacts, 0),
        lived.length,
      ) ?? 0,
    askedFirst: rate(ours.filter((one) => one.asked).length, ours.length),
    firstContactRate: rate(answered.filter((isAtOnce) => isAtOnce).length, answered.length),
    recoveryTimeMs: { p50: disc(recoveries, 50), p90: disc(recoveries, 90) },
    remedyCost: costs(told),
    secondBreaks: promises.filter(({ facts }) => facts.some(({ kind }) => kind === 'broken_again')).length,
    handOvers: told.filter(({ kind }) => kind === 'handed_over').length,
  };
}

function measure({ kind, promised, plan, facts, history }: Told, now: number): Measured {
  const walked = walk(promised, plan, facts);
  const { end, deadline, first } = walked;
  const endMs = end?.at ?? now;
  const fulfilled = end?.kind === 'fulfilled' ? end.at : null;
  const byUs = end?.by === 'company';
  return {
    phase: phase(end, inTime(deadline, end, now)),
    first: phase(end, inTime(first, end, now)),
    byUs,
    made: plan.madeAt === null ? null : ms(plan.madeAt),
    history,
    deadline: deadline.at,
    target: ms(plan.targetAt),
    lastCall: ms(plan.lastCallAt),
    leadTo: ms(plan.leadTo),
    end: endMs,
    fulfilled,
    early: fulfilled !== null && isEarly(plan, end?.asDay ? fulfilled - 1 : fulfilled),
    warned: walked.warned,
    recovered: walked.recovered,
    brokenAt: byUs ? Math.min(deadline.at, endMs) : deadline.at,
    newTimes: walked.imposed.flatMap((told) => keptNewTime(end, inTime(told, end, now)) ?? []),
    contacts: facts.filter((fact) => fact.kind === 'contacted').length,
    asked: asked(facts),
    atOnce: /^(callback|reply|repair)/.test(kind) && fulfilled !== null ? atOnce(walked, plan, facts) : null,
  };
}

interface Measured {
  readonly phase: string;
  /** The same against the time promised first. */
  readonly first: string;
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
  readonly newTimes: readonly boolean[];
  readonly contacts: number;
  readonly asked: boolean;
  readonly atOnce: boolean | null;
}

function phase(end: Walked['end'], ok: boolean): string {
  if (end === null) return ok ? 'open' : 'overdue';
  if (end.kind === 'unreachable') return 'unreachable';
  if (end.kind === 'fulfilled') return ok ? 'kept' : 'broken';
  if (end.by === 'company') return 'broken';
  return end.by === 'customer' && !ok ? 'broken' : 'withdrawn';
}

/** Null where it cannot be told: open still, taken back in time, or never reached. */
function keptNewTime(end: Walked['end'], ok: boolean): boolean | null {
  if (end?.kind === 'fulfilled') return ok;
  if (end?.by === 'company') return false;
  return end?.kind === 'unreachable' || end?.by === 'unknown' || ok ? null : false;
}

/** She asked, and nothing but the promise itself had been told her by then. */
function asked(facts: readonly Fact[]): boolean {
  const told = facts.flatMap((fact) => (fact.kind === 'notice_sent' && fact.reason !== 'promised' ? [fact] : []));
  return facts.some(
    (fact) =>
      fact.kind === 'contacted' &&
      ['status', 'trouble'].includes(fact.about) &&
      told.every(({ occurredAt }) => occurredAt >= fact.occurredAt),
  );
}

function atOnce({ end, tries }: Walked, { madeAt }: Plan, facts: readonly Fact[]): boolean {
  const again = facts.filter((fact) => fact.kind === 'contacted' && fact.occurredAt > (madeAt ?? ''));
  return end?.atOnce ?? (again.length === 0 && tries <= 1);
}

/** What was granted and not taken back, by currency: of each the option that was chosen last. */
function costs(facts: readonly Fact[]): Readonly<Record<string, string>> {
  const cents = new Map<string, number>();
  for (const granted of facts) {
    if (granted.kind !== 'remedy_granted') continue;
    const about = facts.filter((fact) => 'remedy' in fact && fact.remedy === granted.remedy);
    if (about.some(({ kind }) => kind === 'remedy_reversed')) continue;
    const option = about.flatMap((fact) => (fact.kind === 'chosen' && 'option' in fact ? [fact.option] : [])).at(-1);
    const { amount, currency } = granted.options[option ?? 0] ?? { amount: '0', currency: '' };
    cents.set(currency, (cents.get(currency) ?? 0) + Math.round(Number(amount) * 100));
  }
  return Object.fromEntries([...cents].map(([currency, sum]) => [currency, (sum / 100).toFixed(2)]));
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
