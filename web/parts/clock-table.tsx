import { msBetween, type Instant } from '../../domain/promise/instant.ts';
import type { ExplainedSegment } from '../../domain/promise/explanation.ts';
import type { Words } from '../../words/en.ts';
import { lengthText } from '../../words/format.ts';
import type { ExplainPageData } from '../shapes.ts';
import { storedTime } from './stored-time.ts';
import { countedText } from './waiting.tsx';

/** More would be a page that nobody scrolls through; all of them are in the answer of the API. */
const MOST = 100;

interface SegmentsProps {
  readonly words: Words;
  readonly data: ExplainPageData;
}

/** What the clock did and does, stretch by stretch, and what the working time adds up to. */
export function Segments({ words, data }: SegmentsProps) {
  const { segments: says } = words.page.explain;
  const { clock, segments } = data.explanation;
  return (
    <section aria-labelledby="segments-title" class="card">
      <h2 id="segments-title">{says.title}</h2>
      {segments.length === 0 ? <p class="sub">{says.none}</p> : null}
      {clock === null ? <p class="sub">{says.date}</p> : null}
      {segments.length === 0 ? null : <Table words={words} data={data} />}
      {segments.length > MOST ? <p class="sub">{says.further(segments.length - MOST)}</p> : null}
    </section>
  );
}

/** Roles are spelled out: narrow screens lay it out as cards. It scrolls by itself, so that the next table is not far away; the keyboard reaches it. */
function Table({ words, data }: SegmentsProps) {
  const { segments: says } = words.page.explain;
  const { column } = says;
  const { explanation, now, promise } = data;
  const { segments, offsets } = explanation;
  const { full } = storedTime(
    words,
    offsets,
    now,
    segments.flatMap(({ from, to }) => [from, to]),
  );
  const own = nameOf(words, data);
  const hasCalendar = (promise.plan.clock?.calendar ?? null) !== null;
  const sum = sumText(words, data);
  return (
    <div class="scroll" role="region" aria-label={words.reports.tableOf(says.title)} tabindex={0}>
      <table class="figures clock-table" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {[column.what, column.from, column.to, column.length].map((title) => (
              <th scope="col" role="columnheader">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {segments.slice(0, MOST).map((segment) => (
            <tr role="row" class={segment.reason}>
              <th scope="row" role="rowheader">
                {own(segment)}
              </th>
              <td role="cell" data-label={column.from}>
                {full(segment.from)}
              </td>
              <td role="cell" data-label={column.to}>
                {segment.to === null ? says.endless : full(segment.to)}
              </td>
              <td role="cell">{segment.to === null ? words.page.none : lengthOf(words, segment.from, segment.to)}</td>
            </tr>
          ))}
        </tbody>
        {sum === null ? null : (
          <tfoot role="rowgroup">
            <tr role="row">
              <th scope="row" role="rowheader" colspan={3}>
                {hasCalendar ? says.sum.working : says.sum.hours}
              </th>
              <td role="cell">{sum}</td>
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

const lengthOf = ({ clock }: Words, from: Instant, to: Instant): string => lengthText(clock, msBetween(from, to));

/** Of a date nothing is working time, and a wait stops no clock. */
function nameOf({ page }: Words, { explanation, promise }: ExplainPageData): (segment: ExplainedSegment) => string {
  const { what, ofDate, ofHours } = page.explain.segments;
  const hasCalendar = (promise.plan.clock?.calendar ?? null) !== null;
  const own: Partial<typeof what> = explanation.clock === null ? ofDate : hasCalendar ? {} : ofHours;
  return ({ reason }) => own[reason] ?? what[reason];
}

/** Up to the deadline all that was promised; while the clock stands, what of it was used. */
function sumText(words: Words, { explanation: { clock, segments }, promise }: ExplainPageData): string | null {
  if (clock === null) return null;
  const counted = { calendar: promise.plan.clock?.calendar ?? null };
  const ms = segments.reduce(
    (sum, { reason, from, to }) => (reason === 'open' && to ? sum + msBetween(from, to) : sum),
    0,
  );
  const length = countedText(words, counted, ms);
  if (clock.leftMs === null) return length;
  return words.page.explain.segments.sumStanding(length, countedText(words, counted, clock.withinMs));
}
