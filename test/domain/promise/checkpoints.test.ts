import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/promise/facts.ts';
import { passedAt } from '../../../domain/promise/fold.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import { planOf } from '../../../domain/calendar/plan.ts';
import { at, DOCUMENT, escalated, fulfilled, policy, progressed, REQUEST, termsFor } from '../support/build.ts';
import { chainFor, lasting } from '../support/chain.ts';
import { just, late, look, PROMISED, RECOVERY, TARGET, TUE } from '../support/ladder.ts';
import { missed, paused } from '../support/moving-facts.ts';

// Of the 104 hours until Friday 16:00 half are over on Wednesday 12:00, three quarters on Thursday 14:00.
const planned = () =>
  termsFor(
    {},
    {
      whenUnknown: 'silent',
      checkpoints: [
        { name: 'handed over', at: '75%' },
        { name: 'packed', at: '50%', partner: true },
        { name: 'checked', at: { fixed: 'P1D' } },
      ].map((one) => ({ ...one, name: one.name.replace(' ', '-') })),
    },
  );
const terms = planned();
const CHECKED = at('2026-03-03T08:00Z');
const PACKED = at('2026-03-04T12:00Z');
const HANDED_OVER = at('2026-03-05T14:00Z');

it('stands in the plan in the order of its time, as the policy says it', () => {
  expect(planned().plan.checkpoints).toEqual([
    { name: 'checked', at: CHECKED, partner: false, value: 'P1D' },
    { name: 'packed', at: PACKED, partner: true, value: '50%' },
    { name: 'handed-over', at: at('2026-03-05T14:00Z'), partner: false, value: '75%' },
  ]);
});

describe('a checkpoint', () => {
  const passed = progressed(just(CHECKED), 'checked');
  it.each<readonly [name: string, facts: readonly Fact[], now: Instant, names: readonly string[], wakeAt: Instant]>([
    ['is waited for', [], at('2026-03-02T09:00Z'), [], CHECKED],
    ['is not missed before its time', [], just(CHECKED), [], CHECKED],
    ['is missed at its time', [], CHECKED, ['checked'], PACKED],
    ['is alerted once', [missed(CHECKED, 'checked')], TUE, [], PACKED],
    ['is passed by the fact of its name', [passed], TUE, [], PACKED],
    ['is passed later, too, before it is alerted', [progressed(TUE, 'checked')], TUE, [], PACKED],
    ['is not passed by another', [progressed(just(CHECKED), 'packed')], CHECKED, ['checked'], TARGET],
    ['is missed together with others, the nearest first', [], PACKED, ['checked', 'packed'], TARGET],
    ['is alerted apart from others', [missed(CHECKED, 'checked')], PACKED, ['packed'], TARGET],
    ['is missed though a slip was alerted before', [escalated(TUE, 'slip')], CHECKED, ['checked'], PACKED],
    ['is missed though its being late is found out at the target', [], TARGET, ['checked', 'packed'], HANDED_OVER],
    [
      'is missed after the target',
      [escalated(TARGET, 'slip')],
      HANDED_OVER,
      ['checked', 'packed', 'handed-over'],
      RECOVERY,
    ],
    ['is void once the customer’s slip is known', [escalated(TUE, 'at_risk')], PACKED, [], RECOVERY],
    ['is void when that is found out at the same time', [late(just(PACKED))], PACKED, [], RECOVERY],
    ['is void once the promise was given up as broken', [escalated(TUE, 'broken')], PACKED, [], RECOVERY],
    ['is void once the promise is overdue', [], just(PROMISED, 1), [], RECOVERY],
  ])('%s', (_, facts, now, names, wakeAt) => {
    expect(look(terms, facts, now)).toMatchObject({ missed: names, wakeAt });
  });

  it('is void when the promise has ended', () => {
    expect(look(terms, [fulfilled(TUE)], PACKED)).toMatchObject({ missed: [], wakeAt: null });
  });

  it('at the end of a window is none: then the window is missed already', () => {
    const windowed = termsFor(
      { promised: { precision: 'window', from: TUE, to: PACKED } },
      { checkpoints: [{ name: 'late', at: { fixed: 'P9D' } }], buffer: { fixed: 'PT0S' } },
    );
    expect(windowed.plan.checkpoints).toMatchObject([{ at: PACKED }]);
    expect(look(windowed, [], TUE)).toMatchObject({ missed: [], wakeAt: windowed.plan.recoveryAt });
  });

  it.each([
    ['at the target', 'PT36H', TARGET],
    ['between target and deadline', 'PT1H', just(PROMISED, -3_600_000)],
    ['at the promised instant', 'PT0S', PROMISED],
  ])('%s is missed, too, together with the slip or after it', (_, buffer, when) => {
    const hours = (Date.parse(when) - Date.parse('2026-03-02T08:00Z')) / 3_600_000;
    const checkpoints = [{ name: 'late', at: { fixed: `PT${hours}H` } }];
    const plan = termsFor({}, { whenUnknown: 'silent', checkpoints, buffer: { fixed: buffer } });
    expect(plan.plan.checkpoints).toMatchObject([{ at: when }]);
    expect(look(plan, [], just(when))).toMatchObject({ missed: [], wakeAt: when });
    expect(look(plan, [], when)).toMatchObject({ missed: ['late'], alerts: ['slip'] });
    expect(look(plan, [escalated(TUE, 'slip')], when)).toMatchObject({ missed: ['late'], alerts: [] });
  });

  it('that is passed again was passed when first', () => {
    const chain = chainFor();
    const { passed: when, checkpoint } = chain.state([
      progressed(TUE, 'packed'),
      progressed(PACKED, 'checked'),
      progressed(PROMISED, 'packed'),
    ]);
    expect(when).toEqual({ packed: TUE, checked: PACKED });
    expect(checkpoint).toBe('packed');
  });

  it.each(['constructor', '__proto__'])('called %s was passed when it was, and not by its name', (name) => {
    expect(passedAt(chainFor().state().passed, name)).toBeNull();
    expect(passedAt(chainFor().state([progressed(TUE, name)]).passed, name)).toBe(TUE);
  });

  it.each(['constructor', 'toString', '__proto__'])('may be called %s', (name) => {
    const chain = chainFor(
      { promised: { precision: 'instant', at: PROMISED } },
      { checkpoints: name.startsWith('_') ? [] : [{ name, at: '50%' }] },
    );
    if (!name.startsWith('_')) expect(chain.look([], PACKED).missed).toEqual([name]);
    expect(chain.look([progressed(TUE, name)], PACKED).missed).toEqual([]);
    expect(Object.entries(chain.state([progressed(TUE, name), progressed(PACKED, name)]).passed)).toEqual([
      [name, TUE],
    ]);
  });
});

describe('a checkpoint of a duration promise', () => {
  const document = {
    checkpoints: [
      { name: 'half', at: '50%' },
      { name: 'rest', at: '95%' },
    ],
    buffer: { fixed: 'PT0S' },
  };
  const chain = chainFor({}, document);
  const MON_11 = at('2026-03-02T09:00Z');

  it('lies where so much of its running time is over', () => {
    // Four of eight hours: Monday 10:00 to 12:30 and 13:00 to 14:30.
    expect(chain.plan.checkpoints.map((each) => each.at)).toEqual([at('2026-03-02T12:30Z'), at('2026-03-03T08:06Z')]);
  });

  it('moves with the pauses', () => {
    const { plan } = chain.state([paused(MON_11, 'customer', at('2026-03-02T13:00Z'))]);
    expect(plan.checkpoints.map((each) => each.at)).toEqual([at('2026-03-03T08:00Z'), at('2026-03-03T12:06Z')]);
  });

  it('has no time while the clock stands', () => {
    expect(chain.state([paused(MON_11)]).plan.checkpoints).toEqual([]);
    expect(chain.look([paused(MON_11)], at('2026-03-09T09:00Z'))).toMatchObject({ missed: [], wakeAt: null });
  });

  it('counts every hour without a calendar', () => {
    const hours = chainFor({ promised: lasting('PT8H', null), calendars: {} }, document);
    expect(hours.plan.checkpoints[0]?.at).toBe(at('2026-03-02T12:00Z'));
  });

  it('lies so much running time after it was made, at most at the deadline', () => {
    const after = (...texts: readonly string[]) =>
      chainFor(
        {},
        { ...document, checkpoints: texts.map((fixed, index) => ({ name: `c${index}`, at: { fixed } })) },
      ).plan.checkpoints.map((each) => each.at);
    // From Monday 10:00 in Tallinn: with lunch 3 hours until 13:30; 8 hours are all there is.
    expect(after('PT3H', 'PT7H')).toEqual([at('2026-03-02T11:30Z'), at('2026-03-03T07:30Z')]);
    expect(after('PT8H', 'PT9H')).toEqual([chain.plan.promisedAt, chain.plan.promisedAt]);
  });

  it('later than a clock that ran down before it stood for good lies at the deadline', () => {
    const rules = policy({ ...DOCUMENT, checkpoints: [{ name: 'late', at: { fixed: 'PT3H' } }] });
    const pauses = [{ from: at('2026-03-02T10:00Z'), to: null }];
    const plan = planOf({ ...REQUEST, promised: lasting('PT2H', null), pauses }, rules);
    expect(plan).toMatchObject({ promisedAt: pauses[0]?.from, checkpoints: [{ at: pauses[0]?.from }] });
  });
});

it('checkpoints of one instant stand in the order of the policy, each as the policy says it', () => {
  const rules = [
    { name: 'z', at: '50%' },
    { name: 'a', at: { fixed: 'PT52H' } },
    { name: 'm', at: '12.5%' },
    { name: 'b', at: 0.5 },
  ];
  expect(termsFor({}, { checkpoints: rules }).plan.checkpoints).toEqual([
    { name: 'm', at: at('2026-03-02T21:00Z'), partner: false, value: '12.5%' },
    { name: 'z', at: PACKED, partner: false, value: '50%' },
    { name: 'a', at: PACKED, partner: false, value: 'PT52H' },
    { name: 'b', at: PACKED, partner: false, value: '50%' },
  ]);
});

it('a checkpoint of calendar days lies at the same time of day in the zone of the promise', () => {
  const over = {
    madeAt: at('2026-03-27T12:00Z'),
    promised: { precision: 'instant', at: at('2026-04-03T12:00Z') },
  } as const;
  const { checkpoints } = termsFor(
    { ...over, customerZone: 'Europe/Tallinn' },
    { checkpoints: [{ name: 'packed', at: { fixed: 'P2D' } }] },
  ).plan;
  expect(checkpoints).toMatchObject([{ at: at('2026-03-29T11:00Z') }]);
});

it('a promise of which is not known when it was made has no checkpoints', () => {
  const { checkpoints } = termsFor({ madeAt: null }, { checkpoints: [{ name: 'packed', at: '50%' }] }).plan;
  expect(checkpoints).toEqual([]);
});
