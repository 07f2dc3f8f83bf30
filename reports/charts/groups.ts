import type { CustomSeriesRenderItem, EChartsOption } from 'echarts';
import type { Grouping, WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import type { Words } from '../../words/en.ts';
import { countText, shareText } from '../../words/format.ts';
import {
  dueOf,
  FEW,
  FONT_PX,
  isNarrow,
  textPx,
  type Frame,
  type Paint,
  type Picture,
  type ReportFigures,
} from './picture.ts';

/** As many bars as are read one by one. */
const MOST_BARS = 15;

/**
 * The kept rate of each group as a bar, most promises first; weeks and months in their order, the last ones. Null where
 * none was due yet.
 */
export function groupsPicture({ groups: { by, groups } }: Pick<ReportFigures, 'groups'>, words: Words): Picture | null {
  const all = inOrder(groups, by);
  const due = all.filter((group) => dueOf(group) > 0);
  if (due.length === 0) return null;
  const shown = isTime(by) ? all.slice(-MOST_BARS) : all.slice(0, MOST_BARS);
  const says = words.reports.groups;
  const more = all.length - shown.length;
  return {
    name: 'groups',
    title: says.title(words.reports.grouping[by]),
    reading: readingOf(due, by, words),
    notes: [
      ...(more > 0 ? [says.more(more, countText(words.language, more))] : []),
      ...(shown.some(({ goal }) => goal !== null) ? [says.goalMark] : []),
      ...(due.length > 1 && due.some((group) => dueOf(group) < FEW) ? [says.few(FEW)] : []),
    ],
    heightOf: (frame) => TOP + layoutOf(shown, words, frame).rowsPx + BOTTOM,
    optionOf: (frame, paint) => optionOf({ shown, words, frame, paint }),
  };
}

/** Most promises first; the same number: by name; weeks and months as time goes. */
export function inOrder(groups: readonly WordKeptGroup[], by: Grouping): readonly WordKeptGroup[] {
  if (isTime(by)) return groups;
  // Groups come in the order of their keys, and sorting keeps it where numbers are equal.
  return groups.toSorted((a, b) => b.promises - a.promises);
}

export const isTime = (by: Grouping): boolean => by === 'week' || by === 'month';

/** Keys come from outside: what moves a cursor, turns a line around or may not stand in XML is not shown. */
export const keyText = ({ key }: Pick<WordKeptGroup, 'key'>, words: Words): string =>
  key === null ? words.reports.noKey : key.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu, '?');

function readingOf(due: readonly WordKeptGroup[], by: Grouping, words: Words): string {
  const says = words.reports.groups;
  const count = (group: WordKeptGroup) => countText(words.language, dueOf(group));
  const [first, ...rest] = due.toSorted((a, b) => dueOf(b) - dueOf(a));
  if (!first) return '';
  const name = (group: WordKeptGroup) => keyText(group, words);
  if (rest.length === 0) return says.one(name(first), shareText(first.keptRate), count(first));
  const found = extremesOf([first, ...rest]);
  const spread = found
    ? [
        says.spread(
          name(found.best),
          shareText(found.best.keptRate),
          name(found.worst),
          shareText(found.worst.keptRate),
        ),
      ]
    : [];
  return [...(isTime(by) ? [] : [says.reading(name(first), count(first), shareText(first.keptRate))]), ...spread].join(
    ' ',
  );
}

function extremesOf(due: readonly WordKeptGroup[]) {
  const many = due.filter((group) => dueOf(group) >= FEW);
  if (many.length < 2) return null;
  const sorted = many.toSorted((a, b) => (b.keptRate ?? 0) - (a.keptRate ?? 0));
  const [best, worst] = [sorted[0], sorted.at(-1)];
  return best && worst && best.keptRate !== worst.keptRate ? { best, worst } : null;
}

interface Drawing {
  readonly shown: readonly WordKeptGroup[];
  readonly words: Words;
  readonly frame: Frame;
  readonly paint: Paint;
}

const SIDE = 12;
const LINE_PX = 15;
const BAR_PX = 12;
const TOP = 6;
const BOTTOM = 46;
const WIDEST_NAME = 190;
/** How much wider bold text is. */
const BOLD = 1.12;

/** Where the parts of a row stand. Wide: name, bar, numbers beside each other. Narrow: the bar below name and numbers. */
interface Layout {
  readonly rows: readonly Row[];
  readonly left: number;
  readonly right: number;
  /** Of all rows together. */
  readonly rowsPx: number;
}

interface Row {
  readonly group: WordKeptGroup;
  readonly name: readonly string[];
  readonly top: number;
  readonly px: number;
}

function layoutOf(shown: readonly WordKeptGroup[], words: Words, frame: Frame): Layout {
  const below = isNarrow(frame);
  const numbers = Math.max(...shown.map((group) => textPx(numbersText(group, words))));
  const room = below ? frame.width - 2 * SIDE - numbers - 10 : WIDEST_NAME;
  const names = shown.map((group) => wrapped(keyText(group, words), room));
  const namesPx = Math.max(...names.flat().map(textPx)) * BOLD + 12;
  let rowsPx = 0;
  const rows = shown.map((group, index) => {
    const name = names[index] ?? [];
    const linesPx = name.length * LINE_PX;
    const px = below ? linesPx + BAR_PX + 18 : Math.max(linesPx, BAR_PX) + 9;
    const top = rowsPx;
    rowsPx += px;
    return { group, name, top, px };
  });
  const [left, right] = below ? [SIDE, SIDE] : [SIDE + namesPx, SIDE + numbers + 10];
  return { rows, left, right, rowsPx };
}

/** In as many lines as it needs: at spaces, else anywhere. No name is cut. */
function wrapped(text: string, px: number): readonly string[] {
  const letters = Math.max(4, Math.floor(px / (textPx('x') * BOLD)));
  const parts = text.match(new RegExp(`.{1,${letters}}(?:\\s+|$)|.{1,${letters}}`, 'gu'));
  return parts?.map((part) => part.trim()) ?? [''];
}

function numbersText(group: WordKeptGroup, words: Words): string {
  const says = words.reports.groups;
  if (group.keptRate === null) return says.nothingDue;
  return says.row(shareText(group.keptRate), countText(words.language, dueOf(group)));
}

function optionOf(drawing: Drawing): EChartsOption {
  const { shown, words, frame, paint } = drawing;
  const { rows, left, right, rowsPx } = layoutOf(shown, words, frame);
  return {
    animation: false,
    grid: { left, right, top: TOP, height: rowsPx, outerBoundsMode: 'none' },
    yAxis: { type: 'value', inverse: true, min: 0, max: rowsPx, show: false },
    xAxis: {
      type: 'value',
      position: 'bottom',
      min: 0,
      max: 1,
      interval: isNarrow(frame) ? 0.5 : 0.25,
      name: words.reports.groups.axis,
      nameLocation: 'middle',
      nameGap: 26,
      nameTextStyle: { color: paint.soft, fontSize: FONT_PX },
      axisLabel: {
        color: paint.soft,
        fontSize: FONT_PX,
        formatter: (share: number) => shareText(share),
        ...(isNarrow(frame) ? { alignMinLabel: 'left' as const, alignMaxLabel: 'right' as const } : {}),
      },
      axisLine: { show: true, onZero: false, lineStyle: { color: paint.soft } },
      axisTick: { show: true, lineStyle: { color: paint.soft } },
      splitLine: { show: false },
    },
    series: [rowSeries(rows, drawing)],
  };
}

function rowSeries(rows: readonly Row[], { words, frame, paint }: Drawing) {
  const below = isNarrow(frame);
  const text = { fill: paint.ink, fontSize: FONT_PX, lineHeight: LINE_PX } as const;
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const row = rows[params.dataIndex];
    if (!row) return null;
    const { group } = row;
    const [left = 0, top = 0] = api.coord([0, row.top]);
    const barY = below ? row.name.length * LINE_PX + 5 : (row.px - BAR_PX) / 2;
    const [right = 0] = api.coord([1, 0]);
    const at = (share: number) => left + share * (right - left);
    const rect = (width: number, fill: string) => ({
      type: 'rect' as const,
      shape: { x: left, y: top + barY, width, height: BAR_PX },
      style: { fill },
    });
    const place = { y: below ? top : top + row.px / 2, verticalAlign: below ? 'top' : 'middle' } as const;
    const numbers = { x: below ? right : right + 10, align: below ? 'right' : 'left' } as const;
    const { goal, keptRate } = group;
    return {
      type: 'group',
      children: [
        { type: 'text', style: { ...text, ...place, x: SIDE, text: row.name.join('\n'), fontWeight: 'bold' } },
        { type: 'text', style: { ...text, ...place, ...numbers, text: numbersText(group, words) } },
        rect(right - left, paint.track),
        rect(at(keptRate ?? 0) - left, paint.accent),
        ...(goal === null ? [] : [goalMark(at(goal), top + barY, paint)]),
      ],
    };
  };
  return { type: 'custom' as const, silent: true, clip: false, renderItem, data: rows.map(({ top }) => [0, top]) };
}

const goalMark = (x: number, y: number, paint: Paint) => ({
  type: 'line' as const,
  shape: { x1: x, y1: y - 3, x2: x, y2: y + BAR_PX + 3 },
  style: { fill: 'none', stroke: paint.ink, lineWidth: 2 },
});
