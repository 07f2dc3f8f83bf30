import { contactOf, membersOf, type ContactPerson, type StaffMember } from './duty.ts';
import { KeptError } from './fault-fields.ts';
import { newsInARow } from './news.ts';
import type { Tx } from './pool.ts';
import { arrivalTimes, broughtBy } from './remedies.ts';
import type { SettledPromise } from './settle.ts';
import type { Named, NoticeKey, Offer, Told } from '../domain/promise/facts.ts';
import type { PromiseState } from '../domain/promise/fold.ts';
import { isOwnerUntold } from '../domain/promise/hand-over.ts';
import type { Instant } from '../domain/promise/instant.ts';
import { untoldRemedies } from '../domain/promise/notices.ts';
import { isOfOwner, tellable } from '../domain/promise/tellable.ts';
import type { NoticeReason } from '../domain/promise/words.ts';

/** Everything a text needs to be true at the moment it leaves, read under the customer's lock. */
export interface ComposeRequest {
  readonly dispatchId: string;
  readonly now: Instant;
  readonly recipient: { readonly name: string | null; readonly email: string | null; readonly language: string | null };
  readonly members: readonly ComposeMember[];
}

export interface ComposeMember extends NoticeKey {
  readonly promiseId: string;
  readonly kind: string;
  readonly source: string;
  readonly ref: string;
  readonly subject: string | null;
  /** The promise that it follows from. */
  readonly parent: string | null;
  readonly settled: Pick<SettledPromise, 'terms' | 'state'>;
  readonly told: Told | null;
  readonly nextNewsAt: Instant | null;
  /** The name of who looks after it from now on, where that is what the notice tells. */
  readonly newOwner: string | null;
  /** And nothing else. */
  readonly isOfOwner: boolean;
  /** Somebody on duty: the owner, their deputy or the hotline. */
  readonly contact: ContactPerson;
  /** What it names for the broken promise. */
  readonly remedies: readonly ToldRemedy[];
  /** The remedy that the promise itself brings. */
  readonly brings: Offer | null;
}

/** What a customer gets for a broken promise, as she is told of it. */
export interface ToldRemedy {
  readonly id: string;
  readonly options: readonly Offer[];
  readonly chosen: number;
  /** By when it is to arrive; null: not known. */
  readonly arrivesAt: Instant | null;
  /** Another one was named before. */
  readonly isFurther: boolean;
}

/** A notice that is due, and its promise. */
type DueNotice = NoticeKey & { readonly promiseId: string };

/** What is true of each notice at `now`, read under the customer's lock. */
export async function membersFor(
  tx: Tx,
  due: readonly DueNotice[],
  settled: ReadonlyMap<string, SettledPromise>,
  now: Instant,
): Promise<readonly ComposeMember[]> {
  const owners = [...settled.values()].flatMap(({ state }) => (state.owner === null ? [] : [state.owner]));
  const staff = await membersOf(tx, owners);
  const inARow = await newsInARow(
    tx,
    due.map((duty) => duty.promiseId),
  );
  const arrivals = await arrivalsOf(tx, due, settled);
  const following = due.filter(({ promiseId }) => (settled.get(promiseId)?.promise.parent ?? null) !== null);
  const brought = await broughtBy(
    tx,
    following.map(({ promiseId }) => promiseId),
  );
  return due.flatMap((duty) =>
    memberOf(duty, settled, { staff, arrivals, brought, now, inARow: inARow.get(duty.promiseId) ?? 0 }),
  );
}

/** What a notice tells, kept beside it until it was sent. */
export const saidBy = (member: ComposeMember | undefined): Record<string, unknown> => ({
  told: member?.told ?? null,
  nextNewsAt: member?.nextNewsAt ?? null,
  ...(member ? namedBy(member) : {}),
  ...(member && member.remedies.length > 0 && { remedies: member.remedies.map(({ id }) => id) }),
});

/** A notice that tells of the new owner names them, whether they are on duty or not. It may be word of the promise, too. */
function namedBy(member: ComposeMember): { readonly named: Named; readonly about?: 'owner' } {
  const { contact, newOwner, settled } = member;
  const { owner } = settled.state;
  if (newOwner === null || owner === null) return { named: { person: contact.person.id, role: contact.role } };
  return { named: { person: owner, role: 'owner' }, ...(member.isOfOwner ? { about: 'owner' } : {}) };
}

function memberOf(
  duty: DueNotice,
  settled: ReadonlyMap<string, SettledPromise>,
  {
    staff,
    arrivals,
    brought,
    now,
    inARow,
  }: {
    staff: ReadonlyMap<string, StaffMember>;
    arrivals: ReadonlyMap<string, Instant>;
    brought: ReadonlyMap<string, Offer>;
    now: Instant;
    inARow: number;
  },
): readonly ComposeMember[] {
  const found = settled.get(duty.promiseId);
  if (!found) return [];
  const { promise, terms, state } = found;
  const { id, kind, source, ref, subject, parent } = promise;
  const { reason, revision, occasion } = duty;
  const contact = contactOf({ owner: state.owner, partner: promise.partner }, staff, now);
  if (!contact) throw new KeptError('No hotline is stored: a notice must name someone. Save people.yaml first.');
  const says = tellable(terms, state, reason, now, inARow);
  return [
    {
      promiseId: id,
      kind,
      source,
      ref,
      subject,
      parent,
      reason,
      revision,
      occasion,
      settled: { terms, state },
      newOwner: reason === 'progress' ? newOwnerOf(state, staff) : null,
      isOfOwner: isOfOwner(terms, state, reason, now),
      contact,
      remedies: namesRemedies(reason) ? toldRemedies(state, arrivals) : [],
      brings: brought.get(id) ?? null,
      ...says,
    },
  ];
}

/** Null: the customer knows who looks after it. */
function newOwnerOf(state: PromiseState, staff: ReadonlyMap<string, StaffMember>): string | null {
  if (!isOwnerUntold(state) || state.owner === null) return null;
  return staff.get(state.owner)?.name ?? null;
}

const namesRemedies = (reason: NoticeReason): boolean => reason === 'recovery' || reason === 'remedy';

const toldRemedies = (state: PromiseState, arrivals: ReadonlyMap<string, Instant>): readonly ToldRemedy[] =>
  untoldRemedies(state).map(({ id, options, chosen }, index) => ({
    ...{ id, options, chosen, arrivesAt: arrivals.get(id) ?? null },
    isFurther: index > 0 || state.toldOf.length > 0,
  }));

/** By when the remedies that are to be named will arrive. */
async function arrivalsOf(
  tx: Tx,
  due: readonly DueNotice[],
  settled: ReadonlyMap<string, SettledPromise>,
): Promise<ReadonlyMap<string, Instant>> {
  const states = due
    .filter(({ reason }) => namesRemedies(reason))
    .flatMap(({ promiseId }) => settled.get(promiseId) ?? []);
  return arrivalTimes(
    tx,
    states.flatMap(({ state }) => untoldRemedies(state).map(({ id }) => id)),
  );
}
