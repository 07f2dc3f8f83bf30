import type { Duration, QuietHours } from '../policy/policy.ts';
import { inWholes, type Instant, type Zone } from '../promise/instant.ts';
import { plusDuration } from './durations.ts';
import { firstPermitted, isQuiet } from './quiet-hours.ts';

/**
 * By when a person calls: within the time asked for, or as long after the quiet hours, where that would end in them.
 * In whole minutes or seconds, never earlier.
 * @example callBy('2026-03-03T22:00:00.000Z', 'PT4H', { channels: ['call'], from: '21:00', to: '09:00' }, 'UTC') //=> '2026-03-04T13:00:00.000Z'
 */
export function callBy(now: Instant, within: Duration, hours: QuietHours | null, zone: Zone): Instant {
  const at = inWholes(plusDuration(now, within, zone), now);
  const quiet = hours?.channels.includes('call') ? { from: hours.from, to: hours.to, zone } : null;
  if (!quiet || !isQuiet(at, quiet)) return at;
  const next = plusDuration(firstPermitted(at, quiet), within, zone);
  // A stretch as long as the day would end in the next night again.
  return isQuiet(next, quiet) ? firstPermitted(next, quiet) : next;
}
