import type { PlannedClock } from '../../domain/promise/plan.ts';
import type { Words } from '../../words/en.ts';
import { Mark } from './marks.tsx';
import { usedText } from './waiting.tsx';

interface StandingBarProps {
  readonly words: Words;
  readonly clock: PlannedClock;
  readonly leftMs: number;
  /** What is left, in words. */
  readonly left: string;
}

/**
 * A promise whose clock stands until something happens: nothing of it has a place in time, so the bar is its running time,
 * filled as far as it is used; the rest is hatched.
 */
export function StandingBar({ words, clock, leftMs, left }: StandingBarProps) {
  const used = clock.withinMs === 0 ? WIDTH : ((clock.withinMs - leftMs) / clock.withinMs) * WIDTH;
  const here = Math.round(Math.min(WIDTH, Math.max(0, used)) * 100) / 100;
  return (
    <svg class="bar paused" width="100%" height="34" role="img" aria-label={described(words, clock, leftMs, left)}>
      <line class="bar-stands" x1={`${here}%`} x2={`${WIDTH}%`} y1="18" y2="18" />
      <rect class="bar-fill" x="0" y="14" width={`${here}%`} height="8" rx="4" />
      <Mark x={here} shape="now" />
    </svg>
  );
}

/** As for other bars, some room is left at the right edge. */
const WIDTH = 96;

function described(words: Words, clock: PlannedClock, leftMs: number, left: string): string {
  return `${words.names.phase.paused}: ${left}. ${usedText(words, clock, leftMs)}`;
}
