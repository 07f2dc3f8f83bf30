import type { Fact } from '../../../domain/promise/facts.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import type { Undertaking } from '../../../domain/promise/plan.ts';
import type { AttemptResult, WaitedFor } from '../../../domain/promise/words.ts';

let counter = 0;
const key = (kind: string): string => `${kind}-${counter++}`;

/** A missed checkpoint was alerted. */
export const missed = (occurredAt: Instant, checkpoint: string): Fact => {
  const factKey = `alert:checkpoint:${checkpoint}`;
  return { kind: 'escalated', factKey, occurredAt, reason: 'checkpoint', rungs: ['owner'], checkpoint };
};
export const paused = (occurredAt: Instant, waitingFor: WaitedFor = 'customer', until?: Instant): Fact => {
  return { kind: 'paused', factKey: key('paused'), occurredAt, waitingFor, ...(until && { until }) };
};
export const resumed = (occurredAt: Instant): Fact => {
  return { kind: 'resumed', factKey: key('resumed'), occurredAt };
};
/** Another time is told, and the customer agrees. */
export const agreed = (occurredAt: Instant, promised: Undertaking): Fact => {
  return { kind: 'repromised', factKey: key('repromised'), occurredAt, promised, agreedByCustomer: true };
};
/** Another time is told, whatever the customer thinks of it. */
export const imposed = (occurredAt: Instant, promised: Undertaking): Fact => {
  return { kind: 'repromised', factKey: key('repromised'), occurredAt, promised, agreedByCustomer: false };
};
export const attempted = (occurredAt: Instant, result: AttemptResult = 'no_answer'): Fact => {
  return { kind: 'attempted', factKey: key('attempted'), occurredAt, result };
};
export const contacted = (occurredAt: Instant): Fact => {
  return { kind: 'contacted', factKey: key('contacted'), occurredAt, channel: 'phone', about: 'status' };
};
export const reversed = (occurredAt: Instant): Fact => {
  return { kind: 'fulfilment_reversed', factKey: key('reversed'), occurredAt };
};
export const applied = (
  occurredAt: Instant,
  version: number,
  calendars: Readonly<Record<string, number>> = {},
): Fact => {
  return { kind: 'policy_applied', factKey: `policy:${version}:${key('applied')}`, occurredAt, version, calendars };
};
