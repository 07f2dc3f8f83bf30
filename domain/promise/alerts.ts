import type { Line } from './capacity.ts';
import type { Fact, Offer } from './facts.ts';
import { earliest, later, plusMs, type Instant, type Zone } from './instant.ts';
import type { Judgement } from './judge.ts';
import type { Terms } from './plan.ts';
import { RUNGS, type AlertReason, type AlertRung, type LadderAlert, type Phase, type Rung } from './words.ts';

/**
 * What is decided about alerts to staff, as pure functions: who is told when a promise changes, when an alert goes again or
 * up, when a mail to a person leaves. `db/` holds the rows and decides nothing.
 */

/** An alert to whoever stands on a rung; on that of the partner each of its people. */
export interface NewAlert {
  readonly reason: AlertReason;
  readonly rung: AlertRung;
  /** Which one was missed; empty of other reasons. */
  readonly checkpoint: string;
  /** Whose slip it is, where a partner answers for the checkpoint. */
  readonly partner: string | null;
  /** Which one of its reason, where a promise can have several; else empty. */
  readonly occasion: string;
}

/**
 * One alert for each rung that is to be told. A checkpoint that a partner answers for is the partner's slip. The people of
 * the promise's partner are told of its own, whomever the ladder tells, and of whatever else the ladder tells, but of
 * checkpoints that are ours; not of what Kept registered because of a promise.
 * `news` are the facts that are new, `stored` all there are.
 */
export function newAlerts(
  { partner: named, isOver }: { readonly partner: string | null; readonly isOver: boolean },
  { plan, escalation, follows }: Terms,
  judged: Judgement,
  news: readonly Fact[],
  stored: readonly Fact[],
): readonly NewAlert[] {
  const partner = follows ? null : named;
  const told = (reason: LadderAlert, checkpoint: string, slipOf: string | null): NewAlert[] => {
    const rungs = escalation[reason];
    const isTheirs = partner !== null && (reason === 'checkpoint' ? slipOf !== null : rungs.length > 0);
    const all: readonly AlertRung[] = isTheirs ? [...rungs, 'partner'] : rungs;
    return all.map((rung) => ({ reason, rung, checkpoint, partner: slipOf, occasion: '' }));
  };
  const isPartners = (name: string): boolean => plan.checkpoints.some((each) => each.name === name && each.partner);
  return [
    ...judged.missed.flatMap((name) => told('checkpoint', name, isPartners(name) ? partner : null)),
    ...judged.alerts.flatMap((reason) => told(reason, '', null)),
    ...judged.calls.map((call) => callback(`${CALL}:${call}`)),
    ...(isOver ? [] : news.flatMap(handOverAlerts)),
    ...(!isOver && news.some(isWrongNumber) ? [wrongNumber(stored.filter(isWrongNumber).length)] : []),
  ];
}

/** The new owner is told where they are to acknowledge it, and where nobody did and it came to them for that. */
function handOverAlerts(fact: Fact): readonly NewAlert[] {
  if (fact.kind !== 'handed_over') return [];
  const { acknowledgeBy, because, factKey: occasion } = fact;
  const alert = { rung: 'owner', checkpoint: '', partner: null, occasion } as const;
  if (because === 'unacknowledged') return [{ reason: 'unacknowledged', ...alert }];
  return acknowledgeBy === null ? [] : [{ reason: 'handed_over', ...alert }];
}

const isWrongNumber = (fact: Fact): boolean => fact.kind === 'attempted' && fact.result === 'wrong_number';

/** The occasion of a callback's alert: a number that reaches somebody else must be put right before the next try. */
export const WRONG_NUMBER = 'wrong_number';

/** The occasion of a callback's alert: a call is due; see `nextCall`. */
export const CALL = 'call';

const callback = (occasion: string): NewAlert => ({
  reason: 'callback',
  rung: 'owner',
  checkpoint: '',
  partner: null,
  occasion,
});

/** @example wrongNumber(2).occasion //=> 'wrong_number:2' */
const wrongNumber = (count: number): NewAlert => callback(`${WRONG_NUMBER}:${count}`);

/** What becomes of an alert that nobody has acknowledged for as long as the policy waits. */
export type AlertMove = { readonly move: 'again' } | { readonly move: 'up'; readonly rungs: readonly Rung[] };

/**
 * Repeated `times` times it goes up: to the first of `rungs` on which anybody stands; none is left at the top. From a
 * partner it goes to the owner.
 * @example moveOf({ rung: 'owner', times: 3 }, 2) //=> { move: 'up', rungs: ['lead', 'manager'] }
 */
export function moveOf(alert: { readonly rung: AlertRung; readonly times: number }, times: number): AlertMove {
  if (alert.times <= times) return { move: 'again' };
  return { move: 'up', rungs: alert.rung === 'partner' ? RUNGS : RUNGS.slice(RUNGS.indexOf(alert.rung) + 1) };
}

export const ALERT_GROUPS = [
  'capacity',
  'callback',
  'overdue',
  'at_risk',
  'unacknowledged',
  'handed_over',
  'slip',
  'checkpoint',
  'approval',
] as const;
/** What a person reads together, most urgent first. `overdue`: broken, and whatever else has passed its promised time. */
export type AlertGroup = (typeof ALERT_GROUPS)[number];

/** An alert as somebody reads it, true at the moment of reading. Of the customer nothing but in a note. */
export interface AlertLine {
  readonly id: string;
  readonly promiseId: string;
  readonly reason: AlertReason;
  readonly group: AlertGroup;
  readonly rung: AlertRung;
  /** Of the reason `unacknowledged`: that of the alert nobody acknowledged, and whose it was. */
  readonly about: AlertReason | null;
  readonly silent: string | null;
  /** Of the reason `handed_over`: who had it before, by name, and by when it is to be acknowledged. */
  readonly from: string | null;
  readonly acknowledgeBy: Instant | null;
  /** Of the reason `handed_over`: it went to somebody who is away, and whom this person stands in for. */
  readonly standsIn: boolean;
  /** What was written with the hand-over, and by whom; it may hold anything about the customer. */
  readonly note: { readonly by: string; readonly text: string } | null;
  /** Of the reason `approval`: what waits, one of which the customer would get; null of other reasons. */
  readonly offers: readonly Offer[] | null;
  /** Of the reason `capacity`: whom the engine cannot wake in time; null of other reasons, and once it can. */
  readonly shortage: Line | null;
  /** Which one of its reason, see `newAlerts`. */
  readonly occasion: string;
  readonly checkpoint: string | null;
  /** Whose slip it is, where a partner answers for the checkpoint. */
  readonly partner: string | null;
  /** How often it was told to them, or to who stood in for them. */
  readonly times: number;
  readonly at: Instant;
  readonly kind: string;
  readonly source: string;
  readonly ref: string;
  readonly subject: string | null;
  /** Name of the owner; the id where nobody of that id is known. */
  readonly owner: string | null;
  readonly zone: Zone;
  readonly day: string | null;
  readonly windowFrom: Instant | null;
  readonly promisedAt: Instant;
  readonly targetAt: Instant;
  /** A fresh estimate; null: none is known. */
  readonly estimatedAt: Instant | null;
  readonly phase: Phase;
  /** We took it back. */
  readonly takenBack: boolean;
}

/** What waits for a person's next mail. */
export interface WaitingAlerts {
  /** Since when the first of them waits. */
  readonly since: Instant;
  /** From when one of them is urgent: its promise is due within the lead. Null: none is. */
  readonly urgentFrom: Instant | null;
  /** When this person's last mail left; null: none ever did. */
  readonly lastAt: Instant | null;
}

/**
 * When a person's next mail leaves: a window after the first alert that waits or after the last mail, whichever is later,
 * so that what comes together leaves together; an urgent alert waits only until `urgentMs` after the last mail.
 */
export function mailAt(
  { since, urgentFrom, lastAt }: WaitingAlerts,
  { windowMs, urgentMs }: { readonly windowMs: number; readonly urgentMs: number },
): Instant {
  const usual = plusMs(lastAt === null ? since : later(since, lastAt), windowMs);
  if (urgentFrom === null) return usual;
  const urgent = lastAt === null ? urgentFrom : later(urgentFrom, plusMs(lastAt, urgentMs));
  return earliest([usual, urgent]) ?? usual;
}
