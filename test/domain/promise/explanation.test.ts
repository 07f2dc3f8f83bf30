import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockSegments } from '../../../domain/calendar/work-clock.ts';
import { planOf } from '../../../domain/calendar/plan.ts';
import { explanationOf, type Explanation, type StoredPromise } from '../../../domain/promise/explanation.ts';
import type { Fact } from '../../../domain/promise/facts.ts';
import { fold } from '../../../domain/promise/fold.ts';
import { IDLE, msBetween, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import {
  stands,
  type Basis,
  type Plan,
  type PlannedClock,
  type Planning,
  type Undertaking,
} from '../../../domain/promise/plan.ts';
import { storyOf } from '../../../domain/promise/story.ts';
import { around, movedPromises } from '../support/arbitraries.ts';
import {
  at,
  DOCUMENT,
  paused,
  policy,
  progressed,
  registered,
  repromised,
  REQUEST,
  resumed,
} from '../support/build.ts';

const MON = at('2026-03-02T08:00Z');
const TUE = at('2026-03-03T08:00Z');
const WED = at('2026-03-04T08:00Z');
const FRI = at('2026-03-06T16:00Z');
const SAT = at('2026-03-07T16:00Z');
const HOUR = 3_600_000;
const RULES = policy({ ...DOCUMENT, checkpoints: [{ name: 'packed', at: '50%', partner: true }] });
const DATE: Undertaking = { precision: 'instant', at: FRI };
const DURATION: Undertaking = { precision: 'instant', within: 'PT48H', calendar: null };

const CLOCK: PlannedClock = { withinMs: HOUR, calendar: 'b', pauses: [], leftMs: null, wouldEndAt: null };
const HOURS: PlannedClock = { ...CLOCK, calendar: null };

type Chain = NonNullable<Planning['chain']>;

/** The rows that settling would store. */
function stored(planning: Planning & { readonly chain: Chain }, facts: readonly Fact[]): StoredPromise {
  const { plan, steps, clock } = fold(planning, facts);
  const { madeAt } = plan;
  const lasts = clock !== null && 'within' in clock.promised && madeAt !== null;
  const end = stands(plan) ? IDLE : plan.promisedAt;
  return {
    ...{ id: 'id', source: 'shop', ref: 'A-1', kind: 'delivery', owner: 'kati', partner: null, flags: [] },
    basis: planning.chain.basis,
    plan,
    steps: steps.length === 0 ? [] : [{ factKey: 'registered', plan: planning.plan, imposed: false }, ...steps],
    segments: lasts ? clockSegments({ from: madeAt, calendar: null, pauses: clock.pauses }, end) : null,
  };
}

function planningFor(promised: Undertaking): Planning & { readonly chain: Chain } {
  const basis: Basis = { ...REQUEST, promised, policyVersion: 1, calendars: {} };
  return { plan: planOf(basis, RULES), chain: { basis, steps: [], replan: (clock) => planOf(clock, RULES) } };
}

function explain(promised: Undertaking, facts: readonly Fact[], now: Instant = WED): Explanation {
  const all = [registered(MON), ...facts];
  return explanationOf(stored(planningFor(promised), all), all, now, ({ because }) => because);
}

describe('an explanation', () => {
  it('of a date is open up to the deadline, but where the customer was waited for', () => {
    const wait = [paused(TUE, 'customer'), resumed(WED), paused(plusMs(WED, HOUR), 'partner')];
    expect(explain(DATE, wait).segments).toEqual([
      { from: MON, to: TUE, reason: 'open' },
      { from: TUE, to: WED, reason: 'paused' },
      { from: WED, to: FRI, reason: 'open' },
    ]);
  });

  it('ends a wait without end with a date, and joins waits that touch', () => {
    const wait = [paused(TUE, 'customer', WED), paused(WED, 'customer')];
    expect(explain(DATE, wait).segments).toEqual([
      { from: MON, to: TUE, reason: 'open' },
      { from: TUE, to: FRI, reason: 'paused' },
    ]);
  });

  it('of a duration has the clock as stored, and no times while it stands', () => {
    const standing = explain(DURATION, [paused(TUE, 'customer')]);
    expect(standing.segments).toEqual([
      { from: MON, to: TUE, reason: 'open' },
      { from: TUE, to: null, reason: 'paused' },
    ]);
    expect(standing).toMatchObject({
      ...{ phase: 'paused', waiting: { for: 'customer', since: TUE, until: null } },
      ...{ promisedAt: null, targetAt: null, lastCallAt: null, sendBy: null, recoveryAt: null },
      clock: { withinMs: 48 * HOUR, leftMs: 24 * HOUR },
    });
    expect(explain(DURATION, [paused(TUE, 'customer'), resumed(WED)]).promisedAt).toBe(plusMs(MON, 72 * HOUR));
  });

  it('lists every told time and every plan with the fact that made it', () => {
    const agreed = repromised(TUE, { precision: 'instant', at: SAT }, true);
    const imposed = repromised(WED, { precision: 'instant', at: plusMs(SAT, HOUR) }, false);
    const { revisions, steps, promisedAt } = explain(DATE, [agreed, imposed]);
    expect(revisions.map((one) => [one.revision, one.at, one.factKey, one.agreed, one.promisedAt])).toEqual([
      [1, MON, 'registered', true, FRI],
      [2, TUE, agreed.factKey, true, SAT],
      [3, WED, imposed.factKey, false, plusMs(SAT, HOUR)],
    ]);
    expect(steps.map((one) => [one.at, one.factKey, one.imposed, one.promisedAt])).toEqual([
      [MON, 'registered', false, FRI],
      [TUE, agreed.factKey, false, SAT],
      [WED, imposed.factKey, true, plusMs(SAT, HOUR)],
    ]);
    expect(promisedAt).toBe(SAT);
  });

  it('says when a checkpoint was passed, and each reason with its sentence', () => {
    const { checkpoints, reasons } = explain(DATE, [progressed(TUE, 'packed')]);
    expect(checkpoints).toMatchObject([{ name: 'packed', value: '50%', partner: true, passedAt: TUE }]);
    expect(reasons.map(({ because, text }) => [because, text])).toContainEqual(['buffer_fixed', 'buffer_fixed']);
  });

  it('says of whom and what it is, as stored, and the plan in force', () => {
    const made = planningFor(DATE);
    const promise = { ...stored(made, []), flags: ['owner_unknown'] as const, owner: null };
    const { plan } = promise;
    const told = explanationOf(promise, [registered(MON)], TUE, () => '');
    expect(told).toMatchObject({
      ...{ id: 'id', source: 'shop', ref: 'A-1', kind: 'delivery', owner: null, flags: ['owner_unknown'] },
      ...{ phase: 'open', waiting: null, calendar: null, clock: null, from: null, day: null, riskAt: null },
      ...{ precision: 'instant', zone: 'UTC', madeAt: MON, offsets: plan.offsets, policyVersion: plan.policyVersion },
      ...{ promisedAt: FRI, targetAt: plan.targetAt, lastCallAt: plan.lastCallAt },
      ...{ sendBy: plan.sendBy, recoveryAt: plan.recoveryAt },
      checkpoints: [{ name: 'packed', passedAt: null }],
    });
    expect(told.steps).toEqual([
      {
        ...{ factKey: 'registered', at: MON, imposed: false, policyVersion: plan.policyVersion },
        ...{ promisedAt: FRI, targetAt: plan.targetAt, lastCallAt: plan.lastCallAt },
      },
    ]);
  });

  it('is of one instant: waits and phases are those of then', () => {
    const wait = [paused(TUE, 'customer', WED)];
    expect(explain(DATE, wait, TUE)).toMatchObject({ phase: 'paused', waiting: { for: 'customer', until: WED } });
    expect(explain(DATE, wait, WED)).toMatchObject({ phase: 'open', waiting: null });
    expect(explain(DATE, wait, SAT).phase).toBe('overdue');
  });

  it.each<readonly [name: string, plan: Partial<Plan>, calendar: Explanation['calendar']]>([
    ['the promise itself counts by', { clock: CLOCK, calendars: { b: 2, a: 1 } }, { id: 'b', version: 2 }],
    ['its buffer counts by', { calendars: { a: 3 } }, { id: 'a', version: 3 }],
    ['its buffer counts by, where every hour counts', { clock: HOURS, calendars: { a: 3 } }, { id: 'a', version: 3 }],
    ['comes first by name', { calendars: { b: 2, a: 1 } }, { id: 'a', version: 1 }],
    ['is not among those stored, which is none', { clock: CLOCK, calendars: { a: 1 } }, null],
    ['there is none of', {}, null],
  ])('names the calendar that %s', (_, plan, calendar) => {
    const promise = stored(planningFor(DATE), []);
    const told = explanationOf({ ...promise, plan: { ...promise.plan, ...plan } }, [registered(MON)], TUE, () => '');
    expect(told.calendar).toEqual(calendar);
  });

  it('of a window or a day says which', () => {
    const window = explain({ precision: 'window', from: WED, to: FRI }, []);
    expect(window).toMatchObject({ precision: 'window', from: WED, day: null, promisedAt: FRI });
    const day = explain({ precision: 'day', day: '2026-03-06', zone: 'UTC' }, []);
    expect(day).toMatchObject({ precision: 'day', from: null, day: '2026-03-06' });
    expect(day.revisions).toMatchObject([{ revision: 1, day: '2026-03-06', cause: null }]);
  });

  it('of a date begins paused where the wait began before it was made, and does not pause past its deadline', () => {
    expect(explain(DATE, [paused(plusMs(MON, -HOUR), 'customer', TUE)]).segments).toEqual([
      { from: MON, to: TUE, reason: 'paused' },
      { from: TUE, to: FRI, reason: 'open' },
    ]);
    expect(explain(DATE, [paused(WED, 'customer', SAT)]).segments).toEqual([
      { from: MON, to: WED, reason: 'open' },
      { from: WED, to: FRI, reason: 'paused' },
    ]);
    expect(explain(DATE, [paused(SAT, 'customer')]).segments).toEqual([{ from: MON, to: FRI, reason: 'open' }]);
  });

  it('of a date joins waits that touch, wherever they lie', () => {
    const HALF = plusMs(TUE, 12 * HOUR);
    const early = [paused(plusMs(MON, -HOUR), 'customer', TUE), paused(TUE, 'customer', HALF)];
    expect(explain(DATE, early).segments).toEqual([
      { from: MON, to: HALF, reason: 'paused' },
      { from: HALF, to: FRI, reason: 'open' },
    ]);
    const twice = [
      paused(TUE, 'customer', HALF),
      paused(WED, 'customer', plusMs(WED, HOUR)),
      paused(plusMs(WED, HOUR), 'customer', plusMs(WED, 2 * HOUR)),
    ];
    expect(explain(DATE, twice).segments).toEqual([
      { from: MON, to: TUE, reason: 'open' },
      { from: TUE, to: HALF, reason: 'paused' },
      { from: HALF, to: WED, reason: 'open' },
      { from: WED, to: plusMs(WED, 2 * HOUR), reason: 'paused' },
      { from: plusMs(WED, 2 * HOUR), to: FRI, reason: 'open' },
    ]);
  });

  it('makes no plan: where one is not stored yet, the plan in force stands for it', () => {
    const promise = stored(planningFor(DURATION), [registered(MON)]);
    const wait = paused(TUE, 'customer', WED);
    const { promisedAt, steps } = explanationOf(promise, [registered(MON), wait], WED, () => '');
    expect([promisedAt, steps.at(-1)?.promisedAt]).toEqual([promise.plan.promisedAt, promise.plan.promisedAt]);
  });

  it('names a cause of another time, and no time told while the clock stood', () => {
    const cause = { ...repromised(WED, DURATION, false), cause: 'stock' } as Fact;
    const told = explain(DURATION, [paused(TUE, 'customer'), cause]);
    expect(told.revisions[1]).toMatchObject({
      revision: 2,
      agreed: false,
      promisedAt: null,
      day: null,
      cause: 'stock',
    });
    expect(told.steps.map(({ promisedAt, targetAt, lastCallAt }) => [promisedAt, targetAt, lastCallAt])).toEqual([
      [plusMs(MON, 48 * HOUR), plusMs(MON, 12 * HOUR), plusMs(MON, 24 * HOUR)],
      [null, null, null],
      [null, null, null],
    ]);
  });

  it('leaves out a plan whose fact is not among those at hand', () => {
    const gone = paused(TUE, 'customer', WED);
    const promise = stored(planningFor(DURATION), [registered(MON), gone]);
    const { steps } = explanationOf(promise, [gone], WED, () => '');
    expect(steps.map(({ factKey }) => factKey)).toEqual([gone.factKey]);
  });

  it('of a history that does not say when it was promised has no clock', () => {
    const planning = planningFor(DATE);
    const promise = stored(planning, []);
    const unknown = { ...promise, plan: { ...promise.plan, madeAt: null } };
    expect(explanationOf(unknown, [registered(FRI)], SAT, () => '').segments).toEqual([]);
  });
});

describe('the explanation of any promise', () => {
  const cases = movedPromises.chain((moved) => fc.record({ moved: fc.constant(moved), now: around(moved.terms.plan) }));

  it('tells from the stored plans the story that planning anew tells', () => {
    fc.assert(
      fc.property(cases, ({ moved: { planning, facts }, now }) => {
        const { transitions, steps } = explanationOf(stored(planning, facts), facts, now, () => '');
        expect(transitions).toEqual(storyOf(planning, facts, now));
        expect(steps).toHaveLength(fold(planning, facts).steps.length + 1);
      }),
      { numRuns: 150, seed: 33 },
    );
  });

  it('has segments without gap or overlap; the open ones of a duration add up to what was promised', () => {
    fc.assert(
      fc.property(cases, ({ moved: { planning, facts }, now }) => {
        const { segments, clock, promisedAt, madeAt } = explanationOf(stored(planning, facts), facts, now, () => '');
        const ends = segments.map(({ to }) => to);
        expect(segments.map(({ from }) => from)).toEqual(segments.length > 0 ? [madeAt, ...ends.slice(0, -1)] : []);
        if (segments.length > 0) expect(ends.at(-1)).toBe(promisedAt);
        if (!clock) return;
        const open = segments.filter(({ reason }) => reason === 'open');
        const ranMs = open.reduce((ms, { from, to }) => ms + (to === null ? 0 : msBetween(from, to)), 0);
        expect(ranMs + (clock.leftMs ?? 0)).toBe(clock.withinMs);
      }),
      { numRuns: 150, seed: 34 },
    );
  });
});
