import type { Instant, Zone } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';
import { timeText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { addressesOf, numbered } from '../parts/feeds.tsx';
import { Page, documentOf } from '../parts/page.tsx';
import type { PageMail } from '../shapes.ts';

/** More mails than this make a page slow; all of them are in `/dev/mail.json`. */
const SHOWN = 100;

export interface MailPageData {
  /** In which times are shown. */
  readonly zone: Zone;
  readonly mails: readonly PageMail[];
}

/** The laptop's mails exactly as they arrived, newest first. */
export function mailPage({ zone, mails }: MailPageData): string {
  const words = wordsFor('en');
  const { mail: says } = words.page;
  const shown = numbered(mails).slice(0, SHOWN);
  return documentOf(
    <Page words={words} title={says.title} here="mail">
      <h1>{says.title}</h1>
      <p class="lead">{says.lead}</p>
      <p class="sub">
        {mails.length === 0 ? says.none : says.count(shown.length, mails.length)} ·{' '}
        <a href="/dev/mail.json">{says.asJson}</a>
      </p>
      {shown.map(({ number, mail }) => (
        <Mail words={words} number={number} mail={mail} zone={zone} />
      ))}
    </Page>,
  );
}

interface MailProps {
  readonly words: Words;
  readonly number: number;
  readonly mail: PageMail;
  readonly zone: Zone;
}

/** The HTML stands in a frame that may do nothing: no scripts, no forms, no way out. */
function Mail({ words, number, mail, zone }: MailProps) {
  const { mail: says } = words.page;
  const subject = mail.subject || says.noSubject;
  const lines: readonly (readonly [string, string])[] = [
    [says.to, addressesOf(mail.to)],
    [says.from, mail.from],
    [says.at, timeText(words.clock, mail.at as Instant, zone)],
    [says.messageId, mail.messageId],
  ];
  return (
    <article class="card mail" id={`mail-${number}`} aria-labelledby={`mail-title-${number}`}>
      <h2 id={`mail-title-${number}`}>{subject}</h2>
      <dl class="envelope">
        {lines.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {mail.text === null ? null : <pre class="mail-text">{mail.text}</pre>}
      {mail.html === null ? null : (
        <details>
          <summary>{says.html}</summary>
          <iframe title={says.frame(subject)} sandbox="" srcdoc={mail.html} loading="lazy"></iframe>
        </details>
      )}
      <details>
        <summary>{says.headers}</summary>
        <pre>{headerLines(mail.headers).join('\n')}</pre>
      </details>
    </article>
  );
}

/** Whatever form the parser gives headers in: `[{ key, value }]`, `[[key, value]]` or a record. */
function headerLines(headers: unknown): readonly string[] {
  if (!isRecord(headers)) return [];
  const pairs = Array.isArray(headers) ? headers.map(pairOf) : Object.entries(headers);
  return pairs.map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(', ') : String(value)}`);
}

function pairOf(header: unknown): readonly [string, unknown] {
  if (Array.isArray(header)) return [String(header[0]), header[1]];
  return isRecord(header) ? [String(header['key']), header['value']] : ['', header];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
