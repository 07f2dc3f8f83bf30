import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plusDuration } from '../../../domain/calendar/durations.ts';
import { planOf, type PlanRequest } from '../../../domain/calendar/plan.ts';
import { alertAgainAt, termsOf } from '../../../domain/calendar/terms.ts';
import { plusDays, startOfDay } from '../../../domain/calendar/zones.ts';
import { plusMs } from '../../../domain/promise/instant.ts';
import type { Plan } from '../../../domain/promise/plan.ts';
import { policies, requests } from '../support/arbitraries.ts';
import { at, DOCUMENT, policy, REQUEST, termsFor } from '../support/build.ts';
import { chainFor } from '../support/chain.ts';

const HOUR = 3_600_000;
const day = (text: string, zone: string): Partial<PlanRequest> => ({ promised: { precision: 'day', day: text, zone } });
const window = (from: string, to: string): Partial<PlanRequest> => ({
  promised: { precision: 'window', from: at(from), to: at(to) },
});

describe('the terms', () => {
  it('count late facts and spread from a told time as from the promised one', () => {
    const terms = termsFor({ place: 0.5 }, { spread: 'PT1H' });
    expect(terms.recoveryAfter(terms.plan.promisedAt)).toBe(terms.plan.recoveryAt);
    expect(terms.recoveryAfter(at('2026-03-09T10:00Z'))).toBe(at('2026-03-09T12:30Z'));
  });

  it('say what the policy says', () => {
    const { confirms, withoutNews, freshUntil, nextNewsAfter } = termsFor(
      { customerZone: 'Europe/Tallinn' },
      { whenUnknown: 'warn', notices: { promised: true }, estimateFresh: 'P1D' },
    );
    expect([confirms, withoutNews]).toEqual([true, 'risk']);
    expect(freshUntil(at('2026-03-28T12:00Z'))).toBe(at('2026-03-29T11:00Z'));
    expect(nextNewsAfter(at('2026-03-28T12:00:00.250Z'))).toBe(at('2026-03-29T11:01Z'));
  });

  it.each([
    [
      'the estimate plus a fixed buffer',
      {},
      { buffer: { fixed: 'PT2H' } },
      '2026-03-07T10:00Z',
      '2026-03-07T12:00Z',
      null,
    ],
    [
      'a buffer of days counted forward on the calendar',
      { customerZone: 'Europe/Tallinn' },
      { buffer: { fixed: 'P1D' } },
      '2026-03-28T12:00Z',
      '2026-03-29T11:00Z',
      null,
    ],
    [
      'a share of the time since it was made',
      {},
      { buffer: { share: '50%' } },
      '2026-03-12T08:00Z',
      '2026-03-17T08:00Z',
      null,
    ],
    [
      'for a window an instant',
      window('2026-03-06T14:00Z', '2026-03-06T16:00Z'),
      { buffer: { fixed: 'PT2H' } },
      '2026-03-07T10:00Z',
      '2026-03-07T12:00Z',
      null,
    ],
    [
      'for a day the whole local day',
      day('2026-03-06', 'Europe/Tallinn'),
      { buffer: { fixed: 'PT2H' } },
      '2026-03-07T10:00Z',
      '2026-03-07T22:00Z',
      '2026-03-07',
    ],
    [
      'for a day the day that ends then',
      day('2026-03-06', 'Europe/Tallinn'),
      { buffer: { fixed: 'PT2H' } },
      '2026-03-07T20:00Z',
      '2026-03-07T22:00Z',
      '2026-03-07',
    ],
    [
      'for a day one that holds the estimate',
      day('2026-03-06', 'Europe/Tallinn'),
      { buffer: { fixed: 'PT0S' } },
      '2026-03-06T22:00Z',
      '2026-03-07T22:00Z',
      '2026-03-07',
    ],
  ] as const)('tell as the new time %s', (_, request, document, estimate, told, text) => {
    expect(termsFor(request, document).newTimeFor(at(estimate))).toEqual({ at: at(told), day: text });
  });

  it('tell as the new time the estimate plus the least share, where it is not known when it was made', () => {
    const { newTimeFor } = termsFor({ madeAt: null }, { buffer: { share: '50%', min: 'PT4H' } });
    expect(newTimeFor(at('2026-03-12T08:00Z'))).toEqual({ at: at('2026-03-12T12:00Z'), day: null });
  });

  it('tell as the new time the estimate plus so much working time of the calendar', () => {
    const chain = chainFor(
      { promised: { precision: 'instant', at: at('2026-03-06T10:00Z') } },
      { buffer: { working: 'PT2H', calendar: 'office' } },
    );
    const { newTimeFor } = chain.terms(chain.state());
    // Friday 15:00 in Tallinn, where the office closes at 16:00: until Monday 10:00.
    expect(newTimeFor(at('2026-03-06T13:00Z'))).toEqual({ at: at('2026-03-09T08:00Z'), day: null });
    expect(newTimeFor(at('2026-03-07T13:00Z'))).toEqual({ at: at('2026-03-09T09:00Z'), day: null });
  });

  it('tell a new time no earlier than the estimate, of whole seconds', () => {
    fc.assert(
      fc.property(requests, policies, fc.integer({ min: 1, max: 900 * HOUR }), (request, rules, ms) => {
        const { plan: made, newTimeFor } = termsOf(planOf(request, rules), rules);
        const estimate = plusMs(made.promisedAt, ms);
        const told = newTimeFor(estimate);
        expect(told.at >= estimate && told.at.endsWith('.000Z')).toBe(true);
        if (told.day === null) expect(made.precision).not.toBe('day');
        else expect([startOfDay(plusDays(told.day, 1), made.zone), told.at > estimate]).toEqual([told.at, true]);
      }),
      { numRuns: 200, seed: 21 },
    );
  });

  it('survive being stored: a plan read back as JSON gives the same terms', () => {
    const rules = policy({ ...DOCUMENT, spread: 'PT1H' });
    const stored = JSON.parse(JSON.stringify(planOf({ ...REQUEST, place: 0.3 }, rules))) as Plan;
    expect(stored).toEqual(planOf({ ...REQUEST, place: 0.3 }, rules));
    expect(termsOf(stored, rules).recoveryAfter(stored.promisedAt)).toBe(
      plusMs(plusDuration(stored.promisedAt, 'PT2H', 'UTC'), 0.3 * HOUR),
    );
  });
});

describe('what follows from a broken promise', () => {
  const rungs = (broken: readonly string[], follows: boolean) => {
    const rules = policy({ ...DOCUMENT, escalation: { broken } });
    return termsOf(planOf(REQUEST, rules), rules, { follows }).escalation.broken;
  };

  it('is told to the manager when it is broken itself, once, and to those whom the policy names', () => {
    expect(rungs(['owner'], true)).toEqual(['owner', 'manager']);
    expect(rungs(['lead', 'manager'], true)).toEqual(['lead', 'manager']);
    expect(rungs(['owner'], false)).toEqual(['owner']);
  });
});

describe('an alert that nobody acknowledges', () => {
  const again = (repeat: string) =>
    alertAgainAt(at('2026-03-28T12:00Z'), policy({ ...DOCUMENT, escalation: { repeat } }), 'Europe/Tallinn');

  it('goes again after the policy’s time in the zone of the promise, or never', () => {
    expect(again('PT4H')).toBe('2026-03-28T16:00:00.000Z');
    // The night in which clocks go forward.
    expect(again('P1D')).toBe('2026-03-29T11:00:00.000Z');
    expect(again('none')).toBeNull();
  });
});

it.each([
  ['reply', 'warn', 'progress'],
  ['repair-express', 'warn', 'progress'],
  ['delivery', 'warn', 'risk'],
  ['reply', 'silent', null],
] as const)('without news a %s whose policy says %s owes %s', (kind, whenUnknown, reason) => {
  const rules = policy({ ...DOCUMENT, kind, whenUnknown });
  expect(termsOf(planOf(REQUEST, rules), rules).withoutNews).toBe(reason);
});
