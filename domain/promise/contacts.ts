import type { Fact } from './facts.ts';
import type { PromiseState } from './fold.ts';
import type { Instant } from './instant.ts';

/** How often the customer came to us about a promise. */
export interface Contacts {
  readonly count: number;
  /** Of these, after the promise was made. */
  readonly since: number;
  /** When she first asked where it stands, or told of trouble. */
  readonly askedAt: Instant | null;
}

export const NO_CONTACTS: Contacts = { count: 0, since: 0, askedAt: null };

/** With one more; in the order in which they occurred. */
export function withContact(
  { count, since, askedAt }: Contacts,
  { occurredAt: at, about }: Extract<Fact, { kind: 'contacted' }>,
  madeAt: Instant | null,
): Contacts {
  const asks = about === 'status' || about === 'trouble';
  return {
    count: count + 1,
    since: since + (madeAt === null || at > madeAt ? 1 : 0),
    askedAt: askedAt ?? (asks ? at : null),
  };
}

/** Whether the customer asked before we told her anything but what was promised. */
export function askedFirst({ contacts: { askedAt }, notices }: Pick<PromiseState, 'contacts' | 'notices'>): boolean {
  const told = notices.find(({ reason, state }) => state === 'sent' && reason !== 'promised');
  return askedAt !== null && (told === undefined || askedAt <= told.at);
}

/**
 * Whether a fulfilled promise needed no second contact: as the fulfilment says, else where the customer did not come to us
 * since it was made and was tried in vain at most once. Null of what is not fulfilled.
 */
export function isFirstContact({
  end,
  contacts,
  tried,
}: Pick<PromiseState, 'end' | 'contacts' | 'tried'>): boolean | null {
  if (end?.kind !== 'fulfilled') return null;
  return end.firstContact ?? (contacts.since === 0 && tried.counted <= 1);
}
