import { marginText } from '../../reports/charts/margin-texts.ts';
import { COLUMNS } from '../../reports/columns.ts';
import type { ReportFigures } from '../../reports/charts/picture.ts';
import type { WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import type { Words } from '../../words/en.ts';
import { countText, shareText, timeText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { Page, documentOf, rendered } from '../parts/page.tsx';
import { ScorecardPart } from '../parts/scorecard.tsx';
import { ReportForm } from '../parts/report-form.tsx';
import { EFFORT_CELLS, EffortTable, ReportTable, tookEffort } from '../parts/report-tables.tsx';
import type { DrawnPicture, ReportsPageData } from '../shapes.ts';

/** How the word was kept: the figures that count most, then week by week, how early or late, and group by group. */
export function reportsPage(data: ReportsPageData): string {
  const words = wordsFor('en');
  const says = words.reports;
  return documentOf(
    <Page words={words} title={says.title} here="reports">
      <h1>{says.title}</h1>
      <p class="lead">{says.lead}</p>
      <p class="sub">
        {says.asOf(timeText(words.clock, data.generatedAt, data.zone, true), lengthMsText(data.readLagMs))}
      </p>
      <ReportForm words={words} data={data} />
      {data.figures ? <Headline words={words} total={data.figures.total} /> : <Nothing words={words} data={data} />}
      {data.figures && data.scorecard ? (
        <ScorecardPart words={words} scorecard={data.scorecard} total={data.figures.total} />
      ) : null}
      {data.pictures.map((picture) => (
        <Seen words={words} picture={picture} data={data} />
      ))}
      {data.figures && tookEffort(data.figures.total) ? <Effort words={words} figures={data.figures} /> : null}
      {data.figures && data.pictures.length === 0 ? <p class="empty">{says.empty.noneDue}</p> : null}
    </Page>,
  );
}

/** Reads take milliseconds, which a length in whole seconds would hide. */
const lengthMsText = (ms: number): string => `${Math.round(ms)} ms`;

function Headline({ words, total }: { readonly words: Words; readonly total: WordKeptGroup }) {
  const { language, reports: says } = words;
  const { goal, keptRate, earlyRate, promises, marginMs } = total;
  const shown = [
    { name: 'keptRate', value: shareText(keptRate), beside: goal === null ? '' : says.goal(shareText(goal)) },
    { name: 'promises', value: countText(language, promises), beside: '' },
    { name: 'earlyRate', value: shareText(earlyRate), beside: '' },
    { name: 'marginMs', value: marginText(marginMs.p50, words), beside: says.median },
  ] as const;
  return (
    <dl class="headline" aria-label={says.figuresLabel}>
      {shown.map(({ name, value, beside }) => {
        const column = COLUMNS.find((each) => each.name === name);
        return (
          <div>
            <dt>{column?.title}</dt>
            <dd>
              <strong class="figure">{value}</strong>
              {beside === '' ? null : <span class="beside">{beside}</span>}
              <span class="sub">{column?.definition}</span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

interface SeenProps {
  readonly words: Words;
  readonly picture: DrawnPicture;
  readonly data: ReportsPageData;
}

/** What is seen in a sentence, the picture, and its numbers. Two drawings: the style sheet shows the one that fits. */
function Seen({ words, picture, data }: SeenProps) {
  const { name, title, reading, notes, wide, narrow } = picture;
  return (
    <section class="card report" aria-labelledby={`${name}-title`}>
      <h2 id={`${name}-title`}>{title}</h2>
      <p class="reading">{unbroken(reading)}</p>
      <div class="seen">
        <div>
          <div class="picture wide-picture" role="img" aria-label={`${title}. ${reading}`}>
            {rendered(wide)}
          </div>
          <div class="picture narrow-picture" role="img" aria-label={`${title}. ${reading}`}>
            {rendered(narrow)}
          </div>
          {notes.map((note) => (
            <p class="sub">{note}</p>
          ))}
        </div>
        {data.figures ? <ReportTable words={words} name={name} figures={data.figures} /> : null}
      </div>
    </section>
  );
}

/** What no picture shows: a table, and what its figures mean. */
function Effort({ words, figures }: { readonly words: Words; readonly figures: ReportFigures }) {
  const says = words.reports.effort;
  return (
    <section class="card report" aria-labelledby="effort-title">
      <h2 id="effort-title">{says.title}</h2>
      <p class="reading">{says.reading}</p>
      <EffortTable words={words} figures={figures} />
      <details>
        <summary>{says.meaning}</summary>
        <dl>
          {COLUMNS.filter(({ name }) => EFFORT_CELLS.some(({ path }) => path === name)).map(({ title, definition }) => (
            <div>
              <dt>{title}</dt>
              <dd>{definition}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}

/** A number and its sign stay on one line. */
const unbroken = (text: string): string => text.replaceAll(' %', '\u00a0%');

function Nothing({ words, data }: { readonly words: Words; readonly data: ReportsPageData }) {
  const says = words.reports.empty;
  if (Object.keys(data.faults).length > 0) return null;
  const asked = Object.keys(data.asked).some((field) => field !== 'by');
  if (asked) return <p class="empty">{says.noMatch}</p>;
  return (
    <div class="empty">
      <p>
        <strong>{says.none}</strong>
      </p>
      <p>{says.how}</p>
      <pre>{says.command}</pre>
      <p class="sub">{says.or}</p>
    </div>
  );
}
