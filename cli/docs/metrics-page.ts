import { CELLS, COLUMNS, type Unit } from '../../reports/columns.ts';
import { code, page, table } from './markdown.ts';

const UNITS: Readonly<Record<Unit, string>> = {
  promises: 'a number of promises',
  share: 'a number between 0 and 1 in JSON and CSV, per cent in tables; nothing (`null`) over nothing',
  duration: 'milliseconds in JSON and CSV',
  facts: 'a number of facts',
  money: 'amounts by currency',
};

/** Every figure of the report `word-kept`: its unit, its meaning, and how it is counted. */
export function metricsPage(): string {
  const rows = COLUMNS.map(({ name, title, unit, definition, formula }) => [
    code(name),
    title,
    unit,
    percentilesOf(name),
    definition,
    code(formula),
  ]);
  return page(
    'Figures of the report',
    'npm run docs',
    'What `kept report` prints and `GET /v1/reports/word-kept` answers, for each group of promises. Percentiles are ' +
      '`percentile_disc`: values that occurred. ' +
      'Promises to be in touch again, which Kept makes by itself where no time can be told, are in no group but their own: ' +
      'they are counted only by source, as `kept`, and where this source is asked for.',
    table(['figure', 'title', 'unit', 'percentiles', 'meaning', 'counted as'], rows),
    '## Units',
    table(['unit', 'meaning'], Object.entries(UNITS)),
  );
}

/** `p50, p90` of a figure that has percentiles. */
const percentilesOf = (name: string): string =>
  CELLS.filter(({ path }) => path.startsWith(`${name}.`))
    .map(({ path }) => path.slice(name.length + 1))
    .join(', ');
