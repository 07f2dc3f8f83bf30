import { later, msBetween, msOf, type Instant } from '../../domain/promise/instant.ts';
import type { Explanation } from '../../domain/promise/explanation.ts';
import type { ClockReason } from '../../domain/promise/words.ts';

/** How a stretch of a life is drawn; `merged`: working days and what lies between them, too many to be drawn apart. */
export type Look = ClockReason | 'late' | 'merged';

/** A stretch and where it lies, in per cent of the width. */
export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
  readonly look: Look;
  readonly x: number;
  readonly width: number;
}

/** A promise's life from left to right. */
export interface LifeScale {
  readonly stretches: readonly Stretch[];
  /** Where an instant lies, 0 to 100. */
  readonly at: (at: Instant) => number;
  /** Some stretches are drawn shorter than they are. */
  readonly shortened: boolean;
}

/** Room at the right edge, so that the last mark can be seen whole. */
const WIDTH = 96;
/** More than these are drawn as one: on a narrow screen each would be less than two pixels wide. */
const MOST = 90;
/** What may be taken by nights, by pauses and by lateness, counted in lengths of the working time. */
const REST = { idle: 0.5, paused: 0.6, late: 0.4 } as const;

/**
 * The life of a promise up to its deadline, its end or, where it is late or stands, to now. Of a clock with a calendar the
 * working time is drawn to scale, and the nights and days off beside it as narrow strips: four hours over a weekend would
 * otherwise be two hairs in a grey bar. Null where nobody knows when it began.
 */
export function lifeOf(
  { segments, promisedAt, clock }: Explanation,
  endedAt: Instant | null,
  now: Instant,
): LifeScale | null {
  const parts: Part[] = segments.map(({ from, to, reason }) => ({ from, to: to ?? later(now, from), look: reason }));
  const first = parts[0];
  if (!first) return null;
  const reached = endedAt ?? now;
  if (promisedAt !== null && reached > promisedAt) parts.push({ from: promisedAt, to: reached, look: 'late' });
  const drawn = (parts.length > MOST ? merged(parts) : parts).filter(({ from, to }) => from < to);
  const weights = weightsOf(drawn, clock !== null);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let x = 0;
  const stretches = drawn.map((part, index) => {
    const width = ((weights[index] ?? 0) / Math.max(1, sum)) * WIDTH;
    const stretch = { ...part, x: rounded(x), width: rounded(width) };
    x += width;
    return stretch;
  });
  const shortened = drawn.some((part, index) => (weights[index] ?? 0) < lengthOf(part));
  return { stretches, at: (at) => placeOf(stretches, at), shortened };
}

type Part = Pick<Stretch, 'from' | 'to' | 'look'>;

const lengthOf = ({ from, to }: Pick<Part, 'from' | 'to'>): number => msBetween(from, to);
const rounded = (x: number): number => Math.round(x * 100) / 100;

/** How wide each is, relative to the others. What is no working time shares a part of the bar that it never exceeds. */
function weightsOf(parts: readonly Part[], hasClock: boolean): readonly number[] {
  const total = (looks: readonly Look[]): number =>
    parts.reduce((ms, part) => (looks.includes(part.look) ? ms + lengthOf(part) : ms), 0);
  const running = total(['open', 'merged']);
  const unit = running > 0 ? running : total(['paused', 'lunch', 'closed', 'holiday', 'late']);
  return parts.map((part) => {
    const rest = restOf(part.look);
    if (rest === null || (!hasClock && rest !== 'late')) return lengthOf(part);
    const sharing = parts.filter(({ look }) => restOf(look) === rest).length;
    return Math.min(lengthOf(part), (unit * REST[rest]) / sharing);
  });
}

function restOf(look: Look): keyof typeof REST | null {
  if (look === 'open' || look === 'merged') return null;
  return look === 'paused' || look === 'late' ? look : 'idle';
}

/** Runs of working time, nights and days off as one stretch each; pauses and lateness stay. */
function merged(parts: readonly Part[]): readonly Part[] {
  const runs: { from: Instant; to: Instant; look: Look }[] = [];
  for (const part of parts) {
    const look = part.look === 'paused' || part.look === 'late' ? part.look : 'merged';
    const last = runs.at(-1);
    if (last && last.look === look) last.to = part.to;
    else runs.push({ ...part, look });
  }
  return runs;
}

function placeOf(stretches: readonly Stretch[], at: Instant): number {
  const here = stretches.findLast(({ from }) => from <= at);
  if (!here) return 0;
  const share = Math.min(1, (msOf(at) - msOf(here.from)) / lengthOf(here));
  return rounded(here.x + here.width * share);
}
