import { describe, expect, it } from 'vitest';
import { boundAt, type SpanEnd } from '../../../domain/calendar/bounds.ts';
import { startOfDay, plusDays } from '../../../domain/calendar/zones.ts';
import { instant, type Instant } from '../../../domain/promise/instant.ts';

const ZONE = 'Europe/Tallinn';

describe('a bound of promised times', () => {
  it('that is an instant is itself, at either end', () => {
    const at = instant(Date.UTC(2026, 10, 27, 13));
    for (const end of ['from', 'to'] as const satisfies readonly SpanEnd[]) expect(boundAt({ at }, end, ZONE)).toBe(at);
  });

  it.each(['2026-11-27', '2026-03-29', '2026-10-25'])(
    'that is %s holds what falls due on it and nothing else',
    (day) => {
      const [from, to] = [boundAt({ day }, 'from', ZONE), boundAt({ day }, 'to', ZONE)];
      const holds = (at: Instant): boolean => at >= from && at < to;
      const dueForDay = startOfDay(plusDays(day, 1), ZONE);
      const dueForDayBefore = startOfDay(day, ZONE);
      const after = instant(Date.parse(dueForDay) + 1);
      expect([dueForDayBefore, dueForDay, after].map(holds)).toEqual([false, true, false]);
      expect(boundAt({ day: plusDays(day, 1) }, 'from', ZONE)).toBe(to);
    },
  );

  it('that lies outside the years 0001 to 9999 is none', () => {
    expect(() => boundAt({ day: '9999-12-31' }, 'to', 'UTC')).toThrow(RangeError);
    expect(() => boundAt({ day: '0001-01-01' }, 'from', ZONE)).toThrow(RangeError);
  });
});
