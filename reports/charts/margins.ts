import type { CustomSeriesRenderItem, EChartsOption } from 'echarts';
import type { MarginHistogram } from '../../domain/metrics/margins.ts';
import type { WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import type { Words } from '../../words/en.ts';
import { countText, lengthText, shareText } from '../../words/format.ts';
import { barsOf, extentOf, fulfilledOf } from './margin-bars.ts';
import { marksSeries, type MarginDrawing } from './margin-marks.ts';
import { tickText } from './margin-texts.ts';
import { FONT_PX, isNarrow, textPx, type Picture, type ReportFigures } from './picture.ts';

/**
 * How many promises came how early or late: time runs to the right, as on a clock, so early stands left of the promised
 * time and late right of it. Null where nothing was fulfilled.
 */
export function marginsPicture(
  { margins, total }: Pick<ReportFigures, 'margins' | 'total'>,
  words: Words,
): Picture | null {
  if (!margins) return null;
  return {
    name: 'margins',
    title: words.reports.margins.title,
    reading: readingOf(margins, total, words),
    notes: notesOf(margins, words),
    heightOf: (frame) => (isNarrow(frame) ? 290 : 320),
    optionOf: (frame, paint) => optionOf({ margins, total, words, frame, paint }),
  };
}

function readingOf(margins: MarginHistogram, { kept, marginMs }: WordKeptGroup, words: Words): string {
  const says = words.reports.margins;
  const fulfilled = fulfilledOf(margins);
  const inTime = says.reading(shareText(kept / fulfilled), countText(words.language, fulfilled));
  const { p50, p10 } = marginMs;
  if (p50 === null || p10 === null) return inTime;
  return `${inTime} ${says.tail(says.half(halfText(p50, words)), says.tenth(tenthText(p10, words)))}`;
}

/** Half of the margins are the median or more. */
function halfText(ms: number, { clock, reports: { margins: says } }: Words): string {
  if (isNothing(ms)) return ms < 0 ? says.tenthOnTime : says.atOrBefore;
  return ms > 0 ? says.orEarlier(lengthText(clock, ms)) : says.orLater(lengthText(clock, ms));
}

/** One in ten margins is the tenth percentile or less. */
function tenthText(ms: number, { clock, reports: { margins: says } }: Words): string {
  if (isNothing(ms)) return says.tenthOnTime;
  return ms > 0 ? says.tenthEarly(lengthText(clock, ms)) : says.orLater(lengthText(clock, ms));
}

/** Too little to be told. */
const isNothing = (ms: number): boolean => Math.abs(ms) < 1_000;

function notesOf(margins: MarginHistogram, words: Words): readonly string[] {
  const says = words.reports.margins;
  const { bins, below, above, targetMs } = margins;
  const count = (n: number) => countText(words.language, n);
  const length = (ms: number) => lengthText(words.clock, ms);
  const gathered = [
    ...(above > 0 ? [says.endEarly(count(above), length(bins.at(-1)?.toMs ?? 0))] : []),
    ...(below > 0 ? [says.endLate(count(below), length(bins[0]?.fromMs ?? 0))] : []),
  ];
  return [
    ...(targetMs === null ? [] : [says.target(length(targetMs))]),
    ...(gathered.length > 0 ? [says.ends(gathered)] : []),
  ];
}

/** Room for the counts and, upright beside them, what is counted. */
const leftOf = ({ margins, words }: Pick<MarginDrawing, 'margins' | 'words'>): number =>
  Math.max(40, textPx(countText(words.language, 2 * Math.max(...barsOf(margins).map(({ n }) => n))))) + 30;
/** Half of the text at the promised time, which may be the last. */
const RIGHT = 30;

function optionOf(drawing: MarginDrawing): EChartsOption {
  const { margins, words, frame, paint } = drawing;
  const { min, max } = extentOf(margins);
  const left = leftOf(drawing);
  const says = words.reports.margins;
  const ticks = ticksOf(min, max, frame.width - left - RIGHT, words);
  return {
    animation: false,
    grid: { left, right: RIGHT, top: 62, bottom: 66, outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min,
      max,
      name: says.axis,
      nameLocation: 'middle',
      nameGap: 42,
      nameTextStyle: { color: paint.soft, fontSize: FONT_PX },
      axisLine: { show: true, onZero: false, lineStyle: { color: paint.soft } },
      axisTick: { show: true, lineStyle: { color: paint.soft }, customValues: ticks },
      axisLabel: {
        color: paint.soft,
        fontSize: FONT_PX,
        lineHeight: 15,
        customValues: ticks,
        formatter: (late: number) => tickText(late, words),
      },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      name: says.countAxis,
      nameLocation: 'middle',
      nameGap: left - 16,
      nameMoveOverlap: false,
      nameTextStyle: { color: paint.soft, fontSize: FONT_PX },
      minInterval: 1,
      splitNumber: 4,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: paint.soft, fontSize: FONT_PX, formatter: (n: number) => countText(words.language, n) },
      splitLine: { lineStyle: { color: paint.line } },
    },
    series: [barSeries(drawing), marksSeries(drawing)],
  };
}

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 7, 10, 14, 30, 60, 90, 180, 365, 730, 3650].map((n) => n * DAY),
];

/**
 * Where the axis is named: at the smallest distance that people count in at which no text touches the next; and on a side
 * that would go without, once.
 */
function ticksOf(min: number, max: number, width: number, words: Words): number[] {
  const px = (ms: number) => (Math.abs(ms) / (max - min)) * width;
  const size = (late: number) => textPx(tickText(late, words));
  const all = (step: number) =>
    Array.from(
      { length: Math.floor(max / step) - Math.ceil(min / step) + 1 },
      (_, index) => (Math.ceil(min / step) + index) * step,
    );
  const fits = (step: number) => px(step) > 30 && all(step).every((late) => size(late) + 8 <= px(step));
  const even = all(STEPS.find(fits) ?? max - min);
  const once = [min, max].flatMap((end) => {
    if (end === 0 || even.some((late) => late * end > 0)) return [];
    const far = STEPS.flatMap((step) => [step, 2 * step, 3 * step]).filter(
      (late) => px(late) <= px(end) && px(late) >= (size(0) + size(late)) / 2 + 8,
    );
    return far.length === 0 ? [] : [Math.sign(end) * Math.max(...far)];
  });
  return [...even, ...once].filter((late) => late === 0 || px(late - max) + RIGHT >= size(late) / 2);
}

/** Late bars are outlined, those in time are full: no colour is needed to tell them apart. */
function barSeries({ margins, paint }: MarginDrawing) {
  const bars = barsOf(margins);
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const bar = bars[params.dataIndex];
    if (!bar) return null;
    const [left = 0, top = 0] = api.coord([bar.from, bar.n]);
    const [right = 0, bottom = 0] = api.coord([bar.to, 0]);
    const late = bar.from >= 0;
    const gap = right - left > 4 ? 0.75 : 0;
    return {
      type: 'rect',
      shape: { x: left + gap, y: top, width: Math.max(0.5, right - left - 2 * gap), height: bottom - top },
      style: {
        fill: late ? paint.badPaper : paint.good,
        stroke: late ? paint.bad : paint.good,
        lineWidth: 1,
        opacity: bar.isEnd ? 0.55 : 1,
      },
    };
  };
  return {
    type: 'custom' as const,
    silent: true,
    clip: false,
    renderItem,
    encode: { x: [0, 1], y: 2 },
    data: bars.map(({ from, to, n }) => [from, to, n]),
  };
}
