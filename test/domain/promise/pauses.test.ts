import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/promise/facts.ts';
import { IDLE, type Instant } from '../../../domain/promise/instant.ts';
import { stands } from '../../../domain/promise/plan.ts';
import { WAITED_FOR } from '../../../domain/promise/words.ts';
import { at, estimated, fulfilled, withdrawn } from '../support/build.ts';
import { agreed, applied, imposed, paused, resumed, reversed } from '../support/moving-facts.ts';
import { chainFor, lasting } from '../support/chain.ts';

// Eight working hours from Monday 10:00 in Tallinn (08:00 in UTC): until Tuesday 10:30.
const eightHours = chainFor({}, { buffer: { fixed: 'PT2H' }, lead: 'PT1H', whenUnknown: 'warn' });
const DEADLINE = at('2026-03-03T08:30Z');
const MON_11 = at('2026-03-02T09:00Z');
const MON_15 = at('2026-03-02T13:00Z');
const TUE_14_30 = at('2026-03-03T12:30Z');

const deadline = (...facts: readonly Fact[]): Instant => eightHours.state(facts).plan.promisedAt;

describe('waiting for the customer', () => {
  it.each<readonly [name: string, expected: Instant, facts: readonly Fact[]]>([
    ['without a pause the deadline is as registered', DEADLINE, []],
    ['a pause costs its working time, lunch left out', TUE_14_30, [paused(MON_11), resumed(MON_15)]],
    ['one that ends by itself costs the same', TUE_14_30, [paused(MON_11, 'customer', MON_15)]],
    [
      'one that is ended early costs what it lasted',
      TUE_14_30,
      [paused(MON_11, 'customer', at('2026-03-20T08:00Z')), resumed(MON_15)],
    ],
    [
      'one that is ended after it ended by itself costs no more',
      TUE_14_30,
      [paused(MON_11, 'customer', MON_15), resumed(at('2026-03-02T14:00Z'))],
    ],
    ['a night costs nothing', DEADLINE, [paused(at('2026-03-02T15:00Z')), resumed(at('2026-03-03T07:00Z'))]],
    [
      'a pause before the promise was made costs nothing',
      DEADLINE,
      [paused(at('2026-03-01T08:00Z')), resumed(at('2026-03-02T08:00Z'))],
    ],
    [
      'of a pause that began before that it costs the rest',
      at('2026-03-03T09:30Z'),
      [paused(at('2026-03-01T08:00Z')), resumed(MON_11)],
    ],
    ['a pause of no length costs nothing', DEADLINE, [paused(MON_11), resumed(MON_11)]],
    ['one that would be over before it begins costs nothing', DEADLINE, [paused(MON_15, 'customer', MON_11)]],
    ['a pause after the deadline comes too late', DEADLINE, [paused(at('2026-03-03T08:30:00.001Z'))]],
    ['so does one on the deadline', DEADLINE, [paused(DEADLINE)]],
    [
      'paused again while paused, one pause goes on',
      TUE_14_30,
      [paused(MON_11), paused(at('2026-03-02T10:00Z')), resumed(MON_15)],
    ],
    [
      'paused again until another instant, the newest word counts',
      TUE_14_30,
      [paused(MON_11, 'customer', at('2026-04-20T08:00Z')), paused(at('2026-03-02T10:00Z'), 'customer', MON_15)],
    ],
    [
      'until an earlier one, too',
      at('2026-03-03T09:30Z'),
      [paused(MON_11, 'customer', MON_15), paused(at('2026-03-02T09:30Z'), 'customer', at('2026-03-02T10:00Z'))],
    ],
    ['waiting for somebody else ends it', TUE_14_30, [paused(MON_11), paused(MON_15, 'partner')]],
    [
      'waiting for somebody else before costs nothing',
      TUE_14_30,
      [paused(at('2026-03-02T08:30Z'), 'us'), paused(MON_11), resumed(MON_15)],
    ],
    ['resumed without a pause changes nothing', DEADLINE, [resumed(MON_11)]],
    [
      'two pauses add up',
      at('2026-03-03T13:30Z'),
      [paused(MON_11), resumed(MON_15), paused(at('2026-03-02T13:30Z')), resumed(at('2026-03-02T14:30Z'))],
    ],
  ])('%s', (_, expected, facts) => {
    expect(deadline(...facts)).toBe(expected);
    expect(deadline(...[...facts].reverse())).toBe(expected);
  });

  it('costs nothing over a week-end', () => {
    const friday = chainFor({ madeAt: at('2026-03-06T08:00Z') });
    const weekend = [paused(at('2026-03-06T14:00Z')), resumed(at('2026-03-09T07:00Z'))];
    expect(friday.state().plan.promisedAt).toBe(at('2026-03-09T09:30Z'));
    expect(friday.state(weekend).plan.promisedAt).toBe(at('2026-03-09T09:30Z'));
  });

  it('costs every hour where no calendar counts', () => {
    const hours = chainFor({ promised: lasting('PT8H', null), calendars: {} });
    const facts = [paused(MON_11), resumed(MON_15)];
    expect(hours.state(facts).plan.promisedAt).toBe(at('2026-03-02T20:00Z'));
    expect(hours.state([paused(MON_11)]).plan.clock).toEqual({
      withinMs: 8 * 3_600_000,
      calendar: null,
      pauses: [{ from: MON_11, to: null }],
      leftMs: 7 * 3_600_000,
      wouldEndAt: at('2026-03-02T16:00Z'),
    });
  });

  it.each(['partner', 'us'] as const)('stops no clock while waiting for %s', (waitingFor) => {
    const facts = [paused(MON_11, waitingFor), resumed(MON_15)];
    expect(eightHours.state(facts)).toMatchObject({ plan: { promisedAt: DEADLINE }, steps: [] });
    expect(eightHours.look(facts.slice(0, 1), MON_15)).toMatchObject({ phase: 'open' });
  });

  it('says since when and until when who is waited for', () => {
    const since = (facts: readonly Fact[]) => eightHours.state(facts).waiting;
    expect(since([paused(MON_11)])).toEqual({ for: 'customer', since: MON_11, until: null });
    expect(since([paused(MON_11), paused(MON_15)])).toEqual({ for: 'customer', since: MON_11, until: null });
    expect(since([paused(MON_11, 'us'), paused(MON_15)])).toEqual({ for: 'customer', since: MON_15, until: null });
    expect(since([paused(MON_11, 'us', MON_15), paused(MON_15, 'us')])).toMatchObject({ since: MON_15 });
    expect(since([paused(MON_11, 'us', MON_15), paused(at('2026-03-02T12:59Z'), 'us')])).toMatchObject({
      since: MON_11,
      until: null,
    });
    expect(since([paused(MON_11), resumed(MON_15)])).toBeNull();
    for (const waitedFor of WAITED_FOR) expect(since([paused(MON_11, waitedFor), fulfilled(MON_15)])).toBeNull();
  });

  it('that is over as it begins is none', () => {
    const facts = [paused(MON_11), resumed(MON_11)];
    const { clock, plan } = eightHours.state(facts);
    expect([clock?.pauses, plan.clock?.pauses, plan.promisedAt]).toEqual([[], [], DEADLINE]);
  });

  it('is no revision', () => {
    const facts = [paused(MON_11), resumed(MON_15)];
    expect(eightHours.state(facts)).toMatchObject({ revision: 1, agreedRevision: 1, revisions: [] });
    expect(eightHours.state(facts).told).toEqual({ at: TUE_14_30, day: null });
    expect(eightHours.state(facts).first).toEqual({ precision: 'instant', promisedAt: TUE_14_30 });
  });
});

describe('while the clock stands without end', () => {
  const facts = [paused(MON_11)];
  const { plan, told, first } = eightHours.state(facts);

  it('nothing has a time, and what is left is said', () => {
    const { promisedAt, targetAt, leadTo, lastCallAt, sendBy, recoveryAt } = plan;
    expect([promisedAt, targetAt, leadTo, lastCallAt, sendBy, recoveryAt]).toEqual(Array(6).fill(IDLE));
    expect([told.at, first.promisedAt]).toEqual([IDLE, IDLE]);
    expect(stands(plan)).toBe(true);
    expect(plan.clock).toEqual({
      withinMs: 8 * 3_600_000,
      calendar: 'office',
      pauses: [{ from: MON_11, to: null }],
      leftMs: 7 * 3_600_000,
      wouldEndAt: DEADLINE,
    });
    expect(plan.reasons).toHaveLength(6);
    for (const reason of plan.reasons)
      expect(reason).toMatchObject({ at: null, because: 'clock_stands', field: null, value: null });
    expect(eightHours.state().plan.clock).toMatchObject({ leftMs: null, wouldEndAt: null });
  });

  it.each([MON_11, DEADLINE, at('2027-03-02T08:00Z')])('nothing is owed at %s', (now) => {
    expect(eightHours.look(facts, now)).toEqual({
      phase: 'paused',
      owed: [],
      alerts: [],
      missed: [],
      calls: [],
      again: false,
      wakeAt: null,
      closed: null,
    });
  });

  it('no news is late', () => {
    const news = [...facts, estimated(MON_15, at('2026-12-01T08:00Z'))];
    expect(eightHours.look(news, MON_15)).toMatchObject({ phase: 'paused', owed: [], alerts: [], wakeAt: null });
  });

  it('an end before the promise was made leaves all of it', () => {
    expect(eightHours.state([paused(at('2026-03-02T07:00Z'))]).plan.clock).toMatchObject({
      leftMs: 8 * 3_600_000,
      wouldEndAt: DEADLINE,
    });
  });

  it('another policy leaves what is left', () => {
    const twice = chainFor({}, {}, { buffer: { fixed: 'PT4H' } });
    const moved = twice.state([...facts, applied(MON_15, 2)]);
    expect(moved.plan).toMatchObject({ promisedAt: IDLE, policyVersion: 2, clock: { leftMs: 7 * 3_600_000 } });
  });

  it.each<readonly [name: string, end: Fact]>([
    ['fulfilled', fulfilled(MON_15)],
    ['withdrawn', withdrawn(MON_15, 'customer')],
  ])('%s, it is judged by the time it would have had', (name, end) => {
    const { plan: ended, waiting } = eightHours.state([...facts, end]);
    expect([ended.promisedAt, waiting]).toEqual([TUE_14_30, null]);
    expect(eightHours.look([...facts, end], MON_15)).toMatchObject({
      phase: name === 'fulfilled' ? 'kept' : 'withdrawn',
      wakeAt: null,
    });
  });

  it('is kept even a year later, and stands on where that was not true', () => {
    const yearLater = at('2027-03-01T08:00Z');
    const ended = [...facts, fulfilled(yearLater)];
    expect(eightHours.look(ended, yearLater).phase).toBe('kept');
    const reopened = eightHours.state([...ended, reversed(at('2027-03-03T08:00Z'))]);
    expect(reopened).toMatchObject({ end: null, waiting: { since: MON_11 }, plan: { promisedAt: IDLE } });
  });

  it('is judged by the old time where that had passed before the pause', () => {
    const after = [paused(at('2026-03-03T09:00Z')), fulfilled(at('2026-03-03T10:00Z'))];
    expect(eightHours.state(after).plan.promisedAt).toBe(DEADLINE);
    expect(eightHours.look(after, at('2026-03-03T11:00Z')).phase).toBe('broken');
  });
});

describe('a pause that ends by itself', () => {
  const facts = [paused(MON_11, 'customer', MON_15)];

  it('plans as if it went on then', () => {
    const { plan } = eightHours.state(facts);
    expect(plan.clock).toMatchObject({ leftMs: null, wouldEndAt: null });
    expect([plan.promisedAt, plan.targetAt, plan.lastCallAt]).toEqual([
      TUE_14_30,
      // Two hours of its own running time before: 14:30, 13:00 to 12:30, 12:00.
      at('2026-03-03T10:00Z'),
      at('2026-03-03T11:30Z'),
    ]);
  });

  it('is paused until then, and open from then on', () => {
    const phaseAt = (now: Instant) => eightHours.look(facts, now).phase;
    expect(phaseAt(at('2026-03-02T12:59:59.999Z'))).toBe('paused');
    expect(phaseAt(MON_15)).toBe('open');
    expect(eightHours.look(facts, MON_11).wakeAt).toBe(at('2026-03-03T10:00Z'));
  });

  it('ends with the promise', () => {
    const monday = at('2026-03-02T10:00Z');
    const ended = [paused(MON_11, 'customer', at('2026-05-04T08:00Z')), fulfilled(monday)];
    expect(eightHours.state(ended).plan.promisedAt).toBe(at('2026-03-03T09:30Z'));
  });
});

describe('a date', () => {
  const friday = chainFor({ promised: { precision: 'instant', at: at('2026-03-06T14:00Z') } });
  const facts = [paused(MON_11)];

  it('never moves, though the phase says who is waited for', () => {
    const { plan, steps, waiting } = friday.state(facts);
    expect(plan).toBe(friday.plan);
    expect(steps).toEqual([]);
    expect(waiting).toEqual({ for: 'customer', since: MON_11, until: null });
    expect(friday.look(facts, MON_15)).toMatchObject({ phase: 'paused', wakeAt: plan.targetAt });
    expect(friday.look(facts, at('2026-03-06T14:00:00.001Z')).phase).toBe('overdue');
  });

  it('that is known to be late is at risk, not paused', () => {
    const late = [...facts, estimated(MON_15, at('2026-03-09T08:00Z'))];
    expect(friday.look(late, MON_15)).toMatchObject({ phase: 'at_risk', alerts: ['at_risk'] });
  });

  it('replaced by a duration, has stood all the same', () => {
    const state = friday.state([paused(MON_11), resumed(MON_15), agreed(at('2026-03-02T14:00Z'), lasting('PT8H'))]);
    expect(state.plan.promisedAt).toBe(TUE_14_30);
  });

  it('replaced by a duration while it stands, stands', () => {
    const state = friday.state([paused(MON_11), agreed(MON_15, lasting('PT8H'))]);
    expect(state.plan).toMatchObject({ promisedAt: IDLE, clock: { leftMs: 7 * 3_600_000 } });
    expect(state.first).toEqual({ precision: 'instant', promisedAt: at('2026-03-06T14:00Z') });
  });
});

describe('a time told beside a duration whose deadline pauses have moved past it', () => {
  const hours = chainFor({ promised: lasting('PT12H', null), calendars: {} }, { whenUnknown: 'silent' });
  // Twelve hours from 08:00, seven of them waited: until Tuesday 03:00, though 21:00 was told.
  const facts = [
    imposed(at('2026-03-02T09:00Z'), { precision: 'instant', at: at('2026-03-02T21:00Z') }),
    paused(at('2026-03-02T10:00Z')),
    resumed(at('2026-03-02T17:00Z')),
  ];
  const now = at('2026-03-02T18:00Z');

  it.each([
    ['no news that the promise will be kept', at('2026-03-03T02:00Z'), 'open', []],
    ['news that it will not', at('2026-03-03T04:00Z'), 'at_risk', ['risk']],
  ] as const)('is warned of by %s', (_, estimate, phase, reasons) => {
    const judged = hours.look([...facts, estimated(now, estimate)], now);
    expect(judged.phase).toBe(phase);
    expect(judged.owed.map(({ reason }) => reason)).toEqual(reasons);
  });
});
