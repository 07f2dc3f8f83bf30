import { describe, expect, it } from 'vitest';
import { IDLE, instant, type Instant } from '../../../domain/promise/instant.ts';
import { PLAN_INSTANTS, type Plan, type PlanInstant, type PlanReason } from '../../../domain/promise/plan.ts';
import { dueDay } from '../../../domain/calendar/deadline.ts';
import { segmentsOf } from '../../../domain/calendar/planning.ts';
import { planOf } from '../../../domain/calendar/plan.ts';
import { at, DOCUMENT, policy, REQUEST, termsFor } from '../support/build.ts';
import { BASIS, chainFor, lasting } from '../support/chain.ts';
import { agreed, paused, resumed } from '../support/moving-facts.ts';

// Eight working hours from Monday 10:00 in Tallinn (08:00 in UTC): until Tuesday 10:30.
const MON_11 = at('2026-03-02T09:00Z');
const planWith = (document: Record<string, unknown>, within = 'PT8H', calendar: string | null = 'office'): Plan =>
  chainFor({ promised: lasting(within, calendar) }, document).plan;
const because = (plan: Plan, which: PlanInstant): PlanReason | undefined =>
  plan.reasons.find((reason) => reason.instant === which);

describe('the deadline of a duration', () => {
  it('is counted in working time of its calendar, in its zone', () => {
    const plan = planWith({});
    expect(plan).toMatchObject({
      precision: 'instant',
      zone: 'Europe/Tallinn',
      windowFrom: null,
      day: null,
      promisedAt: at('2026-03-03T08:30Z'),
      leadTo: at('2026-03-03T08:30Z'),
      calendars: { office: 1 },
      policyVersion: 1,
      clock: { withinMs: 8 * 3_600_000, calendar: 'office', pauses: [], leftMs: null, wouldEndAt: null },
    });
    expect(plan.flags).not.toContain('zone_assumed');
    expect(because(plan, 'promisedAt')).toEqual({
      instant: 'promisedAt',
      at: plan.promisedAt,
      because: 'promised_working',
      field: null,
      value: 'PT8H of office',
    });
  });

  it('counts every hour without a calendar, and days as those of the customer, else of the company', () => {
    const saturday = at('2026-03-28T10:00Z');
    const made = { promised: lasting('P1DT1H', null), madeAt: saturday, calendars: {} };
    const company = chainFor(made).plan;
    expect(company).toMatchObject({ promisedAt: at('2026-03-29T10:00Z'), zone: 'Europe/Tallinn', calendars: {} });
    expect(company.flags).toContain('zone_assumed');
    expect(because(company, 'promisedAt')).toMatchObject({ because: 'promised_within', value: 'P1DT1H' });
    const customer = chainFor({ ...made, customerZone: 'Asia/Kolkata' }).plan;
    expect(customer).toMatchObject({ promisedAt: at('2026-03-29T11:00Z'), zone: 'Asia/Kolkata' });
    expect(customer.flags).not.toContain('zone_assumed');
  });

  it('counts from when the promise was made, and nothing without that', () => {
    expect(() => chainFor({ madeAt: null })).toThrow('A duration counts from when it was promised');
  });

  it('keeps the version of a calendar it names and of those its policy names', () => {
    const buffer = { working: 'PT1H', calendar: 'office' };
    expect(chainFor({ calendars: { office: 2 } }).plan.calendars).toEqual({ office: 2 });
    expect(planWith({ buffer }, 'PT8H', null).calendars).toEqual({ office: 1 });
    expect(planWith({}, 'PT8H', null).calendars).toEqual({});
  });
});

describe('the target of a duration', () => {
  it.each<
    readonly [
      name: string,
      document: Record<string, unknown>,
      target: string,
      reason: readonly [string, string, string],
    ]
  >([
    [
      'a fixed buffer in running time',
      { buffer: { fixed: 'PT2H' } },
      '2026-03-02T14:30Z',
      ['buffer_fixed', 'buffer.fixed', 'PT2H'],
    ],
    [
      'a share of the running time',
      { buffer: { share: '25%' } },
      '2026-03-02T14:30Z',
      ['buffer_share', 'buffer.share', '25%'],
    ],
    ['a floor', { buffer: { share: '1%', min: 'PT30M' } }, '2026-03-03T08:00Z', ['buffer_min', 'buffer.min', 'PT30M']],
    [
      'a ceiling',
      { buffer: { share: '90%', max: 'PT90M' } },
      '2026-03-02T15:00Z',
      ['buffer_max', 'buffer.max', 'PT90M'],
    ],
    [
      'working time of its own calendar',
      { buffer: { working: 'PT2H', calendar: 'office' } },
      '2026-03-02T14:30Z',
      ['buffer_working', 'buffer.working', 'PT2H of office'],
    ],
    ['all of it', { buffer: { fixed: 'PT8H' } }, '2026-03-02T08:00Z', ['buffer_fixed', 'buffer.fixed', 'PT8H']],
    ['nothing', { buffer: { fixed: 'PT0S' } }, '2026-03-03T08:30Z', ['buffer_fixed', 'buffer.fixed', 'PT0S']],
  ])('leaves %s', (_, document, target, [reason, field, value]) => {
    const plan = planWith(document);
    expect(because(plan, 'targetAt')).toEqual({ instant: 'targetAt', at: at(target), because: reason, field, value });
  });

  it('is by its share where floor or ceiling are just as long', () => {
    for (const bound of [{ min: 'PT2H' }, { max: 'PT2H' }])
      expect(because(planWith({ buffer: { share: '25%', ...bound } }), 'targetAt')).toMatchObject({
        because: 'buffer_share',
        at: at('2026-03-02T14:30Z'),
      });
  });

  it('has no room for more than there is', () => {
    expect(planWith({ buffer: { fixed: 'PT7H59M' } }).flags).toEqual([]);
    expect(planWith({ buffer: { fixed: 'PT8H' } }).flags).toEqual(['no_buffer']);
    expect(planWith({ buffer: { fixed: 'PT9H' } })).toMatchObject({
      targetAt: BASIS.madeAt,
      flags: ['no_buffer', 'too_tight'],
    });
  });

  it('is too tight where less running time is promised than the shortest, however many nights lie in it', () => {
    expect(planWith({ buffer: { fixed: 'PT1H' }, shortest: 'PT8H1M' }).flags).toEqual(['too_tight']);
    expect(planWith({ buffer: { fixed: 'PT1H' }, shortest: 'PT8H' }).flags).toEqual([]);
  });

  it('is counted in its own running time over a pause, in the calendar of working time through it', () => {
    const pause = [paused(MON_11), resumed(at('2026-03-03T08:00Z'))];
    // One hour is over before, seven after Tuesday 10:00: until Wednesday 09:30.
    const ends = at('2026-03-04T07:30Z');
    const running = chainFor({}, { buffer: { fixed: 'PT7H30M' } }).state(pause).plan;
    expect([running.promisedAt, running.targetAt]).toEqual([ends, at('2026-03-02T08:30Z')]);
    const working = chainFor({}, { buffer: { working: 'PT7H30M', calendar: 'office' } }).state(pause).plan;
    expect([working.promisedAt, working.targetAt]).toEqual([ends, at('2026-03-03T07:30Z')]);
  });
});

describe('the last call of a duration', () => {
  it('is the lead before its deadline, at most half of the time there is', () => {
    expect(because(planWith({ lead: 'PT4H' }), 'lastCallAt')).toEqual({
      instant: 'lastCallAt',
      at: at('2026-03-03T04:30Z'),
      because: 'lead',
      field: 'lead',
      value: 'PT4H',
    });
    expect(because(planWith({ lead: 'P1D' }), 'lastCallAt')).toMatchObject({
      at: at('2026-03-02T20:15Z'),
      because: 'lead_half',
      value: 'P1D',
    });
    expect(planWith({ lead: 'PT12H15M' }).reasons).toContainEqual(
      expect.objectContaining({ because: 'lead', at: at('2026-03-02T20:15Z') }),
    );
  });
});

describe('the day of a duration', () => {
  it('is that of its deadline; while it stands, the day it would be had it gone on', () => {
    const chain = chainFor();
    expect(dueDay(chain.plan)).toBe('2026-03-03');
    expect(dueDay(chain.state([paused(MON_11)]).plan)).toBe('2026-03-03');
    expect(dueDay(chain.state([paused(MON_11), agreed(at('2026-03-02T10:00Z'), lasting('PT16H'))]).plan)).toBe(
      '2026-03-04',
    );
  });
});

describe('the segments of a clock', () => {
  const chain = chainFor();
  const seen = (state: ReturnType<typeof chain.state>): readonly (readonly [Instant, Instant, string])[] | undefined =>
    segmentsOf(state, chain.rules)?.map(({ from, to, reason }) => [from, to, reason]);

  it('go from when the promise was made to its deadline', () => {
    const state = chain.state([paused(MON_11), resumed(at('2026-03-02T10:00Z'))]);
    const segments = seen(state) ?? [];
    expect(segments[0]).toEqual([BASIS.madeAt, MON_11, 'open']);
    expect(segments[1]).toEqual([MON_11, at('2026-03-02T10:00Z'), 'paused']);
    expect(segments.map(([, , reason]) => reason)).toEqual([
      'open',
      'paused',
      'open',
      'lunch',
      'open',
      'closed',
      'open',
    ]);
    expect(segments.at(-1)?.[1]).toBe(state.plan.promisedAt);
  });

  it('end in a pause without end while it stands', () => {
    expect(seen(chain.state([paused(MON_11)]))).toEqual([
      [BASIS.madeAt, MON_11, 'open'],
      [MON_11, IDLE, 'paused'],
    ]);
  });

  it('are one without a calendar, and none of a date', () => {
    const hours = chainFor({ promised: lasting('PT8H', null), calendars: {} });
    expect(segmentsOf(hours.state(), hours.rules)).toEqual([
      { from: BASIS.madeAt, to: at('2026-03-02T16:00Z'), reason: 'open' },
    ]);
    const dated = chainFor({ promised: { precision: 'instant', at: at('2026-03-06T16:00Z') } });
    expect(segmentsOf(dated.state(), dated.rules)).toBeNull();
    expect(segmentsOf({ clock: null, plan: dated.plan }, dated.rules)).toBeNull();
  });
});

describe('a promise told long after it was made', () => {
  it('has the room there is since', () => {
    const rules = policy({ ...DOCUMENT, checkpoints: [{ name: 'half', at: '50%' }], buffer: { share: '50%' } });
    const told = at('2026-03-06T12:00Z');
    const plan = planOf({ ...REQUEST, toldAt: told }, rules);
    const half = at('2026-03-06T14:00Z');
    expect([plan.targetAt, plan.lastCallAt, plan.checkpoints[0]?.at]).toEqual([half, half, half]);
    expect(plan.madeAt).toBe(REQUEST.madeAt);
    expect(planOf({ ...REQUEST, toldAt: null }, rules)).toEqual(planOf(REQUEST, rules));
  });

  it('on its own day counts its lead to the end of that day', () => {
    const day = { precision: 'day', day: '2026-03-06', zone: 'UTC' } as const;
    const plan = termsFor({ promised: day, toldAt: at('2026-03-06T12:00Z') }).plan;
    expect([plan.leadTo, plan.lastCallAt]).toEqual([at('2026-03-07T00:00Z'), at('2026-03-06T18:00Z')]);
    expect(termsFor({ promised: day, toldAt: at('2026-03-05T12:00Z') }).plan.leadTo).toBe(at('2026-03-06T00:00Z'));
  });
});

describe('a clock that has an end though it stood', () => {
  it('says of nothing when it will be while it stands, and what would be without the last pause', () => {
    // One hour runs before 11:00, half an hour from 12:00 to 12:30, none of lunch.
    const facts = [paused(MON_11), resumed(at('2026-03-02T10:00Z')), paused(at('2026-03-02T10:45Z'))];
    const { clock, reasons } = chainFor().state(facts).plan;
    expect(clock).toMatchObject({ leftMs: 6.5 * 3_600_000, wouldEndAt: at('2026-03-03T09:30Z') });
    expect(reasons).toEqual(
      PLAN_INSTANTS.map((which) => ({ instant: which, at: null, because: 'clock_stands', field: null, value: null })),
    );
  });

  it('is planned as any, where it had run down before it stood for good', () => {
    const rules = policy(DOCUMENT);
    const request = {
      ...REQUEST,
      promised: lasting('PT2H', null),
      pauses: [{ from: at('2026-03-02T10:00Z'), to: null }],
    };
    expect(planOf(request, rules)).toMatchObject({ promisedAt: at('2026-03-02T10:00Z'), clock: { leftMs: null } });
    const sooner = { ...request, pauses: [{ from: instant(Date.parse('2026-03-02T09:59:59.999Z')), to: null }] };
    expect(planOf(sooner, rules)).toMatchObject({
      promisedAt: IDLE,
      clock: { leftMs: 1, wouldEndAt: at('2026-03-02T10:00Z') },
    });
  });
});
