import type { EChartsOption } from 'echarts';
import type { WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import { countText, shareText } from '../../words/format.ts';
import type { Words } from '../../words/en.ts';
import { FEW, FONT_PX, isNarrow, textPx, type Frame, type Paint, type Picture, type ReportFigures } from './picture.ts';
import {
  QUARTER_WEEKS,
  quarterRates,
  weekPoints,
  weeksLeftOut,
  weekTicks,
  type WeekPoint,
  type WeekTick,
} from './week-points.ts';

/** How the kept rate went, week by week, above how many promises each week had. Null where none was due yet. */
export function weeksPicture({ weeks, total }: Pick<ReportFigures, 'weeks' | 'total'>, words: Words): Picture | null {
  const points = weekPoints(weeks.groups);
  if (points.length === 0) return null;
  const { goal } = total;
  return {
    name: 'weeks',
    title: words.reports.weeks.title,
    reading: readingOf(points, goal, words),
    notes: notesOf(weeks.groups, points, words),
    heightOf: (frame) => (isNarrow(frame) ? 300 : 340),
    optionOf: (frame, paint) => optionOf({ points, goal, words, frame, paint }),
  };
}

/** `2 Sep 2013`, the Monday of a week. */
export function mondayText(words: Words, monday: string): string {
  const [year = '', month = '', day = ''] = monday.split('-');
  return words.reports.weeks.monday(Number(day), words.clock.months[Number(month) - 1] ?? '', Number(year));
}

/** Two years of weeks cannot be followed one by one. */
const isLong = (points: readonly WeekPoint[]): boolean => points.length > 104;

type Rated = WeekPoint & { readonly rate: number };
const isRated = (point: WeekPoint): point is Rated => point.rate !== null;

/** Of weeks of enough promises, where there are two to compare; where weeks are many, of the quarters that end with them. */
function extremesOf(points: readonly WeekPoint[]): { readonly best: Rated; readonly worst: Rated } | null {
  const quarters = isLong(points) ? quarterRates(points) : null;
  const compared = quarters ? points.map((point, index) => ({ ...point, rate: quarters[index] ?? null })) : points;
  const many = compared.filter(isRated).filter(({ due }) => quarters !== null || due >= FEW);
  const [first, ...rest] = many;
  if (!first || rest.length === 0) return null;
  return {
    best: rest.reduce((best, point) => (point.rate > best.rate ? point : best), first),
    worst: rest.reduce((worst, point) => (point.rate < worst.rate ? point : worst), first),
  };
}

function readingOf(points: readonly WeekPoint[], goal: number | null, words: Words): string {
  const says = words.reports.weeks;
  const count = (n: number) => countText(words.language, n);
  const rated = points.filter(isRated);
  const [only] = rated;
  if (!only) return '';
  if (rated.length === 1) return says.oneWeek(shareText(only.rate), mondayText(words, only.monday));
  const all = rated.reduce((sum, { kept, due }) => ({ kept: sum.kept + kept, due: sum.due + due }), {
    kept: 0,
    due: 0,
  });
  const reached = rated.filter(({ rate }) => goal !== null && rate >= goal).length;
  return [
    says.reading(shareText(all.kept / all.due), count(rated.length)),
    ...spreadOf(points, words),
    ...(goal === null ? [] : [says.goalReached(shareText(goal), count(reached), count(rated.length))]),
  ].join(' ');
}

function spreadOf(points: readonly WeekPoint[], words: Words): readonly string[] {
  const says = words.reports.weeks;
  const found = extremesOf(points);
  if (!found) return [];
  const { best, worst } = found;
  if (best.rate === worst.rate) return [says.even(shareText(best.rate))];
  const named = [best, worst].map(({ rate, monday }) => [shareText(rate), mondayText(words, monday)] as const);
  const [[bestRate, bestWeek] = ['', ''], [worstRate, worstWeek] = ['', '']] = named;
  return isLong(points)
    ? [says.quarterSpread(QUARTER_WEEKS, bestRate, bestWeek, worstRate, worstWeek)]
    : [says.spread(bestRate, bestWeek, worstRate, worstWeek)];
}

function notesOf(groups: readonly WordKeptGroup[], points: readonly WeekPoint[], words: Words): readonly string[] {
  const says = words.reports.weeks;
  const few = points.some(({ due }) => due > 0 && due < FEW);
  const left = weeksLeftOut(groups, points);
  return [
    ...(isLong(points)
      ? [says.quarter(QUARTER_WEEKS, FEW)]
      : few
        ? [says.few(FEW, String(Math.floor(100 / FEW)))]
        : []),
    ...(left > 0 ? [says.leftOut(countText(words.language, left))] : []),
  ];
}

interface Drawing {
  readonly points: readonly WeekPoint[];
  readonly goal: number | null;
  readonly words: Words;
  readonly frame: Frame;
  readonly paint: Paint;
}

/** The counts may be wider than the rates. */
const leftOf = ({ points, words }: Pick<Drawing, 'points' | 'words'>): number =>
  Math.max(52, textPx(countText(words.language, 2 * Math.max(...points.map(({ due }) => due)))) + 18);
/** The goal is named beside the plot. */
const rightOf = (goal: number | null): number => (goal === null ? 20 : 52);

function optionOf(drawing: Drawing): EChartsOption {
  const { points, words, frame, paint } = drawing;
  const narrow = isNarrow(frame);
  const says = words.reports.weeks;
  const ticks = new Map(weekTicks(points, narrow ? 3 : 9).map((tick) => [tick.index, tick]));
  const right = rightOf(drawing.goal);
  const [upper, lower] = narrow ? [150, 50] : [185, 55];
  const left = leftOf(drawing);
  const sides = { left, right, outerBoundsMode: 'none' } as const;
  const weeks = { type: 'category', data: points.map((_, index) => index), boundaryGap: true } as const;
  const axisLine = { show: true, lineStyle: { color: paint.soft } };
  const name = (text: string) => ({
    name: text,
    nameLocation: 'end' as const,
    nameGap: 10,
    nameTextStyle: nameStyle(left, paint),
  });
  return {
    animation: false,
    grid: [
      { ...sides, top: 26, height: upper },
      { ...sides, top: 26 + upper + 34, height: lower },
    ],
    xAxis: [
      { ...weeks, gridIndex: 0, axisLabel: { show: false }, axisTick: { show: false }, axisLine },
      {
        ...weeks,
        gridIndex: 1,
        axisLine,
        axisTick: { alignWithLabel: true, interval: (index) => ticks.has(index), lineStyle: { color: paint.soft } },
        axisLabel: {
          ...labelStyle(paint),
          interval: (index) => ticks.has(index),
          formatter: (_: string, index: number) => tickText(ticks.get(index), words),
        },
      },
    ],
    yAxis: [
      {
        ...name(says.rateAxis),
        gridIndex: 0,
        min: 0,
        max: 1,
        interval: 0.25,
        axisLabel: { ...labelStyle(paint), formatter: (share: number) => shareText(share) },
        splitLine: { lineStyle: { color: paint.line } },
      },
      {
        ...name(says.countAxis),
        gridIndex: 1,
        splitNumber: 2,
        minInterval: 1,
        axisLabel: { ...labelStyle(paint), formatter: (n: number) => countText(words.language, n) },
        splitLine: { lineStyle: { color: paint.line } },
      },
    ],
    series: [
      ...(isLong(points) ? [pointSeries(drawing), quarterSeries(drawing)] : [rateSeries(drawing)]),
      countSeries(drawing),
    ],
  };
}

const labelStyle = (paint: Paint) => ({ color: paint.soft, fontSize: FONT_PX, lineHeight: 15 });
const nameStyle = (left: number, paint: Paint) =>
  ({ ...labelStyle(paint), align: 'left' as const, padding: [0, 0, 0, 8 - left] }) satisfies object;

function tickText(tick: WeekTick | undefined, { clock }: Words): string {
  if (!tick) return '';
  const month = tick.month === null ? null : (clock.months[tick.month] ?? '');
  if (month === null) return String(tick.year);
  const date = tick.day === null ? month : `${tick.day} ${month}`;
  return tick.saysYear ? `${date}\n${tick.year}` : date;
}

const onUpper = { xAxisIndex: 0, yAxisIndex: 0, silent: true, clip: false } as const;

function rateSeries(drawing: Drawing) {
  const { points, goal, words, frame, paint } = drawing;
  const named = extremesOf(points);
  const room = (frame.width - leftOf(drawing) - rightOf(goal)) / points.length;
  const text = { show: true, color: paint.ink, fontSize: FONT_PX, fontWeight: 'bold' as const };
  const size = Math.max(2.5, Math.min(7, room * 0.6));
  const label = (point: WeekPoint, index: number) => {
    if (!named || named.best.rate === named.worst.rate || (point !== named.best && point !== named.worst)) return {};
    const position = point === named.best ? ('top' as const) : ('bottom' as const);
    const formatter = () => shareText(point.rate);
    const align = sideOf(index * room, (points.length - 1 - index) * room);
    return { label: { ...text, position, formatter, align } };
  };
  return {
    ...onUpper,
    type: 'line' as const,
    symbol: 'circle',
    symbolSize: size,
    showAllSymbol: true as const,
    lineStyle: { color: paint.accent, width: 2 },
    data: points.map((point, index) => ({
      value: point.rate ?? '-',
      itemStyle: { color: point.due < FEW ? paint.ground : paint.accent, borderColor: paint.accent, borderWidth: 1.5 },
      ...label(point, index),
    })),
    ...(goal === null ? {} : { markLine: goalLine(goal, words, paint) }),
  };
}

/** Weeks as points, without a line from one to the next. */
function pointSeries({ points, goal, words, paint }: Drawing) {
  const itemStyle = { color: paint.soft, opacity: 0.7 };
  return {
    ...onUpper,
    type: 'scatter' as const,
    symbolSize: 3,
    itemStyle,
    data: points.map(({ rate }) => rate ?? '-'),
    ...(goal === null ? {} : { markLine: goalLine(goal, words, paint) }),
  };
}

const quarterSeries = ({ points, paint }: Drawing) => ({
  ...onUpper,
  type: 'line' as const,
  symbol: 'none',
  lineStyle: { color: paint.accent, width: 2.5 },
  data: quarterRates(points).map((rate) => rate ?? '-'),
});

/** Texts near the ends stay inside. */
const sideOf = (before: number, behind: number): 'left' | 'right' | 'center' =>
  before < 20 ? 'left' : behind < 20 ? 'right' : 'center';

const goalLine = (goal: number, words: Words, paint: Paint) => ({
  silent: true,
  symbol: 'none',
  lineStyle: { color: paint.ink, type: 'dashed' as const, width: 1.25 },
  label: {
    position: 'end' as const,
    color: paint.ink,
    fontSize: FONT_PX,
    lineHeight: 15,
    formatter: () => words.reports.goal(shareText(goal)).replace(' ', '\n'),
  },
  data: [{ yAxis: goal }],
});

const countSeries = ({ points, paint }: Drawing) => ({
  type: 'bar' as const,
  xAxisIndex: 1,
  yAxisIndex: 1,
  silent: true,
  barWidth: '72%',
  barMaxWidth: 48,
  itemStyle: { color: paint.soft },
  data: points.map(({ due }) => due),
});
