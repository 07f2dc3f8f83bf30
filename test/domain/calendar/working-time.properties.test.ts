import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWorking, subtractWorking, workingBetween } from '../../../domain/calendar/working-time.ts';
import { instant, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import { calendar, type CalendarDocument } from '../support/calendars.ts';
import { ZONES } from '../support/arbitraries.ts';

const HOUR = 3_600_000;
const RUNS = { numRuns: 400, seed: 12 };

const time = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Up to four intervals, some of which touch. */
const times = fc.uniqueArray(fc.integer({ min: 0, max: 96 }), { maxLength: 8 }).map((quarters) => {
  const bounds = quarters.toSorted((a, b) => a - b).map((quarter) => time(quarter * 15));
  return bounds.slice(1).flatMap((to, index) => (index % 3 === 2 ? [] : [`${bounds[index]}-${to}`]));
});

const week = fc
  .record({ mon: times, tue: times, wed: times, thu: times, fri: times, sat: times, sun: times })
  .filter((days) => Object.values(days).some((day) => day.length > 0));

const calendars = fc
  .record({
    zone: fc.constantFrom(...ZONES),
    week,
    holidays: fc.constantFrom<NonNullable<CalendarDocument['holidays']>>(
      {},
      { country: 'EE', remove: ['2026-12-26'] },
      { country: 'IS', add: ['2026-03-30', '2026-11-02'] },
    ),
  })
  .map(calendar);

const instants: fc.Arbitrary<Instant> = fc
  .integer({ min: Date.UTC(2025, 11, 20), max: Date.UTC(2027, 0, 10) })
  .map((ms) => instant(ms));

const spans = fc.oneof(
  fc.integer({ min: 1, max: 100 * HOUR }),
  fc.integer({ min: 1, max: 400 }).map((quarters) => (quarters * HOUR) / 4),
);

describe('working time', () => {
  it('added is what then lies between', () => {
    fc.assert(
      fc.property(calendars, instants, spans, (office, at, ms) => {
        const end = addWorking(at, ms, office);
        expect(workingBetween(at, end, office)).toBe(ms);
        expect(workingBetween(end, at, office)).toBe(-ms);
      }),
      RUNS,
    );
  });

  it('taken is what then lies between', () => {
    fc.assert(
      fc.property(calendars, instants, spans, (office, at, ms) => {
        expect(workingBetween(subtractWorking(at, ms, office), at, office)).toBe(ms);
      }),
      RUNS,
    );
  });

  it('added ends at the earliest, taken at the latest instant that will do', () => {
    fc.assert(
      fc.property(calendars, instants, spans, (office, at, ms) => {
        const end = addWorking(at, ms, office);
        expect(workingBetween(at, plusMs(end, -1), office)).toBe(ms - 1);
        const start = subtractWorking(at, ms, office);
        expect(workingBetween(plusMs(start, 1), at, office)).toBe(ms - 1);
      }),
      RUNS,
    );
  });

  it('added and taken again leads back to where work was last done, taken and added to where it next begins', () => {
    fc.assert(
      fc.property(calendars, instants, spans, (office, at, ms) => {
        const back = subtractWorking(addWorking(at, ms, office), ms, office);
        expect(back >= at).toBe(true);
        expect(workingBetween(at, back, office)).toBe(0);
        const forth = addWorking(subtractWorking(at, ms, office), ms, office);
        expect(forth <= at).toBe(true);
        expect(workingBetween(forth, at, office)).toBe(0);
      }),
      RUNS,
    );
  });

  it('added in two parts is added at once', () => {
    fc.assert(
      fc.property(calendars, instants, spans, spans, (office, at, first, second) => {
        const parts = addWorking(addWorking(at, first, office), second, office);
        expect(parts).toBe(addWorking(at, first + second, office));
      }),
      RUNS,
    );
  });

  it('between two instants is that of the parts, and never more than has passed', () => {
    fc.assert(
      fc.property(calendars, instants, instants, instants, (office, a, b, c) => {
        const parts = workingBetween(a, b, office) + workingBetween(b, c, office);
        expect(workingBetween(a, c, office)).toBe(parts);
        const [from, to] = a < b ? [a, b] : [b, a];
        const ms = workingBetween(from, to, office);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(Date.parse(to) - Date.parse(from));
      }),
      RUNS,
    );
  });

  it('is the same whatever was asked before, and leaves the calendar as it is', () => {
    fc.assert(
      fc.property(calendars, instants, spans, (office, at, ms) => {
        const before = structuredClone(office);
        const end = addWorking(at, ms, office);
        workingBetween(plusMs(at, -900 * 24 * HOUR), at, office);
        expect(addWorking(at, ms, office)).toBe(end);
        expect(addWorking(at, ms, before)).toBe(end);
        expect(office).toEqual(before);
      }),
      { ...RUNS, numRuns: 60 },
    );
  });
});
