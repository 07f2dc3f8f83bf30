import type { NoticeChannel } from '../notice.ts';
import { createEmailChannel } from './email.ts';

export interface ChannelOptions {
  readonly smtpUrl: string;
  readonly mailFrom: string;
  /** How many notices are handed over at once; waiting for a connection would eat into their time. */
  readonly parallel: number;
}

/** Every way out of the house, in the order in which they are tried. To add one: one file here and one line below. */
export const createChannels = ({ smtpUrl, mailFrom, parallel }: ChannelOptions): readonly NoticeChannel[] => [
  createEmailChannel({ url: smtpUrl, from: mailFrom, maxConnections: parallel }),
];
