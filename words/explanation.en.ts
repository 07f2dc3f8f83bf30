import { offsetMsAt } from '../domain/calendar/offsets.ts';
import type { Explanation } from '../domain/promise/explanation.ts';
import { instant, msBetween, msOf, type Instant } from '../domain/promise/instant.ts';
import type { ClockReason, TurnCause } from '../domain/promise/words.ts';
import { en } from './en.ts';
import { dayText } from './format.ts';

/** An explanation as a person reads it in a terminal: parts with a title, lines of cells. */
export interface ExplainedPart {
  readonly title: string;
  readonly lines: readonly (readonly string[])[];
}

/** Why a clock runs or stands. */
export const CLOCK_WORDS: Readonly<Record<ClockReason, string>> = {
  open: 'open',
  lunch: 'break',
  closed: 'closed',
  holiday: 'holiday',
  paused: 'waiting for the customer',
};

/** What changed a phase, where no fact did. */
export const TURN_WORDS: Readonly<Record<TurnCause, string>> = {
  registered: 'it was registered',
  fact: 'by a fact',
  deadline: 'the promised time passed',
  estimate_stale: 'the estimate became too old to be news',
  wait_over: 'the wait for the customer was over',
};

const INSTANTS = {
  promisedAt: 'promised',
  targetAt: 'target',
  riskAt: 'risk',
  lastCallAt: 'last call',
  sendBy: 'no warning from',
  recoveryAt: 'recovery',
} as const;

const NONE = '–';

/** The explanation in parts. Times are those of the offsets that are stored with the promise. */
export function explanationParts(explanation: Explanation): readonly ExplainedPart[] {
  const parts = [head, plan, clock, revisions, checkpoints, steps, transitions].map((part) => part(explanation));
  return parts.filter(({ lines }) => lines.length > 0);
}

/**
 * An instant on the wall clock of the promise, as known when the plan was made.
 * @example storedTimeText([{ from: null, minutes: 120 }], '2026-03-27T13:00:00.000Z') //=> 'Fri 27 Mar 2026, 15:00'
 */
export function storedTimeText(offsets: Explanation['offsets'], at: Instant): string {
  const wall = instant(msOf(at) + offsetMsAt(offsets, at));
  const seconds = wall.slice(16, 23).replace(/(:00)?\.000$/, '');
  return en.clock.dateTime(dayText(en.clock, wall.slice(0, 10)), wall.slice(11, 16) + seconds);
}

/**
 * A length of running time, in hours at most: a day of it is not a day.
 * @example runningText(97_200_000) //=> '27 h'
 */
export function runningText(ms: number): string {
  const [hours, minutes, seconds] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, (ms % 60_000) / 1_000];
  const { unit } = en.clock;
  const said = [hours && unit.hour(hours), minutes && unit.minute(minutes), seconds && unit.second(seconds)];
  return said.filter((part) => part !== 0).join(' ') || unit.second(0);
}

const timeOf = ({ offsets }: Explanation, at: Instant | null): string =>
  at === null ? NONE : storedTimeText(offsets, at);

function head(all: Explanation): ExplainedPart {
  const { source, ref, kind, phase, owner, waiting, day, from, zone, flags, calendars, partner, policyVersion, id } =
    all;
  const by = day === null ? timeOf(all, all.promisedAt) : dayText(en.clock, day);
  const until = waiting?.until ? `, until ${timeOf(all, waiting.until)}` : '';
  const acts = waiting
    ? `${en.names.waitedFor[waiting.for]}, since ${timeOf(all, waiting.since)}${until}`
    : (owner ?? 'nobody named');
  return {
    title: `${kind} ${source}/${ref}`,
    lines: [
      ['id', id],
      ['phase', phase],
      ['made', timeOf(all, all.madeAt)],
      ['promised', from === null ? by : `${timeOf(all, from)} to ${by}`],
      ['must act', acts],
      ['zone', zone],
      ['policy', `${kind}, version ${policyVersion}`],
      ...calendarsOf(calendars).map(([name, version]) => ['calendar', `${name}, version ${version}`]),
      ...(partner ? [['partner', `${partner.id}, version ${partner.version}`]] : []),
      ...(flags.length > 0 ? [['flags', flags.join(', ')]] : []),
    ],
  };
}

const plan = (all: Explanation): ExplainedPart => ({
  title: 'The plan',
  lines: all.reasons.map(({ instant: name, at, text, field, value }) => {
    const policy = field === null ? [] : [`[${value === null ? field : `${field}: ${value}`}]`];
    return [INSTANTS[name], timeOf(all, at), [text, ...policy].join(' ')];
  }),
});

function clock(all: Explanation): ExplainedPart {
  const open = all.segments.filter(({ reason }) => reason === 'open');
  const ran = open.reduce((ms, { from, to }) => ms + (to === null ? 0 : msBetween(from, to)), 0);
  const segments = all.segments.map(({ from, to, reason }) => [
    CLOCK_WORDS[reason],
    timeOf(all, from),
    to === null ? 'until something happens' : timeOf(all, to),
    to === null ? '' : runningText(msBetween(from, to)),
  ]);
  const promised = all.clock ? ` of ${runningText(all.clock.withinMs)} promised` : '';
  const leftMs = all.clock?.leftMs ?? null;
  const left = leftMs === null ? '' : `, ${runningText(leftMs)} left`;
  const sum = ['open in all', '', '', `${runningText(ran)}${promised}${left}`];
  return { title: 'The clock', lines: segments.length > 0 ? [...segments, sum] : [] };
}

const revisions = (all: Explanation): ExplainedPart => ({
  title: 'Times told',
  lines: all.revisions.map(({ revision, at, promisedAt, day, agreed, cause, factKey }) => [
    String(revision),
    day === null ? timeOf(all, promisedAt) : dayText(en.clock, day),
    agreed ? 'agreed' : 'told',
    `on ${timeOf(all, at)}`,
    [`fact ${factKey}`, ...(cause === null ? [] : [`cause ${cause}`])].join(', '),
  ]),
});

const checkpoints = (all: Explanation): ExplainedPart => ({
  title: 'Checkpoints',
  lines: all.checkpoints.map(({ name, at, value, field, partner, passedAt }) => [
    name,
    timeOf(all, at),
    field === 'checkpoints' ? `[${value}]` : `[${field}: ${value}]`,
    passedAt === null ? 'not passed' : `passed ${timeOf(all, passedAt)}`,
    partner ? 'the partner answers for it' : '',
  ]),
});

const steps = (all: Explanation): ExplainedPart => ({
  title: 'Plans there have been',
  lines: all.steps.map(({ at, promisedAt, targetAt, lastCallAt, policyVersion, imposed, factKey }) => [
    timeOf(all, at),
    `promised ${timeOf(all, promisedAt)}`,
    `target ${timeOf(all, targetAt)}`,
    `last call ${timeOf(all, lastCallAt)}`,
    `policy version ${policyVersion}`,
    `fact ${factKey}${imposed ? ', not in force' : ''}`,
  ]),
});

const transitions = (all: Explanation): ExplainedPart => ({
  title: 'What became of it',
  lines: all.transitions.map(({ at, from, to, because, factKey }) => [
    timeOf(all, at),
    from === null ? to : `${from} → ${to}`,
    because === 'fact' && factKey !== null ? `fact ${factKey}` : TURN_WORDS[because],
  ]),
});

/** All of them, in the order of their ids. */
const calendarsOf = (calendars: Explanation['calendars']): readonly (readonly [string, number])[] =>
  Object.entries(calendars).sort(([a], [b]) => (a < b ? -1 : 1));
