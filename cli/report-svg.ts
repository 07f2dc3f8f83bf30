import type { Pool } from '../db/pool.ts';
import { readLag, readMeasures } from '../db/report.ts';
import type { WordKeptQuery } from '../domain/metrics/word-kept.ts';
import { loadPainter } from '../reports/charts/draw.ts';
import { reportFigures } from '../reports/charts/figures.ts';
import { writeSvg } from '../reports/writers/svg.ts';

/** The pictures of the page `/reports` for the same query, as one SVG. ECharts is loaded here and nowhere before. */
export async function reportSvg(pool: Pool, { by, ...filter }: WordKeptQuery): Promise<string> {
  const painter = await loadPainter();
  const measures = await readMeasures(pool, filter, ['week', by]);
  const { from, to, ...names } = filter;
  const bounds = Object.entries({ from, to }).map(([name, bound]) => [name, bound && Object.values(bound).join('')]);
  const chosen = [...Object.entries(names), ...bounds].flatMap(([name, value]) => (value ? [`${name} ${value}`] : []));
  const figures = reportFigures(measures, by);
  return writeSvg({ figures, chosen, ...(await readLag(pool, measures)) }, painter);
}
