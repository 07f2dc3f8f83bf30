import { instant, msBetween, msOf, type Instant, type Zone } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';
import { hasSeconds, lengthText } from '../../words/format.ts';
import type { BarTimes } from '../shapes.ts';
import { sayingOf } from './saying.ts';
import { scaleOf } from './scale.ts';
import { toldLater } from './waits.ts';

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
  const { targetAt, promisedAt, phase } = times;
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
      {marksOf(times).map((mark) => (
        <Mark x={at(mark.at)} shape={mark.shape} />
      ))}
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

interface LegendProps {
  readonly words: Words;
  /** Of one promise: only the marks that its bar has, with their times. */
  readonly times?: BarTimes;
  readonly now?: Instant;
}

/** The key to the marks; on the page of one promise with its times, without those that it lacks. */
export function Legend({ words, times, now }: LegendProps) {
  const { bar } = words.page;
  const keys = times && now ? timedKeys(words, times, now) : ALL.map((shape) => ({ shape, text: bar[NAMES[shape]] }));
  return (
    <ul class="legend" aria-label={bar.legend}>
      {keys.map(({ shape, text }) => (
        <li>
          <svg width="18" height="18" viewBox={FRAMES[shape]} aria-hidden="true" class={`mark mark-${shape}`}>
            {SHAPES[shape]}
          </svg>
          {text}
        </li>
      ))}
      {times && times.targetAt >= times.promisedAt ? null : (
        <li>
          <svg width="24" height="8" aria-hidden="true" class="bar">
            <rect class="bar-buffer" width="24" height="8" rx="2" />
          </svg>
          {bar.buffer}
        </li>
      )}
    </ul>
  );
}

const ALL: readonly Shape[] = ['now', 'target', 'last-call', 'promised', 'estimate', 'told'];

/** Under which name `words` has each mark. */
const NAMES = {
  now: 'now',
  target: 'target',
  'last-call': 'lastCall',
  promised: 'promised',
  estimate: 'estimate',
  told: 'told',
} as const satisfies Record<Shape, string>;

interface TimedMark {
  readonly shape: Shape;
  readonly at: Instant;
}

/** The marks a bar has besides the one at which it is filled up to. */
function marksOf(times: BarTimes): readonly TimedMark[] {
  const { madeAt, targetAt, lastCallAt, promisedAt, estimatedAt, closedAt } = times;
  const marks: readonly { readonly shape: Shape; readonly at: Instant | null }[] = [
    { shape: 'target', at: targetAt },
    { shape: 'last-call', at: lastCallAt === madeAt ? null : lastCallAt },
    { shape: 'promised', at: promisedAt },
    { shape: 'told', at: toldLater(times) },
    { shape: 'estimate', at: closedAt === null ? estimatedAt : null },
  ];
  return marks.filter((mark): mark is TimedMark => mark.at !== null);
}

const MINUTE_MS = 60_000;

/** Each mark with its time; `now` first, while it moves, and to the second only where another mark needs it. */
function timedKeys(
  words: Words,
  times: BarTimes,
  now: Instant,
): readonly { readonly shape: Shape; readonly text: string }[] {
  const marks = marksOf(times);
  const here = marks.some(({ at }) => hasSeconds(at)) ? now : instant(msOf(now) - (msOf(now) % MINUTE_MS));
  const moving: readonly TimedMark[] = times.closedAt === null ? [{ shape: 'now', at: here }] : [];
  return said(words, [...moving, ...marks], times, { now, zone: times.zone });
}

function said(words: Words, marks: readonly TimedMark[], times: BarTimes, shown: { now: Instant; zone: Zone }) {
  const { bar } = words.page;
  const together = marks.map(({ at }) => at);
  const { time, deadline } = sayingOf(words, times, shown, together);
  return marks.map(({ shape, at }) => ({
    shape,
    text: bar.mark(bar[NAMES[shape]], shape === 'promised' || shape === 'told' ? deadline(at) : time(at)),
  }));
}

/** `2 h 5 min left`, `5 min late`: against the promised time, up to now or to the end. */
export function leftText(words: Words, { promisedAt, closedAt }: BarTimes, now: Instant): string {
  const ms = msBetween(closedAt ?? now, promisedAt);
  if (Math.abs(ms) < 1000) return words.page.left.now;
  const length = lengthText(words.clock, ms);
  return ms > 0 ? words.page.left.until(length) : words.page.left.late(length);
}

function described(words: Words, times: BarTimes, now: Instant, zone: Zone): string {
  const marks = said(words, marksOf(times), times, { now, zone });
  return words.page.bar.described(
    leftText(words, times, now),
    marks.map(({ text }) => text),
  );
}
