import { describe, expect, it } from 'vitest';
import { agendaOf, type Moment } from '../../../cli/replay/agenda.ts';
import type { PlayedRow } from '../../../cli/replay/shrink.ts';
import { instant } from '../../../domain/promise/instant.ts';
import { historyRow } from '../../support/history.ts';

const row = (ref: string, madeMs: number, factsMs: readonly number[] = []): PlayedRow => ({
  ...historyRow(),
  ref,
  kind: 'delivery-replay',
  madeAt: instant(madeMs),
  promised: { precision: 'instant', at: instant(100_000) },
  facts: factsMs.map((ms, n) => ({
    kind: 'progressed',
    checkpoint: 'x',
    factKey: `${n}`,
    occurredAt: instant(ms),
  })),
  expected: 'overdue',
});

/** All calls in turn, the clock standing at `nowMs` or at the call where that is later: `a` registers, `a/0` tells. */
function played(rows: readonly PlayedRow[], nowMs: number, known: readonly number[] = []): string[] {
  const agenda = agendaOf(rows, new Set(known));
  const calls: string[] = [];
  const name = ({ index, fact }: Moment): string => `${rows[index]?.ref}${fact === null ? '' : `/${fact}`}`;
  for (let [now, moment] = [nowMs, agenda.next(nowMs)]; moment; moment = agenda.next(now)) {
    calls.push(name(moment));
    now = Math.max(now, moment.atMs);
  }
  return calls;
}

describe('the agenda of a replay', () => {
  it('goes by time while nothing is overdue', () => {
    const rows = [row('b', 20, [30, 50]), row('a', 10, [40])];
    expect(played(rows, 0)).toEqual(['a', 'b', 'b/0', 'a/0', 'b/1']);
  });

  it('tells nothing of a promise before it is made', () => {
    const rows = [row('a', 20, [5, 30]), row('b', 10)];
    expect(played(rows, 0)).toEqual(['b', 'a', 'a/0', 'a/1']);
    expect(agendaOf([row('a', 20, [5])], new Set([0])).next(0)?.atMs).toBe(20);
  });

  it('tells what is past of a promise right after its late registration, before the next one is made', () => {
    const rows = [row('a', 10, [40, 90]), row('b', 20, [30, 200]), row('c', 25)];
    expect(played(rows, 100)).toEqual(['a', 'a/0', 'a/1', 'b', 'b/0', 'c', 'b/1']);
  });

  it('tells what is overdue of promises that are registered already first of all', () => {
    const rows = [row('new', 10, [20]), row('old', 5, [60, 300]), row('older', 1, [50])];
    expect(played(rows, 100, [1, 2])).toEqual(['older/0', 'old/0', 'new', 'new/0', 'old/1']);
  });

  it('catches up in the same order after a stall in its midst', () => {
    const rows = [row('a', 10, [40]), row('b', 20, [30])];
    const agenda = agendaOf(rows, new Set());
    const order = [0, 10, 1_000, 1_000].map((now) => agenda.next(now)).map((moment) => [moment?.index, moment?.fact]);
    expect(order).toEqual([
      [0, null],
      [1, null],
      [1, 0],
      [0, 0],
    ]);
    expect(agenda.next(1_000)).toBeNull();
  });
});
