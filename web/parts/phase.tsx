import type { Phase } from '../../domain/promise/words.ts';
import type { Words } from '../../words/en.ts';

/** A phase as a word with a sign; its colour only repeats what both say. */
export const PhaseTag = ({ words, phase }: { readonly words: Words; readonly phase: Phase }) => (
  <span class={`phase ${phase}`}>
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      {SIGNS[phase]}
    </svg>
    {words.names.phase[phase]}
  </span>
);

const SIGNS = {
  open: <circle cx="6" cy="6" r="4.5" />,
  at_risk: <path d="M6 1.5 L11 10.5 H1 Z" />,
  paused: <path class="line" d="M4 2 V10 M8 2 V10" />,
  overdue: <path d="M6 1 L11 6 L6 11 L1 6 Z" />,
  kept: <path class="line" d="M1.5 6.5 L4.5 9.5 L10.5 2.5" />,
  broken: <path class="line" d="M2 2 L10 10 M10 2 L2 10" />,
  withdrawn: <path class="line" d="M1.5 6 H10.5" />,
  unreachable: <path class="line" d="M1.5 6 H4.5 M7.5 6 H10.5" />,
} as const satisfies Record<Phase, unknown>;
