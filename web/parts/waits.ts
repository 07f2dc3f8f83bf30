import { passedAt } from '../../domain/promise/fold.ts';
import { IDLE, type Instant } from '../../domain/promise/instant.ts';
import { stands } from '../../domain/promise/plan.ts';
import type { NoticeReason } from '../../domain/promise/words.ts';
import type { Words } from '../../words/en.ts';
import type { BarTimes } from '../shapes.ts';
import type { Saying } from './saying.ts';

interface Waiting extends BarTimes {
  readonly recoveryAt: Instant;
  readonly wakeAt: Instant | null;
  readonly notice: NoticeReason | null;
}

interface Stop {
  readonly at: Instant | null;
  readonly text: (at: Instant) => string;
}

/**
 * What an open promise waits for, nearest first: a notice on its way, the instant at which it is looked at next, and the
 * promised times still ahead. Whoever it concerns can tell from it what happens if nobody does anything.
 */
export function waitsFor(words: Words, row: Waiting, now: Instant, { time, deadline }: Saying): string {
  const { waits } = words.page;
  const next = row.wakeAt;
  const over = row.waitingFor === null ? null : row.waitingUntil;
  const stops: readonly Stop[] = [
    { at: next, text: (at) => nextText(words, row, at, time(at)) },
    { at: over === next ? null : over, text: (at) => waits.waitOver(time(at)) },
    { at: row.promisedAt, text: (at) => waits.promised(deadline(at)) },
    { at: toldLater(row), text: (at) => waits.newTime(deadline(at)) },
  ];
  const ahead = stops
    .flatMap(({ at, text }) =>
      at !== null && at !== IDLE && (at > now || at === next) ? [{ at, text: text(at) }] : [],
    )
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map((stop) => stop.text);
  const idle = stands(row) ? waits.word(words.names.waitedFor.customer) : waits.fact;
  const [first = idle, ...rest] = [
    ...(row.notice === null ? [] : [waits.notice(words.names.reason[row.notice])]),
    ...ahead,
  ];
  return waits.join(first, rest);
}

/** The later time that the customer was told; null where none was. Where the clock stands, any time is later than none. */
export const toldLater = ({ toldAt, promisedAt }: Pick<BarTimes, 'toldAt' | 'promisedAt'>): Instant | null =>
  toldAt !== IDLE && (toldAt > promisedAt || promisedAt === IDLE) ? toldAt : null;

/** By which of the plan's instants it is woken. Recovery waits for a time that was told, too; the manager hears before. */
function nextText({ page: { waits } }: Words, row: Waiting, at: Instant, time: string): string {
  const checkpoint = row.checkpoints.find((each) => each.at === at && passedAt(row.passed, each.name) === null);
  if (at === row.targetAt) return waits.target(time);
  if (at === row.lastCallAt) return waits.lastCall(time);
  if (checkpoint) return waits.checkpoint(checkpoint.name, time);
  if (at < row.recoveryAt) return at === row.waitingUntil ? waits.waitOver(time) : waits.look(time);
  return at === row.recoveryAt && toldLater(row) !== null ? waits.manager(time) : waits.recovery(time);
}
