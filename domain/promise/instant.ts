/**
 * A point in time: ISO 8601, UTC, always with milliseconds (`2026-11-27T13:00:00.000Z`). The only form in which time
 * crosses a module boundary. Two instants compare as text, because the form has a fixed width.
 */
export type Instant = string & { readonly __brand: 'Instant' };

/** IANA zone name, e.g. `Europe/Tallinn`. Checked where it enters (`domain/calendar/zones.ts`). */
export type Zone = string;

/** Later than any instant compares, as text and in PostgreSQL: "no next instant, but still waiting". */
export const IDLE = 'infinity' as Instant;

/** An instant that is one; null while nothing has a time. */
export const timed = (at: Instant): Instant | null => (at === IDLE ? null : at);

const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const AFTER_LAST_MS = Date.parse('9999-12-31T23:59:59.999Z') + 1;

/**
 * The instant at `ms` milliseconds since 1970-01-01T00:00Z.
 * @throws RangeError outside the years 0001 to 9999, which the text form cannot order.
 */
export function instant(ms: number): Instant {
  if (!(ms >= FIRST_MS && ms < AFTER_LAST_MS))
    throw new RangeError(`Not an instant between the years 0001 and 9999: ${ms} ms`);
  return new Date(ms).toISOString() as Instant;
}

/** Milliseconds since 1970-01-01T00:00Z. */
export const msOf = (at: Instant): number => Date.parse(at);

/** `at` moved by `ms` milliseconds of elapsed time. Calendar days are no milliseconds: see `domain/calendar/`. */
export const plusMs = (at: Instant, ms: number): Instant => instant(msOf(at) + ms);

/** Elapsed milliseconds from `from` to `to`; negative when `to` is earlier. */
export const msBetween = (from: Instant, to: Instant): number => msOf(to) - msOf(from);

const HOUR_MS = 3_600_000;

/** As people are told a time: without milliseconds, never earlier. */
export const inSeconds = (at: Instant): Instant => instant(Math.ceil(msOf(at) / 1_000) * 1_000);

/** As we tell by when we are in touch: an hour and more away in whole minutes, else in whole seconds; never earlier. */
export const inWholes = (at: Instant, now: Instant): Instant =>
  msBetween(now, at) < HOUR_MS ? inSeconds(at) : instant(Math.ceil(msOf(at) / 60_000) * 60_000);

export const earlier = (a: Instant, b: Instant): Instant => (a <= b ? a : b);
export const later = (a: Instant, b: Instant): Instant => (a >= b ? a : b);

/** The earliest of those that are not null; null when none is. */
export function earliest(instants: readonly (Instant | null)[]): Instant | null {
  return instants.reduce((best, at) => (at !== null && (best === null || at < best) ? at : best), null);
}
