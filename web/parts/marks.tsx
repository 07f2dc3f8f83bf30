import type { MilestoneState } from './milestones.ts';

/** What a bar marks. */
export type Shape =
  | 'target'
  | 'last-call'
  | 'promised'
  | 'told'
  | 'estimate'
  | 'now'
  | 'checkpoint'
  | 'checkpoint-passed'
  | 'checkpoint-missed';

/** One mark; drawn around x = 0 and moved by its own nested frame, because a path knows no per cent. */
export function Mark({ x, shape }: { readonly x: number; readonly shape: Shape }) {
  return (
    <svg x={`${x}%`} overflow="visible" class={`mark mark-${shape}`}>
      {SHAPES[shape]}
    </svg>
  );
}

/** The same in a key, beside its name. */
export function KeyMark({ shape }: { readonly shape: Shape }) {
  return (
    <svg width="18" height="18" viewBox={FRAMES[shape]} aria-hidden="true" class={`mark mark-${shape}`}>
      {SHAPES[shape]}
    </svg>
  );
}

/** A milestone by its state: missed is a cross, so that nobody has to tell colours apart. */
export const shapeOf = (state: MilestoneState): Shape =>
  state === 'passed'
    ? 'checkpoint-passed'
    : state === 'ahead' || state === 'unneeded'
      ? 'checkpoint'
      : 'checkpoint-missed';

const SHAPES = {
  target: <path d="M0 13 L4.5 7.5 L0 2 L-4.5 7.5 Z" />,
  'last-call': <path d="M0 24.5 L-5 33 L5 33 Z" />,
  promised: <path d="M0 2 V32 M0 3 H9 L6 6.5 L9 10 H0" />,
  told: <path d="M0 8 V32 M0 9 H7 L5 12 L7 15 H0" />,
  estimate: <circle cy="18" r="4.5" />,
  now: <circle cy="18" r="6.5" />,
  checkpoint: <path d="M0 11 V25 M-3.5 25 H3.5 V32 H-3.5 Z" />,
  'checkpoint-passed': <path d="M0 11 V25 M-3.5 25 H3.5 V32 H-3.5 Z" />,
  'checkpoint-missed': <path d="M0 11 V25 M-4 25 L4 32.5 M4 25 L-4 32.5" />,
} as const satisfies Record<Shape, unknown>;

/** The part of a mark's drawing that a key shows: x, y, width, height. */
const FRAMES: Readonly<Record<Shape, string>> = {
  now: '-9 9 18 18',
  target: '-9 -1.5 18 18',
  'last-call': '-9 19.5 18 18',
  promised: '-5 -2 18 36',
  told: '-5 4 18 30',
  estimate: '-9 9 18 18',
  checkpoint: '-12 10 24 24',
  'checkpoint-passed': '-12 10 24 24',
  'checkpoint-missed': '-12 10 24 24',
};
