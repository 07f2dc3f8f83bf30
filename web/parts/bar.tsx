import type { Instant, Zone } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';
import { lengthText, shortTimeText } from '../../words/format.ts';
import { msBetween } from '../../domain/promise/instant.ts';
import type { BarTimes } from '../shapes.ts';
import { scaleOf } from './scale.ts';

interface BarProps {
  readonly words: Words;
  readonly times: BarTimes;
  readonly now: Instant;
  /** In which the times are told. */
  readonly zone: Zone;
}

/**
 * The life of one promise as a bar: the time we plan with, the buffer, what comes after the promise; filled up to now.
 * All positions are SVG attributes, so that pages need no inline style.
 */
export function Bar({ words, times, now, zone }: BarProps) {
  const { at, reached } = scaleOf(times, now);
  const { madeAt, targetAt, lastCallAt, promisedAt, estimatedAt, toldAt, phase, closedAt } = times;
  const [target, promised, here] = [at(targetAt), at(promisedAt), at(reached)];
  return (
    <svg class={`bar ${phase}`} width="100%" height="34" role="img" aria-label={described(words, times, now, zone)}>
      <rect class="bar-room" x="0" y="14" width={`${target}%`} height="8" rx="4" />
      <rect class="bar-buffer" x={`${target}%`} y="14" width={`${promised - target}%`} height="8" />
      <rect class="bar-late" x={`${promised}%`} y="14" width={`${100 - promised}%`} height="8" rx="4" />
      <rect class="bar-fill" x="0" y="14" width={`${Math.min(here, promised)}%`} height="8" rx="4" />
      {here > promised ? (
        <rect class="bar-over" x={`${promised}%`} y="14" width={`${here - promised}%`} height="8" />
      ) : null}
      <Mark x={target} shape="target" />
      {lastCallAt === madeAt ? null : <Mark x={at(lastCallAt)} shape="last-call" />}
      <Mark x={promised} shape="promised" />
      {toldAt > promisedAt ? <Mark x={at(toldAt)} shape="told" /> : null}
      {estimatedAt === null || closedAt !== null ? null : <Mark x={at(estimatedAt)} shape="estimate" />}
      <Mark x={here} shape="now" />
    </svg>
  );
}

type Shape = 'target' | 'last-call' | 'promised' | 'told' | 'estimate' | 'now';

/** One mark; drawn around x = 0 and moved by its own nested frame, because a path knows no per cent. */
export function Mark({ x, shape }: { readonly x: number; readonly shape: Shape }) {
  return (
    <svg x={`${x}%`} overflow="visible" class={`mark mark-${shape}`}>
      {SHAPES[shape]}
    </svg>
  );
}

const SHAPES = {
  target: <path d="M0 13 L4.5 7.5 L0 2 L-4.5 7.5 Z" />,
  'last-call': <path d="M0 24.5 L-5 33 L5 33 Z" />,
  promised: <path d="M0 2 V32 M0 3 H9 L6 6.5 L9 10 H0" />,
  told: <path d="M0 8 V32 M0 9 H7 L5 12 L7 15 H0" />,
  estimate: <circle cy="18" r="4.5" />,
  now: <circle cy="18" r="6.5" />,
} as const satisfies Record<Shape, unknown>;

/** The part of a mark's drawing that a key shows: x, y, width, height. */
const FRAMES: Readonly<Record<Shape, string>> = {
  now: '-9 9 18 18',
  target: '-9 -1.5 18 18',
  'last-call': '-9 19.5 18 18',
  promised: '-5 -2 18 36',
  told: '-5 4 18 30',
  estimate: '-9 9 18 18',
};

/** The key to the marks; on the page of one promise with its times, without those that it lacks. */
export function Legend({
  words,
  times,
  now,
}: {
  readonly words: Words;
  readonly times?: BarTimes;
  readonly now?: Instant;
}) {
  const { bar } = words.page;
  const told = times && times.toldAt > times.promisedAt ? times.toldAt : null;
  const marks: readonly (readonly [Shape, string, Instant | null])[] = [
    ['now', bar.now, now ?? null],
    ['target', bar.target, times?.targetAt ?? null],
    ['last-call', bar.lastCall, times?.lastCallAt ?? null],
    ['promised', bar.promised, times?.promisedAt ?? null],
    ['estimate', bar.estimate, times?.closedAt ? null : (times?.estimatedAt ?? null)],
    ['told', bar.told, told],
  ];
  const shown =
    times && now ? marks.filter(([shape, , at]) => at !== null && !(shape === 'now' && times.closedAt)) : marks;
  return (
    <ul class="legend" aria-label={bar.legend}>
      {shown.map(([shape, name, at]) => (
        <li>
          <svg width="18" height="18" viewBox={FRAMES[shape]} aria-hidden="true" class={`mark mark-${shape}`}>
            {SHAPES[shape]}
          </svg>
          {at === null || !times || !now ? name : bar.mark(name, shortTimeText(words.clock, at, times.zone, now))}
        </li>
      ))}
      <li>
        <svg width="24" height="8" aria-hidden="true" class="bar">
          <rect class="bar-buffer" width="24" height="8" rx="2" />
        </svg>
        {bar.buffer}
      </li>
    </ul>
  );
}

/** `2 h 5 min left`, `5 min late`: against the promised time, up to now or to the end. */
export function leftText(words: Words, { promisedAt, closedAt }: BarTimes, now: Instant): string {
  const ms = msBetween(closedAt ?? now, promisedAt);
  if (Math.abs(ms) < 1000) return words.page.left.now;
  const length = lengthText(words.clock, ms);
  return ms > 0 ? words.page.left.until(length) : words.page.left.late(length);
}

function described(words: Words, times: BarTimes, now: Instant, zone: Zone): string {
  const { bar } = words.page;
  const marks: readonly (readonly [string, Instant | null])[] = [
    [bar.target, times.targetAt],
    [bar.lastCall, times.lastCallAt],
    [bar.promised, times.promisedAt],
    [bar.told, times.toldAt > times.promisedAt ? times.toldAt : null],
    [bar.estimate, times.closedAt === null ? times.estimatedAt : null],
  ];
  const said = marks.flatMap(([name, at]) =>
    at === null ? [] : [bar.mark(name, shortTimeText(words.clock, at, zone, now))],
  );
  return bar.described(leftText(words, times, now), said);
}
