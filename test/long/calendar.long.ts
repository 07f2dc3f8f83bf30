import { describe, expect, it } from 'vitest';
import { atWall, wallOf } from '../../domain/calendar/zones.ts';
import { spanAt } from '../../domain/calendar/transitions.ts';
import { instant } from '../../domain/promise/instant.ts';
import { answersAround, changesOf, WEEKS } from '../domain/support/minute-oracle.ts';

const ZONES = Intl.supportedValuesOf('timeZone');
const DAY = 86_400_000;
const [FIRST, END] = [2020, 2030];

describe.each(ZONES)('%s', (zone) => {
  it(`has, from ${FIRST} on, at every change of its clock and without any the working time that a look at each minute finds`, () => {
    const changes = changesOf(zone, FIRST, END);
    for (const [index, change] of [Date.UTC(FIRST, 0, 1), ...changes].entries())
      // Spring and autumn come in turn: so each of them meets each week.
      for (const week of [WEEKS[Math.floor(index / 2) % WEEKS.length] ?? WEEKS[0], WEEKS[1]]) {
        if (!week) continue;
        const { ours, oracle } = answersAround(change, zone, week);
        expect({ zone, change, week, ...ours }).toEqual({ zone, change, week, ...oracle });
      }
  });

  it('has every change of its clock from 1970 to 2100 in the table', () => {
    const changes = changesOf(zone, 1970, 2100);
    for (const [index, change] of changes.entries()) {
      expect([change, spanAt(zone, change).fromMs]).toEqual([change, change]);
      const wall = wallOf(instant(change), zone);
      expect(atWall(wall, zone, 'later')).toBe(instant(change));
      // Nothing between two changes that the other source does not know.
      const next = changes[index + 1] ?? Date.UTC(2100, 0, 1);
      const days = Array.from({ length: Math.ceil((next - change) / DAY) }, (_, day) => change + day * DAY);
      expect(days.filter((ms) => spanAt(zone, ms).offsetMs !== spanAt(zone, change).offsetMs)).toEqual([]);
    }
  });
});
