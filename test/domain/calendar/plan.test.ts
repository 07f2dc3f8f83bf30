import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CALENDARS } from '../../../domain/calendar/book.ts';
import { targetBy } from '../../../domain/calendar/buffer-rules.ts';
import type { BufferRule } from '../../../domain/policy/policy.ts';
import { planOf, type PlanRequest } from '../../../domain/calendar/plan.ts';
import { minusDuration } from '../../../domain/calendar/durations.ts';
import { plusDays, startOfDay } from '../../../domain/calendar/zones.ts';
import { msBetween } from '../../../domain/promise/instant.ts';
import { PLAN_INSTANTS, type Plan } from '../../../domain/promise/plan.ts';
import { at, DOCUMENT, policy, REQUEST, termsFor } from '../support/build.ts';
import { policies, requests } from '../support/arbitraries.ts';

const HOUR = 3_600_000;
const RUNS = { numRuns: 300, seed: 21 };
const plan = (request: Partial<PlanRequest> = {}, document: Record<string, unknown> = {}): Plan =>
  termsFor(request, document).plan;
const day = (text: string, zone: string): Partial<PlanRequest> => ({ promised: { precision: 'day', day: text, zone } });
const window = (from: string, to: string): Partial<PlanRequest> => ({
  promised: { precision: 'window', from: at(from), to: at(to) },
});

describe('any plan', () => {
  it('keeps target and last call between the making and the promised time', () => {
    fc.assert(
      fc.property(requests, policies, (request, rules) => {
        const { madeAt, targetAt, lastCallAt, promisedAt, sendBy, recoveryAt, leadTo } = planOf(request, rules);
        const from = madeAt !== null && madeAt < promisedAt ? madeAt : promisedAt;
        for (const one of [targetAt, lastCallAt]) expect(from <= one && one <= promisedAt).toBe(true);
        expect(sendBy <= promisedAt && promisedAt <= recoveryAt).toBe(true);
        expect(leadTo <= promisedAt).toBe(true);
        expect(madeAt).toBe(request.madeAt);
      }),
      RUNS,
    );
  });

  it('takes no more lead than half of what is promised, no more than the policy’s, and spreads inside it', () => {
    fc.assert(
      fc.property(requests, policies, (request, rules) => {
        const { madeAt, lastCallAt, leadTo, zone, sendBy, promisedAt } = planOf(request, rules);
        if (madeAt === null || madeAt >= leadTo) {
          expect(lastCallAt).toBe(leadTo);
          return;
        }
        const unspread = planOf({ ...request, place: 0 }, rules).lastCallAt;
        const leadMs = msBetween(unspread, leadTo);
        const policyMs = msBetween(minusDuration(leadTo, rules.lead, zone), leadTo);
        expect(leadMs).toBe(Math.floor(Math.min(policyMs, msBetween(madeAt, leadTo) / 2)));
        const spreadMs = msBetween(lastCallAt, unspread);
        expect(spreadMs >= 0 && spreadMs <= leadMs).toBe(true);
        expect(msBetween(sendBy, promisedAt) <= Math.ceil(leadMs / 4)).toBe(true);
      }),
      RUNS,
    );
  });

  it('explains every instant once, with the instant it explains', () => {
    fc.assert(
      fc.property(requests, policies, (request, rules) => {
        const made = planOf(request, rules);
        expect(made.reasons.map((reason) => reason.instant).sort()).toEqual([...PLAN_INSTANTS].sort());
        for (const reason of made.reasons) {
          expect(reason.at).toBe(made[reason.instant]);
          expect(reason.because).toMatch(/^[a-z_]+$/);
          expect(reason.field === null).toBe(reason.value === null);
        }
      }),
      { ...RUNS, numRuns: 200 },
    );
  });

  it('ends a day at the first instant of the next one', () => {
    fc.assert(
      fc.property(requests, policies, (request, rules) => {
        const { promised } = request;
        if (promised.precision !== 'day') return;
        const made = planOf(request, rules);
        expect(made.promisedAt).toBe(startOfDay(plusDays(promised.day, 1), promised.zone));
        expect([made.zone, made.day, made.windowFrom]).toEqual([promised.zone, promised.day, null]);
      }),
      RUNS,
    );
  });

  it('is the same for the same request, which it leaves as it was', () => {
    fc.assert(
      fc.property(requests, policies, (request, rules) => {
        const frozen = Object.freeze({ ...request, promised: Object.freeze(request.promised) });
        expect(planOf(frozen, Object.freeze(rules))).toEqual(planOf(structuredClone(request), structuredClone(rules)));
      }),
      { ...RUNS, numRuns: 50 },
    );
  });
});

describe('the promised time', () => {
  it.each([
    ['of an ordinary day', day('2026-03-06', 'Europe/Tallinn'), '2026-03-06T22:00Z', '2026-03-05T22:00Z'],
    ['of the spring day in Tallinn', day('2026-03-29', 'Europe/Tallinn'), '2026-03-29T21:00Z', '2026-03-28T22:00Z'],
    ['of the autumn day in Tallinn', day('2026-10-25', 'Europe/Tallinn'), '2026-10-25T22:00Z', '2026-10-24T21:00Z'],
    ['of the spring day in New York', day('2026-03-08', 'America/New_York'), '2026-03-09T04:00Z', '2026-03-08T05:00Z'],
    ['of the autumn day in New York', day('2026-11-01', 'America/New_York'), '2026-11-02T05:00Z', '2026-11-01T04:00Z'],
    [
      'of a day before a skipped midnight in São Paulo',
      day('2026-10-14', 'America/Sao_Paulo'),
      '2026-10-15T03:00Z',
      '2026-10-14T03:00Z',
    ],
    [
      'of the half-hour day at Lord Howe',
      day('2026-10-04', 'Australia/Lord_Howe'),
      '2026-10-04T13:00Z',
      '2026-10-03T13:30Z',
    ],
    [
      'of the day before a skipped midnight in Cairo',
      day('2026-04-23', 'Africa/Cairo'),
      '2026-04-23T22:00Z',
      '2026-04-22T22:00Z',
    ],
    ['of a window', window('2026-03-06T14:00Z', '2026-03-06T16:00Z'), '2026-03-06T16:00Z', '2026-03-06T14:00Z'],
    ['of an instant', {}, '2026-03-06T16:00Z', '2026-03-06T16:00Z'],
  ] as const)('%s ends it, and the lead is counted to its start', (_, request, promisedAt, leadTo) => {
    expect(plan(request)).toMatchObject({ promisedAt: at(promisedAt), leadTo: at(leadTo) });
  });

  it('of a window comes with its start, of others with none', () => {
    expect(plan(window('2026-03-06T14:00Z', '2026-03-06T16:00Z')).windowFrom).toBe(at('2026-03-06T14:00Z'));
    expect([plan().windowFrom, plan(day('2026-03-06', 'UTC')).windowFrom]).toEqual([null, null]);
  });

  it('of a day that never was is the end of the day before', () => {
    const made = { madeAt: at('2011-12-20T00:00Z') };
    const skipped = plan({ ...made, ...day('2011-12-30', 'Pacific/Apia') });
    expect(skipped.promisedAt).toBe(at('2011-12-30T10:00Z'));
    expect(plan({ ...made, ...day('2011-12-29', 'Pacific/Apia') }).promisedAt).toBe(skipped.promisedAt);
    expect(plan({ ...made, ...day('2011-12-31', 'Pacific/Apia') }).promisedAt).toBe(at('2011-12-31T10:00Z'));
  });

  it('of São Paulo’s skipped midnight of 2017 is 01:00 there', () => {
    expect(plan({ madeAt: at('2017-10-10T00:00Z'), ...day('2017-10-14', 'America/Sao_Paulo') }).promisedAt).toBe(
      at('2017-10-15T03:00Z'),
    );
    expect(plan({ madeAt: at('2017-10-10T00:00Z'), ...day('2017-10-15', 'America/Sao_Paulo') }).promisedAt).toBe(
      at('2017-10-16T02:00Z'),
    );
  });
});

describe('the last call', () => {
  it.each([
    ['gives the whole lead', {}, { lead: 'PT24H' }, '2026-03-05T16:00Z', 'lead'],
    ['gives half of a short promise', {}, { lead: 'P9D' }, '2026-03-04T12:00Z', 'lead_half'],
    ['counts from the start of the day', day('2026-03-06', 'UTC'), { lead: 'P1D' }, '2026-03-05T00:00Z', 'lead'],
    [
      'counts from the start of the window',
      window('2026-03-06T14:00Z', '2026-03-06T16:00Z'),
      { lead: 'PT30M' },
      '2026-03-06T13:30Z',
      'lead',
    ],
    [
      'counts from the end of a day that had begun',
      { ...day('2026-03-02', 'UTC') },
      { lead: 'P1D' },
      '2026-03-02T16:00Z',
      'lead_half',
    ],
    [
      'counts from the end of a window that had begun',
      window('2026-03-02T07:00Z', '2026-03-02T12:00Z'),
      { lead: 'P1D' },
      '2026-03-02T10:00Z',
      'lead_half',
    ],
    [
      'counts from the end of a window that begins as it is made',
      window('2026-03-02T08:00Z', '2026-03-02T12:00Z'),
      { lead: 'P1D' },
      '2026-03-02T10:00Z',
      'lead_half',
    ],
    [
      'is moved earlier by its place in the spread',
      { place: 0.5 },
      { lead: 'PT24H', spread: 'PT2H' },
      '2026-03-05T15:00Z',
      'lead',
    ],
    [
      'is moved by no more than the lead',
      { place: 0.5 },
      { lead: 'PT1H', spread: 'PT48H' },
      '2026-03-06T14:00Z',
      'lead',
    ],
    ['of a promise without a lead is its time', {}, { lead: 'PT0S' }, '2026-03-06T16:00Z', 'lead'],
  ] as const)('%s', (_, request, document, lastCallAt, because) => {
    const made = plan(request, document);
    expect(made.lastCallAt).toBe(at(lastCallAt));
    expect(made.reasons.find((reason) => reason.instant === 'lastCallAt')).toMatchObject({
      because,
      field: 'lead',
      value: document.lead,
    });
  });

  it('counts calendar days in the promise’s zone', () => {
    const over = {
      madeAt: at('2026-03-01T00:00Z'),
      promised: { precision: 'instant', at: at('2026-03-29T12:00Z') },
    } as const;
    expect(plan({ ...over, customerZone: 'Europe/Tallinn' }, { lead: 'P1D' }).lastCallAt).toBe(at('2026-03-28T13:00Z'));
    expect(plan({ ...over, customerZone: 'UTC' }, { lead: 'P1D' }).lastCallAt).toBe(at('2026-03-28T12:00Z'));
  });

  it('and the recovery are explained by the policy, each with its own field', () => {
    const { reasons, sendBy, recoveryAt } = plan({}, { sendGuard: 'PT45S', factLag: 'PT3H' });
    expect(reasons.slice(-2)).toEqual([
      { instant: 'sendBy', at: sendBy, because: 'send_guard', field: 'sendGuard', value: 'PT45S' },
      { instant: 'recoveryAt', at: recoveryAt, because: 'fact_lag', field: 'factLag', value: 'PT3H' },
    ]);
  });

  it('and of a partner that has rules of its own, by those, with the field of the partner', () => {
    const dpd = { id: 'dpd', name: 'DPD', goal: null, factLag: 'PT6H', checkpoints: {} };
    const made = planOf(
      {
        ...{ madeAt: at('2026-03-02T08:00Z'), target: null, customerZone: 'UTC', companyZone: 'UTC', place: 0 },
        promised: { precision: 'instant', at: at('2026-03-06T16:00Z') },
      },
      policy({ kind: 'delivery', buffer: { fixed: 'P1D' }, factLag: 'PT3H' }),
      { ...NO_CALENDARS, partner: { partner: dpd, version: 3 } },
    );
    expect(made.reasons.at(-1)).toEqual({
      ...{ instant: 'recoveryAt', at: at('2026-03-06T22:00Z'), because: 'fact_lag' },
      ...{ field: 'partners.dpd.factLag', value: 'PT6H' },
    });
    expect(made.partnerVersion).toBe(3);
  });

  it('is never heard too late: no warning in the guard, nor in the last quarter of the lead', () => {
    expect(plan({}, { sendGuard: 'PT30S' }).sendBy).toBe(at('2026-03-06T15:59:30Z'));
    expect(plan({}, { sendGuard: 'P1D' }).sendBy).toBe(at('2026-03-06T10:00Z'));
    expect(plan({}, { sendGuard: 'PT0S' }).sendBy).toBe(at('2026-03-06T16:00Z'));
  });
});

describe('the target', () => {
  const length = 104 * HOUR;
  const wanted = (buffer: object) => plan({}, { buffer });
  it.each([
    ['a fixed buffer', { fixed: 'PT36H' }, 36 * HOUR, 'buffer_fixed', 'PT36H'],
    ['a share', { share: '25%' }, length / 4, 'buffer_share', '25%'],
    ['a share, never below its floor', { share: '1%', min: 'PT4H' }, 4 * HOUR, 'buffer_min', 'PT4H'],
    [
      'a share, by its floor where floor and ceiling are the same',
      { share: '1%', min: 'PT4H', max: 'PT4H' },
      4 * HOUR,
      'buffer_min',
      'PT4H',
    ],
    ['a share, never above its ceiling', { share: 0.5, max: 'P1D' }, 24 * HOUR, 'buffer_max', 'P1D'],
    [
      'a share between floor and ceiling',
      { share: '12.5%', min: 'PT4H', max: 'P1D' },
      length / 8,
      'buffer_share',
      '12.5%',
    ],
  ])('lies %s before the promised time', (_, buffer, ms, because, value) => {
    const made = wanted(buffer);
    expect(msBetween(made.targetAt, made.promisedAt)).toBe(ms);
    expect(made.reasons.find((reason) => reason.instant === 'targetAt')).toMatchObject({ because, value });
    expect(made.flags).toEqual([]);
  });

  it('counts calendar days in the promise’s zone', () => {
    const promisedAt = at('2026-03-29T12:00Z');
    const room = { since: at('2026-03-20T00:00Z'), promisedAt, zone: 'Europe/Tallinn', clock: null };
    const before = (rule: BufferRule) => msBetween(targetBy(rule, room, NO_CALENDARS).at, promisedAt);
    expect(before({ fixed: 'P1D' })).toBe(23 * HOUR);
    expect(before({ share: 0.001, min: 'P1D', max: null })).toBe(23 * HOUR);
    // February has fewer days than the month before this promised time.
    const march = { ...room, since: at('2025-03-20T00:00Z'), promisedAt: at('2026-03-15T12:00Z'), zone: 'UTC' };
    const bounded = (min: string, max: string) => targetBy({ share: 0.001, min, max }, march, NO_CALENDARS);
    expect(bounded('P1M', 'P30D')).toMatchObject({ at: at('2026-02-15T12:00Z'), because: 'buffer_min' });
    expect(bounded('P29D', 'P1M')).toMatchObject({ at: at('2026-02-15T12:00Z'), because: 'buffer_max' });
  });

  it('by working time needs its calendar at hand', () => {
    const working = policy({ ...DOCUMENT, buffer: { working: 'PT4H', calendar: 'office' } });
    expect(() => planOf(REQUEST, working)).toThrow('No calendar office is at hand.');
  });

  it('is the caller’s own where one is given, inside the promise', () => {
    const own = plan({ target: at('2026-03-04T00:00Z') });
    expect(own.targetAt).toBe(at('2026-03-04T00:00Z'));
    expect(own.reasons.find((reason) => reason.instant === 'targetAt')).toMatchObject({
      because: 'target_given',
      field: null,
    });
    expect(plan({ target: at('2026-03-09T00:00Z') }).targetAt).toBe(at('2026-03-06T16:00Z'));
    expect(plan({ target: at('2026-03-01T00:00Z') }).targetAt).toBe(REQUEST.madeAt);
  });
});

describe('flags', () => {
  it.each([
    ['none where there is room', {}, {}, []],
    ['no room for the buffer', {}, { buffer: { fixed: 'PT104H' } }, ['no_buffer']],
    ['a target in the past', {}, { buffer: { fixed: 'PT105H' } }, ['no_buffer', 'too_tight']],
    ['no buffer at all', {}, { buffer: { fixed: 'PT0S' } }, ['no_buffer']],
    ['a target after the promise', { target: at('2026-03-06T16:00Z') }, {}, ['no_buffer']],
    ['shorter than the shortest', {}, { shortest: 'PT105H' }, ['too_tight']],
    ['as long as the shortest', {}, { shortest: 'PT104H' }, []],
    ['a zone nobody named', { customerZone: null }, {}, ['zone_assumed']],
    ['a day names its own zone', { customerZone: null, ...day('2026-03-09', 'Europe/Tallinn') }, {}, []],
  ] as const)('%s', (_, request, document, flags) => {
    expect(plan(request, document).flags).toEqual(flags);
  });

  it('zone of an instant or window: the customer’s, else the company’s', () => {
    expect(plan({ customerZone: 'Asia/Kolkata', companyZone: 'Europe/Tallinn' }).zone).toBe('Asia/Kolkata');
    expect(plan({ customerZone: null, companyZone: 'Europe/Tallinn' }).zone).toBe('Europe/Tallinn');
    expect(plan({ customerZone: 'Asia/Kolkata', ...day('2026-03-06', 'Europe/Tallinn') }).zone).toBe('Europe/Tallinn');
  });
});

describe('the recovery', () => {
  it('is owed after late facts and its place in the spread', () => {
    expect(plan().recoveryAt).toBe(at('2026-03-06T18:00Z'));
    expect(plan({ place: 0.5 }, { spread: 'PT1H' }).recoveryAt).toBe(at('2026-03-06T18:30Z'));
  });

  it('is never owed on an instant that is still in time', () => {
    expect(plan({}, { factLag: 'PT0S' }).recoveryAt).toBe(at('2026-03-06T16:00:00.001Z'));
    expect(plan(window('2026-03-06T14:00Z', '2026-03-06T16:00Z'), { factLag: 'PT0S' }).recoveryAt).toBe(
      at('2026-03-06T16:00Z'),
    );
  });
});
