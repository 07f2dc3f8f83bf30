import type { VersionedCalendar } from '../../domain/calendar/book.ts';
import { parseCalendar } from '../../domain/calendar/calendar.ts';
import { planOf } from '../../domain/calendar/plan.ts';
import { bookOf, planningOf, segmentsOf, storedSteps, type Rules } from '../../domain/calendar/planning.ts';
import { termsOf } from '../../domain/calendar/terms.ts';
import type { BoardRow } from '../../domain/metrics/board.ts';
import { parsePolicy } from '../../domain/policy/fields.ts';
import { explanationOf } from '../../domain/promise/explanation.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import { fold } from '../../domain/promise/fold.ts';
import { instant, type Instant } from '../../domain/promise/instant.ts';
import { judge } from '../../domain/promise/judge.ts';
import { waitingAt } from '../../domain/promise/moves.ts';
import type { Basis, Undertaking } from '../../domain/promise/plan.ts';
import { explainReason } from '../../words/explain.en.ts';
import type { ExplainPageData, PromisePageData, TodayData } from '../../web/shapes.ts';
import { BOARD, NOW, TODAY } from './fixtures.ts';
import { UNNOTED } from './note-fixtures.ts';

const ZONE = 'Europe/Tallinn';

/** A moment by the wall clock of Tallinn, in winter unless `summer`. */
export const local = (text: string, summer = false): Instant =>
  instant(Date.parse(`${text}:00${summer ? '+03:00' : '+02:00'}`));

const read = parseCalendar({
  calendar: 'office',
  zone: ZONE,
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, ['09:00-12:30', '13:00-17:00']])),
  holidays: { country: 'EE' },
});
if ('faults' in read) throw new Error(JSON.stringify(read.faults));
const OFFICE: VersionedCalendar = { calendar: read.calendar, version: 2 };

interface Wish {
  readonly n: number;
  readonly subject: string;
  readonly kind: string;
  readonly partner?: string;
  readonly promised: Undertaking;
  readonly madeAt: Instant;
  readonly now?: Instant;
  readonly facts?: readonly Fact[];
  /** Besides kind, buffer and lead. */
  readonly policy?: Record<string, unknown>;
}

export interface Moved {
  readonly page: PromisePageData;
  readonly explain: ExplainPageData;
  readonly row: BoardRow;
}

/** A promise as the database would hold it after these facts: planned, folded and judged by the domain itself. */
export function moved({
  n,
  subject,
  kind,
  partner,
  promised,
  madeAt,
  now = NOW,
  facts = [],
  policy = {},
}: Wish): Moved {
  const parsed = parsePolicy({ kind, buffer: { share: '25%' }, lead: 'PT1H', ...policy });
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  const { policy: rule } = parsed;
  const basis: Basis = {
    ...{ promised, madeAt, target: null, customerZone: ZONE, companyZone: ZONE, place: 0, policyVersion: 3 },
    calendars: { office: 2 },
  };
  const rules: Rules = { policy: () => rule, calendar: () => OFFICE };
  const registered = planOf(basis, rule, bookOf(basis, rules));
  const all: readonly Fact[] = [{ factKey: 'registered', kind: 'registered', occurredAt: madeAt }, ...facts];
  const planning = planningOf({ basis, plan: registered, steps: [] }, rules);
  const state = fold(planning, all);
  const { plan } = state;
  const judged = judge(termsOf(plan, rule, { book: bookOf(plan, rules) }), state, now);
  const waiting = waitingAt(state.waiting, now);
  const timeline = all.map((fact) => ({ recordedAt: fact.occurredAt, fact }));
  const shared = {
    ...{
      id: `01930000-0000-7000-9000-${String(n).padStart(12, '0')}`,
      source: 'bookshop',
      ref: `M-${n}`,
      kind,
      subject,
    },
    ...{ customerRef: `C-${n}`, owner: 'kati', partner: partner ?? null, phase: judged.phase, madeAt },
    ...{ targetAt: plan.targetAt, lastCallAt: plan.lastCallAt, promisedAt: plan.promisedAt, toldAt: state.told.at },
    ...{ estimatedAt: state.estimate?.at ?? null, wakeAt: judged.wakeAt, closedAt: state.end?.at ?? null },
    waitingFor: waiting?.for ?? null,
    waitingSince: waiting?.since ?? null,
    waitingUntil: waiting?.until ?? null,
    passed: state.passed,
  } as const;
  const stored = { ...shared, flags: plan.flags, basis, plan, steps: storedSteps(planning, state) };
  const explanation = explanationOf({ ...stored, segments: segmentsOf(state, rules) }, all, now, explainReason);
  const promise: PromisePageData['promise'] = {
    ...{ ...shared, region: null, product: null, flags: plan.flags, precision: plan.precision, plan, basis },
    ...{ revision: state.revision, agreedRevision: state.agreedRevision, firstPromisedAt: state.first.promisedAt },
    ...{ attempts: state.tried.counted, fulfilledAsDay: false, history: false, handOver: null },
    fulfilledAt: state.end?.kind === 'fulfilled' ? state.end.at : null,
    withdrawnBy: state.end?.kind === 'withdrawn' ? state.end.by : null,
  };
  const { revisions } = explanation;
  const page = { now, promise, ownerName: 'Kati Kask', timeline, notices: [], revisions, ...UNNOTED };
  const { zone, day, windowFrom, recoveryAt, clock, checkpoints } = plan;
  const row: BoardRow = {
    ...{ ...shared, owner: 'Kati Kask', ownerId: 'kati', zone, day, windowFrom, recoveryAt, clock, checkpoints },
    ...{ section: judged.phase === 'at_risk' ? 'at_risk' : 'open', notice: null, unreached: false, nextNewsAt: null },
  };
  return { page, explain: { now, promise, timeline, explanation }, row };
}

const working = (within: string): Undertaking => ({ precision: 'instant', within, calendar: 'office' });
const at = (occurredAt: Instant) => ({ occurredAt });

/** Four working hours, an hour and a half of them used; then we wait for the customer, without end. */
export const STANDING = moved({
  ...{ n: 1, kind: 'reply', subject: 'An answer about a lost invoice', promised: working('PT4H') },
  madeAt: local('2026-11-25T15:00'),
  policy: {
    lead: 'PT30M',
    checkpoints: [
      { name: 'assigned', at: { fixed: 'PT30M' } },
      { name: 'drafted', at: '60%' },
    ],
  },
  facts: [
    {
      ...{ factKey: 'c1', kind: 'escalated', reason: 'checkpoint', rungs: ['owner'], checkpoint: 'assigned' },
      ...at(local('2026-11-25T15:30')),
    },
    { factKey: 'p1', kind: 'paused', waitingFor: 'customer', ...at(local('2026-11-25T16:30')) },
  ],
});

/** Eight working hours; the customer is away until Friday. */
export const UNTIL = moved({
  ...{ n: 2, kind: 'reply', subject: 'A quote for forty atlases', promised: working('PT8H') },
  madeAt: local('2026-11-25T10:00'),
  facts: [
    {
      ...{ factKey: 'p1', kind: 'paused', waitingFor: 'customer', until: local('2026-11-27T10:00') },
      ...at(local('2026-11-26T09:30')),
    },
  ],
});

/** A parcel on its way: packed in time, never scanned, which is the partner's slip. */
export const SLIPPED = moved({
  ...{ n: 3, kind: 'delivery', subject: 'The Sea in Winter', partner: 'DPD' },
  promised: { precision: 'instant', at: local('2026-11-27T18:00') },
  madeAt: local('2026-11-24T09:00'),
  policy: {
    lead: 'PT4H',
    checkpoints: [
      { name: 'packed', at: '20%' },
      { name: 'scanned', at: '45%', partner: true },
      { name: 'sorted', at: '70%', partner: true },
    ],
  },
  facts: [
    { factKey: 'g1', kind: 'progressed', checkpoint: 'packed', ...at(local('2026-11-24T14:20')) },
    {
      ...{ factKey: 'c1', kind: 'escalated', reason: 'checkpoint', rungs: ['owner'], checkpoint: 'scanned' },
      ...at(local('2026-11-25T21:27')),
    },
    { factKey: 'w1', kind: 'paused', waitingFor: 'partner', ...at(local('2026-11-26T09:40')) },
  ],
});

/** First Tuesday, then Thursday as the customer wished, then told Friday; it came on Wednesday. */
export const CHAIN = moved({
  ...{ n: 4, kind: 'delivery', subject: 'Letters to a Gardener' },
  promised: { precision: 'day', day: '2026-11-24', zone: ZONE },
  madeAt: local('2026-11-20T12:00'),
  policy: { lead: 'PT4H' },
  facts: [
    {
      ...{ factKey: 'r2', kind: 'repromised', promised: { precision: 'day', day: '2026-11-26', zone: ZONE } },
      ...{ agreedByCustomer: true, cause: 'customer_wish', ...at(local('2026-11-23T10:15')) },
    },
    {
      ...{ factKey: 'r3', kind: 'repromised', promised: { precision: 'day', day: '2026-11-27', zone: ZONE } },
      ...{ agreedByCustomer: false, cause: 'carrier', ...at(local('2026-11-25T09:05')) },
    },
    { factKey: 'f1', kind: 'fulfilled', ...at(local('2026-11-25T17:40')) },
  ],
});

/** A call that nobody took, three times. */
export const UNREACHED = moved({
  ...{ n: 5, kind: 'callback', subject: 'A call about a gift card' },
  promised: { precision: 'window', from: local('2026-11-26T09:00'), to: local('2026-11-26T11:00') },
  madeAt: local('2026-11-25T16:00'),
  policy: { tries: { max: 3, every: 'PT20M' } },
  facts: (['no_answer', 'no_answer', 'wrong_number'] as const).map((result, index) => ({
    ...{ factKey: `t${index}`, kind: 'attempted' as const, result, ...at(local(`2026-11-26T09:${10 + index * 21}`)) },
  })),
});

/** Sixteen working hours over a weekend, a pause, and Independence Day, 24 February. */
export const WEEKEND = moved({
  ...{ n: 6, kind: 'reply', subject: 'An answer about a bulk order', promised: working('PT16H') },
  madeAt: local('2026-02-20T10:15'),
  now: local('2026-02-25T11:40'),
  policy: {
    lead: 'PT3H',
    checkpoints: [
      { name: 'assigned', at: '25%' },
      { name: 'drafted', at: '75%' },
    ],
  },
  facts: [
    { factKey: 'g1', kind: 'progressed', checkpoint: 'assigned', ...at(local('2026-02-20T12:10')) },
    { factKey: 'p1', kind: 'paused', waitingFor: 'customer', ...at(local('2026-02-23T10:30')) },
    { factKey: 'p2', kind: 'resumed', ...at(local('2026-02-23T15:00')) },
  ],
});

/** A delivery by a time, warned of, come late. */
export const DATED = moved({
  ...{ n: 7, kind: 'delivery', subject: 'A Field Guide to Clouds' },
  promised: { precision: 'instant', at: local('2026-11-26T10:00') },
  madeAt: local('2026-11-23T10:00'),
  policy: { lead: 'PT4H' },
  facts: [
    { factKey: 'p1', kind: 'paused', waitingFor: 'customer', ...at(local('2026-11-24T12:00')) },
    { factKey: 'p2', kind: 'resumed', ...at(local('2026-11-24T20:00')) },
    {
      factKey: 'e1',
      kind: 'estimated',
      at: local('2026-11-26T16:00'),
      freshUntil: local('2026-11-28T08:00'),
      ...at(local('2026-11-26T08:00')),
    },
  ],
});

/** A thousand working hours, over both changes of the clock. */
export const LONG = moved({
  ...{ n: 8, kind: 'repair', subject: 'The binding of an old atlas', promised: working('PT1000H') },
  madeAt: local('2026-03-02T09:00'),
  now: local('2026-09-15T12:00', true),
});

/** Open promises that stand, wait and miss; and an alert that names the partner. */
export const MOVING_TODAY: TodayData = {
  ...TODAY,
  board: {
    ...BOARD,
    rows: [...BOARD.rows.slice(0, 1), SLIPPED.row, UNTIL.row, ...BOARD.rows.slice(5, 6), STANDING.row],
    alerts: [
      {
        ...{ id: '01930000-0000-7000-9000-000000000901', promiseId: SLIPPED.row.id, source: 'bookshop', ref: 'M-3' },
        ...{ subject: SLIPPED.row.subject, reason: 'checkpoint', rung: 'owner', person: 'Kati Kask' },
        ...{ at: local('2026-11-25T21:27'), takenBack: false, checkpoint: 'scanned', partner: 'DPD' },
      },
      ...BOARD.alerts,
    ],
    kinds: BOARD.kinds.map((each) => ({ ...each, counts: { ...each.counts, paused: 1, unreachable: 1 } })),
  },
};
