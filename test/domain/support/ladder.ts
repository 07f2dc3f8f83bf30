import { expect, it } from 'vitest';
import type { Fact } from '../../../domain/promise/facts.ts';
import { fold } from '../../../domain/promise/fold.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import { judge, type Judgement } from '../../../domain/promise/judge.ts';
import type { Terms } from '../../../domain/promise/plan.ts';
import type { AlertReason, NoticeReason, Phase } from '../../../domain/promise/words.ts';
import { at, estimated, termsFor } from './build.ts';

// Made Monday 08:00 for Friday 16:00: see DOCUMENT.
export const SILENT = termsFor({}, { whenUnknown: 'silent' });
export const WARN = termsFor({}, { whenUnknown: 'warn' });
export const TARGET = at('2026-03-05T04:00Z');
export const LAST_CALL = at('2026-03-05T16:00Z');
export const SEND_BY = at('2026-03-06T15:59:30Z');
export const PROMISED = at('2026-03-06T16:00Z');
export const RECOVERY = at('2026-03-06T18:00Z');
export const TUE = at('2026-03-03T12:00Z');
export const WED = at('2026-03-04T12:00Z');
export const just = (before: Instant, ms = -1): Instant => at(new Date(Date.parse(before) + ms).toISOString());

export const onTime = (occurredAt: Instant): Fact => estimated(occurredAt, at('2026-03-04T16:00Z'));
export const slips = (occurredAt: Instant): Fact => estimated(occurredAt, at('2026-03-06T10:00Z'));
export const late = (occurredAt: Instant, text = '2026-03-07T10:00Z'): Fact => estimated(occurredAt, at(text));

interface Expected {
  readonly phase: Phase;
  readonly owed?: readonly NoticeReason[];
  readonly alerts?: readonly AlertReason[];
  readonly wakeAt: Instant | null;
}
type Row = readonly [name: string, terms: Terms, facts: readonly Fact[], now: Instant, expected: Expected];

export const look = (terms: Terms, facts: readonly Fact[], now: Instant): Judgement =>
  judge(terms, fold(terms, facts), now);
export const seen = ({ phase, owed, alerts, wakeAt }: Judgement) => ({
  phase,
  owed: owed.map(({ reason }) => reason),
  alerts,
  wakeAt,
});
const holds = (_: string, terms: Terms, facts: readonly Fact[], now: Instant, expected: Expected): void =>
  expect(seen(look(terms, facts, now))).toEqual({ owed: [], alerts: [], ...expected });
export const table = (rows: readonly Row[]): void => it.each(rows)('%s', holds);
