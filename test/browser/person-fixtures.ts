import { instant, msOf, type Instant } from '../../domain/promise/instant.ts';
import type { AlertLine } from '../../domain/promise/alerts.ts';
import type { PersonPageData } from '../../web/people-shapes.ts';
import { BOARD, NOW } from './fixtures.ts';
import { STAFF } from './note-fixtures.ts';

const HOUR = 3_600_000;
const from = (ms: number): Instant => instant(msOf(NOW) + ms);
const PROMISE = '0199c0de-0000-7000-8000-000000000001';

const line = (n: number, changes: Partial<AlertLine>): AlertLine => ({
  id: `0199c0de-0000-7000-9000-00000000000${n}`,
  promiseId: PROMISE,
  reason: 'slip',
  group: 'slip',
  rung: 'owner',
  about: null,
  ...{ silent: null, from: null, acknowledgeBy: null, standsIn: false, note: null, offers: null, shortage: null },
  occasion: '',
  checkpoint: null,
  partner: null,
  times: 1,
  at: from(-HOUR),
  kind: 'delivery',
  source: 'bookshop',
  ref: `B-${n}`,
  subject: 'The Summer Book',
  owner: 'Kati Kask',
  zone: BOARD.zone,
  day: null,
  windowFrom: null,
  promisedAt: from(5 * HOUR),
  targetAt: from(HOUR),
  estimatedAt: from(4 * HOUR),
  phase: 'open',
  takenBack: false,
  ...changes,
});

/** On duty, with something of everything, and a hand-over of all that was sent without saying by whom. */
export const PERSON: PersonPageData = {
  now: NOW,
  zone: BOARD.zone,
  id: 'kati',
  person: {
    name: 'Kati Kask',
    email: 'kati@books.example',
    phone: '+372 600 0001',
    team: 'care',
    hours: 'office',
    lead: { id: 'jaan', name: 'Jaan Tamm' },
    manager: { id: 'mall', name: 'Mall Saar' },
    deputy: null,
    absences: [
      { id: 'a-1', from: '2026-12-24', to: '2026-12-27' },
      { id: 'a-2', from: '2026-11-27T12:00', to: '2026-11-27T15:30' },
      { id: 'a-3', from: '2026-12-03T10:00:00.000Z', to: '2026-12-03T12:00:00.000Z' },
      { id: 'a-4', every: 'fri', from: '12:00', to: '17:00' },
    ],
    zone: 'Europe/Riga',
    ...{ onDuty: true, away: false, changesAt: from(5 * HOUR) },
  },
  handOvers: [
    {
      ...{ promiseId: PROMISE, kind: 'reply', source: 'desk', ref: 'Q-7', subject: null, from: 'Jaan Tamm' },
      ...{ at: from(-HOUR), dueAt: from(3 * HOUR) },
      note: 'She prefers to be called in the morning.\nAsk for <b>Mari</b>.',
    },
  ],
  alerts: {
    lines: [
      line(1, { reason: 'broken', group: 'overdue', promisedAt: from(-HOUR), phase: 'overdue', estimatedAt: null }),
      line(2, { reason: 'at_risk', group: 'at_risk', times: 2, subject: 'A very long title of a book '.repeat(4) }),
      line(3, {}),
    ],
    count: 5000,
  },
  rows: BOARD.rows.filter(({ ownerId }) => ownerId === 'kati'),
  open: 612,
  form: { people: STAFF, to: '', note: '', by: '', faults: { by: 'Say who hands it over.' } },
  absence: {
    typed: { fromDay: '', fromTime: '', toDay: '', toTime: '', every: 'fri', from: '17:00', to: '12:00' },
    faults: { weekly: 'Say from when and when they are back, later on the same day.' },
  },
  went: null,
};

/** Who left the staff list, and whose promises have just gone. */
export const LEAVER: PersonPageData = {
  ...PERSON,
  ...{ id: 'left', person: null, handOvers: [], alerts: { lines: [], count: 0 }, rows: [], open: 0 },
  form: { ...PERSON.form, faults: {} },
  went: [
    { name: 'Jaan Tamm', count: 2 },
    { name: 'Kati Kask', count: 1 },
  ],
};
