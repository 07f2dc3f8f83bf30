/** Prints one figure with its bar, and says whether it held. `bar` null: printed only. */
export function figure(
  name: string,
  value: number,
  unit: string,
  bar: { atLeast?: number; atMost?: number } | null,
): boolean {
  const low = bar?.atLeast;
  const high = bar?.atMost;
  const held = (low === undefined || value >= low) && (high === undefined || value <= high);
  const limit = low !== undefined ? `bar >= ${low}` : high !== undefined ? `bar <= ${high}` : '';
  const mark = bar === null ? ' ' : held ? '✓' : '✗';
  console.log(`${mark} ${name.padEnd(58)} ${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit.padEnd(8)} ${limit}`);
  return held;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
