import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockSegments, whenWorked, workedBy, type WorkClock } from '../../../domain/calendar/work-clock.ts';
import { IDLE, instant, msBetween, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import type { Pause } from '../../../domain/promise/plan.ts';
import { calendar, daily, OFFICE, roundTheClock } from '../support/calendars.ts';
import { changesOf, WEEKS, workedMinutes } from '../support/minute-oracle.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RUNS = { numRuns: 200, seed: 14 };

const offices = fc.constantFrom<WorkClock['calendar']>(
  OFFICE,
  null,
  roundTheClock('Europe/Tallinn'),
  calendar({ zone: 'America/St_Johns', week: daily('00:00-02:30', '02:45-06:00', '22:00-24:00') }),
  calendar({ zone: 'Australia/Lord_Howe', week: daily('01:45-12:00'), holidays: { country: 'AU' } }),
);

/** Quarters of an hour, so that bounds often fall on one another, or any millisecond; both nights of every zone. */
const moments = fc
  .record({
    base: fc.constantFrom(
      Date.UTC(2026, 1, 22),
      Date.UTC(2026, 2, 7),
      Date.UTC(2026, 2, 28),
      Date.UTC(2026, 3, 4),
      Date.UTC(2026, 9, 3),
      Date.UTC(2026, 9, 24),
      Date.UTC(2026, 9, 31),
    ),
    offset: fc.oneof(
      fc.nat(4 * 72).map((quarters) => (quarters * HOUR) / 4),
      fc.nat(72 * HOUR),
    ),
  })
  .map(({ base, offset }) => instant(base + offset));

/** Some empty, some the wrong way round, few without end. */
const pausesSince = (from: Instant): fc.Arbitrary<Pause> =>
  fc
    .record({
      begin: fc.oneof(
        fc.integer({ min: -40, max: 300 }).map((quarters) => (quarters * HOUR) / 4),
        fc.nat(72 * HOUR),
      ),
      length: fc.option(
        fc.integer({ min: -1, max: 120 }).map((quarters) => (quarters * HOUR) / 4),
        { freq: 12 },
      ),
    })
    .map(({ begin, length }) => ({
      from: plusMs(from, begin),
      to: length === null ? null : plusMs(from, begin + length),
    }));

const clocks: fc.Arbitrary<WorkClock> = fc
  .record({ from: moments, calendar: offices })
  .chain(({ from, calendar: one }) =>
    fc.record({
      from: fc.constant(from),
      calendar: fc.constant(one),
      pauses: fc.array(pausesSince(from), { maxLength: 5 }),
    }),
  );

const spans = fc.oneof(
  fc.integer({ min: 1, max: 40 * HOUR }),
  fc.integer({ min: 1, max: 120 }).map((quarters) => (quarters * HOUR) / 4),
);

/** How long after the beginning of a clock, in milliseconds; sometimes before it. */
const aheads = fc.oneof(
  fc.integer({ min: -8, max: 400 }).map((quarters) => (quarters * HOUR) / 4),
  fc.nat(100 * HOUR),
);

/** All that a clock can be asked. */
const answers = (clock: WorkClock, ms: number, to: Instant) => ({
  when: whenWorked(clock, ms),
  worked: workedBy(clock, to),
  segments: clockSegments(clock, to),
});

/** What two pauses say that touch, overlap, or are one within the other, instead of one. */
const inTwo = ({ from, to }: Pause, share: number, overlap: number): readonly Pause[] => {
  const end = to ?? plusMs(from, 300 * HOUR);
  const middle = plusMs(from, Math.floor(Math.max(0, msBetween(from, end)) * share));
  return [
    { from: middle, to },
    { from, to: plusMs(middle, Math.floor(Math.max(0, msBetween(middle, end)) * overlap)) },
  ];
};

describe('a clock with pauses', () => {
  it('has run as long as asked at the instant answered, and a millisecond less before', () => {
    fc.assert(
      fc.property(clocks, spans, (clock, ms) => {
        const end = whenWorked(clock, ms);
        // Where it stands for good, it has run for less by then.
        if (end === null) {
          expect(clock.pauses.some(({ to }) => to === null)).toBe(true);
          expect(workedBy(clock, IDLE)).toBeLessThan(ms);
          return;
        }
        expect(workedBy(clock, end)).toBe(ms);
        expect(workedBy(clock, plusMs(end, -1))).toBe(ms - 1);
      }),
      RUNS,
    );
  });

  it('says the same in whatever order pauses are given, twice, in two pieces or with one inside another', () => {
    const shares = fc.constantFrom(0, 0.25, 0.5, 1);
    fc.assert(
      fc.property(clocks, spans, aheads, shares, shares, fc.nat(5), (clock, ms, ahead, share, overlap, turn) => {
        const to = plusMs(clock.from, ahead);
        const asGiven = answers(clock, ms, to);
        const { pauses } = clock;
        const variants: readonly (readonly Pause[])[] = [
          pauses.toReversed(),
          [...pauses.slice(turn), ...pauses.slice(0, turn)],
          [...pauses, ...pauses],
          pauses.flatMap((pause) => inTwo(pause, share, overlap)),
          pauses.flatMap((pause) => [...inTwo(pause, share, overlap), pause]),
        ];
        for (const variant of variants) expect(answers({ ...clock, pauses: variant }, ms, to)).toEqual(asGiven);
      }),
      RUNS,
    );
  });

  it('leaves the list of pauses as it is', () => {
    fc.assert(
      fc.property(clocks, spans, aheads, (clock, ms, ahead) => {
        const before = structuredClone(clock.pauses);
        answers(clock, ms, plusMs(clock.from, ahead));
        expect(clock.pauses).toEqual(before);
      }),
      { ...RUNS, numRuns: 50 },
    );
  });

  it('moves its end by exactly what it would have run inside one more pause, if that begins before the end', () => {
    const cases = clocks.chain((clock) =>
      fc.record({
        clock: fc.constant(clock),
        begin: fc.oneof(
          fc.nat(200).map((quarters) => (quarters * HOUR) / 4),
          fc.nat(50 * HOUR),
        ),
        length: fc.oneof(
          fc.nat(400).map((quarters) => (quarters * HOUR) / 4),
          fc.nat(100 * HOUR),
        ),
      }),
    );
    fc.assert(
      fc.property(cases, spans, ({ clock, begin, length }, ms) => {
        const from = plusMs(clock.from, begin);
        const to = plusMs(from, length);
        const lost = workedBy(clock, to) - workedBy(clock, from);
        const end = whenWorked(clock, ms);
        const paused = whenWorked({ ...clock, pauses: [...clock.pauses, { from, to }] }, ms);
        expect(paused).toBe(from < (end ?? IDLE) ? whenWorked(clock, ms + lost) : end);
      }),
      RUNS,
    );
  });

  it('has segments without gap or overlap, none like the one before, that are open as long as it ran', () => {
    fc.assert(
      fc.property(clocks, aheads, (clock, ahead) => {
        const to = plusMs(clock.from, ahead);
        const segments = clockSegments(clock, to);
        if (to <= clock.from) expect(segments).toEqual([]);
        else
          expect([clock.from, ...segments.map((segment) => segment.to)]).toEqual([
            ...segments.map((segment) => segment.from),
            to,
          ]);
        for (const [index, { reason }] of segments.entries()) expect(reason).not.toBe(segments[index + 1]?.reason);
        const sum = (reasons: readonly string[]): number =>
          segments
            .filter(({ reason }) => reasons.includes(reason))
            .reduce((ms, segment) => ms + msBetween(segment.from, segment.to), 0);
        expect(sum(['open'])).toBe(workedBy(clock, to));
        expect(sum(['paused'])).toBe(
          workedBy({ ...clock, calendar: null, pauses: [] }, to) - workedBy({ ...clock, calendar: null }, to),
        );
      }),
      RUNS,
    );
  });
});

const MINUTES = 18 * 60;

interface Night {
  readonly zone: string;
  readonly week: (typeof WEEKS)[number];
  /** In minutes since the first that is looked at. */
  readonly pauses: readonly { readonly begin: number; readonly length: number | null }[];
  readonly change: number;
}

const nights = (count: number): readonly Night[] =>
  fc
    .sample(
      fc.record({
        zone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
        year: fc.integer({ min: 2010, max: 2040 }),
        week: fc.constantFrom(...WEEKS),
        pauses: fc.array(
          fc.record({ begin: fc.integer({ min: -60, max: MINUTES }), length: fc.option(fc.nat(240), { freq: 9 }) }),
          { minLength: 1, maxLength: 6 },
        ),
      }),
      { numRuns: count, seed: 15 },
    )
    .flatMap((one) => changesOf(one.zone, one.year, one.year + 1).map((change) => ({ ...one, change })));

/** What the clock answers for every minute around a change, and what looking at each minute answers. */
function answersAt({ zone, week, pauses, change }: Night) {
  const first = Math.floor(change / MINUTE) * MINUTE - 9 * HOUR;
  const at = (minute: number): Instant => instant(first + minute * MINUTE);
  const isPaused = (minute: number): boolean =>
    pauses.some(({ begin, length }) => begin <= minute && minute < begin + (length ?? Infinity));
  const ran = workedMinutes({ zone, week }, first, MINUTES, isPaused);
  const used = Array.from({ length: ran.at(-1) ?? 0 }, (_, index) => index + 1);
  const minutes = Array.from({ length: MINUTES }, (_, minute) => minute);
  const clock: WorkClock = {
    from: at(0),
    calendar: calendar({ zone, week }),
    pauses: pauses.map(({ begin, length }) => ({ from: at(begin), to: length === null ? null : at(begin + length) })),
  };
  const reasons = clockSegments(clock, at(MINUTES)).flatMap(({ from, to, reason }) =>
    Array.from({ length: msBetween(from, to) / MINUTE }, () => reason),
  );
  return {
    ours: {
      worked: ran.map((_, minute) => workedBy(clock, at(minute)) / MINUTE),
      when: used.map((one) => whenWorked(clock, one * MINUTE)),
      paused: reasons.map((reason) => reason === 'paused'),
      open: reasons.map((reason) => reason === 'open'),
    },
    oracle: {
      worked: ran,
      when: used.map((one) => at(ran.indexOf(one))),
      paused: minutes.map(isPaused),
      open: minutes.map((minute) => (ran[minute + 1] ?? 0) > (ran[minute] ?? 0)),
    },
  };
}

it('equals a look at every minute around a change of the clock, in a sample of all zones', () => {
  const sample = nights(12);
  expect(sample.length).toBeGreaterThan(8);
  for (const night of sample) {
    const { ours, oracle } = answersAt(night);
    expect({ ...night, ...ours }).toEqual({ ...night, ...oracle });
  }
});
