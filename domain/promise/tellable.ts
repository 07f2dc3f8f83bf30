import type { Told } from './facts.ts';
import type { PromiseState } from './fold.ts';
import { isOwnerUntold } from './hand-over.ts';
import type { Instant } from './instant.ts';
import { MOST_NEWS } from './news.ts';
import { newTimeOver, progress } from './notices.ts';
import { freshEstimate } from './phase.ts';
import { isLate, type Terms } from './plan.ts';
import type { NoticeReason } from './words.ts';

/**
 * What a notice of this reason can say about time, if it leaves at `now`. `inARow`: how often the customer was put off since
 * a person last was in touch; put off for long enough, she is given no further time at which nobody may write.
 */
export function tellable(
  terms: Terms,
  state: PromiseState,
  reason: NoticeReason,
  now: Instant,
  inARow = 0,
): { readonly told: Told | null; readonly nextNewsAt: Instant | null } {
  if (reason === 'promised' || reason === 'remedy' || state.end) return { told: null, nextNewsAt: null };
  if (isOfOwner(terms, state, reason, now)) return { told: null, nextNewsAt: null };
  const estimate = reason === 'progress' ? null : freshEstimate(terms, state, now);
  const newest = estimate && isLate(terms.plan, estimate.at) ? terms.newTimeFor(estimate.at) : null;
  // An apology that goes while a later time stands says that time again, where there is no newer one.
  const told = newest ?? (reason === 'recovery' && newTimeOver(terms, state) !== null ? state.told : null);
  if (told !== null && told.at > now) return { told, nextNewsAt: null };
  return { told: null, nextNewsAt: inARow < MOST_NEWS ? terms.nextNewsAfter(now) : null };
}

/** It says who looks after the promise now and nothing else, if it leaves at `now`: that is no news of the promise itself. */
export const isOfOwner = (terms: Terms, state: PromiseState, reason: NoticeReason, now: Instant): boolean =>
  reason === 'progress' && isOwnerUntold(state) && progress(terms, state, now) === null;
