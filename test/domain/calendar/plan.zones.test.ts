import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOf } from '../../../domain/calendar/plan.ts';
import { dayOf } from '../../../domain/calendar/zones.ts';
import { later, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import type { Undertaking } from '../../../domain/promise/plan.ts';
import { policiesWith } from '../support/arbitraries.ts';
import { at } from '../support/build.ts';
import { lasting } from '../support/chain.ts';

const ZONES = Intl.supportedValuesOf('timeZone');
const HOUR = 3_600_000;

const policies = policiesWith({
  checkpoints: fc.constantFrom([], [{ name: 'packed', at: '60%' }], [{ name: 'packed', at: { fixed: 'P1D' } }]),
  quiet: fc.constantFrom('none', { channels: ['email'], from: '21:00', to: '09:00' }),
});

/** Any hour of two years, so that any change of a clock may lie inside a promise. */
const moments = fc.nat(2 * 365 * 24).map((hours) => plusMs(at('2025-06-01T00:00Z'), hours * HOUR));

const promisedIn = (zone: string, madeAt: Instant): fc.Arbitrary<Undertaking> =>
  fc
    .record({ hours: fc.nat(400), form: fc.constantFrom('instant', 'day', 'window', 'lasting', 'days') })
    .map(({ hours, form }) => {
      const due = plusMs(madeAt, hours * HOUR);
      if (form === 'day') return { precision: 'day', day: dayOf(due, zone), zone };
      if (form === 'window') return { precision: 'window', from: due, to: plusMs(due, 2 * HOUR) };
      if (form === 'instant') return { precision: 'instant', at: due };
      return form === 'days' ? lasting(`P${1 + (hours % 9)}D`, null) : lasting(`PT${hours + 1}H`, null);
    });

const requests = fc.record({ zone: fc.constantFrom(...ZONES), madeAt: moments }).chain(({ zone, madeAt }) =>
  fc.record({
    promised: promisedIn(zone, madeAt),
    madeAt: fc.constant(madeAt),
    target: fc.constant(null),
    customerZone: fc.constant(zone),
    companyZone: fc.constant('UTC'),
    place: fc.constantFrom(0, 0.999),
    toldAt: fc.option(fc.nat(90).map((hours) => plusMs(madeAt, hours * HOUR))),
    pauses: fc.array(
      fc.tuple(fc.nat(90), fc.nat(90)).map(([from, length]) => {
        const begin = plusMs(madeAt, from * HOUR);
        return { from: begin, to: plusMs(begin, length * HOUR) };
      }),
      { maxLength: 2 },
    ),
  }),
);

describe('a plan in any zone of the world', () => {
  it('keeps its instants between when its time was told and its deadline, whatever clocks do', () => {
    fc.assert(
      fc.property(requests, policies, (request, rules) => {
        const plan = planOf(request, rules);
        const { promisedAt, targetAt, lastCallAt, leadTo, sendBy, recoveryAt, checkpoints } = plan;
        const told =
          'within' in request.promised ? request.madeAt : later(request.toldAt ?? request.madeAt, request.madeAt);
        const from = told < promisedAt ? told : promisedAt;
        for (const one of [targetAt, lastCallAt, ...checkpoints.map((each) => each.at)])
          expect(from <= one && one <= promisedAt).toBe(true);
        expect(leadTo <= promisedAt && sendBy <= promisedAt && promisedAt <= recoveryAt).toBe(true);
        expect(plan.offsets[0]?.from).toBeNull();
      }),
      { numRuns: 400, seed: 71 },
    );
  });
});
