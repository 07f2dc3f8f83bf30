import { IDLE, type Instant, type Zone } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';
import { dayBeforeText, hasSeconds, shortTimeText } from '../../words/format.ts';
import type { BarTimes } from '../shapes.ts';

/** How the times of one promise read where they stand beside each other. */
export interface Saying {
  readonly time: (at: Instant) => string;
  /** The promised time, or one told later: for a promised day it is a day, not the midnight that ends it. */
  readonly deadline: (at: Instant) => string;
  /** Whether all of them show seconds, because one of them does. */
  readonly seconds: boolean;
}

/** `together`: what is shown side by side; `shown`: the page's moment and the zone of its times. */
export function sayingOf(
  { clock }: Words,
  { day, zone }: Pick<BarTimes, 'day' | 'zone'>,
  shown: { readonly now: Instant; readonly zone: Zone },
  together: readonly (Instant | null)[],
): Saying {
  const seconds = together.some((at) => at !== null && at !== IDLE && hasSeconds(at));
  const time = (at: Instant): string => shortTimeText(clock, at, shown.zone, shown.now, seconds);
  return { time, deadline: day === null ? time : (at) => dayBeforeText(clock, at, zone), seconds };
}
