import { checked, listOf, mapping, oneOf, textLike } from './forms.ts';
import type { Say } from './documents.ts';
import { QUIET_CHANNELS, type QuietHours } from './policy.ts';

/** SMS and calls wake people; a mail does not. */
export const USUAL_QUIET: QuietHours = { channels: ['sms', 'call'], from: '21:00', to: '09:00' };

const WALL_TIME = textLike(/^([01]\d|2[0-3]):[0-5]\d$/, 'wall time', 'A wall time from "00:00" to "23:59", in quotes');

/** When a customer is left in peace. */
export const QUIET_HOURS = checked(
  mapping<QuietHours>('{ channels: [sms, call], from: "21:00", to: "09:00" }', {
    channels: {
      form: listOf(oneOf(QUIET_CHANNELS), QUIET_CHANNELS.length, '[sms, call]'),
      meaning: 'By what the customer is not disturbed.',
      fallback: USUAL_QUIET.channels,
    },
    from: { form: WALL_TIME, meaning: 'From this wall time of the customer on.', fallback: USUAL_QUIET.from },
    to: { form: WALL_TIME, meaning: 'Before this wall time of the customer.', fallback: USUAL_QUIET.to },
  }),
  ({ channels, from, to }, say) => {
    sayTwice(channels, say);
    if (channels.length === 0) say('/channels', 'Quiet on no channel is never quiet. Write quiet: none.');
    if (from === to)
      say('/to', `From ${from} to ${to} is the whole day: no hour would be left to write or call. Let to differ.`);
  },
);

function sayTwice(channels: QuietHours['channels'], say: Say): void {
  for (const [index, channel] of channels.entries())
    if (channels.indexOf(channel) < index)
      say(`/channels/${index}`, `${channel} stands here twice. Leave one of them out.`);
}
