/** One measured figure with the bar it is held against; `held` null where it is only printed. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: string;
  readonly held: boolean | null;
}

export interface Bench {
  /** What was measured against what, with every setting. */
  readonly settings: string;
  readonly figures: readonly Figure[];
}

/** `bar` null: printed only. */
export function figure(
  name: string,
  value: number,
  unit: string,
  bar: { readonly atLeast?: number; readonly atMost?: number; readonly exactly?: number } | null = null,
): Figure {
  if (bar === null) return { name, value, unit, bar: '', held: null };
  const { atLeast = bar.exactly, atMost = bar.exactly } = bar;
  const held = (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
  const words =
    bar.exactly !== undefined ? `= ${bar.exactly}` : atLeast !== undefined ? `>= ${atLeast}` : `<= ${atMost}`;
  return { name, value, unit, bar: words, held };
}

export function print({ settings, figures }: Bench): void {
  console.log(settings);
  for (const { name, value, unit, bar, held } of figures) {
    const mark = held === null ? ' ' : held ? '✓' : '✗';
    const number = Number.isInteger(value) ? String(value) : value.toFixed(2);
    console.log(`${mark} ${name.padEnd(64)} ${number.padStart(8)} ${unit.padEnd(8)} ${bar}`);
  }
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
