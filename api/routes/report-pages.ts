import type { OpenAPIHono } from '@hono/zod-openapi';
import { newestPartner } from '../../db/partners.ts';
import { readLag, readMeasures } from '../../db/report.ts';
import { slipsOf } from '../../db/slips.ts';
import { isDay } from '../../domain/calendar/zones.ts';

import type { Measures } from '../../domain/metrics/measures.ts';
import { GROUPINGS, type Grouping, type WordKeptFilter } from '../../domain/metrics/word-kept.ts';
import { loadPainter, type Painter } from '../../reports/charts/draw.ts';
import { picturesOf, reportFigures } from '../../reports/charts/figures.ts';
import { PAGE_PAINT, type Picture } from '../../reports/charts/picture.ts';
import { reportsPage } from '../../web/pages/reports.tsx';
import {
  REPORT_FILTERS,
  type DrawnPicture,
  type ReportField,
  type ReportsPageData,
  type Scorecard,
} from '../../web/shapes.ts';
import { wordsFor } from '../../words/languages.ts';
import type { ApiDeps } from '../deps.ts';
import { MAX, text } from '../fields.ts';
import { onlyOwnNames, pageResponse } from '../page-response.ts';

/** The page of the report: read once, counted by week and by one more grouping, drawn here. Under `kept up` only. */
export function mountReportPages(app: OpenAPIHono, deps: ApiDeps): void {
  app.get('/reports', onlyOwnNames(deps), async (c) => {
    const question = readQuestion(new URL(c.req.url).searchParams);
    const data = await answered(question, deps);
    return pageResponse(reportsPage(data), Object.keys(data.faults).length > 0 ? 400 : 200);
  });
}

/** What the form asks for. */
type Question = Pick<ReportsPageData, 'asked' | 'faults' | 'by'>;

/** A field that is left empty does not choose; anything else in the address is not looked at. */
function readQuestion(search: URLSearchParams): Question {
  const fields: readonly ReportField[] = [...REPORT_FILTERS, 'from', 'to', 'by'];
  const given = fields
    .map((field) => ({ field, value: search.get(field) ?? '' }))
    .filter(({ value }) => value !== '')
    .map(({ field, value }) => ({ field, value, fault: faultOf(field, value) }));
  const asked: ReportsPageData['asked'] = Object.fromEntries(
    given.flatMap(({ field, value, fault }) => (fault === null ? [[field, value]] : [])),
  );
  const faults = given.flatMap(({ field, fault }) => (fault === null ? [] : [[field, fault]]));
  const { from, to } = asked;
  if (from !== undefined && to !== undefined && from > to)
    faults.push(['to', wordsFor('en').reports.filter.wrongOrder]);
  return { asked, faults: Object.fromEntries(faults), by: GROUPINGS.find((by) => by === asked.by) ?? 'kind' };
}

function faultOf(field: ReportField, value: string): string | null {
  const says = wordsFor('en').reports.filter;
  if (field === 'from' || field === 'to') return isDay(value) ? null : says.wrongDay(value);
  if (field === 'by') return GROUPINGS.some((by) => by === value) ? null : says.wrongBy(value, GROUPINGS.join(', '));
  const max = field === 'partner' ? MAX.label : MAX.name;
  return text(max).safeParse(value).success ? null : says.wrongName(max);
}

/** Nothing is counted for a question with faults. */
async function answered(question: Question, { pool, reference }: ApiDeps): Promise<ReportsPageData> {
  const { asked, faults, by } = question;
  const isFaulty = Object.keys(faults).length > 0;
  // Before the reading, whose age is told.
  const [painter, zone] = await Promise.all([loadPainter(), reference.companyZone()]);
  const measures = await readMeasures(pool, isFaulty ? {} : filterOf(asked), ['week', by, ...REPORT_FILTERS]);
  const figures = isFaulty ? null : reportFigures(measures, by);
  const { partner, ...others } = filterOf(asked);
  const scorecard = isFaulty || partner === undefined ? null : await scorecardOf(pool, partner, others);
  const pictures = figures ? picturesOf(figures, wordsFor('en')) : [];
  return {
    ...question,
    ...(await readLag(pool, measures)),
    zone,
    choices: {
      source: names(measures, 'source'),
      kind: names(measures, 'kind'),
      partner: names(measures, 'partner'),
      owner: names(measures, 'owner'),
    },
    figures,
    ...(scorecard && { scorecard }),
    pictures: pictures.map((picture) => drawn(picture, painter)),
  };
}

async function scorecardOf(
  pool: ApiDeps['pool'],
  partner: string,
  filter: Omit<WordKeptFilter, 'partner'>,
): Promise<Scorecard> {
  const [known, slips] = await Promise.all([newestPartner(pool, partner), slipsOf(pool, partner, filter)]);
  return { name: known?.partner.name ?? partner, slips };
}

function filterOf({ source, kind, partner, owner, from, to }: ReportsPageData['asked']): WordKeptFilter {
  const day = (value: string | undefined) => (value === undefined ? undefined : { day: value });
  return { source, kind, partner, owner, from: day(from), to: day(to) };
}

/** All there are in the days asked for, also those that the other choices leave out: so another one can be chosen. */
function names({ codes }: Measures, by: Grouping): readonly string[] {
  const found = codes[by];
  return found ? found.keys.filter((key) => key !== null).toSorted() : [];
}

/** About the widths that the columns of the page have on a desk and on a phone. */
const [WIDE, NARROW] = [{ width: 640 }, { width: 280 }];

const drawn = (picture: Picture, { draw }: Painter): DrawnPicture => ({
  name: picture.name,
  title: picture.title,
  reading: picture.reading,
  notes: picture.notes,
  wide: draw(picture, WIDE, PAGE_PAINT),
  narrow: draw(picture, NARROW, PAGE_PAINT),
});
