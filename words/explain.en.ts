import { durationParts } from '../domain/calendar/durations.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Plan, PlanReason } from '../domain/promise/plan.ts';

/** Why one instant of a plan stands where it stands, as a sentence. Codes are those of `PlanReason.because`. */
const SENTENCES: Readonly<Record<string, (value: string, before: string) => string>> = {
  promised_instant: () => 'The customer was told this time.',
  promised_day: () => 'The customer was told a whole day; it is over when the next day begins there.',
  promised_within: (value) => `The customer was told how long it takes: ${value} from when it was promised.`,
  promised_working: (value) =>
    `The customer was told how long it takes: ${value}, counted in working time from when it was promised.`,
  promised_window: () => 'The customer was told a window; this is where it ends.',
  target_given: () => 'The target that came with the promise.',
  made_at_unknown: () => 'When it was promised is not known, and so no share of the time promised: there is no buffer.',
  buffer_fixed: (value) => `The promised time less the fixed buffer of ${value}.`,
  buffer_share: (value) => `The promised time less a buffer of ${value} of the time promised.`,
  buffer_min: (value) => `The promised time less the least buffer that the policy allows: ${value}.`,
  buffer_max: (value) => `The promised time less the most buffer that the policy takes: ${value}.`,
  buffer_working: (value) => `The promised time less a buffer of working time: ${value}.`,
  clock_stands: () => 'The clock stands while we wait for the customer: nothing has a time until it goes on.',
  quiet_hours: (value) =>
    `The usual last call would fall into the customer's quiet hours (${value}): the last minute before them.`,
  no_history: () => 'No history yet from which a chance of being late could be told.',
  lead: (value, before) => `The customer hears at least ${value} ${before}.`,
  lead_half: (value) =>
    `The usual lead of ${value} would be more than half of the time promised, so half of it is the lead.`,
  send_guard: (value) =>
    `A warning handed over in the last ${value}, or in the last quarter of the lead where that is less, would come too late to be one.`,
  fact_lag: (value) => `The deadline and the ${value} that news may take, before anything is called broken.`,
};

/**
 * @example explainReason({ because: 'buffer_fixed', value: 'P1D', … }) //=> 'The promised time less the fixed buffer of 1 day.'
 */
export function explainReason(reason: PlanReason, plan?: ExplainedPlan, toldAt?: Instant): string {
  const { because, value } = reason;
  const sentence =
    SENTENCES[because]?.(value === null ? 'the policy' : readable(value), beforeWhat(plan)) ??
    `By the rule ${because}.`;
  return [sentence, ...(plan ? remarksOn(reason, plan, toldAt) : [])].join(' ');
}

type ExplainedPlan = Pick<Plan, 'precision' | 'leadTo' | 'promisedAt' | 'madeAt' | 'clock'>;

/** What else put an instant where it stands: without it the reason would not give the time that is shown. */
function remarksOn({ instant, at, because }: PlanReason, plan: ExplainedPlan, toldAt: Instant | undefined): string[] {
  if (instant === 'promisedAt' && plan.clock !== null && plan.clock.pauses.length > 0)
    return ['The time in which we waited for the customer is left out.'];
  if (because.startsWith('buffer_') && at !== null && at === plan.madeAt)
    return ['There is no room for it: a target is never before the promise was made.'];
  if (because === 'target_given' && at !== null && at === plan.promisedAt)
    return ['A target is never after the promised time.'];
  if (instant === 'recoveryAt' && toldAt !== undefined && toldAt > plan.promisedAt)
    return ['The customer was told a later time, so recovery waits until that has passed, too.'];
  return [];
}

/** A lead ends where the day or window begins, unless the promise was made after that. */
function beforeWhat(plan: ExplainedPlan | undefined): string {
  if (!plan || plan.leadTo === plan.promisedAt) return 'before';
  if (plan.precision === 'day') return 'before that day begins';
  return plan.precision === 'window' ? 'before the window begins' : 'before';
}

const UNITS = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const;

/** `P1DT2H` as `1 day 2 hours`, `PT4H of office` as `4 hours of office`; what is no duration (`20%`) as it stands. */
export function readable(value: string): string {
  const [duration = '', ...of] = value.split(' ');
  if (!duration.startsWith('P')) return value;
  const parts = durationParts(duration);
  const said = UNITS.flatMap((unit) => {
    const count = parts[unit] ?? 0;
    return count === 0 ? [] : [`${count} ${count === 1 ? unit.slice(0, -1) : unit}`];
  });
  return [said.length > 0 ? said.join(' ') : '0 seconds', ...of].join(' ');
}
