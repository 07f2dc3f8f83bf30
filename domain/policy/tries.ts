import { DURATION } from './durations.ts';
import { mapping, wholeNumber } from './forms.ts';
import type { Tries } from './policy.ts';

/** How a callback is tried where its file is silent. */
export const USUAL_TRIES: Tries = { max: 3, every: 'PT20M', remind: 'PT15M' };

const MOST = 50;

/** How a customer is called. */
export const TRIES = mapping<Tries>('{ max: 3, every: PT20M, remind: PT15M }', {
  max: {
    form: wholeNumber(1, MOST),
    meaning: 'After so many tries it ends as unreachable.',
    fallback: USUAL_TRIES.max,
  },
  every: { form: DURATION, meaning: 'Tries nearer than this count as one.', fallback: USUAL_TRIES.every },
  remind: {
    form: DURATION,
    meaning: 'How long before the window begins (of other times: before the deadline) the owner is reminded.',
    fallback: USUAL_TRIES.remind,
  },
});
