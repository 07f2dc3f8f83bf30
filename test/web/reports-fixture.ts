import { instant } from '../../domain/promise/instant.ts';
import { loadPainter } from '../../reports/charts/draw.ts';
import { picturesOf } from '../../reports/charts/figures.ts';
import { PAGE_PAINT, type ReportFigures } from '../../reports/charts/picture.ts';
import type { ReportsPageData } from '../../web/shapes.ts';
import { en } from '../../words/en.ts';
import { FIGURES } from '../reports/picture-figures.ts';

const { draw } = await loadPainter();

/** The data of the page for some figures, drawn as the route draws them. */
export function pageOf(figures: ReportFigures | null, more: Partial<ReportsPageData> = {}): ReportsPageData {
  const pictures = figures ? picturesOf(figures, en) : [];
  return {
    generatedAt: instant(Date.UTC(2026, 10, 27, 13)),
    readLagMs: 120,
    zone: 'Europe/Tallinn',
    by: figures?.groups.by ?? 'kind',
    asked: {},
    faults: {},
    choices: { source: ['shop', 'olist'], kind: ['delivery'], partner: ['dpd', 'omniva'], owner: [] },
    figures,
    pictures: pictures.map((picture) => ({
      name: picture.name,
      title: picture.title,
      reading: picture.reading,
      notes: picture.notes,
      wide: draw(picture, { width: 640 }, PAGE_PAINT),
      narrow: draw(picture, { width: 280 }, PAGE_PAINT),
    })),
    ...more,
  };
}

/** A year of weeks, twenty partners and the names they may have. */
const BUSY: ReportFigures = {
  ...FIGURES,
  weeks: {
    groups: Array.from({ length: 45 }, (_, week) => ({
      ...(FIGURES.weeks.groups[week % 2] ?? FIGURES.total),
      key: `2026-W${String(week + 1).padStart(2, '0')}`,
    })),
  },
  groups: {
    by: 'partner',
    groups: Array.from({ length: 20 }, (_, index) => ({
      ...(FIGURES.groups.groups[index % 2] ?? FIGURES.total),
      key: index === 3 ? 'Tanzania, United Republic of, and a name that is as long as any' : `partner ${index}`,
    })),
  },
};

export const REPORTS = pageOf(BUSY, {
  asked: { by: 'partner', partner: 'dpd', from: '2026-01-01' },
  scorecard: {
    name: 'DPD',
    slips: [
      { checkpoint: 'handed-to-carrier', promises: 1_234 },
      { checkpoint: 'scanned', promises: 7 },
    ],
  },
});
export const NO_REPORTS = pageOf(null);
export const FAULTY_REPORTS = pageOf(null, {
  asked: { to: '2026-11-27' },
  faults: { from: en.reports.filter.wrongDay('2026-02-30') },
});
