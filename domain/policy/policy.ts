/** An ISO 8601 duration such as `P1D` or `PT4H`; days and longer are calendar days. Checked where it enters. */
export type Duration = string;

/** How far before the promised time our own target lies. */
export type BufferRule =
  | { readonly fixed: Duration }
  | {
      /** Share of the time promised, 0 < share < 1. */
      readonly share: number;
      readonly min: Duration | null;
      readonly max: Duration | null;
    };

/** The rules of one kind of promise. Immutable once used: each promise remembers the version it was made under. */
export interface Policy {
  readonly kind: string;
  readonly buffer: BufferRule;
  readonly lead: Duration;
  readonly estimateFresh: Duration;
  readonly whenUnknown: 'silent' | 'warn';
  readonly factLag: Duration;
  readonly nextNews: Duration;
  readonly notices: { readonly promised: boolean };
  /** Share of promises to be kept, 0 < goal <= 1; null where none is set. */
  readonly goal: number | null;
  readonly sendGuard: Duration;
  readonly spread: Duration;
  readonly shortest: Duration;
}
