import type { WordKeptGroup } from '../domain/metrics/word-kept.ts';

export type Unit = 'promises' | 'share' | 'duration' | 'facts' | 'money';

/** One figure of the report `word-kept`: what it is called, what it means, and how it is computed. */
export interface Column<K extends keyof WordKeptGroup = keyof WordKeptGroup> {
  /** Its key in the JSON. */
  readonly name: K;
  readonly title: string;
  readonly unit: Unit;
  readonly definition: string;
  /** In the names of the glossary and of the JSON. */
  readonly formula: string;
}

type Figure = Exclude<keyof WordKeptGroup, 'key'>;

/** Every figure in the order in which it is shown. To add one: an entry here; `WordKeptGroup` and `domain/metrics/groups.ts` follow. */
const FIGURES: { readonly [F in Figure]: Omit<Column<F>, 'name'> } = {
  promises: {
    title: 'Promises',
    unit: 'promises',
    definition: 'All promises of the group, whatever became of them.',
    formula: 'kept + broken + overdue + open + withdrawn + unreachable',
  },
  kept: {
    title: 'Kept',
    unit: 'promises',
    definition:
      'Fulfilled in time. A day is in time until its local end, a window until its end, an instant at that instant. Where only the day of the fulfilment is known, the days are compared.',
    formula:
      'fulfilledAt <= promisedAt (instant), fulfilledAt < promisedAt (day, window), day fulfilled <= day promised (only the day known)',
  },
  broken: {
    title: 'Broken',
    unit: 'promises',
    definition: 'Fulfilled too late, taken back by the company, or taken back by the customer once it was late.',
    formula: 'closed promises that are neither kept nor withdrawn nor unreachable',
  },
  overdue: {
    title: 'Overdue',
    unit: 'promises',
    definition: 'Past the promised time and not fulfilled yet; counted as broken in every rate.',
    formula: 'not closed, now > promisedAt (instant), now >= promisedAt (day, window)',
  },
  open: {
    title: 'Open',
    unit: 'promises',
    definition:
      'Not closed, and its time has not come; promises at risk are among them, and those whose clock stands. In no rate.',
    formula: 'not closed and not overdue',
  },
  withdrawn: {
    title: 'Withdrawn',
    unit: 'promises',
    definition: 'Taken back by the customer in time, or for an unknown cause. In no rate.',
    formula: 'withdrawn(customer) in time + withdrawn(unknown)',
  },
  withdrawnByUs: {
    title: 'Withdrawn by us',
    unit: 'promises',
    definition: 'Taken back by the company. A part of broken.',
    formula: 'withdrawn(company)',
  },
  keptRate: {
    title: 'Kept rate',
    unit: 'share',
    definition: 'How well the word was kept, against the last time the customer agreed to.',
    formula: 'kept / (kept + broken + overdue)',
  },
  keptRateFirst: {
    title: 'Kept rate, first',
    unit: 'share',
    definition:
      'The same against the time that was promised first, whatever was agreed later: once that has passed, a promise counts though it is open by the later one. A duration promised first is due where its pauses moved it.',
    formula: 'kept / (kept + broken + overdue), judged by firstPromisedAt',
  },
  earlyRate: {
    title: 'Early rate',
    unit: 'share',
    definition:
      'Fulfilled earlier than promised: before the instant, before the window began, on an earlier local day.',
    formula: 'early / (kept + broken + overdue)',
  },
  goal: {
    title: 'Goal',
    unit: 'share',
    definition:
      'The kept rate that is asked for: by the partner, where the group is one partner and it has a goal of its own, else by ' +
      'the policy. None where no goal is set or the kinds of the group have different ones.',
    formula: "the partner's goal, else goal of the newest policy of the kind",
  },
  brokenAllowed: {
    title: 'Broken allowed',
    unit: 'promises',
    definition: 'How many promises of the group may be broken or overdue without missing the goal.',
    formula: '(1 - goal) * (kept + broken + overdue), rounded down',
  },
  promisedLengthMs: {
    title: 'Promised length',
    unit: 'duration',
    definition: 'How long customers were asked to wait. Over fulfilled promises of which madeAt is known.',
    formula: 'promisedAt - madeAt; percentile_disc',
  },
  actualLengthMs: {
    title: 'Actual length',
    unit: 'duration',
    definition:
      'How long it took. Over fulfilled promises of which madeAt is known; a fulfilment of which only the day is known counts as the end of that day.',
    formula: 'fulfilledAt - madeAt; percentile_disc',
  },
  marginMs: {
    title: 'Margin',
    unit: 'duration',
    definition:
      'How much earlier than promised it came; negative is late. Over fulfilled promises; a fulfilment of which only the day is known counts as the end of that day, so on the promised day it is 0.',
    formula: 'promisedAt - fulfilledAt; percentile_disc',
  },
  bufferUse: {
    title: 'Buffer use',
    unit: 'share',
    definition:
      'How much of the buffer between target and promise was needed. Over fulfilled promises that have a buffer.',
    formula: '(fulfilledAt - targetAt) / (promisedAt - targetAt), at least 0, at most 1; percentile_disc',
  },
  noticeLeadMs: {
    title: 'Notice lead',
    unit: 'duration',
    definition:
      'How long before the last time agreed to the customer was warned about it: the instant, the start of the day or of the window. Warned is who got a risk notice, or before the deadline word of progress or a later time. Over warned promises, whatever became of them, unless their clock stands: it says how good the warning was, not the fulfilment. History is not counted.',
    formula: 'leadTo - first warning; percentile_disc',
  },
  noticeRecall: {
    title: 'Notice recall',
    unit: 'share',
    definition:
      'Of the promises that were not kept, those whose customer was warned no later than the last call; the hand-over may take 5 s. History is not counted.',
    formula: 'warned by lastCallAt + 5 s, broken or overdue / (broken + overdue)',
  },
  falseAlarmRate: {
    title: 'False alarms',
    unit: 'share',
    definition:
      'Of the promises whose customer was warned about the last time agreed to, those kept as first promised. History is not counted.',
    formula: 'warned and kept by firstPromisedAt / warned and kept, broken or overdue',
  },
  noticeMissed: {
    title: 'Notice missed',
    unit: 'promises',
    definition:
      'The last call passed, then the promise was broken or became overdue, and its customer had not been warned. History is not counted.',
    formula: 'broken or overdue, ended after lastCallAt, no warning',
  },
  unreachable: {
    title: 'Unreachable',
    unit: 'promises',
    definition: 'Given up after as many tries to reach the customer as the policy says. In no rate.',
    formula: 'ended by the last try that counts',
  },
  newTimeKeptRate: {
    title: 'New times kept',
    unit: 'share',
    definition:
      'Of the times that customers were told and did not agree to, in a notice or by word, those that were kept: each is judged as exactly as it was told, and one told after another does not put it right. Not counted: those to come, those that had not passed when another time was agreed or the customer took the promise back, and all of promises that ended as unreachable or for an unknown cause. What the company takes back was not kept. History is not counted.',
    formula:
      'fulfilled by the time told / (fulfilled + past the time told + taken back by the company), over imposed revisions',
  },
  falseRecovery: {
    title: 'False recoveries',
    unit: 'promises',
    definition:
      'Kept after all, though the customer had already been told that it was broken: a fact came late. History is not counted.',
    formula: 'kept and a recovery notice handed over',
  },
  contactsPerPromise: {
    title: 'Contacts per promise',
    unit: 'facts',
    definition: 'How often customers got in touch with us about a promise. History is not counted; 0 over nothing.',
    formula: 'contacted facts / promises',
  },
  askedFirst: {
    title: 'Asked first',
    unit: 'share',
    definition:
      'Promises whose customer asked where it stands, or told of trouble, before any notice but the one of the promise itself was handed over. History is not counted.',
    formula: 'contacted(status or trouble) before the first notice / (kept + broken + overdue)',
  },
  firstContactRate: {
    title: 'Solved at first contact',
    unit: 'share',
    definition:
      'Of the fulfilled callbacks, replies and repairs, those whose customer did not get in touch after the promise was made, not even afterwards, and was tried in vain at most once. Where the fulfilment says firstContact, that counts. History is not counted.',
    formula: 'firstContact, else no contacted after madeAt and at most one counted try without success / fulfilled',
  },
  recoveryTimeMs: {
    title: 'Recovery time',
    unit: 'duration',
    definition:
      'From the promised time, or the company taking the promise back before it, to the recovery notice. Over recovered promises; not where a fact that came late moved the time past the notice.',
    formula: 'recovery notice handed over - min(promisedAt, withdrawn(company)); percentile_disc',
  },
  remedyCost: {
    title: 'Remedy cost',
    unit: 'money',
    definition:
      'What was granted to customers for broken promises and not taken back, by currency: the option that holds, whether it has arrived or not.',
    formula: 'sum of remedy_granted by the option chosen, without remedy_reversed',
  },
  secondBreaks: {
    title: 'Second breaks',
    unit: 'promises',
    definition:
      'Broken again: the newest time told passed as well, or another promise of the same customer had been broken before. A person calls.',
    formula: 'promises with the flag second_break (broken_again)',
  },
  handOvers: {
    title: 'Hand-overs',
    unit: 'facts',
    definition:
      'How often promises got another owner, by hand, because one was away, or because nobody acknowledged in time.',
    formula: 'handed_over facts to another owner',
  },
};

export const COLUMNS: readonly Column<Figure>[] = (Object.keys(FIGURES) as Figure[]).map((name) => ({
  name,
  ...FIGURES[name],
}));

/** One printable number: a figure, or one percentile of it. */
export interface Cell {
  /** `keptRate`, `marginMs.p50`. */
  readonly path: string;
  readonly title: string;
  readonly unit: Unit;
  readonly valueOf: (group: WordKeptGroup) => number | string | null;
}

const PERCENTILES: { readonly [F in Figure]?: readonly string[] } = {
  promisedLengthMs: ['p50', 'p90'],
  actualLengthMs: ['p50', 'p90'],
  marginMs: ['p5', 'p10', 'p50', 'p90'],
  bufferUse: ['p50', 'p90'],
  noticeLeadMs: ['p10', 'p50'],
  recoveryTimeMs: ['p50', 'p90'],
};

/** Every figure and percentile by itself, as in CSV. */
export const CELLS: readonly Cell[] = COLUMNS.flatMap((column) => cellsOf(column));

function cellsOf({ name, title, unit }: Column<Figure>): readonly Cell[] {
  const percentiles = PERCENTILES[name];
  if (!percentiles) return [{ path: name, title, unit, valueOf: (group) => plain(group[name]) }];
  return percentiles.map((percentile) => ({
    path: `${name}.${percentile}`,
    title: `${title} ${percentile}`,
    unit,
    valueOf: (group) => plain((group[name] as Readonly<Record<string, number | null>>)[percentile]),
  }));
}

/** Money as `EUR 12.50`, several currencies one after the other. */
function plain(value: unknown): number | string | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null) return null;
  const amounts = Object.entries(value).map(([currency, amount]) => `${currency} ${String(amount)}`);
  return amounts.length > 0 ? amounts.join(', ') : null;
}
