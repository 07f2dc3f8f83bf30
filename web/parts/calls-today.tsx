import type { Phase } from '../../domain/promise/words.ts';
import type { Zone } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';
import { clockText } from '../../words/format.ts';
import type { CallsAhead, PageCall } from '../call-shapes.ts';

/** In these the call is still to be made. */
export const TO_MAKE = new Set<Phase>(['open', 'at_risk', 'paused', 'overdue']);

/** The next calls of today, and how many nobody is free for. */
export function CallsToday({ words, calls }: { readonly words: Words; readonly calls: CallsAhead }) {
  const { calls: says } = words;
  const { open, next, overflow, zone } = calls;
  return (
    <>
      {overflow === 0 ? null : <strong class="alarm">{says.overflow(overflow)}</strong>}
      <p class={open === 0 ? 'sub' : ''}>{open === 0 ? says.today.none : says.today.open(open)}</p>
      {next.length === 0 ? null : (
        <ul class="feed">
          {next.map((call) => (
            <li id={`today-call-${call.id}`}>
              <time datetime={call.from ?? call.to}>{callTime(words, call, zone)}</time>
              <span class="feed-what">{whoCalls(words, call)}</span>
              <a href={`/promises/${call.id}`}>{callTitle(call)}</a>
            </li>
          ))}
        </ul>
      )}
      <p>
        <a href="/callbacks">{says.today.all}</a>
      </p>
    </>
  );
}

/** From when to when it is to be made, on a day that is known. */
export function callTime(
  { calls: says, clock }: Pick<Words, 'calls' | 'clock'>,
  { from, to }: Pick<PageCall, 'from' | 'to'>,
  zone: Zone,
): string {
  return from === null ? says.until(clockText(to, zone)) : clock.range(clockText(from, zone), clockText(to, zone));
}

export const whoCalls = ({ calls: says }: Words, { ownerName }: PageCall): string =>
  ownerName === null ? says.nobody : says.by(ownerName);

export const callTitle = ({ subject, source, ref }: Pick<PageCall, 'subject' | 'source' | 'ref'>): string =>
  subject ?? `${source} ${ref}`;
