import type { Fact, Offer } from './facts.ts';
import type { GrantedRemedy, PromiseState } from './fold.ts';
import { later, msBetween, type Instant } from './instant.ts';
import type { Judgement } from './judge.ts';
import { freshEstimate } from './phase.ts';
import { isLate, type Terms } from './plan.ts';
import type { RemedyKind, RemedyReason } from './words.ts';

/**
 * What is decided about remedies, as pure functions: whether a promise breaks at this moment, what its customer is offered
 * for it, and whether that needs approval. `db/` knows what was decided before and what the budget has left, and decides nothing.
 */

/** A moment at which a remedy is decided. */
export interface Break {
  /** When it came, or is taken to come: lateness is counted up to here. */
  readonly lateAt: Instant;
  /** Never negative. */
  readonly lateMs: number;
  /** Nothing else happened yet, so that a break of the same customer before it makes this one the second. */
  readonly isFirst: boolean;
  /** The newest time told has passed, too. */
  readonly again: boolean;
}

/**
 * Whether a promise breaks at this moment: staff are told of it, the time told next passes as well, or it ends late. Null
 * where it does not, and for what Kept made itself. `news` are the facts that are new.
 */
export function breakOf(
  terms: Terms,
  state: PromiseState,
  judged: Judgement,
  news: readonly Fact[],
  now: Instant,
): Break | null {
  if (terms.history || terms.follows) return null;
  const breaks = judged.alerts.includes('broken');
  if (!breaks && !judged.again && !(endsLate(terms, state) && news.some(isEnding))) return null;
  const lateAt = lateUntil(terms, state, now);
  return { lateAt, lateMs: msBetween(terms.plan.promisedAt, lateAt), isFirst: breaks, again: judged.again };
}

const endsLate = ({ plan }: Terms, { end }: PromiseState): boolean =>
  end?.kind === 'fulfilled' && isLate(plan, end.at, end.asDay);

const isEnding = ({ kind }: Fact): boolean => kind === 'fulfilled' || kind === 'attempted';

/** The end; else the newest fresh estimate, unless that has passed; else now. */
function lateUntil(terms: Terms, state: PromiseState, now: Instant): Instant {
  const { promisedAt } = terms.plan;
  if (state.end) return later(state.end.at, promisedAt);
  return later(later(freshEstimate(terms, state, now)?.at ?? now, now), promisedAt);
}

/** What the customer is offered beyond what was decided for her before. */
export interface Wanted {
  readonly reason: RemedyReason;
  readonly options: readonly Offer[];
}

type Value = Parameters<NonNullable<Terms['remedies']>['offeredAgain']>[0];

/**
 * What is to be granted for a break: the row of the table, or what is offered for the second one where that is more, less
 * what was decided before. So a higher row grants the difference, the same one nothing, and nothing is lowered. Null:
 * nothing is. What was decided in another currency leaves nothing to reckon with.
 * @param decided every remedy there is of this promise, whatever became of it
 */
export function wantedFor(
  { remedies }: Terms,
  { lateAt, isSecond, value }: { readonly lateAt: Instant; readonly isSecond: boolean; readonly value: Value },
  decided: readonly Chosen[],
): Wanted | null {
  if (!remedies || decided.some((one) => heldOf(one)?.currency !== remedies.currency)) return null;
  const row = remedies.offered(lateAt, value);
  const again = isSecond ? remedies.offeredAgain(value) : [];
  const [reason, offers]: readonly [RemedyReason, readonly Offer[]] =
    firstOf(again) >= firstOf(row) && again.length > 0 ? ['second_break', again] : ['late', row];
  const options = offers.flatMap((offer) => {
    const more = centsOf(offer.amount) - decided.reduce((sum, one) => sum + worthAs(offer.kind, one), 0n);
    return more > 0n ? [{ ...offer, amount: moneyText(more) }] : [];
  });
  return options.length === 0 ? null : { reason, options };
}

/** What was offered and which of it holds. */
type Chosen = Pick<GrantedRemedy, 'options' | 'chosen'>;

/** Options are equal to us though their amounts are not: what was decided counts as the option of the same kind, else as what holds. */
function worthAs(kind: RemedyKind, decided: Chosen): bigint {
  const same = decided.options.find((offer) => offer.kind === kind) ?? heldOf(decided);
  return same ? centsOf(same.amount) : 0n;
}

const firstOf = (offers: readonly Offer[]): bigint => (offers[0] ? centsOf(offers[0].amount) : 0n);

/** Above the limit it waits for somebody, whichever option the customer would choose. */
export function needsApproval({ remedies }: Terms, options: readonly Offer[]): boolean {
  const limit = remedies?.limit ?? null;
  return limit !== null && options.some(({ amount }) => centsOf(amount) > centsOf(limit));
}

/** Exact, in hundredths. @example centsOf('20.00') //=> 2000n */
export const centsOf = (amount: string): bigint => BigInt(amount.replace('.', ''));

/** @example moneyText(624n) //=> '6.24' */
export const moneyText = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;

/** What the remedies of a promise cost: those granted, without those taken back. Null: nothing. */
export function costOf({ remedies, reversed }: PromiseState): Pick<Offer, 'amount' | 'currency'> | null {
  const held = remedies.flatMap((remedy) => (reversed.includes(remedy.id) ? [] : (heldOf(remedy) ?? [])));
  const [first] = held;
  return first
    ? { amount: moneyText(held.reduce((sum, { amount }) => sum + centsOf(amount), 0n)), currency: first.currency }
    : null;
}

/** What holds of what was granted: the first option, or the one that the customer chose. */
export const heldOf = ({ options, chosen }: Chosen): Offer | null => options[chosen] ?? null;
