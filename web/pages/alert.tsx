import type { AlertLine } from '../../domain/promise/alerts.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { alertHead, alertSays } from '../../words/alert-texts.ts';
import { timeText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { Page, documentOf } from '../parts/page.tsx';
import { AlertTasks } from '../parts/tasks.tsx';

/** Everything the page of one alert shows. */
export interface AlertPageData {
  readonly line: AlertLine;
  readonly alert: { readonly acknowledgedAt: Instant | null };
  /** Whether there is still something to do. */
  readonly stands: boolean;
  /** Name of who acknowledged it. */
  readonly acknowledgedBy: string | null;
  readonly reader: { readonly partner: string | null };
  /** Where all that waits for its reader is. */
  readonly all: string;
  /** Whether the other pages are there, too. */
  readonly pages: boolean;
}

/** One alert, as the mail leads to it: what it is about, and a button to say that somebody takes care of it. */
export function alertPage({ line, alert, stands, acknowledgedBy, reader, all, pages }: AlertPageData): string {
  const words = wordsFor('en');
  const { group, page } = words.alerts;
  const title = line.takenBack ? words.names.alertTakenBack : group[line.group];
  const { acknowledgedAt } = alert;
  // The other pages are those of the company.
  const isOurs = pages && reader.partner === null;
  return documentOf(
    <Page words={words} title={title} here={null} alone={!isOurs}>
      <article class="alert-page">
        <h1>{title}</h1>
        <p class="lead">{alertHead(words, line)}</p>
        {acknowledgedAt !== null || stands ? <p>{alertSays(words, line).join(' ')}</p> : null}
        {acknowledgedAt !== null ? (
          <p>{page.acknowledged(acknowledgedBy ?? '', timeText(words.clock, acknowledgedAt, line.zone))}</p>
        ) : stands ? (
          <form method="post">
            <p>{page.lead}</p>
            <button type="submit">{page.acknowledge}</button>
          </form>
        ) : (
          <p>{page.over}</p>
        )}
        <p>
          {isOurs ? (
            <a href={`/promises/${line.promiseId}`}>{line.reason === 'capacity' ? words.alerts.openOne : page.open}</a>
          ) : (
            <a href={all}>{page.all}</a>
          )}
        </p>
      </article>
    </Page>,
  );
}

/** Everything the page of all alerts to somebody shows. */
export interface AlertsPageData {
  /** The most urgent ones, and how many there are. */
  readonly lines: readonly AlertLine[];
  readonly count: number;
  /** Where the buttons are sent. */
  readonly action: string;
}

/** All that waits for whom a mail went to, for those whom it leads to no other page. */
export function alertsPage({ lines, count, action }: AlertsPageData): string {
  const words = wordsFor('en');
  const { people: says, alerts } = words;
  const title = alerts.page.waiting(count);
  return documentOf(
    <Page words={words} title={title} here={null} alone>
      <h1>{title}</h1>
      <section class="card wide" aria-label={title}>
        {count === 0 ? <p>{alerts.page.nothing}</p> : null}
        <AlertTasks words={words} lines={lines} action={action} pages={false} />
        {count > lines.length ? <p class="sub">{says.moreAlerts(count - lines.length)}</p> : null}
      </section>
    </Page>,
  );
}

/** For a key that opens nothing; to be sent with status 404. */
export function unknownAlertPage(pages: boolean): string {
  const words = wordsFor('en');
  const { unknown, unknownHint } = words.alerts.page;
  return documentOf(
    <Page words={words} title={unknown} here={null} alone={!pages}>
      <h1>{unknown}</h1>
      <p>{unknownHint}</p>
    </Page>,
  );
}
