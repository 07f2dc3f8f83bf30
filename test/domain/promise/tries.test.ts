import { describe, expect, it } from 'vitest';
import { nextCall } from '../../../domain/promise/attempts.ts';
import type { Fact } from '../../../domain/promise/facts.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import type { AttemptResult } from '../../../domain/promise/words.ts';
import { at } from '../support/build.ts';
import { agreed, applied, attempted, paused, reversed } from '../support/moving-facts.ts';
import { chainFor, lasting } from '../support/chain.ts';

const tries = { max: 2, every: 'PT20M', remind: 'PT15M' };
const FROM = at('2026-03-04T12:00Z');
const TO = at('2026-03-04T14:00Z');
const window = chainFor(
  { promised: { precision: 'window', from: FROM, to: TO } },
  { tries },
  { tries: { ...tries, max: 1 } },
);
const instantly = chainFor({ promised: { precision: 'instant', at: TO } }, { tries });

type Try = readonly [time: string, result?: AttemptResult];
const triedAt = (...all: readonly Try[]): readonly Fact[] =>
  all.map(([time, result]) => attempted(at(`2026-03-04T${time}Z`), result));

describe('a try without success', () => {
  it.each<readonly [name: string, counted: number, facts: readonly Fact[]]>([
    ['counts on the first instant of the window', 1, triedAt(['12:00'])],
    ['does not count before it', 0, triedAt(['11:59:59.999'])],
    ['counts just before its end', 1, triedAt(['13:59:59.999'])],
    ['does not count at its end', 0, triedAt(['14:00'])],
    ['counts with a wrong number', 1, triedAt(['12:00', 'wrong_number'])],
    ['counts once within tries.every', 1, triedAt(['12:00'], ['12:19:59.999'])],
    ['counts again from tries.every on', 2, triedAt(['12:00'], ['12:20'])],
    ['is measured from the last that counted', 2, triedAt(['12:00'], ['12:15'], ['12:20'])],
    ['is not measured from one that did not count', 1, triedAt(['11:50'], ['12:05'])],
    ['does not count after the end', 2, triedAt(['12:00'], ['12:20'], ['12:40'])],
  ])('%s', (_, counted, facts) => {
    for (const order of [facts, [...facts].reverse()]) expect(window.state(order).tried.counted).toBe(counted);
  });

  it('counts from when the promise was made, where there is no window, up to the promised instant itself', () => {
    const madeAt = at('2026-03-02T08:00Z');
    expect(instantly.state([attempted(madeAt)]).tried).toMatchObject({ counted: 1, lastAt: madeAt });
    expect(instantly.state([attempted(at('2026-03-02T07:59:59.999Z'))]).tried).toMatchObject({
      counted: 0,
      lastAt: null,
    });
    expect(instantly.state([attempted(TO)]).tried.counted).toBe(1);
    expect(instantly.state([attempted(at('2026-03-04T14:00:00.001Z'))]).tried.counted).toBe(0);
  });

  it('counts at any time before the deadline, where it is not known when the promise was made', () => {
    const unknown = chainFor({ promised: { precision: 'instant', at: TO }, madeAt: null }, { tries });
    const first = at('2020-03-02T08:00Z');
    expect(unknown.state([attempted(first)]).tried).toMatchObject({ counted: 1, lastAt: first });
    expect(unknown.state([attempted(at('2026-03-04T14:00:00.001Z'))]).tried.counted).toBe(0);
  });

  it('counts in the window that was agreed', () => {
    const later = agreed(at('2026-03-03T12:00Z'), {
      precision: 'window',
      from: at('2026-03-05T12:00Z'),
      to: at('2026-03-05T14:00Z'),
    });
    expect(window.state([later, attempted(FROM), attempted(at('2026-03-05T12:00Z'))]).tried.counted).toBe(1);
  });

  it('of the window before an agreed one is not counted any more', () => {
    const later = agreed(at('2026-03-04T12:30Z'), {
      precision: 'window',
      from: at('2026-03-05T12:00Z'),
      to: at('2026-03-05T14:00Z'),
    });
    const facts = [...triedAt(['12:00']), later, attempted(at('2026-03-05T12:00Z'))];
    expect(window.state(facts)).toMatchObject({ tried: { counted: 1 }, end: null });
  });

  it('is nothing where customers are not tried', () => {
    const none = chainFor({ promised: { precision: 'window', from: FROM, to: TO } });
    const facts = triedAt(['12:00'], ['12:20'], ['12:40', 'reached'], ['12:50', 'declined']);
    expect(none.plan.tries).toBeNull();
    expect(none.state(facts)).toEqual(none.state());
  });
});

describe('the last try', () => {
  const last = triedAt(['12:00'], ['12:20', 'wrong_number']);

  it('ends the promise as unreachable, in no rate, and owes nothing', () => {
    const end = { kind: 'unreachable', at: at('2026-03-04T12:20Z') };
    expect(window.state(last)).toMatchObject({ end, tried: { counted: 2 } });
    expect(window.look(last, TO)).toMatchObject({
      phase: 'unreachable',
      closed: 'unreachable',
      owed: [],
      alerts: [],
      wakeAt: null,
    });
  });

  it('is final: no later try, and no reversal', () => {
    expect(window.state([...last, ...triedAt(['13:00', 'reached'])]).end?.kind).toBe('unreachable');
    expect(window.state([...last, reversed(TO)]).end?.kind).toBe('unreachable');
  });

  it('is as many as the policy in force says', () => {
    const changed = applied(at('2026-03-03T08:00Z'), 2);
    expect(window.state([changed, ...last.slice(0, 1)]).end?.kind).toBe('unreachable');
  });

  it('lets a clock that stood go on', () => {
    const hours = chainFor({ promised: lasting('PT80H') }, { tries });
    const { plan, waiting } = hours.state([paused(at('2026-03-04T11:00Z')), ...last]);
    expect(waiting).toBeNull();
    expect(plan.clock).toMatchObject({ pauses: [{ to: at('2026-03-04T12:20Z') }], leftMs: null });
  });
});

describe('a customer who was tried', () => {
  const phaseAfter = (time: string, result: AttemptResult): string =>
    window.look(triedAt([time, result]), at(`2026-03-04T${time}Z`)).phase;

  it('and reached has what was promised, before, in and after the window', () => {
    expect(['11:00', '13:59:59.999', '14:00'].map((time) => phaseAfter(time, 'reached'))).toEqual([
      'kept',
      'kept',
      'broken',
    ]);
    const [reached] = triedAt(['13:00', 'reached']);
    expect(window.state(reached ? [reached] : []).end).toEqual({
      kind: 'fulfilled',
      at: reached?.occurredAt,
      asDay: false,
      firstContact: null,
    });
  });

  it('and does not want it takes the promise back, while it is not overdue', () => {
    expect(['11:00', '13:59:59.999', '14:00'].map((time) => phaseAfter(time, 'declined'))).toEqual([
      'withdrawn',
      'withdrawn',
      'overdue',
    ]);
    const declined = triedAt(['13:00', 'declined']);
    expect(window.state(declined).end).toEqual({ kind: 'withdrawn', at: at('2026-03-04T13:00Z'), by: 'customer' });
  });

  it('and once overdue can only be reached', () => {
    const facts = triedAt(['14:00'], ['14:30', 'wrong_number'], ['15:00', 'declined']);
    const now: Instant = at('2026-03-04T15:00Z');
    expect(window.state(facts)).toEqual(window.state());
    expect(window.look([...facts, ...triedAt(['15:00', 'reached'])], now).phase).toBe('broken');
  });
});

describe('the next call', () => {
  const call = (chain: typeof window, ...tried: readonly Try[]) => {
    const state = chain.state(triedAt(...tried));
    return nextCall(state.plan, state.tried);
  };
  const due = (which: string, time: string) => ({ call: which, remindAt: at(`2026-03-04T${time}Z`) });

  it.each<readonly [name: string, tried: readonly Try[], expected: ReturnType<typeof due>]>([
    ['is reminded of ahead of the window', [], due('1', '11:45')],
    ['is the same after a try before its reminder', [['11:44:59.999']], due('1', '11:45')],
    ['is in the window after a try with its reminder', [['11:45']], due('1:again', '12:00')],
    ['is in the window after a try just ahead of it', [['11:59:59.999']], due('1:again', '12:00')],
    ['comes when a try counts again', [['12:00']], due('2', '12:20')],
    ['comes then, too, where one was tried sooner', [['12:00'], ['12:10']], due('2', '12:20')],
  ])('%s', (_, tried, expected) => {
    expect(call(window, ...tried)).toEqual(expected);
  });

  it('is ahead of the deadline where there is no window, whatever was tried too early', () => {
    expect(call(instantly)).toEqual(due('1', '13:45'));
    const early = [attempted(at('2026-03-02T07:00Z'))];
    const state = instantly.state(early);
    expect(nextCall(state.plan, state.tried)).toEqual(due('1', '13:45'));
  });

  it('is there at once for a promise that was made when its reminder had passed', () => {
    const madeAt = at('2026-03-04T11:50Z');
    const late = chainFor({ promised: { precision: 'window', from: FROM, to: TO }, madeAt }, { tries });
    expect(call(late)).toEqual(due('1', '11:50'));
    expect(call(late, ['11:50'])).toEqual(due('1:again', '12:00'));
  });

  it('is none once a try would count too late, and none without a rule of tries', () => {
    expect(call(window, ['13:39:59.999'])).toEqual(due('2', '13:59:59.999'));
    expect(call(window, ['13:40'])).toBeNull();
    expect(call(chainFor({ promised: { precision: 'window', from: FROM, to: TO } }, {}))).toBeNull();
  });
});
