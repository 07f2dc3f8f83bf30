import type { AlertLine } from '../../domain/promise/alerts.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { alertHead, alertSays } from '../../words/alert-texts.ts';
import { timeText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { Page, documentOf } from '../parts/page.tsx';

/** Everything the page of one alert shows. */
export interface AlertPageData {
  readonly line: AlertLine;
  readonly alert: { readonly acknowledgedAt: Instant | null };
  /** Whether there is still something to do. */
  readonly stands: boolean;
  /** Name of who acknowledged it. */
  readonly acknowledgedBy: string | null;
  /** Whether the other pages are there, too. */
  readonly pages: boolean;
}

/** One alert, as the mail leads to it: what it is about, and a button to say that somebody takes care of it. */
export function alertPage({ line, alert, stands, acknowledgedBy, pages }: AlertPageData): string {
  const words = wordsFor('en');
  const { group, page } = words.alerts;
  const { acknowledgedAt } = alert;
  const title = group[line.group];
  return documentOf(
    <Page words={words} title={title} here={null} alone={!pages}>
      <article class="alert-page">
        <h1>{title}</h1>
        <p class="lead">{alertHead(words, line)}</p>
        <p>{alertSays(words, line).join(' ')}</p>
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
        {pages && line.rung !== 'partner' ? (
          <p>
            <a href={`/promises/${line.promiseId}`}>{page.open}</a>
          </p>
        ) : null}
      </article>
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
