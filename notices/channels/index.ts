import type { NoticeChannel } from '../notice.ts';
import { createEmailChannel } from './email.ts';

export interface ChannelOptions {
  readonly smtpUrl: string;
  readonly mailFrom: string;
}

/** Every way out of the house, in the order in which they are tried. To add one: one file here and one line below. */
export const createChannels = ({ smtpUrl, mailFrom }: ChannelOptions): readonly NoticeChannel[] => [
  createEmailChannel({ url: smtpUrl, from: mailFrom }),
];
