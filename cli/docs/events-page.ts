import { PROBLEMS } from '../../api/problem.ts';
import { FACT_KINDS } from '../../domain/promise/facts.ts';
import {
  ALERT_REASONS,
  ATTEMPT_RESULTS,
  CHANNELS,
  CLOCK_REASONS,
  CONTACT_CHANNELS,
  CONTACT_SUBJECTS,
  DROP_CAUSES,
  FAIL_OUTCOMES,
  FLAGS,
  NOTICE_REASONS,
  NOTICE_STATES,
  PHASES,
  PRECISIONS,
  ALERT_RUNGS,
  TURN_CAUSES,
  WAITED_FOR,
  WITHDRAWERS,
  type AlertReason,
} from '../../domain/promise/words.ts';
import { POLICY_FIELDS } from '../../domain/policy/fields.ts';
import { FACT_WORDS, type FactWords } from './fact-words.ts';
import { code, page, prose, table } from './markdown.ts';
import {
  ALERT_WORDS,
  ATTEMPT_WORDS,
  CHANNEL_WORDS,
  CLOCK_REASON_WORDS,
  CONTACT_CHANNEL_WORDS,
  CONTACT_SUBJECT_WORDS,
  DROP_WORDS,
  FAIL_WORDS,
  FLAG_WORDS,
  NOTICE_STATE_WORDS,
  NOTICE_WORDS,
  PHASE_WORDS,
  PRECISION_WORDS,
  RUNG_WORDS,
  TURN_CAUSE_WORDS,
  WAITED_FOR_WORDS,
  WITHDRAWER_WORDS,
} from './set-words.ts';

/** Who is told: of the ladder where a policy says nothing else, of the rest always. */
const usual: Readonly<Record<AlertReason, readonly string[]>> = {
  ...POLICY_FIELDS.escalation.fallback(''),
  callback: ['owner'],
  handed_over: ['the new owner'],
  unacknowledged: ['the next rung'],
  approval: ['manager'],
  capacity: ['every manager'],
};

/** Every kind of fact with its fields, and every closed set that operators and integrators meet. */
export const eventsPage = (): string =>
  page(
    'Facts, notices, alerts, errors',
    'npm run docs',
    'The words of these sets are a contract: they stand in the API, in the tables and on the pages. What the words of Kept mean ' +
      'together is told in the [glossary](../glossary.md).',
    '## Facts',
    'Something that happened: stored once per `factKey`, never changed. `occurredAt` decides, the order of arrival never. Listed ' +
      'in the order in which facts of one instant count. Yours come by `POST /v1/promises/{id}/facts`, by imports and replays.',
    table(['kind', 'stated by', 'meaning'], FACT_KINDS.map(factRow)),
    '### Fields',
    'Beside `factKey`, `kind` and `occurredAt`, which every fact has.',
    table(['kind', 'field', 'meaning'], FACT_KINDS.flatMap(fieldRows)),
    ...section('Phases of a promise', 'phase', PHASES, PHASE_WORDS),
    ...section('Precisions', 'precision', PRECISIONS, PRECISION_WORDS),
    ...section('Flags', 'flag', FLAGS, FLAG_WORDS),
    ...section('Who withdrew', 'by', WITHDRAWERS, WITHDRAWER_WORDS),
    ...section('Who is waited for', 'waitingFor', WAITED_FOR, WAITED_FOR_WORDS),
    ...section('Segments of a clock', 'reason', CLOCK_REASONS, CLOCK_REASON_WORDS),
    ...section('Why a phase changed', 'because', TURN_CAUSES, TURN_CAUSE_WORDS),
    ...section('What came of a try', 'result', ATTEMPT_RESULTS, ATTEMPT_WORDS),
    ...section('How the customer came to us', 'channel', CONTACT_CHANNELS, CONTACT_CHANNEL_WORDS),
    ...section('About what', 'about', CONTACT_SUBJECTS, CONTACT_SUBJECT_WORDS),
    ...section('Notices to customers', 'reason', NOTICE_REASONS, NOTICE_WORDS),
    ...section('States of a notice', 'state', NOTICE_STATES, NOTICE_STATE_WORDS),
    ...section('Why a notice was dropped', 'cause', DROP_CAUSES, DROP_WORDS),
    ...section('Why a notice failed', 'outcome', FAIL_OUTCOMES, FAIL_WORDS),
    ...section('Channels', 'channel', CHANNELS, CHANNEL_WORDS),
    '## Alerts to staff',
    table(
      ['reason', 'meaning', 'who is told, unless the policy says otherwise'],
      ALERT_REASONS.map((reason) => [code(reason), ALERT_WORDS[reason], usual[reason].join(', ')]),
    ),
    ...section('Who is told', 'rung', ALERT_RUNGS, RUNG_WORDS),
    '## Errors of the API',
    'As `code` of an `application/problem+json` body; words in braces are filled in.',
    table(['code', 'status', 'meaning', 'what to do'], Object.entries(PROBLEMS).map(problemRow)),
  );

const section = <W extends string>(
  title: string,
  heading: string,
  words: readonly W[],
  sentences: { readonly [K in W]: string },
): readonly string[] => [
  `## ${title}`,
  table(
    [heading, 'meaning'],
    words.map((word) => [code(word), sentences[word]]),
  ),
];

function factRow(kind: (typeof FACT_KINDS)[number]): readonly string[] {
  const { by, meaning }: FactWords = FACT_WORDS[kind];
  return [code(kind), by, meaning];
}

const fieldRows = (kind: (typeof FACT_KINDS)[number]): readonly (readonly string[])[] =>
  Object.entries(FACT_WORDS[kind].fields).map(([field, meaning]) => [code(kind), code(field), meaning]);

const problemRow = ([name, { status, title, detail }]: [string, (typeof PROBLEMS)[keyof typeof PROBLEMS]]) => [
  code(name),
  String(status),
  `${title}.`,
  prose(detail),
];
