import type { Instant } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';
import { hasSeconds, shortTimeText } from '../../words/format.ts';
import type { BoardData } from '../../domain/metrics/board.ts';
import type { PageMail } from '../shapes.ts';
import { alertText } from './facts.ts';
import { PersonLink } from './hand-over.tsx';

const SHOWN = 6;

/** The last alerts to staff, newest first. */
export function Alerts({ words, board }: { readonly words: Words; readonly board: BoardData }) {
  const { today } = words.page;
  const { now, zone, alerts } = board;
  if (alerts.length === 0) return <p class="sub">{today.noAlerts}</p>;
  const shown = alerts.slice(0, SHOWN);
  const seconds = shown.some(({ at }) => hasSeconds(at));
  return (
    <>
      <OpenAlerts words={words} board={board} />
      <ul class="feed">
        {shown.map((alert) => (
          <li id={`alert-${alert.id}`}>
            <time datetime={alert.at}>{shortTimeText(words.clock, alert.at, zone, now, seconds)}</time>
            <span class={`feed-what alert-${alert.reason}`}>
              {alertText(words, alert)},{' '}
              {alert.person === null
                ? today.alertToNobody(words.names.rung[alert.rung])
                : today.alertTo(alert.person, words.names.rung[alert.rung])}
            </span>
            <a href={`/promises/${alert.promiseId}`}>{alert.subject ?? `${alert.source} ${alert.ref}`}</a>
          </li>
        ))}
      </ul>
    </>
  );
}

/** How many alerts nobody has taken up, and whose they are. */
function OpenAlerts({ words, board: { openAlerts } }: { readonly words: Words; readonly board: BoardData }) {
  const { today } = words.page;
  if (openAlerts.length === 0) return null;
  const all = openAlerts.reduce((sum, { count }) => sum + count, 0);
  return (
    <p class="open-alerts">
      {today.openAlerts(all)}:{' '}
      {openAlerts.map(({ personId, person, count }) => (
        <span class="label">
          {personId === null || person === null ? today.openOfNobody : <PersonLink id={personId} name={person} />}{' '}
          {count}
        </span>
      ))}
    </p>
  );
}

interface MailsProps {
  readonly words: Words;
  readonly mails: readonly Pick<PageMail, 'at' | 'to' | 'subject'>[];
  readonly board: Pick<BoardData, 'now' | 'zone'>;
}

/** The last mails, to customers and staff, newest first; each leads to the mail itself. */
export function Mails({ words, mails, board: { now, zone } }: MailsProps) {
  const { today, mail } = words.page;
  if (mails.length === 0) return <p class="sub">{today.noMails}</p>;
  const shown = numbered(mails).slice(0, SHOWN);
  const seconds = shown.some(({ mail: { at } }) => hasSeconds(at as Instant));
  return (
    <>
      <ul class="feed">
        {shown.map(({ number, mail: { at, to, subject } }) => (
          <li id={`last-mail-${number}`}>
            <time datetime={at}>{shortTimeText(words.clock, at as Instant, zone, now, seconds)}</time>
            <span class="feed-what">{addressesOf(to)}</span>
            <a href={`/dev/mail#mail-${number}`}>{subject || mail.noSubject}</a>
          </li>
        ))}
      </ul>
      <p>
        <a href="/dev/mail">{today.allMails}</a>
      </p>
    </>
  );
}

/** Newest first; a mail's number counts from the oldest, so that it stays what it was when others arrive. */
export function numbered<T extends Pick<PageMail, 'at'>>(
  mails: readonly T[],
): readonly { readonly number: number; readonly mail: T }[] {
  return mails
    .map((mail, index) => ({ mail, index }))
    .sort((a, b) => (a.mail.at < b.mail.at ? -1 : a.mail.at > b.mail.at ? 1 : a.index - b.index))
    .map(({ mail }, index) => ({ number: index + 1, mail }))
    .reverse();
}

export const addressesOf = (to: PageMail['to']): string => (typeof to === 'string' ? to : to.join(', '));
