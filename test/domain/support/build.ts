import { planOf, type PlanRequest } from '../../../domain/calendar/plan.ts';
import { termsOf } from '../../../domain/calendar/terms.ts';
import { parsePolicy } from '../../../domain/policy/fields.ts';
import type { Policy } from '../../../domain/policy/policy.ts';
import type { Fact, Named, NoticeKey, Offer, Told } from '../../../domain/promise/facts.ts';
import { instant, type Instant } from '../../../domain/promise/instant.ts';
import type { Terms, Undertaking } from '../../../domain/promise/plan.ts';
import type {
  HandOverCause,
  LadderAlert,
  NoticeReason,
  SecondBreak,
  WaitedFor,
  Withdrawer,
} from '../../../domain/promise/words.ts';

/** @example at('2026-03-06T16:00Z') //=> '2026-03-06T16:00:00.000Z' */
export const at = (text: string): Instant => instant(Date.parse(text));

/** A policy from a document; the test fails where the document is wrong. */
export function policy(document: Record<string, unknown>): Policy {
  const read = parsePolicy(document);
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.policy;
}

/** A promise of Monday 08:00 UTC for Friday 16:00 UTC. */
export const REQUEST: PlanRequest = {
  promised: { precision: 'instant', at: at('2026-03-06T16:00Z') },
  madeAt: at('2026-03-02T08:00Z'),
  target: null,
  customerZone: 'UTC',
  companyZone: 'UTC',
  place: 0,
};

/** Target Thursday 04:00, last call Thursday 16:00, no warning from Friday 15:59:30 on, recovery Friday 18:00. */
export const DOCUMENT = {
  kind: 'delivery',
  buffer: { fixed: 'PT36H' },
  lead: 'PT24H',
  estimateFresh: 'PT24H',
  factLag: 'PT2H',
  nextNews: 'P1D',
};

export function termsFor(request: Partial<PlanRequest> = {}, document: Record<string, unknown> = {}): Terms {
  const rules = policy({ ...DOCUMENT, ...document });
  return termsOf(planOf({ ...REQUEST, ...request }, rules), rules);
}

let counter = 0;
const key = (kind: string): string => `${kind}-${counter++}`;

export const estimated = (occurredAt: Instant, estimate: Instant): Fact => {
  return { kind: 'estimated', factKey: key('estimated'), occurredAt, at: estimate };
};
export const progressed = (occurredAt: Instant, checkpoint: string): Fact => {
  return { kind: 'progressed', factKey: key('progressed'), occurredAt, checkpoint };
};
export const fulfilled = (occurredAt: Instant): Fact => {
  return { kind: 'fulfilled', factKey: key('fulfilled'), occurredAt };
};
export const withdrawn = (occurredAt: Instant, by: Withdrawer): Fact => {
  return { kind: 'withdrawn', factKey: key('withdrawn'), occurredAt, by };
};
export const registered = (occurredAt: Instant): Fact => ({ kind: 'registered', factKey: 'registered', occurredAt });
export const paused = (occurredAt: Instant, waitingFor: WaitedFor, until: Instant | null = null): Fact => {
  const head = { kind: 'paused', factKey: key('paused'), occurredAt, waitingFor } as const;
  return until === null ? head : { ...head, until };
};
export const resumed = (occurredAt: Instant): Fact => ({ kind: 'resumed', factKey: key('resumed'), occurredAt });
export const repromised = (occurredAt: Instant, promised: Undertaking, agreedByCustomer: boolean): Fact => {
  return { kind: 'repromised', factKey: key('repromised'), occurredAt, promised, agreedByCustomer };
};
export const reversed = (occurredAt: Instant): Fact => {
  return { kind: 'fulfilment_reversed', factKey: key('reversed'), occurredAt };
};
/** An estimate as it is stored, with the time until which it is news. */
export const estimatedUntil = (occurredAt: Instant, estimate: Instant, freshUntil: Instant): Fact => {
  return { kind: 'estimated', factKey: key('estimated'), occurredAt, at: estimate, freshUntil };
};
export const escalated = (occurredAt: Instant, reason: LadderAlert): Fact => {
  return { kind: 'escalated', factKey: `alert:${reason}`, occurredAt, reason, rungs: ['owner'] };
};
export const handedOver = (
  occurredAt: Instant,
  owner: string,
  acknowledgeBy: Instant | null = null,
  because: HandOverCause = 'command',
): Fact => {
  const by = because === 'command' ? 'mall' : null;
  return { kind: 'handed_over', factKey: key('handed-over'), occurredAt, owner, by, because, acknowledgeBy };
};
export const acknowledged = (occurredAt: Instant, by: string): Fact => {
  return { kind: 'acknowledged', factKey: key('acknowledged'), occurredAt, by };
};
/** A notice that names somebody. */
export const naming = (fact: Fact, person: string, role: Named['role'] = 'owner'): Fact => {
  if (fact.kind !== 'notice_sent') throw new Error('Only a notice that was sent names somebody.');
  return { ...fact, named: { person, role } };
};
export const brokenAgain = (occurredAt: Instant, of: SecondBreak): Fact => {
  return { kind: 'broken_again', factKey: 'second_break', occurredAt, of };
};
export const granted = (occurredAt: Instant, remedy: string, options: readonly Offer[], by?: string): Fact => {
  const head = {
    kind: 'remedy_granted',
    factKey: key('granted'),
    occurredAt,
    remedy,
    reason: 'late',
    lateMs: 0,
    options,
  } as const;
  return by === undefined ? head : { ...head, by };
};
const named = (reason: NoticeReason, more: Partial<NoticeKey>): NoticeKey => ({
  reason,
  revision: 1,
  occasion: 0,
  ...more,
});
export const sent = (
  occurredAt: Instant,
  reason: NoticeReason,
  told: Told | null,
  more: Partial<NoticeKey> = {},
): Fact => {
  const notice = named(reason, more);
  return {
    kind: 'notice_sent',
    factKey: key('sent'),
    occurredAt,
    told,
    nextNewsAt: null,
    channel: 'email',
    messageId: '<m@kept.example>',
    ...notice,
  };
};
export const dropped = (occurredAt: Instant, reason: NoticeReason, more: Partial<NoticeKey> = {}): Fact => {
  return {
    kind: 'notice_dropped',
    factKey: key('dropped'),
    occurredAt,
    cause: 'no_longer_due',
    ...named(reason, more),
  };
};
export const failed = (occurredAt: Instant, reason: NoticeReason, more: Partial<NoticeKey> = {}): Fact => {
  return { kind: 'notice_failed', factKey: key('failed'), occurredAt, outcome: 'refused', ...named(reason, more) };
};
export const until = (text: string): Told => ({ at: at(text), day: null });
