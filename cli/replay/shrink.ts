import { parse as parseIso } from 'tinyduration';
import { deadlineOf } from '../../domain/calendar/deadline.ts';
import type { Promised } from '../../domain/promise/plan.ts';
import type { BufferRule, CheckpointRule, Duration, Policy, RemedyTable } from '../../domain/policy/policy.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import { instant, msBetween, msOf, plusMs, type Instant } from '../../domain/promise/instant.ts';
import { isLate } from '../../domain/promise/plan.ts';
import type { Outcome } from '../../domain/promise/words.ts';
import type { HistoryRow } from '../import/mapping.ts';
import type { DatedRow } from '../import/read-history.ts';

/** A day of elapsed time; in a replay every day has as many hours, also the policy's. */
export const DAY_MS = 86_400_000;

/** How the clock of a history becomes that of its replay: one straight line, no clock is bent. */
export interface Scale {
  /** An instant of the history, … */
  readonly historyOrigin: Instant;
  /** … and when it is played. */
  readonly origin: Instant;
  /** How long a day of the history lasts. */
  readonly dayMs: number;
}

/** What was promised, once days have become instants. */
export type PlayedPromise = Exclude<Promised, { readonly precision: 'day' }>;

/** A promise of a history at the times at which it is played. */
export interface PlayedRow extends Omit<DatedRow, 'promised'> {
  readonly promised: PlayedPromise;
  /** What the history says became of it: `overdue` stands for never fulfilled. */
  readonly expected: Outcome | 'overdue';
}

/** The instant at which something of the history is played, to the millisecond below. */
export function shrinkInstant(scale: Scale, at: Instant): Instant {
  // Multiplied first: whole milliseconds stay exact, so that days of the history begin on their very millisecond.
  return plusMs(scale.origin, Math.floor((msBetween(scale.historyOrigin, at) * scale.dayMs) / DAY_MS));
}

/**
 * One row at the times at which it is played. The end of a promised day becomes an instant. A millisecond of a
 * replay is a while of its history, so every fact is kept on its own side of the deadline: rounding changes no outcome.
 */
export function shrinkRow(scale: Scale, row: DatedRow, suffix: string): PlayedRow {
  const promised = shrinkPromised(scale, row.promised);
  const expected = expectedOf(row);
  const deadline = promised.precision === 'instant' ? promised.at : promised.to;
  const facts = row.facts.map((fact) => shrinkFact(scale, fact, row.promised, deadline));
  return {
    ...row,
    kind: `${row.kind}${suffix}`,
    madeAt: shrinkInstant(scale, row.madeAt),
    target: row.target && shrinkInstant(scale, row.target),
    promised,
    facts,
    expected,
  };
}

/**
 * The same policy with every duration shrunk, under another kind, and without quiet hours. Shares stay shares; nothing
 * shrinks to nothing.
 */
export function shrinkPolicy(policy: Policy, kind: string, dayMs: number): Policy {
  const shrink: Shrink = (duration) => shrinkDuration(duration, dayMs);
  const { escalation, tries } = policy;
  return {
    ...policy,
    kind,
    buffer: shrinkBuffer(policy.buffer, shrink),
    lead: shrink(policy.lead),
    estimateFresh: shrink(policy.estimateFresh),
    factLag: shrink(policy.factLag),
    nextNews: shrink(policy.nextNews),
    sendGuard: shrink(policy.sendGuard),
    spread: shrink(policy.spread),
    shortest: shrink(policy.shortest),
    longest: shrink(policy.longest),
    // The days of a replay have no nights.
    quiet: null,
    escalation: { ...escalation, repeat: escalation.repeat && shrink(escalation.repeat) },
    checkpoints: policy.checkpoints.map((rule) => shrinkCheckpoint(rule, shrink)),
    tries: tries && { max: tries.max, every: shrink(tries.every), remind: shrink(tries.remind) },
    // Played promises have times of their own, and take no places.
    slots: null,
    remedies: policy.remedies && shrinkRemedies(policy.remedies, shrink),
  };
}

/**
 * A duration at the pace of a replay; a day is 86,400 s, a month 30 days, a year 365.
 * @example shrinkDuration('PT2H', 2_000) //=> 'PT0.167S'
 */
export function shrinkDuration(duration: Duration, dayMs: number): Duration {
  const { years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = parseIso(duration);
  const wholeDays = years * 365 + months * 30 + weeks * 7 + days;
  const ms = wholeDays * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000;
  if (ms === 0) return 'PT0S';
  return `PT${Math.max(1, Math.round((ms * dayMs) / DAY_MS)) / 1000}S`;
}

/** What the history itself says became of a promise, by its own precision. */
export function expectedOf(row: Pick<HistoryRow, 'promised' | 'facts'>): Outcome | 'overdue' {
  const end = row.facts.find((fact) => fact.kind === 'fulfilled' || fact.kind === 'withdrawn');
  if (!end) return 'overdue';
  const late = isTooLate(row.promised, end);
  if (end.kind === 'fulfilled') return late ? 'broken' : 'kept';
  return end.kind === 'withdrawn' && (end.by === 'company' || (end.by === 'customer' && late)) ? 'broken' : 'withdrawn';
}

function shrinkPromised(scale: Scale, promised: Promised): PlayedPromise {
  const at = shrinkInstant(scale, deadlineOf(promised));
  return promised.precision === 'window'
    ? { precision: 'window', from: shrinkInstant(scale, promised.from), to: at }
    : { precision: 'instant', at };
}

function shrinkFact(scale: Scale, fact: OutsideFact, promised: Promised, deadline: Instant): OutsideFact {
  const occurredAt = besideDeadline(shrinkInstant(scale, fact.occurredAt), fact, promised, deadline);
  if (fact.kind === 'estimated') return { ...fact, occurredAt, at: shrinkInstant(scale, fact.at) };
  if (fact.kind !== 'fulfilled') return { ...fact, occurredAt };
  // A day has become an instant, so that this end of it is one, too.
  const { asDay: _, ...fulfilled } = fact;
  return { ...fulfilled, occurredAt };
}

/** Rounding down may put a late fact on the deadline, and one in time on the end of a window. */
function besideDeadline(at: Instant, fact: OutsideFact, promised: Promised, deadline: Instant): Instant {
  const late = isTooLate(promised, fact);
  if (promised.precision === 'window') return !late && at >= deadline ? instant(msOf(deadline) - 1) : at;
  return late && at <= deadline ? instant(msOf(deadline) + 1) : at;
}

const isTooLate = (promised: Promised, fact: OutsideFact): boolean =>
  isLate(
    { precision: promised.precision, promisedAt: deadlineOf(promised) },
    fact.occurredAt,
    fact.kind === 'fulfilled' && fact.asDay,
  );

type Shrink = (duration: Duration) => Duration;

/** In a replay no calendar opens and closes: working time is played as time that passes. */
function shrinkBuffer(rule: BufferRule, shrink: Shrink): BufferRule {
  if ('fixed' in rule) return { fixed: shrink(rule.fixed) };
  if ('working' in rule) return { fixed: shrink(rule.working) };
  return { share: rule.share, min: rule.min && shrink(rule.min), max: rule.max && shrink(rule.max) };
}

const shrinkCheckpoint = ({ name, at, partner }: CheckpointRule, shrink: Shrink): CheckpointRule => ({
  name,
  at: 'fixed' in at ? { fixed: shrink(at.fixed) } : at,
  partner,
});

const shrinkRemedies = (table: RemedyTable, shrink: Shrink): RemedyTable => ({
  ...table,
  rows: table.rows.map((row) => ({ ...row, late: shrink(row.late) })),
  arrives: shrink(table.arrives),
});
