/** Chance that is the same for the same seed. */
export interface Dice {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, n). */
  below(n: number): number;
  chance(p: number): boolean;
  /** Whole milliseconds between the two, short ones as likely as long ones: seconds as well as hours. */
  anyMs(leastMs: number, mostMs: number): number;
  pick<T>(choices: readonly T[]): T;
  /** By weight. */
  weighed<T extends string>(weights: Readonly<Record<T, number>>): T;
}

/** Mulberry32: 32 bits of state, enough for some ten thousand throws. */
export function dice(seed: number): Dice {
  let state = (seed * 0x9e3779b1) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  const pick = <T>(choices: readonly T[]): T => {
    const choice = choices[below(choices.length)];
    if (choice === undefined) throw new Error('Nothing to choose from.');
    return choice;
  };
  return {
    next,
    below,
    chance: (p) => next() < p,
    anyMs: (leastMs, mostMs) => Math.round(leastMs * (mostMs / leastMs) ** next()),
    pick,
    weighed: (weights) => {
      const entries = Object.entries<number>(weights) as [keyof typeof weights, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [choice, weight] of entries) if ((left -= weight) < 0) return choice;
      return pick(entries)[0];
    },
  };
}
