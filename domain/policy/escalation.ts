import { RUNGS, type Rung } from '../promise/words.ts';
import { DURATION, isNothing } from './durations.ts';
import { checked, listOf, mapping, oneOf, orNone, wholeNumber } from './forms.ts';
import type { Escalation } from './policy.ts';

/** Who is told where the file is silent. */
export const USUAL_ESCALATION: Escalation = {
  slip: ['owner'],
  at_risk: ['owner', 'lead'],
  broken: ['owner', 'manager'],
  checkpoint: ['owner'],
  repeat: null,
  times: 2,
};

const MOST_TIMES = 20;

/** Who of the staff is told, upwards, each once. Nobody: an empty list. */
const WHO = checked(listOf(oneOf(RUNGS), RUNGS.length, '[owner, lead]'), (rungs: readonly Rung[], say) => {
  for (const [index, rung] of rungs.entries()) {
    const above = rungs.slice(0, index).find((other) => RUNGS.indexOf(other) > RUNGS.indexOf(rung));
    if (rungs.indexOf(rung) < index) say(`/${index}`, `${rung} stands here twice, and is told once. Leave one out.`);
    else if (above) say(`/${index}`, `${rung} is below ${above}: an alert goes up. Write them as ${RUNGS.join(', ')}.`);
  }
});

/** Who is told of what, and what happens where nobody acknowledges. */
export const ESCALATION_RULES = checked(
  mapping<Escalation>('{ slip: [owner], at_risk: [owner, lead], repeat: PT4H, times: 2 }', {
    slip: {
      form: WHO,
      meaning: 'Who is told that the target has passed, or will.',
      fallback: USUAL_ESCALATION.slip,
    },
    at_risk: { form: WHO, meaning: 'Who is told that it may be late.', fallback: USUAL_ESCALATION.at_risk },
    broken: { form: WHO, meaning: 'Who is told that it is broken.', fallback: USUAL_ESCALATION.broken },
    checkpoint: { form: WHO, meaning: 'Who is told of a missed checkpoint.', fallback: USUAL_ESCALATION.checkpoint },
    repeat: {
      form: orNone(DURATION),
      meaning: 'Not acknowledged for this long, an alert goes again. None: each goes once.',
      fallback: USUAL_ESCALATION.repeat,
    },
    times: {
      form: wholeNumber(0, MOST_TIMES),
      meaning: 'Repeated so often, an alert goes one rung up; at the top it stops.',
      fallback: USUAL_ESCALATION.times,
    },
  }),
  ({ repeat }, say) => {
    if (repeat !== null && isNothing(repeat))
      say('/repeat', `An alert repeated after ${repeat} would never pause. Write e.g. PT4H, or none.`);
  },
);
