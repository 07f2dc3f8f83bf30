import { planOf } from '../../domain/calendar/plan.ts';
import { parsePolicy } from '../../domain/policy/fields.ts';
import { instant, msOf, type Instant } from '../../domain/promise/instant.ts';
import type { Plan, Promised } from '../../domain/promise/plan.ts';
import type { Phase } from '../../domain/promise/words.ts';
import type { BoardAlert, BoardData, BoardRow } from '../../domain/metrics/board.ts';
import type { PageMail, PromisePageData, TodayData } from '../../web/shapes.ts';
import { CALLS_AHEAD, NO_CALLS_AHEAD } from './call-fixtures.ts';
import { AT_EASE as engine, IN_NEED } from './engine-fixtures.ts';
import { NONE_WAITS, ONE_WAITS } from './remedy-fixtures.ts';
import { NOTED, UNNOTED } from './note-fixtures.ts';
import { first, OPEN_ALERTS, twice } from './told-fixtures.ts';

const ZONE = 'Europe/Tallinn';
export const NOW = instant(Date.parse('2026-11-26T09:12:00Z'));
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ago = (ms: number): Instant => instant(msOf(NOW) - ms);
const ahead = (ms: number): Instant => instant(msOf(NOW) + ms);
const id = (n: number): string => `01930000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export function plan(promised: Promised, madeAt: Instant): Plan {
  const read = parsePolicy({ kind: 'delivery', buffer: { share: '20%', min: 'PT10M', max: 'P3D' }, lead: 'PT4H' });
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return planOf({ promised, madeAt, target: null, customerZone: ZONE, companyZone: ZONE, place: 0 }, read.policy);
}

interface Told {
  readonly subject: string | null;
  readonly kind?: string;
  readonly phase?: 'open' | 'at_risk' | 'overdue';
  readonly made: number;
  readonly due: number;
  readonly changes?: Partial<BoardRow>;
}

function row(n: number, { subject, kind = 'delivery', phase = 'open', made, due, changes }: Told): BoardRow {
  const { promisedAt, targetAt, lastCallAt, recoveryAt, madeAt } = plan(
    { precision: 'instant', at: ahead(due) },
    ago(made),
  );
  const wakeAt = [targetAt, recoveryAt].find((at) => at > NOW) ?? null;
  return {
    id: id(n),
    source: 'bookshop',
    ref: `B-${1040 + n}`,
    kind,
    phase,
    section: phase,
    subject,
    customerRef: `C-${17 + n}`,
    owner: n % 3 === 0 ? 'Jaan Tamm' : 'Kati Kask',
    ownerId: n % 3 === 0 ? 'jaan' : 'kati',
    partner: null,
    zone: ZONE,
    day: null,
    windowFrom: null,
    madeAt,
    targetAt,
    lastCallAt,
    promisedAt,
    recoveryAt,
    estimatedAt: null,
    toldAt: promisedAt,
    wakeAt,
    closedAt: null,
    notice: null,
    unreached: false,
    nextNewsAt: null,
    clock: null,
    waitingFor: null,
    waitingSince: null,
    waitingUntil: null,
    checkpoints: [],
    passed: {},
    ...changes,
  };
}

/** A promise for a whole day, made three days ago. */
function dayTimes(day: string): Pick<BoardRow, 'day' | 'targetAt' | 'lastCallAt' | 'promisedAt' | 'recoveryAt'> {
  const { promisedAt, targetAt, lastCallAt, recoveryAt } = plan({ precision: 'day', day, zone: ZONE }, ago(3 * DAY));
  return { day, targetAt, lastCallAt, promisedAt, recoveryAt };
}

const ROWS: readonly BoardRow[] = [
  row(1, {
    subject: 'The Summer Book',
    phase: 'at_risk',
    made: 2 * DAY,
    due: 9 * HOUR,
    changes: { estimatedAt: ahead(20 * HOUR), toldAt: ahead(26 * HOUR), notice: null },
  }),
  row(2, {
    subject: 'An answer about a damaged cover',
    kind: 'reply',
    phase: 'at_risk',
    made: 5 * HOUR,
    due: 80 * 60_000,
    changes: { estimatedAt: ahead(3 * HOUR), notice: 'risk' },
  }),
  row(9, {
    subject: 'Letters from the North',
    made: 3 * DAY,
    due: 2 * DAY,
    changes: { ...dayTimes('2026-11-27'), section: 'at_risk', toldAt: dayTimes('2026-11-30').promisedAt },
  }),
  row(3, {
    subject: 'Collected Poems, 3 volumes',
    phase: 'overdue',
    made: 3 * DAY,
    due: -25 * 60_000,
    changes: { unreached: true, nextNewsAt: ago(10 * 60_000 + 12_000) },
  }),
  row(4, {
    subject: 'A call about a lost parcel',
    kind: 'callback',
    made: 2 * HOUR,
    due: 50 * 60_000,
    changes: { windowFrom: ahead(20 * 60_000) },
  }),
  row(5, { subject: 'Winter Cooking', made: 3 * DAY, due: 7 * HOUR, changes: { estimatedAt: ahead(5 * HOUR) } }),
  row(6, { subject: null, made: 30 * HOUR, due: 30 * HOUR, changes: { owner: null } }),
  row(7, { subject: 'Atlas of Islands', made: 4 * HOUR, due: 3 * DAY, changes: { day: '2026-11-29' } }),
  row(8, {
    subject:
      'A very long title that goes on about herbs, gardens, bees and everything else that grows between two rivers',
    made: HOUR,
    due: 5 * DAY,
  }),
];

const alert = (n: number, changes: Partial<BoardAlert>): BoardAlert => ({
  id: id(100 + n),
  promiseId: id(n),
  source: 'bookshop',
  ref: `B-${1040 + n}`,
  subject: ROWS.find((known) => known.id === id(n))?.subject ?? null,
  reason: 'slip',
  rung: 'owner',
  person: 'Kati Kask',
  at: ago(n * 11 * 60_000),
  takenBack: false,
  checkpoint: null,
  partner: null,
  ...changes,
});

const counts = (
  open: number,
  atRisk: number,
  overdue: number,
  kept: number,
  broken: number,
  withdrawn: number,
): Record<Phase, number> => ({
  open,
  at_risk: atRisk,
  paused: 0,
  unreachable: 0,
  overdue,
  kept,
  broken,
  withdrawn,
});

export const BOARD: BoardData = {
  now: NOW,
  zone: ZONE,
  rows: ROWS,
  kinds: [
    { kind: 'callback', counts: counts(1, 0, 0, 6, 0, 0), goal: null },
    { kind: 'delivery', counts: counts(4, 1, 1, 24, 1, 1), goal: 0.95 },
    { kind: 'reply', counts: counts(0, 1, 0, 9, 1, 0), goal: null },
  ],
  countedOnly: null,
  openAlerts: OPEN_ALERTS,
  alerts: [
    alert(2, { reason: 'at_risk' }),
    alert(2, { id: id(201), reason: 'at_risk', rung: 'lead', person: 'Jaan Tamm' }),
    alert(5, { reason: 'slip' }),
    alert(3, { reason: 'broken', rung: 'manager', person: null }),
  ],
};

const text = `Hello Mari Tamm,

We promised to deliver The Summer Book by Thu 26 Nov 2026, 20:12 (Europe/Tallinn).

It will take longer. The new time is Fri 27 Nov 2026, 13:12 (Europe/Tallinn).

Kati Kask looks after this and can be reached directly:
  +372 600 0001
  kati@books.example
`;

export const MAILS: readonly PageMail[] = [
  {
    ...{ at: ago(70 * 60_000), from: 'care@books.example', to: ['mari@mail.example'] },
    subject: 'Later than promised: The Summer Book',
    messageId: `<${id(301)}@books.example>`,
    headers: [
      { key: 'kept-notices', value: `${id(1)}:risk:1` },
      { key: 'auto-submitted', value: 'auto-generated' },
    ],
    text,
    html: `<!doctype html><html lang="en"><head><title>x</title></head><body><p>Hello Mari Tamm,</p><p>It will take longer.</p></body></html>`,
  },
  {
    ...{ at: ago(4 * 60_000), from: 'care@books.example', to: 'someone@mail.example' },
    subject: '<b>We have not kept our promise</b>: Collected Poems, 3 volumes',
    messageId: `<${id(302)}@books.example>`,
    headers: { 'Kept-Notices': `${id(3)}:recovery:1` },
    text: null,
    html: null,
  },
];

export const TODAY: TodayData = { board: BOARD, calls: CALLS_AHEAD, remedies: ONE_WAITS, mails: MAILS, engine };

export const EMPTY: TodayData = {
  board: { ...BOARD, rows: [], kinds: [], openAlerts: [], alerts: [] },
  ...{ calls: NO_CALLS_AHEAD, remedies: NONE_WAITS, mails: [], engine: IN_NEED },
};

const madeAt = ago(2 * DAY);
const PLAN = plan({ precision: 'instant', at: ahead(9 * HOUR) }, madeAt);
const told = { at: ahead(26 * HOUR), day: null };
const key = { reason: 'risk', revision: 1, occasion: 0 } as const;

export const PROMISE: PromisePageData = {
  ...{ now: NOW, ...NOTED, ownerName: 'Kati Kask' },
  revisions: twice(PLAN, told, 'f4', ago(70 * 60_000)),
  promise: {
    ...row(1, { subject: 'The Summer Book', phase: 'at_risk', made: 2 * DAY, due: 9 * HOUR }),
    partner: 'dpd',
    ...{ region: null, product: null, history: false },
    handOver: { from: 'jaan', to: 'kati', at: ago(HOUR), dueAt: ahead(3 * HOUR), acknowledgedAt: null },
    fulfilledAsDay: false,
    flags: ['zone_assumed'],
    precision: 'instant',
    revision: 2,
    plan: PLAN,
    ...first({ precision: 'instant', at: PLAN.promisedAt }, PLAN),
    fulfilledAt: null,
    withdrawnBy: null,
    estimatedAt: ahead(20 * HOUR),
    toldAt: told.at,
  },
  timeline: [
    { recordedAt: madeAt, fact: { factKey: 'registered', kind: 'registered', occurredAt: madeAt } },
    {
      recordedAt: ago(DAY),
      fact: { factKey: 'f1', kind: 'progressed', occurredAt: ago(DAY + HOUR), checkpoint: 'packed' },
    },
    {
      recordedAt: ago(75 * 60_000),
      fact: { factKey: 'f2', kind: 'estimated', occurredAt: ago(75 * 60_000), at: ahead(20 * HOUR) },
    },
    {
      recordedAt: ago(75 * 60_000),
      fact: {
        factKey: 'f3',
        kind: 'escalated',
        occurredAt: ago(75 * 60_000),
        reason: 'at_risk',
        rungs: ['owner', 'lead'],
      },
    },
    {
      recordedAt: ago(70 * 60_000),
      fact: {
        factKey: 'f4',
        kind: 'notice_sent',
        occurredAt: ago(70 * 60_000),
        told,
        nextNewsAt: null,
        channel: 'email',
        messageId: MAILS[0]?.messageId ?? '',
        ...key,
      },
    },
  ],
  notices: [
    {
      id: id(401),
      reason: 'risk',
      state: 'sent',
      dueAt: ago(75 * 60_000),
      sentAt: ago(70 * 60_000),
      messageId: MAILS[0]?.messageId ?? null,
      told,
      nextNewsAt: null,
    },
    {
      id: id(402),
      reason: 'recovery',
      state: 'owed',
      dueAt: ago(60_000),
      sentAt: null,
      messageId: null,
      told: null,
      nextNewsAt: ahead(DAY),
    },
  ],
};

const DAY_MADE = ago(5 * DAY);
const DAY_PLAN = plan({ precision: 'day', day: '2026-11-23', zone: ZONE }, DAY_MADE);
const laterDay = { at: dayTimes('2026-11-25').promisedAt, day: '2026-11-25' };

/** A promise for a day, warned of a later one, whose last notice did not reach the customer. */
export const OVERDUE_DAY: PromisePageData = {
  ...{ now: NOW, ...UNNOTED },
  ownerName: null,
  revisions: twice(DAY_PLAN, laterDay, 'f1', ago(4 * DAY - 17_000)),
  promise: {
    ...row(9, { subject: 'Letters from the North', phase: 'overdue', made: 5 * DAY, due: 0 }),
    ...{ region: null, product: null, history: false },
    handOver: null,
    fulfilledAsDay: false,
    targetAt: DAY_PLAN.targetAt,
    lastCallAt: DAY_PLAN.lastCallAt,
    promisedAt: DAY_PLAN.promisedAt,
    wakeAt: null,
    partner: null,
    flags: [],
    precision: 'day',
    revision: 2,
    plan: DAY_PLAN,
    ...first({ precision: 'day', day: '2026-11-23', zone: ZONE }, DAY_PLAN),
    fulfilledAt: null,
    withdrawnBy: null,
    estimatedAt: ago(DAY),
    toldAt: laterDay.at,
  },
  timeline: [
    { recordedAt: DAY_MADE, fact: { factKey: 'registered', kind: 'registered', occurredAt: DAY_MADE } },
    {
      recordedAt: ago(4 * DAY),
      fact: {
        factKey: 'f1',
        kind: 'notice_sent',
        occurredAt: ago(4 * DAY - 17_000),
        told: laterDay,
        nextNewsAt: null,
        channel: 'email',
        messageId: '<m1@books.example>',
        ...key,
      },
    },
    {
      recordedAt: ago(HOUR),
      fact: {
        factKey: 'f2',
        kind: 'escalated',
        occurredAt: ago(HOUR),
        reason: 'broken',
        rungs: ['owner', 'manager'],
      },
    },
    {
      recordedAt: ago(HOUR),
      fact: {
        factKey: 'f3',
        kind: 'notice_failed',
        occurredAt: ago(HOUR),
        reason: 'recovery',
        revision: 2,
        occasion: 0,
        outcome: 'refused',
      },
    },
  ],
  notices: [
    {
      id: id(411),
      reason: 'risk',
      state: 'sent',
      dueAt: ago(4 * DAY),
      sentAt: ago(4 * DAY - 17_000),
      messageId: '<m1@books.example>',
      told: laterDay,
      nextNewsAt: null,
    },
    {
      id: id(412),
      reason: 'recovery',
      state: 'failed',
      dueAt: ago(HOUR),
      sentAt: null,
      messageId: null,
      told: null,
      nextNewsAt: ahead(DAY),
    },
  ],
};
