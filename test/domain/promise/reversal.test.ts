import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/promise/facts.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import type { Promised } from '../../../domain/promise/plan.ts';
import { at, estimated, fulfilled, sent, until, withdrawn } from '../support/build.ts';
import { chainFor, lasting } from '../support/chain.ts';
import { agreed, applied, paused, resumed, reversed } from '../support/moving-facts.ts';

const FRIDAY = at('2026-03-06T16:00Z');
const NEXT_FRIDAY = at('2026-03-13T16:00Z');
const TUE = at('2026-03-03T12:00Z');
const WED = at('2026-03-04T12:00Z');
const instantAt = (time: Instant): Promised => ({ precision: 'instant', at: time });

const chain = chainFor(
  { promised: instantAt(FRIDAY) },
  { notices: { promised: true }, whenUnknown: 'warn' },
  { buffer: { fixed: 'PT12H' }, whenUnknown: 'silent' },
);

describe('a fulfilment that was none', () => {
  it('opens a kept promise again', () => {
    const facts = [fulfilled(TUE), reversed(WED)];
    expect(chain.look(facts, WED)).toMatchObject({ phase: 'open', closed: null });
    expect(chain.state([...facts, fulfilled(at('2026-03-05T12:00Z'))]).end).toMatchObject({
      at: at('2026-03-05T12:00Z'),
    });
  });

  it('opens a broken one again, overdue', () => {
    const late = at('2026-03-07T16:00Z');
    expect(chain.look([fulfilled(late)], late).phase).toBe('broken');
    expect(chain.look([fulfilled(late), reversed(at('2026-03-08T16:00Z'))], at('2026-03-08T16:00Z'))).toMatchObject({
      phase: 'overdue',
      owed: [{ reason: 'recovery' }],
      alerts: ['broken'],
    });
  });

  it('opens nothing that was withdrawn, nor what is open', () => {
    for (const by of ['customer', 'company', 'unknown'] as const)
      expect(chain.state([withdrawn(TUE, by), reversed(WED)]).end).toMatchObject({ kind: 'withdrawn', by });
    expect(chain.state([reversed(TUE), fulfilled(WED)]).end).toMatchObject({ kind: 'fulfilled' });
  });

  it('counts after the fulfilment of the same instant, and lets news count again', () => {
    expect(chain.state([reversed(TUE), fulfilled(TUE)]).end).toBeNull();
    const facts = [fulfilled(TUE), reversed(WED), agreed(at('2026-03-05T12:00Z'), instantAt(NEXT_FRIDAY))];
    expect(chain.state(facts).plan.promisedAt).toBe(NEXT_FRIDAY);
  });

  const WED_13 = at('2026-03-04T13:00Z');
  it.each<readonly [name: string, before: readonly Fact[], since: readonly Fact[]]>([
    ['another time that was agreed meanwhile', [], [agreed(at('2026-03-03T13:00Z'), instantAt(NEXT_FRIDAY))]],
    ['another policy that was applied meanwhile', [], [applied(at('2026-03-03T13:00Z'), 2)]],
    ['an estimate of meanwhile', [], [estimated(at('2026-03-03T13:00Z'), at('2026-03-07T12:00Z'))]],
    ['a withdrawal of meanwhile', [], [withdrawn(at('2026-03-03T13:00Z'), 'customer')]],
    ['a wait that began before', [paused(at('2026-03-03T08:00Z'))], []],
    ['a wait that ended meanwhile', [paused(at('2026-03-03T08:00Z'))], [resumed(at('2026-03-03T13:00Z'))]],
    ['a warning that left meanwhile', [], [sent(at('2026-03-03T13:00Z'), 'risk', until('2026-03-09T16:00Z'))]],
    ['what was told as done twice', [], [fulfilled(at('2026-03-03T13:00Z'))]],
  ])('leaves %s as if it had not been told', (_, before, since) => {
    const hours = chainFor({ promised: lasting('PT30H') }, {}, { buffer: { fixed: 'PT12H' } });
    for (const one of [chain, hours]) {
      const facts = [...before, fulfilled(TUE), ...since, reversed(WED)];
      const without = [...before, ...since.filter(({ kind }) => kind !== 'fulfilled')];
      expect(one.state(facts)).toEqual(one.state(without));
      expect(one.look(facts, WED_13)).toEqual(one.look(without, WED_13));
      expect(one.stored(facts)).toEqual(one.stored(without));
    }
  });

  it('changes nothing of what had ended in another way before', () => {
    const facts = [withdrawn(TUE, 'customer'), fulfilled(at('2026-03-03T13:00Z')), reversed(WED)];
    expect(chain.state(facts).end).toMatchObject({ kind: 'withdrawn' });
  });
});
