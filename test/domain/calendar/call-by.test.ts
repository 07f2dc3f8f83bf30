import { describe, expect, it } from 'vitest';
import { callBy } from '../../../domain/calendar/call-by.ts';
import type { QuietHours } from '../../../domain/policy/policy.ts';
import { at } from '../support/build.ts';

const NIGHT: QuietHours = { channels: ['call'], from: '21:00', to: '09:00' };
const TALLINN = 'Europe/Tallinn';

describe('by when a person calls', () => {
  it.each<readonly [name: string, hours: QuietHours | null, now: string, within: string, by: string]>([
    ['within the time', NIGHT, '2026-03-03T10:00Z', 'PT4H', '2026-03-03T14:00Z'],
    ['within the time, at night too where no hours are quiet', null, '2026-03-03T18:00Z', 'PT4H', '2026-03-03T22:00Z'],
    [
      'at night too, where only mail is quiet',
      { ...NIGHT, channels: ['email'] },
      '2026-03-03T18:00Z',
      'PT4H',
      '2026-03-03T22:00Z',
    ],
    ['as long after the night, where it would end in it', NIGHT, '2026-03-03T18:00Z', 'PT4H', '2026-03-04T11:00Z'],
    [
      'as the night ends, where it would end in the next one again',
      NIGHT,
      '2026-03-03T10:00Z',
      'PT13H',
      '2026-03-05T07:00Z',
    ],
    ['in the night of the zone alone', NIGHT, '2026-03-03T14:30Z', 'PT4H', '2026-03-03T18:30Z'],
    ['never earlier: in whole minutes', NIGHT, '2026-03-03T10:00:30Z', 'PT4H', '2026-03-03T14:01Z'],
  ])('%s', (_, hours, now, within, by) => {
    expect(callBy(at(now), within, hours, TALLINN)).toBe(at(by));
  });

  it('reads the night in the zone', () => {
    expect(callBy(at('2026-03-03T18:00Z'), 'PT1H30M', NIGHT, TALLINN)).toBe(at('2026-03-04T08:30Z'));
    expect(callBy(at('2026-03-03T18:00Z'), 'PT1H30M', NIGHT, 'UTC')).toBe(at('2026-03-03T19:30Z'));
  });
});
