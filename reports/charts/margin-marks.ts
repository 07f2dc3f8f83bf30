import type { CustomSeriesRenderItem } from 'echarts';
import type { MarginHistogram } from '../../domain/metrics/margins.ts';
import type { WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import type { Words } from '../../words/en.ts';
import { shareText } from '../../words/format.ts';
import { extentOf, fulfilledOf } from './margin-bars.ts';
import { FONT_PX, textPx, type Frame, type Paint } from './picture.ts';

/** What the picture of the margins is drawn from. */
export interface MarginDrawing {
  readonly margins: MarginHistogram;
  readonly total: WordKeptGroup;
  readonly words: Words;
  readonly frame: Frame;
  readonly paint: Paint;
}

interface Mark {
  readonly x: number;
  readonly text: string;
  readonly dash: number[] | null;
}

const ROW_PX = 17;
/** Nearer lines would look like one; a note tells the target, too. */
const APART_PX = 6;
/** Where the texts over the plot stand, counted up from it: the two lines, then the two sides. */
const ROWS = [10, 10 + ROW_PX, 10 + 2 * ROW_PX + 4] as const;

/** The promised time and the target as upright lines with their names, and over them the two sides with their shares. */
export function marksSeries({ margins, total, words, frame, paint }: MarginDrawing) {
  const says = words.reports.margins;
  const kept = total.kept / fulfilledOf(margins);
  const text = { fill: paint.ink, fontSize: FONT_PX, verticalAlign: 'middle' } as const;
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const area = params.coordSys as unknown as { readonly y: number; readonly height: number };
    const [promise = 0] = api.coord([0, 0]);
    const [target = 0] = api.coord([-(margins.targetMs ?? 0), 0]);
    const side = ROWS[2];
    const sides = [
      { x: 8, align: 'left', text: says.inTime(shareText(kept)) },
      { x: frame.width - 8, align: 'right', text: says.tooLate(shareText(1 - kept)) },
    ] as const;
    const marks = placed(
      { x: promise, text: says.promisedLine, dash: null },
      hasTarget(margins) && promise - target >= APART_PX ? { x: target, text: says.targetLine, dash: [5, 3] } : null,
      frame,
    );
    return {
      type: 'group',
      children: [
        ...sides.map((one) => ({
          type: 'text' as const,
          style: { ...text, x: one.x, y: area.y - side, text: one.text, align: one.align, fontWeight: 'bold' as const },
        })),
        ...marks.flatMap(({ mark, row, align }) => {
          const y = area.y - (ROWS[row] ?? 0);
          return [
            {
              type: 'line' as const,
              shape: { x1: mark.x, y1: area.y, x2: mark.x, y2: area.y + area.height },
              style: { fill: 'none', stroke: paint.ground, lineWidth: 4 },
            },
            {
              type: 'line' as const,
              shape: { x1: mark.x, y1: y - 6, x2: mark.x, y2: area.y + area.height },
              style: { fill: 'none', stroke: paint.ink, lineWidth: 2, lineDash: mark.dash ?? [] },
            },
            {
              type: 'text' as const,
              style: { ...text, x: mark.x + (align === 'left' ? 6 : -6), y, text: mark.text, align },
            },
          ];
        }),
      ],
    };
  };
  return { type: 'custom' as const, silent: true, clip: false, renderItem, data: [[0, 0]] };
}

/** Drawn only where the axis reaches it. */
const hasTarget = (margins: MarginHistogram): boolean =>
  margins.targetMs !== null && margins.targetMs > 0 && -margins.targetMs >= extentOf(margins).min;

interface Placed {
  readonly mark: Mark;
  readonly row: 0 | 1;
  readonly align: 'left' | 'right';
}

/** Names stand beside their lines, each in a row of its own, so that neither runs into the other's line. */
function placed(promise: Mark, target: Mark | null, { width }: Frame): readonly Placed[] {
  const fits = (mark: Mark) => mark.x + 14 + textPx(mark.text) < width;
  const promiseAlign = fits(promise) ? 'left' : 'right';
  if (!target) return [{ mark: promise, row: 0, align: promiseAlign }];
  const targetFits = target.x - 14 - textPx(target.text) > 0;
  const targetAlign = targetFits ? 'right' : 'left';
  return [
    { mark: promise, row: promiseAlign === 'left' ? 0 : 1, align: promiseAlign },
    { mark: target, row: promiseAlign === 'left' ? 1 : 0, align: targetAlign },
  ];
}
