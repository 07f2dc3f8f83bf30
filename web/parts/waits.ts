import type { Instant } from '../../domain/promise/instant.ts';
import type { NoticeReason } from '../../domain/promise/words.ts';
import type { Words } from '../../words/en.ts';
import type { BarTimes } from '../shapes.ts';
import type { Saying } from './saying.ts';

interface Waiting extends BarTimes {
  readonly recoveryAt: Instant;
  readonly wakeAt: Instant | null;
  readonly notice: NoticeReason | null;
}

/**
 * What an open promise waits for, nearest first: a notice on its way, the instant at which it is looked at next, and the
 * promised times still ahead. Whoever it concerns can tell from it what happens if nobody does anything.
 */
export function waitsFor(words: Words, row: Waiting, now: Instant, { time, deadline }: Saying): string {
  const { waits } = words.page;
  const next = row.wakeAt;
  const stops = [
    { at: next, text: next === null ? '' : nextText(words, row, next, time(next)) },
    { at: row.promisedAt, text: waits.promised(deadline(row.promisedAt)) },
    { at: toldLater(row), text: waits.newTime(deadline(row.toldAt)) },
  ];
  const ahead = stops
    .filter((stop): stop is { at: Instant; text: string } => stop.at !== null && (stop.at > now || stop.at === next))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map((stop) => stop.text);
  const [first = waits.fact, ...rest] = [
    ...(row.notice === null ? [] : [waits.notice(words.names.reason[row.notice])]),
    ...ahead,
  ];
  return waits.join(first, rest);
}

/** The later time that the customer was told; null where none was. */
export const toldLater = ({ toldAt, promisedAt }: Pick<BarTimes, 'toldAt' | 'promisedAt'>): Instant | null =>
  toldAt > promisedAt ? toldAt : null;

/** By which of the plan's instants it is woken. Recovery waits for a time that was told, too; the manager hears before. */
function nextText({ page: { waits } }: Words, row: Waiting, at: Instant, time: string): string {
  if (at === row.targetAt) return waits.target(time);
  if (at === row.lastCallAt) return waits.lastCall(time);
  if (at < row.recoveryAt) return waits.look(time);
  return at === row.recoveryAt && toldLater(row) !== null ? waits.manager(time) : waits.recovery(time);
}
