import { describe, expect, it } from 'vitest';
import { dueDay } from '../../../domain/calendar/deadline.ts';
import { planOf } from '../../../domain/calendar/plan.ts';
import { at, DOCUMENT, policy, REQUEST } from '../support/build.ts';

describe('a history that does not say when it was promised', () => {
  const request = {
    ...REQUEST,
    promised: { precision: 'day', day: '2026-05-04', zone: 'UTC' },
    madeAt: null,
  } as const;
  const rules = (buffer: Record<string, unknown>) => policy({ ...DOCUMENT, lead: 'P1D', buffer });

  it('has no buffer where the rule is a share of the time promised, and says why', () => {
    const plan = planOf(request, rules({ share: '20%', min: 'PT4H' }));
    expect(plan.targetAt).toBe(plan.promisedAt);
    expect(plan.flags).toContain('no_buffer');
    expect(plan.reasons.find((reason) => reason.instant === 'targetAt')?.because).toBe('made_at_unknown');
  });

  it('has the buffer of a fixed rule, or the target it brings', () => {
    expect(planOf(request, rules({ fixed: 'P1D' })).targetAt).toBe('2026-05-04T00:00:00.000Z');
    const target = at('2026-05-03T12:00Z');
    expect(planOf({ ...request, target }, rules({ share: '20%' })).targetAt).toBe(target);
  });

  it('takes the whole lead of the policy', () => {
    expect(planOf(request, rules({ fixed: 'P1D' })).lastCallAt).toBe('2026-05-03T00:00:00.000Z');
  });
});

describe('the day on which a promise falls due', () => {
  it.each([
    [
      'a day promise: the day',
      { day: '2026-05-04', promisedAt: at('2026-05-04T21:00Z'), zone: 'Europe/Tallinn' },
      '2026-05-04',
    ],
    [
      'an instant in the evening',
      { day: null, promisedAt: at('2026-05-04T20:30Z'), zone: 'Europe/Tallinn' },
      '2026-05-04',
    ],
    [
      'midnight, which ends the day before',
      { day: null, promisedAt: at('2026-05-04T21:00Z'), zone: 'Europe/Tallinn' },
      '2026-05-04',
    ],
    ['just after midnight', { day: null, promisedAt: at('2026-05-04T21:01Z'), zone: 'Europe/Tallinn' }, '2026-05-05'],
    [
      'the same instant elsewhere',
      { day: null, promisedAt: at('2026-05-04T21:01Z'), zone: 'America/New_York' },
      '2026-05-04',
    ],
  ])('is for %s', (_, plan, day) => expect(dueDay(plan)).toBe(day));
});
