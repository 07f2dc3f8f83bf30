import type { ClockReason, TurnCause } from '../domain/promise/words.ts';

/** The page that says how a promise was computed. */
export const explained = {
  link: 'How was this computed?',
  title: (subject: string) => `How it was computed: ${subject}`,
  back: 'The promise',
  policy: (kind: string, version: number) => `Policy ${kind}, version ${version}`,
  calendar: (id: string, version: number) => `calendar ${id}, version ${version}`,
  partner: (id: string, version: number) => `partner ${id}, version ${version}`,
  zone: (zone: string) => `times in ${zone}, by its clock as stored with the plan`,

  life: {
    title: 'Its life',
    described: (marks: readonly string[]) => `From left to right: ${marks.join(', ')}.`,
    made: 'made',
    ended: 'ended',
    shortened: 'Nights, days off and pauses are drawn shorter than they are.',
    merged: 'Nights, breaks and days off are too many to be drawn; the table lists them.',
    unknown: 'When it was made is not known: there is no life to draw.',
    key: {
      open: 'working time',
      lunch: 'break',
      closed: 'closed',
      holiday: 'holiday',
      paused: 'paused',
      late: 'late',
      merged: 'working days',
    },
    keyOfDate: { open: 'time promised', paused: 'waiting for the customer' },
    keyOfHours: { open: 'time that counts' },
  },

  segments: {
    title: 'The clock, stretch by stretch',
    date: 'A date: no calendar and no pause moves it.',
    none: 'When it was made is not known.',
    column: { what: 'What', from: 'From', to: 'To', length: 'Length' },
    what: {
      open: 'Working time',
      lunch: 'Break',
      closed: 'Closed',
      holiday: 'Holiday',
      paused: 'Paused: waiting for the customer',
    } satisfies Record<ClockReason, string>,
    ofDate: { open: 'Time promised', paused: 'Waiting for the customer' },
    ofHours: { open: 'Time that counts' },
    endless: 'until something happens',
    sum: { working: 'Working time in all', hours: 'Time that counts in all' },
    sumStanding: (used: string, within: string) => `${used} of ${within}`,
    further: (count: number) => `${count} further stretches are not listed.`,
  },

  plan: {
    title: 'Every instant of the plan',
    column: { what: 'What', at: 'When', why: 'Why', field: 'Policy field' },
    noField: 'none',
    checkpoint: (name: string) => `Checkpoint ${name}`,
    share: (share: string, by: string) => `After ${share} of the time promised, by the ${by}.`,
    fixed: (length: string, by: string) => `${length} after it was promised, by the ${by}.`,
    by: { policy: 'policy', partner: 'partner' },
    field: (field: string, value: string) => `${field}: ${value}`,
  },

  steps: {
    title: 'Every plan there was',
    column: { cause: 'Made by', at: 'When', promised: 'Promised', target: 'Our target', lastCall: 'Last call' },
    registered: 'Promise made',
    version: (version: number) => `policy version ${version}`,
    imposed: 'told, never in force',
    noTime: 'none, the clock stands',
  },

  turns: {
    title: 'Every change of its state',
    column: { at: 'When', to: 'State', because: 'Because' },
    change: (from: string, to: string) => `${from} → ${to}`,
    cause: {
      registered: 'Promise made',
      fact: 'A fact',
      deadline: 'Its time passed',
      estimate_stale: 'The estimate grew too old to be news',
      wait_over: 'The wait was over',
    } satisfies Record<TurnCause, string>,
    fact: (key: string) => `fact ${key}`,
    none: 'None.',
  },
};
