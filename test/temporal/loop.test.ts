import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startLoop, type Found, type Log, type Loop } from '../../temporal/loop.ts';

const silent = () => ({ debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }) as unknown as Log;

describe('a loop', () => {
  let loop: Loop | undefined;
  beforeEach(() => void vi.useFakeTimers());
  afterEach(async () => {
    await loop?.stop();
    vi.useRealTimers();
  });

  const turning = (answers: readonly (Found | Error)[], log = silent()): { turns: number[]; log: Log } => {
    const turns: number[] = [];
    const begun = Date.now();
    loop = startLoop({
      name: 'The test',
      log,
      minMs: 50,
      maxMs: 500,
      turn: async () => {
        const answer = answers[turns.length] ?? 'none';
        turns.push(Date.now() - begun);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    });
    return { turns, log };
  };

  it('asks at once for more, soon for some, and less and less often for none', async () => {
    const { turns } = turning(['more', 'more', 'some', 'none', 'none', 'none', 'none', 'none']);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(turns.slice(0, 9)).toEqual([0, 0, 0, 50, 150, 350, 750, 1_250, 1_750]);
  });

  it('turns at once when nudged', async () => {
    const { turns } = turning([]);
    await vi.advanceTimersByTimeAsync(400);
    const before = turns.length;
    loop?.nudge();
    await vi.advanceTimersByTimeAsync(0);
    expect(turns).toHaveLength(before + 1);
  });

  it('does not miss a nudge that comes during a turn', async () => {
    let turns = 0;
    loop = startLoop({
      name: 'The test',
      log: silent(),
      minMs: 50,
      maxMs: 500,
      turn: async () => {
        turns += 1;
        if (turns === 1) loop?.nudge();
        return 'none';
      },
    });
    await vi.advanceTimersByTimeAsync(0);
    loop.nudge();
    await vi.advanceTimersByTimeAsync(0);
    expect(turns).toBe(2);
  });

  it('survives failures, tells of the first one only, and of its end', async () => {
    const { turns, log } = turning([new Error('gone'), new Error('gone'), new Error('gone'), 'some']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(turns.length).toBeGreaterThan(4);
    expect(log.warn).toHaveBeenCalledOnce();
    expect(log.info).toHaveBeenCalledExactlyOnceWith('The test works again.');
  });

  it('waits for the turn that is running when it is stopped, and turns no more', async () => {
    let finish = (): void => {};
    let turns = 0;
    loop = startLoop({
      name: 'The test',
      log: silent(),
      minMs: 1,
      maxMs: 1,
      turn: async () => {
        turns += 1;
        await new Promise<void>((resolve) => void (finish = resolve));
        return 'more';
      },
    });
    let stopped = false;
    const stopping = loop.stop().then(() => void (stopped = true));
    await vi.advanceTimersByTimeAsync(100);
    expect(stopped).toBe(false);
    finish();
    await stopping;
    expect(turns).toBe(1);
  });
});
