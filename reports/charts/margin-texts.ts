import type { MarginHistogram } from '../../domain/metrics/margins.ts';
import type { Words } from '../../words/en.ts';
import { lengthText } from '../../words/format.ts';

/** `5 min early`, `2 days late`. */
export function marginText(ms: number | null, { clock, reports: { none, margins: says } }: Words): string {
  if (ms === null) return none;
  if (ms === 0) return says.onTime;
  return ms > 0 ? says.early(lengthText(clock, ms)) : says.late(lengthText(clock, ms));
}

/** `5 min to 10 min early`; the one at the promised time begins with 0. */
export function binText({ fromMs, toMs }: MarginHistogram['bins'][number], words: Words): string {
  const says = words.reports.margins.bin;
  const length = (ms: number) => lengthText(words.clock, ms);
  if (fromMs === 0) return says.inTime(length(toMs));
  if (toMs === 0) return says.justLate(length(fromMs));
  return fromMs > 0 ? says.early(length(fromMs), length(toMs)) : says.late(length(toMs), length(fromMs));
}

/** In two lines, so that more of them find room. */
export function tickText(late: number, { clock, reports: { margins: says } }: Words): string {
  if (late === 0) return says.promised;
  const length = lengthText(clock, late);
  return late < 0 ? says.earlyTick(length) : says.lateTick(length);
}
