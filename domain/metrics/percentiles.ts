/**
 * The values at the shares of `values`, which are put into another order: of each share the smallest value that at least
 * this share of the values does not exceed, as PostgreSQL's `percentile_disc`. `shares` ascend; null each over nothing.
 */
export function percentiles(values: Float64Array, shares: readonly number[]): readonly (number | null)[] {
  if (values.length === 0) return shares.map(() => null);
  const places = shares.map((share) => Math.max(0, Math.ceil(share * values.length) - 1));
  settle(values, places, 0, values.length - 1);
  return places.map((place) => values[place] ?? null);
}

/** Puts at each of the ascending places what would stand there in order; the middle one halves the work of the others. */
function settle(values: Float64Array, places: readonly number[], from: number, to: number): void {
  const middle = places.length >> 1;
  const place = places[middle];
  if (place === undefined) return;
  select(values, place, from, to);
  settle(values, places.slice(0, middle), from, place);
  settle(values, places.slice(middle + 1), place, to);
}

/** Below this, choosing a pivot with care costs more than it saves. */
const SMALL = 600;

/**
 * Puts at `place` what would stand there in order, nothing greater before and nothing smaller after it.
 * Floyd and Rivest, "Algorithm 489: the algorithm SELECT", Communications of the ACM 18 (1975).
 */
function select(values: Float64Array, place: number, from: number, to: number): void {
  let left = from;
  let right = to;
  while (right > left) {
    if (right - left > SMALL) narrow(values, place, left, right);
    const pivot = values[place] ?? 0;
    let i = left;
    let j = right;
    while (i <= j) {
      while ((values[i] ?? 0) < pivot) i += 1;
      while ((values[j] ?? 0) > pivot) j -= 1;
      if (i > j) break;
      const held = values[i] ?? 0;
      values[i] = values[j] ?? 0;
      values[j] = held;
      i += 1;
      j -= 1;
    }
    if (place <= j) right = j;
    else if (place >= i) left = i;
    else return;
  }
}

/** Makes the value at `place` a good pivot for all: the one that stands there in a small part around it. */
function narrow(values: Float64Array, place: number, left: number, right: number): void {
  const n = right - left + 1;
  const i = place - left + 1;
  const z = Math.log(n);
  const s = 0.5 * Math.exp((2 * z) / 3);
  const spread = 0.5 * Math.sqrt((z * s * (n - s)) / n) * (i < n / 2 ? -1 : 1);
  const from = Math.max(left, Math.floor(place - (i * s) / n + spread));
  const to = Math.min(right, Math.floor(place + ((n - i) * s) / n + spread));
  select(values, place, from, to);
}
