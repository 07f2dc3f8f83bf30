import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/promise/facts.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import { at, escalated, estimated, fulfilled, termsFor, withdrawn } from '../support/build.ts';
import { look } from '../support/ladder.ts';

const quiet = { channels: ['email', 'sms'], from: '21:00', to: '09:00' };
const lateNews = (occurredAt: Instant): Fact => estimated(occurredAt, at('2026-03-20T10:00Z'));
const dueAt = (
  terms: ReturnType<typeof termsFor>,
  facts: readonly Fact[],
  now: Instant,
): readonly (readonly [string, Instant])[] =>
  look(terms, facts, now).owed.map(({ reason, dueAt: due }) => [reason, due]);

describe('where mail is quiet at night', () => {
  // Promised for Friday 06:00: with a lead of two hours the last call would be at 04:00.
  const morningTerms = () =>
    termsFor(
      { promised: { precision: 'instant', at: at('2026-03-06T06:00Z') } },
      { quiet, lead: 'PT2H', whenUnknown: 'warn' },
    );
  const day = termsFor({}, { quiet, whenUnknown: 'silent' });

  it('the last call is the last minute of the evening before', () => {
    const morning = morningTerms();
    expect(morning.plan.lastCallAt).toBe(at('2026-03-05T20:59Z'));
    expect(morning.plan.reasons).toContainEqual({
      instant: 'lastCallAt',
      at: at('2026-03-05T20:59Z'),
      because: 'quiet_hours',
      field: 'quiet',
      value: '21:00-09:00',
    });
    expect(dueAt(morning, [escalated(at('2026-03-05T20:59Z'), 'at_risk')], at('2026-03-05T20:59Z'))).toEqual([
      ['risk', at('2026-03-05T20:59Z')],
    ]);
  });

  it('a last call by day stays where it is, to the second, and says what put it there', () => {
    const { lastCallAt, reasons } = termsFor(
      { promised: { precision: 'instant', at: at('2026-03-06T14:00:30Z') } },
      { quiet, lead: 'PT2H' },
    ).plan;
    expect(lastCallAt).toBe(at('2026-03-06T12:00:30Z'));
    expect(reasons.find(({ instant }) => instant === 'lastCallAt')).toMatchObject({ because: 'lead', value: 'PT2H' });
  });

  it('the night is that of the customer', () => {
    const { plan } = termsFor(
      { promised: { precision: 'instant', at: at('2026-03-06T06:00Z') }, customerZone: 'Asia/Kolkata' },
      { quiet, lead: 'PT2H' },
    );
    // 04:00 in UTC is 09:30 in Kolkata.
    expect(plan.lastCallAt).toBe(at('2026-03-06T04:00Z'));
    expect(plan.reasons.find(({ instant }) => instant === 'lastCallAt')).toMatchObject({
      because: 'lead',
      field: 'lead',
      value: 'PT2H',
    });
  });

  it('the night is that of the customer, though the promised day is one of another zone', () => {
    const promised = { precision: 'day', day: '2026-03-06', zone: 'Europe/Tallinn' } as const;
    const { plan } = termsFor({ promised, customerZone: 'Asia/Kolkata' }, { quiet, lead: 'PT4H' });
    // Four hours before that day it is 20:00 in Tallinn and 23:30 in Kolkata, where it was 20:59 at 15:29 in UTC.
    expect(plan.lastCallAt).toBe(at('2026-03-05T15:29Z'));
  });

  it('a promise made in that night keeps the last call it has', () => {
    const { plan } = termsFor(
      { madeAt: at('2026-03-05T22:00Z'), promised: { precision: 'instant', at: at('2026-03-06T08:00Z') } },
      { quiet, lead: 'PT2H', buffer: { fixed: 'PT1H' } },
    );
    expect(plan.lastCallAt).toBe(at('2026-03-06T06:00Z'));
    expect(plan.reasons.find(({ instant }) => instant === 'lastCallAt')).toMatchObject({ because: 'lead' });
  });

  it.each<readonly [name: string, now: string, due: string]>([
    ['by day a warning goes at once', '2026-03-04T12:00Z', '2026-03-04T12:00Z'],
    ['at night it waits for the morning', '2026-03-03T22:00Z', '2026-03-04T09:00Z'],
    ['up to the last minute of the night', '2026-03-04T08:59:59.999Z', '2026-03-04T09:00Z'],
    ['after the last call it goes at once', '2026-03-05T22:00Z', '2026-03-05T22:00Z'],
  ])('%s', (_, now, due) => {
    expect(dueAt(day, [lateNews(at(now))], at(now))).toEqual([['risk', at(due)]]);
  });

  it('a warning goes in the night when the morning is after the last call', () => {
    const night = at('2026-03-05T22:00Z');
    expect(dueAt(morningTerms(), [lateNews(night)], night)).toEqual([['risk', night]]);
    const before = termsFor(
      { promised: { precision: 'instant', at: at('2026-03-05T10:00Z') } },
      { quiet, lead: 'PT2H', whenUnknown: 'silent' },
    );
    expect(before.plan.lastCallAt).toBe(at('2026-03-04T20:59Z'));
  });

  it('an apology waits for the morning, and is owed all the same', () => {
    const evening = termsFor(
      { promised: { precision: 'instant', at: at('2026-03-06T20:00Z') } },
      { quiet, whenUnknown: 'silent' },
    );
    expect(evening.plan.recoveryAt).toBe(at('2026-03-06T22:00Z'));
    expect(dueAt(evening, [], at('2026-03-06T23:00Z'))).toEqual([['recovery', at('2026-03-07T09:00Z')]]);
    expect(dueAt(day, [], at('2026-03-07T23:00Z'))).toEqual([['recovery', day.plan.recoveryAt]]);
  });

  it('an apology for what we took back waits, too', () => {
    const night = at('2026-03-03T22:00Z');
    expect(dueAt(day, [withdrawn(night, 'company')], night)).toEqual([['recovery', at('2026-03-04T09:00Z')]]);
  });

  it('a confirmation waits for the morning if that is before the promised time', () => {
    const confirms = { quiet, notices: { promised: true } };
    const night = at('2026-03-03T22:00Z');
    expect(dueAt(termsFor({}, confirms), [], night)).toEqual([['promised', at('2026-03-04T09:00Z')]]);
    const soon = { promised: { precision: 'instant', at: at('2026-03-04T07:00Z') } } as const;
    expect(dueAt(termsFor(soon, { ...confirms, buffer: { fixed: 'PT0S' }, lead: 'PT0S' }), [], night)).toContainEqual([
      'promised',
      night,
    ]);
    expect(dueAt(termsFor({}, confirms), [fulfilled(night)], night)).toEqual([]);
  });
});

it('mail wakes nobody where the policy does not say so', () => {
  const night = at('2026-03-03T22:00Z');
  for (const channels of [['sms'], ['call', 'sms']])
    expect(
      dueAt(termsFor({}, { quiet: { ...quiet, channels }, whenUnknown: 'silent' }), [lateNews(night)], night),
    ).toEqual([['risk', night]]);
  expect(dueAt(termsFor({}, { quiet: 'none', whenUnknown: 'silent' }), [lateNews(night)], night)).toEqual([
    ['risk', night],
  ]);
});
