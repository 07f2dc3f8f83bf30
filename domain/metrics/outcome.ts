/** Where a promise stands when it is counted; open ones at risk are `open`. */
export const STANDINGS = ['kept', 'broken', 'overdue', 'open', 'withdrawn', 'unreachable'] as const;
export type Standing = (typeof STANDINGS)[number];

/** Of these kinds, by the first part of their names, it counts whether the first contact settled it. */
export const SETTLED_BY_CONTACT = ['callback', 'reply', 'repair'] as const;

/** What became of one promise, as far as the report counts it. */
export interface Outcome {
  readonly standing: Standing;
  /** The same against the time that was promised first. */
  readonly first: Standing;
  readonly isByUs: boolean;
  readonly isEarly: boolean;
  readonly isWarned: boolean;
  readonly isWarnedInTime: boolean;
  readonly isNoticeMissed: boolean;
  /** Whether one of `SETTLED_BY_CONTACT` needed no second contact; null: it is not fulfilled, or of another kind. */
  readonly isFirstContact: boolean | null;
  readonly isRecovered: boolean;
  /** Imported: in no figure about notices. */
  readonly isHistory: boolean;
}

/**
 * An outcome as one number of 15 bits: of each field its number times its weight, added up. A standing is its place in
 * `STANDINGS`; yes is 1 and no is 0; of what may be null, null is 0, no is 1 and yes is 2.
 */
export const WEIGHTS = {
  standing: 1,
  first: 8,
  isByUs: 64,
  isEarly: 128,
  isWarned: 256,
  isWarnedInTime: 512,
  isNoticeMissed: 1_024,
  isFirstContact: 2_048,
  isRecovered: 8_192,
  isHistory: 16_384,
} as const satisfies { readonly [F in keyof Outcome]: number };

/** How many numbers there are. */
export const OUTCOMES = 32_768;

/** Whether all are numbers of outcomes: not below nothing, both standings ones there are. By bits, since there are millions. */
export function areOutcomes(codes: Int16Array): boolean {
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? -1;
    if (code < 0 || (code & 7) >= STANDINGS.length || ((code >> 3) & 7) >= STANDINGS.length) return false;
  }
  return true;
}

/** @throws RangeError where the number is no outcome's. */
export function outcomeOf(code: number): Outcome {
  const has = (field: keyof Outcome): boolean => (code & WEIGHTS[field]) !== 0;
  const firstContact = Math.trunc(code / WEIGHTS.isFirstContact) % 4;
  return {
    standing: standingOf(code, code % 8),
    first: standingOf(code, Math.trunc(code / WEIGHTS.first) % 8),
    isByUs: has('isByUs'),
    isEarly: has('isEarly'),
    isWarned: has('isWarned'),
    isWarnedInTime: has('isWarnedInTime'),
    isNoticeMissed: has('isNoticeMissed'),
    isFirstContact: firstContact === 0 ? null : firstContact === 2,
    isRecovered: has('isRecovered'),
    isHistory: has('isHistory'),
  };
}

function standingOf(code: number, place: number): Standing {
  const standing = STANDINGS[place];
  if (!standing) throw new RangeError(`Not the number of an outcome: ${code}`);
  return standing;
}
