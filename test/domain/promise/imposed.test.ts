import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/promise/facts.ts';
import { IDLE, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import { imposedUntil } from '../../../domain/promise/moves.ts';
import type { Promised } from '../../../domain/promise/plan.ts';
import { at, sent, until } from '../support/build.ts';
import { chainFor, lasting } from '../support/chain.ts';
import { agreed, imposed, paused, resumed } from '../support/moving-facts.ts';

const TUE = at('2026-03-03T12:00Z');
const WED = at('2026-03-04T12:00Z');
const FRIDAY = at('2026-03-06T16:00Z');
const NEXT_FRIDAY = at('2026-03-13T16:00Z');
const instantAt = (time: Instant): Promised => ({ precision: 'instant', at: time });
const chain = chainFor({ promised: instantAt(FRIDAY) });

describe('the times that were told and not agreed to', () => {
  const SAT = at('2026-03-07T16:00Z');
  const day: Promised = { precision: 'day', day: '2026-03-07', zone: 'UTC' };
  const window: Promised = { precision: 'window', from: FRIDAY, to: SAT };
  const before = (time: Instant): Instant => plusMs(time, -1);

  it.each<readonly [string, readonly Fact[], readonly Instant[]]>([
    ['none where nothing was told', [], []],
    ['an instant, up to itself', [imposed(TUE, instantAt(SAT))], [SAT]],
    ['a day, up to the moment before its end', [imposed(TUE, day)], [before(at('2026-03-08T00:00Z'))]],
    ['a window, up to the moment before its end', [imposed(TUE, window)], [before(SAT)]],
    ['one in a notice', [sent(TUE, 'risk', until('2026-03-07T16:00Z'))], [SAT]],
    ['every one of them', [imposed(TUE, instantAt(SAT)), imposed(WED, window)], [SAT, before(SAT)]],
    ['no agreed one', [agreed(TUE, instantAt(NEXT_FRIDAY))], []],
    ['none that had not passed when another was agreed', [imposed(TUE, instantAt(SAT)), agreed(WED, day)], []],
    ['not one that passes as another is agreed', [imposed(TUE, instantAt(WED)), agreed(WED, day)], []],
    ['one that had passed by then', [imposed(TUE, instantAt(before(WED))), agreed(WED, day)], [before(WED)]],
    ['one that is told after an agreement', [agreed(TUE, day), imposed(WED, instantAt(SAT))], [SAT]],
  ])('are judged by themselves: %s', (_, facts, expected) => {
    expect(imposedUntil(chain.state(facts))).toEqual(expected);
  });

  it('have no time while their clock stands, and move with it', () => {
    const duration = chainFor({ promised: lasting('PT80H', null) });
    const told = imposed(TUE, { precision: 'instant', within: 'PT100H', calendar: null });
    const [first] = imposedUntil(duration.state([told]));
    expect(first).toBeDefined();
    expect(imposedUntil(duration.state([told, paused(TUE)]))).toEqual([]);
    expect(imposedUntil(duration.state([told, paused(TUE), resumed(WED)]))).toEqual([
      plusMs(first ?? IDLE, 24 * 3_600_000),
    ]);
  });
});
