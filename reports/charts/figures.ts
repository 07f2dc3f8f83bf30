import { wordKeptBy } from '../../domain/metrics/groups.ts';
import { marginHistogram } from '../../domain/metrics/margins.ts';
import type { Measures } from '../../domain/metrics/measures.ts';
import { wordKeptOfAll } from '../../domain/metrics/total.ts';
import type { Grouping } from '../../domain/metrics/word-kept.ts';
import type { Words } from '../../words/en.ts';
import { groupsPicture } from './groups.ts';
import { marginsPicture } from './margins.ts';
import type { Picture, ReportFigures } from './picture.ts';
import { weeksPicture } from './weeks.ts';

/**
 * What the pictures are made of, from measures that were read by week and by `by`. Null where nothing was measured.
 * @throws RangeError for a grouping that was not read
 */
export function reportFigures(measures: Measures, by: Grouping): ReportFigures | null {
  const total = wordKeptOfAll(measures);
  if (!total) return null;
  return {
    total,
    weeks: { groups: wordKeptBy(measures, 'week') },
    groups: { by, groups: wordKeptBy(measures, by) },
    margins: marginHistogram(measures),
  };
}

/** The pictures of a report, in the order in which they are read. One that would show nothing is not among them. */
export function picturesOf(figures: ReportFigures, words: Words): readonly Picture[] {
  const pictures = [weeksPicture(figures, words), marginsPicture(figures, words), groupsPicture(figures, words)];
  return pictures.filter((picture) => picture !== null);
}
