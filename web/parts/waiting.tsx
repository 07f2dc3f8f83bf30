import type { Instant } from '../../domain/promise/instant.ts';
import { stands } from '../../domain/promise/plan.ts';
import type { Words } from '../../words/en.ts';
import { hoursText, lengthText } from '../../words/format.ts';
import type { BarTimes } from '../shapes.ts';

interface Awaited extends Pick<BarTimes, 'clock' | 'closedAt' | 'waitingFor' | 'waitingSince' | 'waitingUntil'> {
  readonly partner: string | null;
}

interface WaitingProps {
  readonly words: Words;
  readonly promise: Awaited;
  readonly time: (at: Instant) => string;
}

/** Who must act before it goes on, since when and until when, and whether its clock stands meanwhile. */
export function Waiting({ words, promise, time }: WaitingProps) {
  const text = waitingText(words, promise, time);
  return text === null ? null : <span class="waiting">{text}</span>;
}

function waitingText(words: Words, promise: Awaited, time: WaitingProps['time']): string | null {
  const { moving } = words.page;
  const { waitingFor, waitingSince, waitingUntil, clock, closedAt } = promise;
  if (waitingFor === null || waitingSince === null || closedAt !== null) return null;
  const isCustomer = waitingFor === 'customer';
  const waiting = moving.waiting(awaited(words, promise), time(waitingSince));
  const until = waitingUntil === null ? null : time(waitingUntil);
  if (clock !== null && isCustomer)
    return `${waiting}${until === null ? moving.clockStands : moving.clockStandsUntil(until)}`;
  return `${waiting}${until === null ? '' : moving.waitingUntil(until)}${isCustomer ? moving.dateStays : ''}`;
}

/** Who is waited for; the partner by name. */
function awaited({ names, page }: Words, { waitingFor, partner }: Awaited): string {
  if (waitingFor === 'partner' && partner !== null) return page.moving.partnerNamed(partner);
  return names.waitedFor[waitingFor ?? 'us'];
}

/** The running time left of a promise whose clock stands until something happens; null where its clock runs. */
export const leftStanding = ({ clock, promisedAt }: Pick<BarTimes, 'clock' | 'promisedAt'>): number | null =>
  stands({ promisedAt }) && clock !== null ? (clock.leftMs ?? clock.withinMs) : null;

type Counted = NonNullable<BarTimes['clock']>;

/** A length of what a promise's clock counts: working time in hours, other time also in days. */
export const countedText = (words: Words, { calendar }: Pick<Counted, 'calendar'>, ms: number): string =>
  (calendar === null ? lengthText : hoursText)(words.clock, ms);

/** `within 4 h of working time`: what is told of a promise that has no time. */
export const withinText = (words: Words, clock: Counted): string =>
  words.page.moving.within(countedText(words, clock, clock.withinMs), clock.calendar !== null);

/** `1 h 50 min of 4 h of working time used.` */
export const usedText = (words: Words, clock: Counted, leftMs: number): string =>
  words.page.moving.used(
    countedText(words, clock, clock.withinMs - leftMs),
    countedText(words, clock, clock.withinMs),
    clock.calendar !== null,
  );
