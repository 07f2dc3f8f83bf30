import { describe, expect, it } from 'vitest';
import { nextCall, UNTRIED } from '../../../domain/promise/attempts.ts';
import { alertFacts } from '../../../domain/promise/decisions.ts';
import type { Fact } from '../../../domain/promise/facts.ts';
import { plusMs, type Instant } from '../../../domain/promise/instant.ts';
import { at, fulfilled, handedOver } from '../support/build.ts';
import { BASIS, chainFor, lasting, type Chain } from '../support/chain.ts';
import { attempted, paused } from '../support/moving-facts.ts';

const tries = { max: 3, every: 'PT20M', remind: 'PT15M' };
const time = (text: string): Instant => at(`2026-03-04T${text}Z`);
const callback = chainFor(
  { promised: { precision: 'window', from: time('12:00'), to: time('13:00') } },
  { tries, buffer: { fixed: 'PT10M' }, factLag: 'PT10M' },
);

/** What the owner was reminded of and when, were somebody to look at each wakeAt; up to `until`. */
function reminders(chain: Chain, facts: readonly Fact[], until = time('23:59')): readonly string[] {
  let all = facts;
  const known = (now: Instant): readonly Fact[] => all.filter(({ occurredAt }) => occurredAt <= now);
  for (let now: Instant | null = BASIS.madeAt; now !== null && now <= until; now = nextOf(chain, all, now)) {
    const state = chain.state(known(now));
    all = [...all, ...alertFacts(chain.terms(state), state, chain.look(known(now), now), now)];
  }
  return all.flatMap((fact) =>
    fact.kind === 'escalated' && fact.call !== undefined ? [`${fact.occurredAt.slice(11, 16)} ${fact.call}`] : [],
  );
}

/** The next instant at which something happens: a fact comes, or the promise wakes. */
function nextOf(chain: Chain, all: readonly Fact[], now: Instant): Instant | null {
  const { wakeAt } = chain.look(
    all.filter(({ occurredAt }) => occurredAt <= now),
    now,
  );
  const coming = all.map(({ occurredAt }) => occurredAt).filter((each) => each > now);
  return [...coming, ...(wakeAt === null ? [] : [wakeAt])].toSorted()[0] ?? null;
}

describe('the owner of a callback is reminded', () => {
  it.each<readonly [name: string, facts: readonly Fact[], told: readonly string[]]>([
    ['once, ahead of the window, where nobody tries', [], ['11:45 1']],
    ['again when a try counts again', [attempted(time('12:05'))], ['11:45 1', '12:25 2']],
    [
      'after each try that counted, and not after the last one',
      [attempted(time('12:05')), attempted(time('12:26')), attempted(time('12:47'))],
      ['11:45 1', '12:25 2', '12:46 3'],
    ],
    [
      'by the last try that counted, whatever was tried in between',
      [attempted(time('12:05')), attempted(time('12:15'))],
      ['11:45 1', '12:25 2'],
    ],
    ['of the window itself after a try ahead of it', [attempted(time('11:50'))], ['11:45 1', '12:00 1:again']],
    ['of the window itself after a try in the moment of the reminder', [attempted(time('11:45'))], ['12:00 1:again']],
    ['as usual after a try before the reminder', [attempted(time('10:00'))], ['11:45 1']],
    ['not of a call that would come after the window', [attempted(time('12:41'))], ['11:45 1']],
    ['not once the customer was reached', [attempted(time('12:05'), 'reached')], ['11:45 1']],
    ['not once it is done', [fulfilled(time('11:00'))], []],
    ['ahead of the window, where it was handed over before', [handedOver(time('11:00'), 'jaan')], ['11:45 1:owner-2']],
    [
      'who got it after that, at once, and once',
      [handedOver(time('11:50'), 'jaan'), handedOver(time('11:55'), 'jaan', null, 'unacknowledged')],
      ['11:45 1', '11:50 1:owner-2'],
    ],
    [
      'who got it back, again, and of the next call in its time',
      [handedOver(time('11:50'), 'jaan'), handedOver(time('11:55'), 'kati'), attempted(time('12:05'))],
      ['11:45 1', '11:50 1:owner-2', '11:55 1:owner-3', '12:25 2:owner-3'],
    ],
    [
      'who got it between two tries, in time for the next one',
      [attempted(time('12:05')), handedOver(time('12:10'), 'jaan')],
      ['11:45 1', '12:25 2:owner-2'],
    ],
    ['not who got it when its time is over', [handedOver(time('13:05'), 'jaan')], ['11:45 1']],
  ])('%s', (_, facts, told) => {
    expect(reminders(callback, facts)).toEqual(told);
  });

  it('at once, where less time is left when it is made', () => {
    const madeAt = time('11:50');
    const hasty = chainFor(
      { promised: { precision: 'window', from: time('12:00'), to: time('13:00') }, madeAt },
      { tries },
    );
    expect(hasty.look([], madeAt).calls).toEqual(['1']);
  });

  it('ahead of the deadline, where no window was told', () => {
    const instantly = chainFor({ promised: { precision: 'instant', at: time('14:00') } }, { tries });
    expect(reminders(instantly, [])).toEqual(['13:45 1']);
  });

  it('of nothing while its clock stands, and where customers are not called', () => {
    const hours = chainFor({ promised: lasting('PT8H') }, { tries });
    expect(hours.look([paused(time('08:00'))], time('14:00')).calls).toEqual([]);
    expect(reminders(chainFor({ promised: { precision: 'instant', at: time('14:00') } }), [])).toEqual([]);
  });

  it('of nothing by a plan of before there were reminders', () => {
    const { plan } = callback;
    const old = { ...plan, tries: plan.tries && { max: plan.tries.max, everyMs: plan.tries.everyMs } };
    expect(nextCall(plan, UNTRIED)).toEqual({ call: '1', remindAt: time('11:45') });
    expect(nextCall(old, UNTRIED)).toBeNull();
  });
});

describe('another time that the customer chose', () => {
  const chosen = (occurredAt: Instant, from: Instant, slot?: string): Fact => ({
    kind: 'chosen',
    factKey: `chosen:${from}`,
    occurredAt,
    promised: { precision: 'window', from, to: plusMs(from, 30 * 60_000) },
    ...(slot === undefined ? {} : { slot }),
  });
  const SLOT = 'callback@2026-03-04T15:00:00.000Z';

  it('is an agreed revision, with its place and reminders of its own', () => {
    const facts = [chosen(time('12:10'), time('15:00'), SLOT)];
    expect(callback.state(facts)).toMatchObject({ revision: 2, agreedRevision: 2, slot: SLOT });
    expect(callback.state(facts).plan).toMatchObject({ windowFrom: time('15:00'), promisedAt: time('15:30') });
    expect(reminders(callback, facts)).toEqual(['11:45 1', '14:45 1']);
  });

  it('leaves the place before: for a window without one, and where another time is agreed', () => {
    const first = chosen(time('10:00'), time('15:00'), SLOT);
    expect(callback.state([first, chosen(time('10:30'), time('16:00'))]).slot).toBeNull();
    const agreed = { kind: 'repromised', factKey: 'r', occurredAt: time('11:00'), agreedByCustomer: true } as const;
    const promised = { precision: 'instant', at: time('18:00') } as const;
    expect(callback.state([first, { ...agreed, promised }]).slot).toBeNull();
    expect(callback.state([first, { ...agreed, promised, agreedByCustomer: false }]).slot).toBe(SLOT);
  });

  it('after the deadline is told, but does not mend what was broken', () => {
    const late = callback.state([chosen(time('13:00'), time('15:00'), SLOT)]);
    expect(late).toMatchObject({ revision: 2, agreedRevision: 1, slot: SLOT, told: { at: time('15:30') } });
  });
});
