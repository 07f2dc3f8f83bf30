import type { Fact, Named } from './facts.ts';
import type { Instant } from './instant.ts';
import type { NoticeReason } from './words.ts';

/** The newest change of the owner. */
export interface HandOver {
  /** Null: nobody was named before. */
  readonly from: string | null;
  readonly to: string;
  readonly at: Instant;
  /** By when it is to be acknowledged; null: it need not be. */
  readonly dueAt: Instant | null;
  readonly acknowledgedAt: Instant | null;
}

/** What the facts say about who answers for a promise. */
export interface Owning {
  /** Null: nobody is named. */
  readonly owner: string | null;
  /** Null: there was none. */
  readonly handOver: HandOver | null;
  /** How often the owner changed. */
  readonly handOvers: number;
  /** The owner whom the customer knows by the newest notice that named one as such; null: she knows none. */
  readonly knownOwner: string | null;
}

/** Before anything happened. */
export const ownedBy = (owner: string | null): Owning => ({ owner, handOver: null, handOvers: 0, knownOwner: null });

/** Said to the one who has it already it changes nothing but by when it is to be acknowledged. */
export function handedOver<S extends Owning>(state: S, fact: Extract<Fact, { kind: 'handed_over' }>): S {
  const { owner: to, occurredAt: at, acknowledgeBy: dueAt } = fact;
  const changes = to !== state.owner;
  if (!changes && state.handOver) return { ...state, handOver: { ...state.handOver, dueAt } };
  const handOver = { from: state.owner, to, at, dueAt, acknowledgedAt: null };
  return { ...state, owner: to, handOver, handOvers: state.handOvers + (changes ? 1 : 0) };
}

/** Only the owner's own word counts, and the first one. */
export function acknowledged<S extends Owning>(state: S, fact: Extract<Fact, { kind: 'acknowledged' }>): S {
  const { handOver, owner } = state;
  if (handOver === null || handOver.acknowledgedAt !== null || fact.by !== owner) return state;
  return { ...state, handOver: { ...handOver, acknowledgedAt: fact.occurredAt } };
}

/**
 * What the customer learned from a notice about who looks after it. Only bad and half-done news make her rely on a name;
 * where it is not recorded whom it named, none is known.
 */
export function named<S extends Owning>(state: S, reason: NoticeReason, who: Named | undefined): S {
  const isRelied = reason === 'risk' || reason === 'progress' || reason === 'recovery';
  return { ...state, knownOwner: isRelied && who?.role === 'owner' ? who.person : null };
}

/** The customer relies on somebody who does not answer for it any more, and no notice has said so since. */
export const isOwnerUntold = ({ knownOwner, owner }: Owning): boolean => knownOwner !== null && knownOwner !== owner;

/** By when the newest hand-over is still to be acknowledged; null: it was, or need not be. */
export const acknowledgeBy = ({ handOver }: Pick<Owning, 'handOver'>): Instant | null =>
  handOver === null || handOver.acknowledgedAt !== null ? null : handOver.dueAt;

/** The key of the next fact about who answers for a promise: of those there are, whatever they say, each has its own. */
export const ownerFactKey = (facts: readonly Fact[], kind: 'handed_over' | 'acknowledged'): string =>
  `owner:${facts.filter((fact) => fact.kind === 'handed_over' || fact.kind === 'acknowledged').length + 1}:${kind}`;
