import { IDLE, instant, msBetween, msOf, type Instant, type Zone } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';
import { hasSeconds, lengthText } from '../../words/format.ts';
import type { BarTimes } from '../shapes.ts';
import { KeyMark, Mark, shapeOf, type Shape } from './marks.tsx';
import { milestonesOf } from './milestones.ts';
import { sayingOf } from './saying.ts';
import { scaleOf } from './scale.ts';
import { StandingBar } from './standing-bar.tsx';
import { countedText, leftStanding } from './waiting.tsx';
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
  const { targetAt, promisedAt, phase, clock } = times;
  const leftMs = leftStanding(times);
  if (clock !== null && leftMs !== null)
    return <StandingBar words={words} clock={clock} leftMs={leftMs} left={leftText(words, times, now)} />;
  const { at, reached } = scaleOf(times, now);
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
      {marksOf(times, now).map((mark) => (
        <Mark x={at(mark.at)} shape={mark.shape} />
      ))}
      <Mark x={here} shape="now" />
    </svg>
  );
}

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
          <KeyMark shape={shape} />
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

const ALL: readonly Shape[] = ['now', 'target', 'last-call', 'promised', 'estimate', 'told', 'checkpoint'];

/** Under which name `words` has each mark. */
const NAMES = {
  now: 'now',
  target: 'target',
  'last-call': 'lastCall',
  promised: 'promised',
  estimate: 'estimate',
  told: 'told',
  checkpoint: 'checkpoint',
  'checkpoint-passed': 'checkpointPassed',
  'checkpoint-missed': 'checkpointMissed',
} as const satisfies Record<Shape, string>;

interface TimedMark {
  readonly shape: Shape;
  readonly at: Instant;
  /** Of a checkpoint. */
  readonly name?: string;
}

/** The marks a bar has besides the one at which it is filled up to; none of a promise that has no time. */
function marksOf(times: BarTimes, now: Instant): readonly TimedMark[] {
  const { madeAt, targetAt, lastCallAt, promisedAt, estimatedAt, closedAt } = times;
  if (promisedAt === IDLE) return [];
  const marks: readonly { readonly shape: Shape; readonly at: Instant | null; readonly name?: string }[] = [
    ...milestonesOf(times, now).map(({ name, at, state }) => ({ shape: shapeOf(state), at, name })),
    { shape: 'target', at: targetAt },
    { shape: 'last-call', at: lastCallAt === madeAt ? null : lastCallAt },
    { shape: 'promised', at: promisedAt },
    { shape: 'told', at: toldLater(times) },
    { shape: 'estimate', at: closedAt === null ? estimatedAt : null },
  ];
  return marks.filter((mark): mark is TimedMark => mark.at !== null);
}

const MINUTE_MS = 60_000;

interface Key {
  readonly shape: Shape;
  readonly text: string;
}

/** Each mark with its time; `now` first, while it moves, and to the second only where another mark needs it. */
function timedKeys(words: Words, times: BarTimes, now: Instant): readonly Key[] {
  const marks = marksOf(times, now);
  const here = marks.some(({ at }) => hasSeconds(at)) ? now : instant(msOf(now) - (msOf(now) % MINUTE_MS));
  const moving: readonly TimedMark[] = times.closedAt === null ? [{ shape: 'now', at: here }] : [];
  return said(words, [...moving, ...marks], times, { now, zone: times.zone });
}

function said(
  words: Words,
  marks: readonly TimedMark[],
  times: BarTimes,
  shown: { now: Instant; zone: Zone },
): readonly Key[] {
  const { bar } = words.page;
  const together = marks.map(({ at }) => at);
  const { time, deadline } = sayingOf(words, times, shown, together);
  return marks.map(({ shape, at, name }) => {
    const what = name === undefined ? bar[NAMES[shape]] : bar.named(bar[NAMES[shape]], name);
    return { shape, text: bar.mark(what, shape === 'promised' || shape === 'told' ? deadline(at) : time(at)) };
  });
}

/**
 * `2 h 5 min left`, `5 min late`: against the promised time, up to now or to the end. While the clock stands, what is left
 * of its running time.
 */
export function leftText(words: Words, times: BarTimes, now: Instant): string {
  const { promisedAt, closedAt, clock } = times;
  const { left, moving } = words.page;
  const standing = leftStanding(times);
  if (standing !== null && clock !== null)
    return moving.left(countedText(words, clock, standing), clock.calendar !== null);
  const ms = msBetween(closedAt ?? now, promisedAt);
  if (Math.abs(ms) < 1000) return left.now;
  const length = lengthText(words.clock, ms);
  return ms > 0 ? left.until(length) : left.late(length);
}

function described(words: Words, times: BarTimes, now: Instant, zone: Zone): string {
  const marks = said(words, marksOf(times, now), times, { now, zone });
  return words.page.bar.described(
    leftText(words, times, now),
    marks.map(({ text }) => text),
  );
}
