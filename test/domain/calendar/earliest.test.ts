import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookOf } from '../../../domain/calendar/planning.ts';
import { planOf } from '../../../domain/calendar/plan.ts';
import { capacityRefusal, refusalOf, type Refusal } from '../../../domain/calendar/earliest.ts';
import { plusDays, dayOf, startOfDay } from '../../../domain/calendar/zones.ts';
import type { Shortage } from '../../../domain/promise/capacity.ts';
import { plusMs, type Instant } from '../../../domain/promise/instant.ts';
import type { Undertaking } from '../../../domain/promise/plan.ts';
import { policiesWith, requests } from '../support/arbitraries.ts';
import { at, DOCUMENT, policy, REQUEST } from '../support/build.ts';
import { lasting, rulesOf } from '../support/chain.ts';

const MADE_AT = at('2026-03-02T08:00Z');
const MINUTE = 60_000;

interface Given {
  readonly promised: Undertaking;
  readonly madeAt?: Instant;
  readonly target?: Instant;
  readonly zone?: string;
}

function refused(
  document: Record<string, unknown>,
  { promised, madeAt = MADE_AT, target, zone = 'UTC' }: Given,
): Refusal | null {
  const rules = policy({ ...DOCUMENT, tooTight: 'refuse', ...document });
  const book = bookOf({ policyVersion: 1, calendars: { office: 1 } }, rulesOf([rules]));
  const request = { ...REQUEST, promised, madeAt, target: target ?? null, customerZone: zone };
  return refusalOf(request, planOf(request, rules, book), rules, book);
}

const instantAt = (time: string): Undertaking => ({ precision: 'instant', at: at(time) });
const day = (text: string, zone = 'UTC'): Undertaking => ({ precision: 'day', day: text, zone });
const tooTight = (time: string): Refusal => ({ reason: 'too_tight', couldBe: at(time) });

describe('a promise without room', () => {
  it.each<readonly [name: string, document: Record<string, unknown>, given: Given, expected: Refusal | null]>([
    ['is taken where the policy flags it', { tooTight: 'flag' }, { promised: instantAt('2026-03-02T09:00Z') }, null],
    ['is taken with room', {}, { promised: instantAt('2026-03-03T20:01Z') }, null],
    [
      'has none for its buffer exactly',
      {},
      { promised: instantAt('2026-03-03T20:00Z') },
      tooTight('2026-03-03T20:01Z'),
    ],
    [
      'could be held a minute after its buffer',
      {},
      { promised: instantAt('2026-03-02T09:00Z') },
      tooTight('2026-03-03T20:01Z'),
    ],
    [
      'made within a minute, at the next whole one',
      { buffer: { fixed: 'PT10S' } },
      { promised: instantAt('2026-03-02T08:00:35Z'), madeAt: at('2026-03-02T08:00:30Z') },
      tooTight('2026-03-02T08:01Z'),
    ],
    [
      'is not shorter than the shortest',
      { shortest: 'P2D', buffer: { fixed: 'PT1H' } },
      { promised: instantAt('2026-03-03T08:00Z') },
      tooTight('2026-03-04T08:00Z'),
    ],
    [
      'but as short as that',
      { shortest: 'P2D', buffer: { fixed: 'PT1H' } },
      { promised: instantAt('2026-03-04T08:00Z') },
      null,
    ],
    ['may be a day: the first that leaves room', {}, { promised: day('2026-03-02') }, tooTight('2026-03-04T00:00Z')],
    [
      'of its own zone',
      {},
      { promised: day('2026-03-02', 'Asia/Kolkata'), zone: 'Asia/Kolkata' },
      tooTight('2026-03-04T18:30Z'),
    ],
    [
      'or even the day on which it is made',
      { buffer: { fixed: 'PT1H' }, shortest: 'PT16H' },
      { promised: day('2026-03-01') },
      tooTight('2026-03-03T00:00Z'),
    ],
    [
      'may be a window, which keeps its width where it can',
      {},
      { promised: { precision: 'window', from: at('2026-03-02T09:00Z'), to: at('2026-03-02T11:00Z') } },
      tooTight('2026-03-03T20:01Z'),
    ],
    [
      'may be a duration of working time',
      { buffer: { fixed: 'PT4H' } },
      { promised: lasting('PT3H') },
      // Four working hours from Monday 10:00 in Tallinn, and a minute.
      tooTight('2026-03-02T12:31Z'),
    ],
    [
      'or one of all hours',
      { buffer: { fixed: 'PT4H' } },
      { promised: lasting('PT3H', null) },
      tooTight('2026-03-02T12:01Z'),
    ],
    [
      'has none with the target it brings',
      {},
      { promised: instantAt('2026-03-02T09:00Z'), target: at('2026-03-02T07:00Z') },
      { reason: 'too_tight', couldBe: null },
    ],
    [
      'has room after the target it brings',
      {},
      { promised: instantAt('2026-03-02T09:00Z'), target: at('2026-03-02T10:00Z') },
      tooTight('2026-03-02T10:01Z'),
    ],
    [
      'has none within the longest',
      { longest: 'PT36H30S', buffer: { fixed: 'PT36H' } },
      { promised: instantAt('2026-03-02T09:00Z') },
      { reason: 'too_tight', couldBe: null },
    ],
    [
      'has some on the longest',
      { longest: 'PT36H1M', buffer: { fixed: 'PT36H' } },
      { promised: instantAt('2026-03-02T09:00Z') },
      tooTight('2026-03-03T20:01Z'),
    ],
  ])('%s', (_, document, given, expected) => {
    expect(refused(document, given)).toEqual(expected);
  });
});

describe('a promise that is too long', () => {
  it('could be the longest at most, counted on the calendar', () => {
    const zone = 'Europe/Tallinn';
    const given = (time: string): Given => ({ promised: instantAt(time), madeAt: at('2026-03-28T10:00Z'), zone });
    // A day over the spring night has 23 hours.
    const longest = { longest: 'P1D', buffer: { fixed: 'PT1H' } };
    expect(refused(longest, given('2026-03-29T09:00Z'))).toBeNull();
    expect(refused(longest, given('2026-03-29T09:00:00.001Z'))).toEqual({
      reason: 'too_long',
      couldBe: at('2026-03-29T09:00Z'),
    });
    expect(refused({ ...longest, tooTight: 'flag' }, given('2026-04-29T09:00Z'))).toMatchObject({ reason: 'too_long' });
  });

  // By its own target, which leaves room only to what ends after it.
  it.each<readonly [what: string, document: Record<string, unknown>, target: string, couldBe: string | null]>([
    ['is not offered the longest where that has no room', {}, '2026-03-04T08:00Z', null],
    ['is offered the longest where that has just enough', {}, '2026-03-04T07:59Z', '2026-03-04T08:00Z'],
    [
      'is offered it, room or not, where that is flagged',
      { tooTight: 'flag' },
      '2026-03-04T08:00Z',
      '2026-03-04T08:00Z',
    ],
  ])('%s', (_, document, target, couldBe) => {
    const given = { promised: instantAt('2026-03-09T08:00Z'), target: at(target) };
    expect(refused({ longest: 'P2D', buffer: { fixed: 'PT1H' }, ...document }, given)).toEqual({
      reason: 'too_long',
      couldBe: couldBe && at(couldBe),
    });
  });

  it.each([
    ['an instant', instantAt('9998-07-01T00:00Z')],
    ['a day', day('9998-07-01')],
    ['a duration', lasting('PT20H', null)],
  ])('is none where the longest would end after all years: %s', (_, promised) => {
    const madeAt = at('9998-06-01T00:00Z');
    expect(refused({ longest: 'P2Y', buffer: { fixed: 'PT1H' }, tooTight: 'flag' }, { promised, madeAt })).toBeNull();
    expect(refused({ longest: 'P2Y', buffer: { fixed: 'PT1H' } }, { promised, madeAt })).toBeNull();
  });
});

it('a day that is too long could be the last that ends within the longest', () => {
  const longest = { longest: 'P3D', buffer: { fixed: 'PT1H' } };
  const zone = 'Europe/Tallinn';
  // Until Thursday 10:00 in Tallinn: Wednesday ends by then, Thursday does not.
  expect(refused(longest, { promised: day('2026-03-04', zone), zone })).toBeNull();
  expect(refused(longest, { promised: day('2026-03-05', zone), zone })).toEqual({
    reason: 'too_long',
    couldBe: at('2026-03-04T22:00Z'),
  });
});

describe('what could be held instead', () => {
  const tight = policiesWith({ tooTight: fc.constant('refuse') });
  const cases = fc.record({ rules: tight, request: requests, seconds: fc.nat(90) });

  it('is held, and a minute or a day less is not', () => {
    fc.assert(
      fc.property(cases, ({ rules, request, seconds }) => {
        const book = bookOf({ policyVersion: 1, calendars: {} }, rulesOf([rules]));
        const madeAt = plusMs(request.madeAt ?? MADE_AT, seconds * 1000);
        const refusalAt = (promised: Undertaking): Refusal | null => {
          const moved = { ...request, target: null, madeAt, promised };
          return refusalOf(moved, planOf(moved, rules, book), rules, book);
        };
        const { promised } = request;
        const couldBe = refusalAt(promised)?.couldBe ?? null;
        if (couldBe === null || 'within' in promised) return;
        const [held, less] = nearest(promised, couldBe);
        expect(refusalAt(held)).toBeNull();
        if (less.precision === 'day' ? startOfDay(plusDays(less.day, 1), less.zone) > madeAt : less.at > madeAt)
          expect(refusalAt(less)).toMatchObject({ reason: 'too_tight', couldBe });
      }),
      { numRuns: 200, seed: 61 },
    );
  });
});

type Plain = Extract<Undertaking, { precision: 'day' } | { at: Instant }>;

/** What is due at `couldBe`, and what is due a step sooner. */
function nearest(promised: Undertaking, couldBe: Instant): readonly [held: Plain, less: Plain] {
  if (promised.precision !== 'day') {
    const due = (time: Instant): Plain => ({ precision: 'instant', at: time });
    return [due(couldBe), due(plusMs(couldBe, -MINUTE))];
  }
  const last = dayOf(plusMs(couldBe, -1), promised.zone);
  return [
    { ...promised, day: last },
    { ...promised, day: plusDays(last, -1) },
  ];
}

describe('a promise to the minute whose last call falls behind too many others', () => {
  const short = { since: MADE_AT, told: true, count: 20_000, promiseId: 'first', neededMs: 2, haveMs: 1 };
  const between = (from: string, until: string): Shortage => ({ ...short, from: at(from), until: at(until) });
  const noon = between('2026-03-03T12:00Z', '2026-03-03T12:30Z');

  function behind(
    shortages: readonly Shortage[],
    promised: Undertaking,
    { document = {}, place = 0 }: { readonly document?: Record<string, unknown>; readonly place?: number } = {},
  ): Refusal | null {
    const rules = policy({ ...DOCUMENT, lead: 'PT1H', spread: 'PT10M', ...document });
    const book = bookOf({ policyVersion: 1, calendars: {} }, rulesOf([rules]));
    const request = { ...REQUEST, promised, madeAt: MADE_AT, customerZone: 'UTC', place };
    return capacityRefusal(request, planOf(request, rules, book), rules, book, shortages);
  }
  const noCapacity = (time: string | null): Refusal => ({
    reason: 'no_capacity',
    couldBe: time === null ? null : at(time),
  });

  it.each<readonly [name: string, promised: Undertaking, expected: Refusal | null]>([
    ['is refused', instantAt('2026-03-03T13:00Z'), noCapacity('2026-03-03T13:30Z')],
    ['is refused at their end, too', instantAt('2026-03-03T13:29Z'), noCapacity('2026-03-03T13:30Z')],
    ['could be one minute later', instantAt('2026-03-03T13:30Z'), null],
    ['is taken before them', instantAt('2026-03-03T12:59Z'), null],
    [
      'is refused as a length of time',
      { precision: 'instant', within: 'PT29H', calendar: null },
      noCapacity('2026-03-03T13:30Z'),
    ],
    ['is taken where it is a day', day('2026-03-03'), null],
    [
      'is taken where it is a window',
      { precision: 'window', from: at('2026-03-03T13:00Z'), to: at('2026-03-03T13:10Z') },
      null,
    ],
  ])('%s', (_, promised, expected) => {
    expect(behind([noon], promised)).toEqual(expected);
  });

  it('could be later by its place in the spread', () => {
    expect(behind([noon], instantAt('2026-03-03T13:05Z'), { place: 0.5 })).toEqual(noCapacity('2026-03-03T13:35Z'));
  });

  it('could be behind the last of several', () => {
    const next = between('2026-03-03T12:30Z', '2026-03-03T12:45Z');
    expect(behind([noon, next], instantAt('2026-03-03T13:00Z'))).toEqual(noCapacity('2026-03-03T13:45Z'));
  });

  it('could be at no time where that is longer than the policy promises', () => {
    expect(
      behind([noon], instantAt('2026-03-03T13:00Z'), { document: { buffer: { fixed: 'PT1H' }, longest: 'PT29H' } }),
    ).toEqual(noCapacity(null));
  });
});
