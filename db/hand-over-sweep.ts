import { everybodyWithAbsences, isOursOr, membersOf, type StaffMember } from './duty.ts';
import { give } from './hand-over.ts';
import { createHeirs, leadsOf } from './heirs.ts';
import { allOrEach, databaseNow, inTransaction, type Pool, type Queryable, type Tried, type Tx } from './pool.ts';
import { lockPromises } from './settle-reads.ts';
import { awayAround, isAway } from '../domain/calendar/duty.ts';
import { isTakenFrom } from '../domain/calendar/owner-rule.ts';
import { acknowledgeBy } from '../domain/promise/hand-over.ts';
import { IDLE, type Instant } from '../domain/promise/instant.ts';

/** What one look came to. */
export interface SweptHandOvers {
  /** Promises that went to somebody else. */
  readonly handedOver: number;
  readonly failed: Tried<number>['failed'];
}

const BATCH = 100;

/**
 * Hands over what an absence that has begun takes from its owner, and what nobody has acknowledged in time. No workflow
 * knows of it: it costs no event. Done again at once it finds nothing but what nobody is there for.
 */
export async function sweepHandOvers(pool: Pool): Promise<SweptHandOvers> {
  const now = await databaseNow(pool);
  const tried: Tried<number>[] = [];
  const each = async (ids: readonly string[], work: (tx: Tx, ids: readonly string[]) => Promise<number>) => {
    for (let at = 0; at < ids.length; at += BATCH) tried.push(await allOrEach(pool, ids.slice(at, at + BATCH), work));
  };
  await each(await unacknowledged(pool), toLeads);
  for (const person of await everybodyWithAbsences(pool)) {
    const away = awayAround(person.duty, now);
    if (away) await each(await targetsOf(pool, person, away.from, away.to), fromAway);
  }
  const counts = tried.flatMap(({ done }) => done);
  return { handedOver: counts.reduce((all, count) => all + count, 0), failed: tried.flatMap(({ failed }) => failed) };
}

/**
 * A new promise of somebody who is, or will be, away at its target goes to somebody else at once. Answers those that did.
 */
export async function handOverNew(pool: Pool, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += BATCH)
    await inTransaction(pool, (tx) => fromAway(tx, ids.slice(at, at + BATCH), true));
}

/** Those whose time to be acknowledged is over, longest first. */
async function unacknowledged(q: Queryable): Promise<readonly string[]> {
  const { rows } = await q.query<{ id: string }>({
    name: 'unacknowledged_hand_overs',
    text: `select id from promises where acknowledge_by <= clock_timestamp() and closed_at is null
           order by acknowledge_by limit 1000`,
  });
  return rows.map(({ id }) => id);
}

/** Open promises of somebody with a target inside a stretch. */
async function targetsOf(q: Queryable, { id }: StaffMember, from: Instant, to: Instant): Promise<readonly string[]> {
  const { rows } = await q.query<{ id: string }>({
    name: 'targets_of_owner',
    text: `select id from promises where owner = $1 and closed_at is null and not history and target_at >= $2 and target_at < $3
           order by target_at, id limit 10000`,
    values: [id, from, to],
  });
  return rows.map((row) => row.id);
}

/** The lead, if they are there; else whoever has it keeps it, and is waited for no more. */
async function toLeads(tx: Tx, ids: readonly string[]): Promise<number> {
  const locked = await lockPromises(tx, ids);
  const now = await databaseNow(tx);
  const late = [...locked.values()].filter((promise) => {
    const dueAt = acknowledgeBy(promise);
    return promise.closedAt === null && dueAt !== null && dueAt <= now;
  });
  const gifts = [];
  for (const promise of late) {
    const { owner } = promise;
    if (owner === null) continue;
    const target = promise.plan.targetAt === IDLE ? now : promise.plan.targetAt;
    const lead = (await leadsOf(tx, owner)).find(
      (member) => isOursOr(promise.partner, member) && !isAway(member.duty, now) && !isAway(member.duty, target),
    );
    gifts.push({ promise, to: lead?.id ?? owner });
  }
  return (await give(tx, locked, gifts, 'unacknowledged', { by: null })).length;
}

/** To the deputy, else the rota, else the lead. `isNew`: also where the absence has not begun yet. */
async function fromAway(tx: Tx, ids: readonly string[], isNew = false): Promise<number> {
  const locked = await lockPromises(tx, ids);
  const now = await databaseNow(tx);
  const owners = await membersOf(tx, [...new Set([...locked.values()].flatMap(({ owner }) => owner ?? []))]);
  const heirs = new Map<string, ReturnType<typeof createHeirs>>();
  const gifts = [];
  for (const promise of locked.values()) {
    const owner = promise.owner === null ? undefined : owners.get(promise.owner);
    if (!owner || promise.closedAt !== null || !isTakenFrom(owner, promise.plan.targetAt, now, isNew)) continue;
    const theirs = heirs.get(owner.id) ?? createHeirs(tx, { now, from: owner.id });
    heirs.set(owner.id, theirs);
    const first = owner.deputy === null ? [] : [owner.deputy];
    const to = await theirs.give({
      kind: promise.kind,
      targetAt: promise.plan.targetAt,
      partner: promise.partner,
      first,
    });
    if (to !== null) gifts.push({ promise, to });
  }
  return (await give(tx, locked, gifts, 'absence', { by: null })).length;
}
