import { v7 as uuid } from 'uuid';
import { alertedOf, alertedOn, holdersOf, type Alerting, type StaffMember } from './duty.ts';
import { moveOf, type NewAlert } from '../domain/promise/alerts.ts';
import { acknowledgeBy } from '../domain/promise/hand-over.ts';
import type { PromiseState } from '../domain/promise/fold.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Terms } from '../domain/promise/plan.ts';
import type { AlertReason, AlertRung, Rung } from '../domain/promise/words.ts';

/**
 * What alerts are as rows, and what becomes of those that nobody acknowledges: by who is there now, whoever was when they
 * were given. Pure: `settle` and the sweep read and write.
 */

/** A promise as far as its alerts say. */
export interface Alerted {
  readonly id: string;
  /** As it names it. */
  readonly partner: string | null;
  readonly now: Instant;
  readonly state: PromiseState;
  readonly terms: Pick<Terms, 'alertAgainAt'>;
  /** All of this moment. */
  readonly alerts: readonly NewAlert[];
}

/** A new row. */
export interface AlertRow {
  readonly id: string;
  readonly promise_id: string;
  readonly reason: AlertReason;
  readonly rung: AlertRung;
  readonly person: string | null;
  readonly at: Instant;
  readonly revision: number;
  readonly checkpoint: string;
  readonly partner: string | null;
  readonly occasion: string;
  readonly due_at: Instant | null;
  readonly root?: string;
  readonly about?: AlertReason;
}

/**
 * One row, but one for each of the people of a partner: acknowledged by one of them, it is by all. Whoever of them a rung of
 * the ladder names for the same is told there.
 */
export function alertRows(
  difference: Alerted,
  alert: NewAlert,
  staff: ReadonlyMap<string, StaffMember>,
): readonly AlertRow[] {
  const { id, partner, now, state, terms, alerts } = difference;
  const on = (rung: Rung): string | null => alertedOn({ owner: state.owner, partner }, rung, staff, now);
  const row = (person: string | null) => ({
    ...alert,
    id: uuid(),
    promise_id: id,
    person,
    at: now,
    revision: state.agreedRevision,
    // What was handed over does not come again: it goes to the lead then.
    due_at: alert.reason === 'handed_over' ? acknowledgeBy(state) : terms.alertAgainAt(now),
  });
  if (alert.rung !== 'partner') return [row(on(alert.rung))];
  const named = alerts.flatMap(({ reason, checkpoint, rung }) =>
    rung !== 'partner' && reason === alert.reason && checkpoint === alert.checkpoint ? [on(rung)] : [],
  );
  const theirs = partner === null ? [] : alertedOf(partner, staff, now).filter((person) => !named.includes(person));
  const [first, ...others] = theirs.map((person) => ({ ...row(person), occasion: person }));
  return first ? [first, ...others.map((other) => ({ ...other, root: first.id }))] : [];
}

/** An alert whose time has come to be given again or one rung up. */
export interface DueAlert {
  readonly id: string;
  readonly promiseId: string;
  readonly reason: AlertReason;
  readonly about: AlertReason | null;
  readonly root: string | null;
  readonly rung: AlertRung;
  readonly person: string | null;
  /** Who else of the partner was given the same. */
  readonly others: readonly string[];
  readonly times: number;
  readonly revision: number;
  readonly checkpoint: string;
  /** Whose slip it is. */
  readonly partner: string | null;
  /** As the promise names it. */
  readonly promisePartner: string | null;
  readonly isOpen: boolean;
  readonly stands: boolean;
  readonly owner: string | null;
}

/** What one alert becomes, and the one that is given on the next rung. */
export interface Moved {
  readonly id: string;
  readonly again: boolean;
  readonly person: string | null;
  readonly times: number;
  readonly dueAt: Instant | null;
  readonly above: AlertRow | null;
}

/**
 * It goes again to whoever stands on its rung today, in place of somebody who is away to their deputy. Who took the place of
 * another is told as often as that one was; where nobody stands there any more it goes up at once, and never to whoever was
 * silent. `dueAt`: when it would be looked at next; null: the policy repeats nothing.
 */
export function moved(
  alert: DueAlert,
  { times: most, dueAt }: { readonly times: number; readonly dueAt: Instant | null },
  staff: ReadonlyMap<string, StaffMember>,
  now: Instant,
): Moved {
  const { id, person, times } = alert;
  const stays = { id, again: false, person, times, dueAt, above: null };
  const stops = { ...stays, dueAt: null };
  // What is over is looked at no more, nor a hand-over, which goes to the lead; what has lost its reason may get it back.
  if (!alert.isOpen || alert.reason === 'handed_over') return stops;
  if (!alert.stands) return stays;
  const { today, holders, isTheirs } = standing(alert, staff, now);
  if (isTheirs) return stops;
  if (today !== null && !holders.includes(person)) return { ...stays, again: true, person: today, times: 1 };
  if (today !== null && dueAt === null) return stops;
  const next = moveOf({ rung: alert.rung, times: today === null ? Infinity : times }, most);
  if (next.move === 'again') return { ...stays, again: true, person: today, times: times + 1 };
  const [above] = next.rungs.flatMap((rung) => {
    const named = alertedOn(ofPromise(alert), rung, staff, now);
    return named === null || named === person ? [] : [{ rung, person: named }];
  });
  return { ...stops, above: above ? aboveRow(alert, above, { now, dueAt }) : null };
}

const ofPromise = ({ owner, promisePartner: partner }: DueAlert): Alerting => ({ owner, partner });

/** Who stands on its rung today. */
interface Standing {
  /** Whom it would go to; null: nobody. */
  readonly today: string | null;
  /** Those whose rung it is, who are away, too. */
  readonly holders: readonly (string | null)[];
  /** All of the partner's who are there were given it, each by a row of their own. */
  readonly isTheirs: boolean;
}

function standing(alert: DueAlert, staff: ReadonlyMap<string, StaffMember>, now: Instant): Standing {
  const { rung, person, others, promisePartner: partner } = alert;
  if (rung !== 'partner') {
    const of = ofPromise(alert);
    return { today: alertedOn(of, rung, staff, now), holders: holdersOf(of, rung, staff), isTheirs: false };
  }
  const present = partner === null ? [] : alertedOf(partner, staff, now);
  const free = present.filter((id) => !others.includes(id));
  const today = free.find((id) => id === person) ?? free[0] ?? null;
  const holders = [...staff.values()].filter((member) => member.partner === partner).map(({ id }) => id);
  return { today, holders, isTheirs: today === null && present.length > 0 };
}

function aboveRow(
  alert: DueAlert,
  { rung, person }: { readonly rung: Rung; readonly person: string },
  { now, dueAt }: { readonly now: Instant; readonly dueAt: Instant | null },
): AlertRow {
  const { promiseId, revision, checkpoint, partner } = alert;
  const root = alert.root ?? alert.id;
  const about = alert.about ?? alert.reason;
  return {
    id: uuid(),
    promise_id: promiseId,
    reason: 'unacknowledged',
    rung,
    person,
    at: now,
    revision,
    checkpoint,
    partner,
    occasion: root,
    due_at: dueAt,
    root,
    about,
  };
}
