import { DURATION, isLonger, isNothing } from './durations.ts';
import { checked, mapping, orNone, textLike } from './forms.ts';
import { TEAM } from './names.ts';
import type { SlotRule } from './policy.ts';

/** How a callback's places are offered where its file is silent. */
export const USUAL_SLOTS: SlotRule = { length: 'PT30M', ahead: 'P14D', team: null };

/** Whole minutes: slots begin on the wall clock, counted from midnight. */
const LENGTH = checked(
  textLike(/^PT(?=\d)(\d{1,2}H)?(\d{1,4}M)?$/, 'hours and minutes', 'Hours and minutes such as PT30M'),
  (length, say) => {
    if (isNothing(length) || isLonger(length, 'PT24H')) say('', `A slot lasts from PT1M to PT24H, not ${length}.`);
  },
);

const AHEAD = checked(DURATION, (ahead, say) => {
  if (isNothing(ahead) || isLonger(ahead, 'P1Y'))
    say('', `Slots are offered for some time ahead, up to P1Y, not ${ahead}.`);
});

/** How places for calls are offered. */
export const SLOTS = mapping<SlotRule>('{ length: PT30M, ahead: P14D, team: care }', {
  length: {
    form: LENGTH,
    meaning: "How long a slot is: they begin at midnight of the company's zone and follow one another.",
    fallback: USUAL_SLOTS.length,
  },
  ahead: { form: AHEAD, meaning: 'How far ahead places are given.', fallback: USUAL_SLOTS.ahead },
  team: {
    form: orNone(TEAM),
    meaning:
      'Whose calls they are: its people on duty for the whole slot, each as often as their `parallel`. None: the teams that ' +
      'serve the kind; where there are none either, everybody but the people of partners.',
    fallback: USUAL_SLOTS.team,
  },
});
