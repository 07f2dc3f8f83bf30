import type { Grouping } from '../domain/metrics/word-kept.ts';

/** What the page and the pictures of the report say. Numbers, shares and times come as texts. */
export const reports = {
  title: 'How the word was kept',
  lead: 'Counted over promises whose time has come. Withdrawn and still open promises are in no rate.',
  asOf: (time: string, lag: string) => `Made on ${time}; the figures were ${lag} old then.`,
  figuresLabel: 'The most important figures',
  goal: (goal: string) => `goal ${goal}`,
  median: 'median',
  /** The most important figures in one line. */
  short: {
    kept: (rate: string) => `${rate} kept`,
    promises: (count: string) => `${count} promises`,
    early: (rate: string) => `${rate} early`,
    median: (margin: string) => `median ${margin}`,
  },
  lessThan: (share: string) => `< ${share}`,
  only: (chosen: readonly string[]) => (chosen.length === 0 ? 'All promises.' : `Only ${chosen.join(', ')}.`),
  none: '–',
  noKey: '(none)',

  filter: {
    label: 'Which promises',
    source: 'Source',
    kind: 'Kind',
    partner: 'Partner',
    owner: 'Owner',
    from: 'Promised from',
    to: 'Promised up to',
    by: 'Group by',
    all: 'All',
    apply: 'Show',
    reset: 'Show all promises',
    wrongDay: (text: string) => `“${text}” is no day of the calendar. Write it as YYYY-MM-DD, such as 2026-11-27.`,
    wrongOrder: 'The first day lies after the last day, so nothing can be promised between them.',
    wrongBy: (text: string, known: string) => `“${text}” is nothing to group by. Choose one of ${known}.`,
    wrongName: (most: number) => `This can be no name: a name has 1 to ${most} characters.`,
  },

  grouping: {
    kind: 'kind',
    partner: 'partner',
    owner: 'owner',
    source: 'source',
    region: 'region',
    product: 'product',
    week: 'week',
    month: 'month',
  } satisfies Record<Grouping, string>,

  scorecard: {
    title: (name: string) => `The scorecard of ${name}`,
    kept: (rate: string, due: string) => `Kept ${rate} of ${due} promises that were due.`,
    noGoal: 'No goal is set for them.',
    goal: (goal: string, allowed: string, notKept: string) =>
      `With the goal of ${goal}, ${allowed} of them may be broken or late; ${notKept} are.`,
    left: (left: string) => `Left of that allowance: ${left}.`,
    over: (over: string) => `That is ${over} more than allowed.`,
    noSlips: 'No checkpoint that it answers for was missed.',
    allowed: 'May be broken or late',
    column: { outcome: 'Outcome', checkpoint: 'Checkpoint missed', promises: 'Promises' },
  },

  empty: {
    none: 'There are no promises yet.',
    how: 'Bring the past of your company in one command; nobody is written to about it:',
    command: 'npx kept import FILE --mapping NAME',
    or: 'Or register a promise at POST /v1/promises. This page then shows how it was kept.',
    noMatch: 'No promises match.',
    noneDue: 'No promised time has come yet, so there is nothing to show.',
    noneFulfilled: 'Nothing has been fulfilled yet, so there is nothing to show.',
  },

  weeks: {
    title: 'Kept rate by week',
    monday: (day: number, month: string, year: number) => `${day} ${month} ${year}`,
    oneWeek: (rate: string, monday: string) => `${rate} were kept in the week of ${monday}, the only one counted.`,
    reading: (rate: string, weeks: string) => `${rate} were kept over ${weeks} weeks.`,
    spread: (best: string, bestWeek: string, worst: string, worstWeek: string) =>
      `The best week, that of ${bestWeek}, reached ${best}; the worst, that of ${worstWeek}, ${worst}.`,
    even: (rate: string) => `No week differs: each reached ${rate}.`,
    goalReached: (goal: string, reached: string, weeks: string) =>
      `The goal of ${goal} was reached in ${reached} of ${weeks} weeks.`,
    rateAxis: 'Kept rate',
    countAxis: 'Promises due in the week',
    few: (few: number, points: string) =>
      `A hollow point is a week of fewer than ${few} promises: one more or less moves it by over ${points} points. It is named neither best nor worst.`,
    quarterSpread: (weeks: number, best: string, bestWeek: string, worst: string, worstWeek: string) =>
      `Taken ${weeks} weeks together, those up to ${bestWeek} were the best with ${best}, those up to ${worstWeek} the worst with ${worst}.`,
    quarter: (weeks: number, few: number) =>
      `A point is a week; the line takes the ${weeks} weeks up to each together, where these have ${few} promises or more.`,
    leftOut: (weeks: string) => `${weeks} weeks lie years away from the others and are not drawn.`,
    caption: (weeks: string) => `Promises kept, by the week in which they were due, the newest first (weeks: ${weeks})`,
    column: { week: 'Week of', rate: 'Kept rate', due: 'Due', kept: 'Kept', late: 'Not kept' },
  },

  margins: {
    title: 'How early or late it came',
    reading: (share: string, fulfilled: string) => `${share} of ${fulfilled} fulfilled promises came in time.`,
    half: (when: string) => `Half came ${when}`,
    tenth: (when: string) => `one in ten came ${when}`,
    tail: (half: string, tenth: string) => `${half}; ${tenth}.`,
    orEarlier: (length: string) => `at least ${length} early`,
    atOrBefore: 'at the promised time or before',
    onTime: 'on time',
    orLater: (length: string) => `at least ${length} late`,
    tenthOnTime: 'at the promised time or after',
    tenthEarly: (length: string) => `at most ${length} early, or late`,
    axis: 'Against the promised time',
    countAxis: 'Promises',
    early: (length: string) => `${length} early`,
    late: (length: string) => `${length} late`,
    earlyTick: (length: string) => `${length}\nearly`,
    lateTick: (length: string) => `${length}\nlate`,
    promised: 'promised',
    promisedLine: 'promised time',
    targetLine: 'our target',
    inTime: (share: string) => `in time ${share}`,
    tooLate: (share: string) => `late ${share}`,
    target: (length: string) => `Our target lies ${length} before the promised time (the median of all buffers).`,
    ends: (gathered: readonly string[]) => `The paler bars at the ends gather the rest: ${gathered.join(', ')}.`,
    endEarly: (count: string, length: string) => `${count} came more than ${length} early`,
    endLate: (count: string, length: string) => `${count} came more than ${length} late`,
    caption: 'Fulfilled promises, by how early or late they came, the earliest first',
    column: { from: 'Came', count: 'Promises', share: 'Share' },
    bin: {
      inTime: (to: string) => `in time, less than ${to} early`,
      justLate: (to: string) => `up to ${to} late`,
      early: (from: string, to: string) => `${from} to ${to} early`,
      late: (from: string, to: string) => `${from} to ${to} late`,
    },
    moreEarly: (length: string) => `more than ${length} early`,
    moreLate: (length: string) => `more than ${length} late`,
  },

  effort: {
    title: 'What it took',
    reading: 'New times told, how often customers had to come to us, and what was done where a promise broke.',
    caption: (by: string) => `What keeping the word took, by ${by}`,
    meaning: 'What the figures mean',
  },

  groups: {
    title: (by: string) => `Kept rate by ${by}`,
    one: (name: string, rate: string, due: string) =>
      `${name}: ${rate} of ${due} promises were kept. There is no other group.`,
    reading: (name: string, due: string, rate: string) =>
      `${name} has the most promises, ${due} due, and kept ${rate} of them.`,
    spread: (best: string, bestRate: string, worst: string, worstRate: string) =>
      `Best is ${best} with ${bestRate}, worst ${worst} with ${worstRate}.`,
    row: (rate: string, due: string) => `${rate} of ${due}`,
    nothingDue: 'none due yet',
    axis: 'Kept rate; beside it, how many were due',
    more: (n: number, count: string) => `Not drawn: ${count} more ${n === 1 ? 'group' : 'groups'}.`,
    few: (few: number) => `Groups of fewer than ${few} promises are named neither best nor worst.`,
    goalMark: 'The upright line in a bar is the goal.',
    caption: (by: string, groups: string) => `How the word was kept, by ${by}, most promises first (groups: ${groups})`,
    captionInTime: (by: string, groups: string) =>
      `How the word was kept, by ${by}, the newest first (groups: ${groups})`,
    column: {
      promises: 'Promises',
      kept: 'Kept',
      late: 'Not kept',
      rate: 'Kept rate',
      early: 'Early',
      margin: 'Median margin',
    },
    all: 'All',
    further: (count: string, by: string) => `${count} more groups: kept report --by ${by} --csv FILE has them all.`,
  },

  tableOf: (title: string) => `Table: ${title}`,
};
