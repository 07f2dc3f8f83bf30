/**
 * Places of mails under a cap a minute, as pure functions: which second a mail may leave in, so that no 60 s that anybody
 * picks hold more than the cap. A burst leaves as a burst, and what follows it comes a minute after.
 */

/** Mails that have left in a second of the clock, or keep a place in it. */
export interface Second {
  /** Its beginning, in milliseconds since 1970. */
  readonly atMs: number;
  readonly mails: number;
}

const SECOND_MS = 1_000;
/**
 * A mail counts for this long: a minute, the second in which both ends may lie, and 5 s by which one may reach the mail
 * server sooner than another: between place and hand-over the engine is told, which takes seconds where a herd keeps it busy.
 */
const COUNTS_MS = 66_000;
/** Places are kept so far apart: one that is taken some seconds late takes none away from those after it. */
export const APART_MS = 70_000;

/** Whoever is to go first, and is not here yet, is expected within so many milliseconds. */
const EXPECTED_MS = 10_000;

/** The second in which something happens. */
export const secondOf = (ms: number): number => Math.floor(ms / SECOND_MS) * SECOND_MS;

/** Whether one mail more may leave in the second `atMs`, which it may for sure where a place was kept for it soon before. */
export const hasRoom = (seconds: readonly Second[], cap: number, atMs: number): boolean =>
  mailsWithin(seconds, atMs, COUNTS_MS) < cap;

/**
 * The second in which the next mail gets a place, `nowMs` or later. `known`: at least those from `APART_MS` before it until
 * `APART_MS` after it, and from as long before the last of all; a place among them that was given back is taken by whoever
 * comes in that minute, not kept for anybody. `before`: mails that are to leave before this one and have no place yet; they
 * find one as if they had it already, but for one place of the cap.
 */
export function nextPlace(known: readonly Second[], cap: number, nowMs: number, before = 0): number {
  const now = secondOf(nowMs);
  const expected = { atMs: now + EXPECTED_MS, mails: Math.min(before, cap - 1) };
  const seconds = before > 0 ? [...known, expected] : known;
  const near = [now, ...seconds.map(({ atMs }) => atMs).filter((atMs) => atMs > now && atMs < now + APART_MS)];
  if (near.every((atMs) => mailsWithin(seconds, atMs, APART_MS) < cap)) return now;
  const newestFirst = seconds.toSorted((a, b) => b.atMs - a.atMs);
  const last = newestFirst[0]?.atMs ?? now;
  let left = cap;
  for (const { atMs, mails } of newestFirst) {
    left -= mails;
    if (left <= 0) return Math.max(now, last, atMs + APART_MS);
  }
  return Math.max(now, last);
}

const mailsWithin = (seconds: readonly Second[], endMs: number, forMs: number): number =>
  seconds.reduce((sum, { atMs, mails }) => sum + (atMs > endMs - forMs && atMs <= endMs ? mails : 0), 0);
