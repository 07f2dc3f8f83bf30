import type {
  AlertReason,
  AttemptResult,
  ContactSubject,
  Flag,
  HoldReason,
  NoticeReason,
  NoticeState,
  Phase,
  AlertRung,
  WaitedFor,
  Withdrawer,
} from '../domain/promise/words.ts';
import { alerts } from './alerts.en.ts';
import { calls } from './callbacks.en.ts';
import { explained } from './explained.en.ts';
import { forms } from './forms.en.ts';
import { facts } from './facts.en.ts';
import { mail } from './mail.en.ts';
import { moving } from './moving.en.ts';
import { people } from './people.en.ts';
import { about, promised, unnamed } from './promised.en.ts';
import { remedies } from './remedies.en.ts';
import { reports } from './reports.en.ts';
import { find, spoken } from './spoken.en.ts';

/**
 * English: every sentence that a person reads, customers first. Another language is one file of the same shape
 * (`export const et: Words = { … }`) and one line in `words/languages.ts`.
 *
 * Rules of tone: short, plain, true at the moment of reading (no "today", no "soon"), no exclamation marks, no excuses,
 * no promise to do better. A cause is never named to a customer.
 */

/** How times and lengths read. */
const clock = {
  weekdays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as readonly string[],
  months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as readonly string[],
  date: (weekday: string, day: number, month: string, year: number) => `${weekday} ${day} ${month} ${year}`,
  shortDate: (weekday: string, day: number, month: string) => `${weekday} ${day} ${month}`,
  dateTime: (date: string, time: string) => `${date}, ${time}`,
  inZone: (text: string, zone: string) => `${text} (${zone})`,
  by: (time: string) => `by ${time}`,
  on: (day: string) => `on ${day}`,
  /** `date` is empty where `from` and `to` name their own. */
  between: (date: string, from: string, to: string) => `${date === '' ? '' : `${date} `}between ${from} and ${to}`,
  range: (from: string, to: string) => `${from} to ${to}`,
  unit: {
    day: (n: number) => (n === 1 ? '1 day' : `${n} days`),
    hour: (n: number) => `${n} h`,
    minute: (n: number) => `${n} min`,
    second: (n: number) => `${n} s`,
  },
};

const ended = (sentence: string): string => (/[.?!…]$/.test(sentence) ? sentence : `${sentence}.`);

/** Notices to customers. `time` comes with its preposition (`by Fri …`, `on Fri …`), `newTime` without. */
const notice = {
  promised,
  greeting: (name: string | null) => (name === null ? 'Hello,' : `Hello ${name},`),
  unnamed,
  subject: {
    promised: (what: string) => `Our promise: ${what}`,
    willCall: (what: string) => `We will call you: ${what}`,
    riskLater: (what: string) => `Later than promised: ${what}`,
    riskUnknown: (what: string) => `May be later than promised: ${what}`,
    riskPast: (what: string) => `The time we promised has passed: ${what}`,
    progress: (what: string) => `News about our promise: ${what}`,
    recovery: (what: string) => `We have not kept our promise: ${what}`,
    takenBack: (what: string) => `We cannot keep our promise: ${what}`,
    remedy: (what: string) => `For the promise we did not keep: ${what}`,
    several: (count: number) => `News about ${count} promises we made to you`,
  },
  several: (count: number) => `This is about ${count} promises we made to you.`,
  said: (promise: string) => ended(`We promised ${promise}`),
  saidNow: (promise: string) => ended(`We have promised ${promise}`),
  ifLate:
    'If we learn that it will take longer, we will tell you. Should the promised time pass before it is done, we will write to you with a new time, or say when you will hear from us next. You need not ask.',
  ifNotCalled:
    'If we cannot call you then, we will tell you. Should that time pass without our call, we will write to you with a new time, or say when you will hear from us next. You need not ask.',
  /** After the second break, in place of another apology. */
  willCall: (what: string, time: string) =>
    ended(
      `We have not kept our promise, and would rather talk to you about it than write. We will call you ${about(what, time)}`,
    ),
  later: (newTime: string) => `It will take longer. The new time is ${newTime}.`,
  mayBeLater: 'It may take longer.',
  movedHere: 'This replaces the time we gave you before.',
  replaces: 'This replaces the later time we gave you before.',
  passed: 'That time has passed.',
  passedAndNotKept: 'That time has passed, and we have not kept our promise.',
  laterStands: (time: string) => `The newest time we gave you is ${time}.`,
  laterPassedToo: 'The later time we gave you has passed, too.',
  takenBack: 'We cannot keep this promise and have taken it back.',
  apology: 'We are sorry.',
  newTime: (newTime: string) => `The new time is ${newTime}.`,
  nextNews: (time: string) => `We do not have a new time yet. We will be in touch again ${time}.`,
  nextNewsTakenBack: (time: string) => `We will be in touch again ${time}.`,
  noNewsYet: 'We do not have a new time yet, and will write again when we do.',
  stillAtIt: 'We are still at it.',
  notKnown: 'We cannot say yet whether that time holds.',
  /** A call that nobody asked for. */
  callAbout: (what: string) => `our call about ${what}`,
  promisedCall: (what: string, time: string) => `to call you ${about(what, time)}`,
  promisedNews: (what: string, time: string) => `to be in touch with you ${about(what, time)}`,
  nextContact: (time: string) => `We will be in touch again ${time}.`,
  newOwner: (name: string) => `From now on ${name} looks after this.`,
  contact: (name: string) => `${name} looks after this.`,
  contactDirect: (name: string) => `${name} looks after this and can be reached directly:`,
  standsIn: (name: string) => `${name} stands in for the person who looks after this, and can be reached directly:`,
  reached: (name: string) => `${name} can be reached directly about this:`,
  replyReaches: (name: string) => `A reply to this mail reaches ${name}.`,
};

/** One word or two for each member of a closed set. */
const names = {
  phase: {
    open: 'Open',
    at_risk: 'At risk',
    paused: 'Paused',
    overdue: 'Overdue',
    kept: 'Kept',
    broken: 'Broken',
    withdrawn: 'Withdrawn',
    unreachable: 'Not reached',
  } satisfies Record<Phase, string>,
  reason: {
    promised: 'Confirmation',
    risk: 'Risk notice',
    progress: 'Progress notice',
    recovery: 'Recovery notice',
    remedy: 'Remedy notice',
  } satisfies Record<NoticeReason, string>,
  state: {
    owed: 'owed',
    claimed: 'leaving now',
    sent: 'sent',
    dropped: 'not needed any more',
    failed: 'could not be sent',
  } satisfies Record<NoticeState, string>,
  alert: {
    checkpoint: 'Checkpoint missed',
    slip: 'Slipping inside the buffer',
    at_risk: 'May not hold',
    broken: 'Overdue: deadline passed',
    callback: 'Callback needs you',
    handed_over: 'Handed over to you',
    unacknowledged: 'Nobody has acknowledged',
    approval: 'Waits for your approval',
    capacity: 'Capacity is short',
  } satisfies Record<AlertReason, string>,
  /** A `broken` alert before any deadline passed. */
  alertTakenBack: 'Taken back by us',
  rung: { owner: 'owner', lead: 'lead', manager: 'manager', partner: 'partner' } satisfies Record<AlertRung, string>,
  waitedFor: { customer: 'the customer', partner: 'the partner', us: 'us' } satisfies Record<WaitedFor, string>,
  attempt: {
    reached: 'reached',
    no_answer: 'no answer',
    wrong_number: 'wrong number',
    declined: 'declined',
  } satisfies Record<AttemptResult, string>,
  contactAbout: {
    status: 'asked where it stands',
    trouble: 'told of trouble',
    change: 'asked for a change',
    other: 'was in touch',
  } satisfies Record<ContactSubject, string>,
  withdrawer: { customer: 'the customer', company: 'us', unknown: 'unknown' } satisfies Record<Withdrawer, string>,
  flag: {
    no_buffer: 'no room for a buffer',
    too_tight: 'too tight',
    owner_unknown: 'owner not in the staff list',
    before_window: 'kept before its window',
    zone_assumed: 'company time zone assumed',
    second_break: 'second break',
  } satisfies Record<Flag, string>,
};

/** The pages for staff. */
const page = {
  product: 'Kept',
  tagline: 'Every promise to a customer, and the time it has left',
  skip: 'Skip to the promises',
  nav: {
    label: 'Pages',
    today: 'Today',
    spoken: 'New promise',
    find: 'Find',
    calls: 'Calls',
    remedies: 'Remedies',
    reports: 'Reports',
    mail: 'Mail',
  },
  zone: (zone: string) => `Times in ${zone}`,
  asOf: (time: string) => `As of ${time}`,
  pause: 'Pause live rows',
  resume: 'Resume live rows',
  lost: 'Connection lost, trying again',
  reload: 'Reload for the newest state',
  open: 'open',
  none: '–',

  today: {
    title: 'Promises today',
    /** `open` holds the paused ones, too. */
    headline: (open: number, atRisk: number, overdue: number) => {
      if (open + atRisk + overdue === 0) return 'No promise is open.';
      if (atRisk + overdue === 0) return 'Nothing is at risk, nothing overdue.';
      const parts = [atRisk > 0 ? `${atRisk} at risk` : '', overdue > 0 ? `${overdue} overdue` : ''];
      const sum = parts.filter((part) => part !== '').join(', ');
      return atRisk > 0 ? `${sum}. What is at risk can still be acted on.` : `${sum}.`;
    },
    lead: 'Each promise has an earlier target of our own; the buffer lies between the two. If one may not hold, the customer hears of it before the promised time.',
    counts: 'How many promises stand where',
    rows: 'Open promises',
    rowsCaption: 'Open promises, those at risk first, then by promised time; those without a time last',
    /** The top group also holds what the customer was told a later time for. */
    groupToo: { at_risk: 'or told a later time', open: 'or paused' },
    told: (time: string) => `customer told ${time}`,
    more: (count: number) => `${count} further open promises are not listed.`,
    empty: 'No open promises.',
    emptyHint: 'A promise registered at POST /v1/promises appears here at once.',

    column: { promise: 'Promise', time: 'Time left, and what it waits for', promised: 'Promised', owner: 'Owner' },
    alerts: 'Alerts to staff',
    noAlerts: 'No alerts so far. Staff are told when a promise slips past its target.',
    openAlerts: (count: number) => (count === 1 ? '1 is open' : `${count} are open`),
    openOf: (name: string, count: number) => `${name} ${count}`,
    openOfNobody: 'nobody named',
    alertTo: (name: string, rung: string) => `to ${name}, ${rung}`,
    alertToNobody: (rung: string) => `no ${rung} is named for it`,
    mails: 'Last mails',
    noMails: 'No mails so far. A customer whose promise is kept in time hears nothing.',
    allMails: 'All mails as they arrived',
    rate: 'Kept so far',
    rateOver: (kept: number, of: number) => `${kept} of ${of} promises whose time has come`,
    noRate: 'No promised time has come yet.',
    rateCaption: 'Promises kept, by kind',
    rateColumn: { kind: 'Kind', kept: 'Kept', broken: 'Broken', overdue: 'Overdue', rate: 'Kept rate' },
    rateDefinition:
      'Kept rate = kept / (kept + broken + overdue). Promises withdrawn, given up unreached or still open are in no rate.',
    rateBounded: (count: number) => `Counted over the ${count} promises with the latest promised times.`,
    allKinds: 'All kinds',
    goal: (goal: string) => `goal ${goal}`,
  },

  engine: {
    label: 'Engine',
    up: 'Engine running',
    down: 'Engine not reachable: promises are accepted, notices wait',
    held: {
      operator: 'All mails are held back: somebody asked for it (kept hold status)',
      restored: 'All mails are held back: this database is an older one, put back (kept hold status)',
    } satisfies Record<HoldReason, string>,
    short: (time: string, needed: string, has: string) =>
      `Too many are to be warned from ${time}: the engine needs ${needed} and has ${has}`,
    due: (count: number, length: string) => `${count} due, oldest for ${length}`,
    onTime: 'nothing waiting',
    backlog: (count: number) => `${count} on their way to the engine`,
  },

  bar: {
    section: 'Time left',
    legend: 'How to read a bar',
    made: 'made',
    target: 'our target',
    lastCall: 'last call to warn',
    promised: 'promised',
    now: 'now',
    estimate: 'estimate',
    told: 'new time told',
    checkpoint: 'checkpoint',
    checkpointPassed: 'checkpoint passed',
    checkpointMissed: 'checkpoint missed',
    named: (what: string, name: string) => `${what}: ${name}`,
    room: 'time we plan with',
    buffer: 'buffer',
    late: 'late',
    /** The bar in words, for who does not see it. */
    described: (left: string, marks: readonly string[]) => `${left}. ${marks.join(', ')}.`,
    mark: (name: string, time: string) => `${name} ${time}`,
  },

  alarm: {
    unreached: 'Customer not reached: please call',
    newsOverdue: (time: string) => `Promised news by ${time} is overdue`,
  },

  left: {
    until: (length: string) => `${length} left`,
    late: (length: string) => `${length} late`,
    now: 'due now',
  },

  waits: {
    label: 'Waits for',
    notice: (name: string) => `${name} on its way`,
    target: (time: string) => `target ${time}`,
    lastCall: (time: string) => `last call ${time}`,
    recovery: (time: string) => `recovery ${time}`,
    manager: (time: string) => `alert to the manager ${time}`,
    newTime: (time: string) => `new time ${time}`,
    promised: (time: string) => `promised ${time}`,
    look: (time: string) => `next look ${time}`,
    checkpoint: (name: string, time: string) => `checkpoint ${name} ${time}`,
    waitOver: (time: string) => `end of the wait ${time}`,
    word: (who: string) => `word from ${who}`,
    fact: 'news of it',
    join: (first: string, rest: readonly string[]) => [first, ...rest].join(', then '),
  },

  promise: {
    title: (subject: string) => subject,
    back: 'All promises',
    of: (kind: string, source: string, ref: string) => `${kind}, ${source} ${ref}`,
    customer: 'Customer',
    parent: 'Because of',
    children: 'What followed',
    related: (kind: string, name: string) => `${kind}: ${name}`,
    owner: 'Owner',
    noOwner: 'nobody named',
    partner: 'Partner',
    region: 'Region',
    product: 'Product',
    made: 'Made',
    madeUnknown: 'not known',
    history: 'History',
    historyMeans: 'imported as it was: nobody is written to about it',
    promised: 'Promised',
    target: 'Our target',
    estimate: 'Estimate',
    told: 'New time told',
    fulfilled: 'Fulfilled',
    fulfilledLate: 'Fulfilled late',
    waits: 'Waits for',
    onTheDay: 'on the promised day',
    early: (length: string) => `${length} before the promised time`,
    lateBy: (length: string) => `${length} after the promised time`,
    takenBack: (by: Withdrawer, length: string, early: boolean) =>
      `${{ company: 'taken back', customer: 'withdrawn by the customer', unknown: 'withdrawn' }[by]} ${length} ${early ? 'before' : 'after'} the promised time`,
    plan: 'The plan, and why',
    planColumn: { what: 'What', at: 'When', why: 'Why' },
    planName: {
      promisedAt: 'Promised',
      targetAt: 'Our target',
      riskAt: 'Risk by history',
      lastCallAt: 'Last call to warn',
      sendBy: 'No warning after',
      recoveryAt: 'Recovery, if still open',
    },
    /** Where the customer was told a later time: recovery waits for that one to pass, too. */
    managerAt: 'Alert to the manager, if still open',
    noInstant: 'none',
    timeline: 'What happened',
    noTimeline: 'Nothing yet.',
    notices: 'Notices to the customer',
    noNotices: 'None so far, and none owed.',
    noticeColumn: { what: 'Notice', state: 'State', due: 'Owed since', told: 'Tells' },
    tellsTime: (time: string) => `new time ${time}`,
    tellsNews: (time: string) => `next news by ${time}`,
    recordedLater: (time: string) => `told to us ${time}`,
    missing: 'No promise has this id.',
    missingHint: 'Its address may be mistyped. What was there before npm start -- --fresh is gone.',
  },
  nowhere: { missing: 'There is no page here.', missingHint: 'Its address may be mistyped.' },

  moving,
  explain: explained,

  fact: facts,

  mail,
};

export const en = {
  language: 'en',
  clock,
  notice,
  alerts,
  calls,
  names,
  page,
  reports,
  forms,
  spoken,
  find,
  people,
  remedies,
};

/** What a language consists of. */
export type Words = typeof en;
export type ClockWords = Words['clock'];
