import type { MarginHistogram } from '../../domain/metrics/margins.ts';

/** How many promises the histogram shows. */
export const fulfilledOf = ({ bins, below, above }: MarginHistogram): number =>
  bins.reduce((sum, { n }) => sum + n, below + above);

/** A bar on the axis of lateness: right of zero is late. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  /** One of the two that gather what lies further out. */
  readonly isEnd: boolean;
}

/** From the earliest to the latest, with the gathering bars half a bin apart from the others. */
export function barsOf({ bins, binMs, below, above }: MarginHistogram): readonly Bar[] {
  const inner = bins.map(({ fromMs, toMs, n }) => ({ from: -toMs, to: -fromMs, n, isEnd: false })).toReversed();
  const [first, last] = [inner[0]?.from ?? 0, inner.at(-1)?.to ?? 0];
  return [
    ...(above > 0 ? [{ from: first - 1.5 * binMs, to: first - 0.5 * binMs, n: above, isEnd: true }] : []),
    ...inner,
    ...(below > 0 ? [{ from: last + 0.5 * binMs, to: last + 1.5 * binMs, n: below, isEnd: true }] : []),
  ];
}

/** What the axis spans: all bars and the promised time, with half a bin of room. */
export function extentOf(margins: MarginHistogram): { readonly min: number; readonly max: number } {
  const bars = barsOf(margins);
  const room = margins.binMs / 2;
  return { min: Math.min(0, bars[0]?.from ?? 0) - room, max: Math.max(0, bars.at(-1)?.to ?? 0) + room };
}
