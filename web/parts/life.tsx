import type { Instant } from '../../domain/promise/instant.ts';
import type { Explanation } from '../../domain/promise/explanation.ts';
import type { Words } from '../../words/en.ts';
import { dayText } from '../../words/format.ts';
import type { LifeScale, Look } from './life-scale.ts';
import { KeyMark, Mark, shapeOf, type Shape } from './marks.tsx';
import { milestonesOf } from './milestones.ts';
import type { StoredTime } from './stored-time.ts';

interface LifeProps {
  readonly words: Words;
  readonly explanation: Explanation;
  readonly scale: LifeScale;
  readonly endedAt: Instant | null;
  readonly now: Instant;
  readonly time: StoredTime;
  /** Whether its time is counted by a calendar. */
  readonly hasCalendar: boolean;
}

/** A promise's life as one bar: when its clock ran and when it stood, and what is planned on it; with its key. */
export function LifePicture(props: LifeProps) {
  const { words, scale, time } = props;
  const { explain, bar } = words.page;
  const marks = marksOf(props);
  const looks = [...new Set(scale.stretches.map(({ look }) => look))];
  const { day } = props.explanation;
  // A promised day is a day, not the midnight that ends it.
  const when = ({ shape, at }: LifeMark): string =>
    shape === 'promised' && day !== null ? dayText(words.clock, day) : time.full(at);
  const said = marks.map((mark) => bar.mark(mark.text, when(mark)));
  return (
    <>
      <svg class="life" width="100%" height="52" role="img" aria-label={explain.life.described(said)}>
        <Hatch />
        {scale.stretches.map(({ x, width, look }) => (
          <Drawn x={x} width={width} look={look} />
        ))}
        {daysOf(props).map(({ x, text }) => (
          <text class="life-day" x={`${x}%`} y="48">
            {text}
          </text>
        ))}
        {marks.map(({ at, shape }) => (shape === null ? null : <Mark x={scale.at(at)} shape={shape} />))}
      </svg>
      <ul class="legend" aria-label={bar.legend}>
        {looks.map((look) => (
          <li>
            <svg width="24" height="16" viewBox="0 10 24 16" aria-hidden="true" class="life">
              <Drawn look={look} />
            </svg>
            {keyOf(props, look)}
          </li>
        ))}
        {marks.map(({ shape }, index) => (
          <li>
            {shape === null ? null : <KeyMark shape={shape} />}
            {said[index]}
          </li>
        ))}
      </ul>
    </>
  );
}

/** One pattern for all: what stands is hatched, so that nobody has to tell colours apart. */
const Hatch = () => (
  <defs>
    <pattern id="life-hatch" width="6" height="6" patternUnits="userSpaceOnUse">
      <path class="life-hatch" d="M-1 1 L1 -1 M0 6 L6 0 M5 7 L7 5" />
    </pattern>
  </defs>
);

interface DrawnProps {
  /** In per cent; a key is drawn in pixels. */
  readonly x?: number;
  readonly width?: number;
  readonly look: Look;
}

/** Working time is tall, what lies between is a thin line: a dotted one for a break, one with bars for a holiday. */
function Drawn({ x, width, look }: DrawnProps) {
  const place = { x: x === undefined ? '0' : `${x}%`, width: width === undefined ? '24' : `${width}%` };
  const { y, height } = BOXES[look];
  return (
    <>
      {look === 'lunch' ? null : <rect class={`life-${look}`} {...place} y={y} height={height} />}
      {look === 'paused' ? <rect fill="url(#life-hatch)" {...place} y={y} height={height} /> : null}
      {look === 'holiday' || look === 'lunch' ? (
        <line
          class={`life-${look}-line`}
          x1={place.x}
          x2={x === undefined ? '24' : `${x + (width ?? 0)}%`}
          y1="18"
          y2="18"
        />
      ) : null}
    </>
  );
}

const BOXES: Readonly<Record<Look, { readonly y: number; readonly height: number }>> = {
  open: { y: 12, height: 12 },
  merged: { y: 12, height: 12 },
  paused: { y: 12, height: 12 },
  late: { y: 14, height: 8 },
  lunch: { y: 16.5, height: 3 },
  closed: { y: 16.5, height: 3 },
  holiday: { y: 16.5, height: 3 },
};

interface LifeMark {
  readonly at: Instant;
  /** Null: the edge of the bar. */
  readonly shape: Shape | null;
  readonly text: string;
}

/** From left to right. */
function marksOf({ words, explanation, endedAt, now }: LifeProps): readonly LifeMark[] {
  const { bar, explain } = words.page;
  const { madeAt, targetAt, lastCallAt, promisedAt, checkpoints } = explanation;
  const passed = Object.fromEntries(checkpoints.flatMap((each) => (each.passedAt ? [[each.name, each.passedAt]] : [])));
  const milestones = milestonesOf({ checkpoints, passed, closedAt: endedAt }, now).map(({ at, state, name }) => {
    const shape = shapeOf(state);
    const what = { 'checkpoint-passed': bar.checkpointPassed, 'checkpoint-missed': bar.checkpointMissed };
    return { at, shape, text: bar.named(shape in what ? what[shape as keyof typeof what] : bar.checkpoint, name) };
  });
  const marks: readonly { readonly at: Instant | null; readonly shape: Shape | null; readonly text: string }[] = [
    { at: madeAt, shape: null, text: explain.life.made },
    ...milestones,
    { at: targetAt, shape: 'target', text: bar.target },
    { at: lastCallAt === madeAt ? null : lastCallAt, shape: 'last-call', text: bar.lastCall },
    { at: promisedAt, shape: 'promised', text: bar.promised },
    { at: endedAt ?? now, shape: 'now', text: endedAt === null ? bar.now : explain.life.ended },
  ];
  return marks
    .filter((mark): mark is LifeMark => mark.at !== null)
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function keyOf({ words, explanation, hasCalendar }: LifeProps, look: Look): string {
  const { life } = words.page.explain;
  const own: Partial<Record<Look, string>> =
    explanation.clock === null ? life.keyOfDate : hasCalendar ? {} : life.keyOfHours;
  return own[look] ?? life.key[look];
}

/** Days are named where their working time begins, as far as there is room: a name takes up to a quarter of 320 px. */
const DAY_ROOM = 26;

function daysOf({ scale, time }: LifeProps): readonly { readonly x: number; readonly text: string }[] {
  const days: { x: number; text: string }[] = [];
  let seen = '';
  for (const { from, look, x } of scale.stretches) {
    const day = time.dayOf(from);
    const isRun = look === 'open' || look === 'merged' || look === 'paused';
    if (!isRun || day === seen) continue;
    const last = days.at(-1);
    if ((last && x - last.x < DAY_ROOM) || x > 100 - DAY_ROOM) continue;
    days.push({ x, text: time.day(from) });
    seen = day;
  }
  return days;
}
