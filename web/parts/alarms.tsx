import type { Instant } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';

interface AlarmsProps {
  readonly words: Words;
  readonly unreached: boolean;
  /** When the customer was to hear next, where that was told and no time since. */
  readonly nextNewsAt: Instant | null;
  readonly now: Instant;
  readonly time: (at: Instant) => string;
}

/** What somebody has to act on by hand: nobody else will. */
export function Alarms({ words, unreached, nextNewsAt, now, time }: AlarmsProps) {
  const { alarm } = words.page;
  const said = [
    unreached ? alarm.unreached : null,
    nextNewsAt !== null && nextNewsAt <= now ? alarm.newsOverdue(time(nextNewsAt)) : null,
  ].filter((text) => text !== null);
  return (
    <>
      {said.map((text) => (
        <strong class="alarm">{text}</strong>
      ))}
    </>
  );
}
