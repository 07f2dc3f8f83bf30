import { URGENCY } from './engine.ts';
import { KeptError } from './fault-fields.ts';
import type { Pool, Queryable } from './pool.ts';
import type { Instant } from '../domain/promise/instant.ts';
import { CLAIM_MS } from '../domain/promise/sending.ts';
import type { HoldReason, NoticeReason } from '../domain/promise/words.ts';

/** A mail as it is counted before it leaves. */
export interface MailCount {
  /** Whose count it is: other databases may tell the same engine of theirs. */
  readonly installation: string;
  /** How many mails have been about to leave, this one included; each leaves a number of its own. */
  readonly mails: number;
}

/** Mails are held back: what would have sent one is undone. */
export class MailsHeld extends KeptError {
  constructor() {
    super('Mails are held back.');
    this.name = 'MailsHeld';
  }
}

/**
 * How soon whoever wants to send asks again, in milliseconds: after as long as mails have been held already, within these.
 * It costs no history, but the engine a task each.
 */
const [SOONEST_MS, LATEST_MS] = [2_000, 60_000];

/** Nothing leaves now: ask again then, and not sooner. */
export interface Held {
  readonly kind: 'held';
  readonly afterMs: number;
}

/** Does what claims a mail, unless mails are held back; `work` counts the mail itself, last of all, by `countMail`. */
export async function unlessHeld<T>(pool: Pool, work: () => Promise<T>): Promise<T | Held> {
  const { reason, heldMs } = await holdOf(pool);
  if (reason !== null) return { kind: 'held', afterMs: Math.min(Math.max(SOONEST_MS, heldMs), LATEST_MS) };
  try {
    return await work();
  } catch (error) {
    if (error instanceof MailsHeld) return { kind: 'held', afterMs: SOONEST_MS };
    throw error;
  }
}

/**
 * Counts a mail that is about to leave. All mails share this row, so it is the last statement of its transaction.
 * @throws MailsHeld where somebody has begun to hold mails back meanwhile
 */
export async function countMail(q: Queryable): Promise<MailCount> {
  const { rows } = await q.query<MailCount>({
    name: 'count_mail',
    text: 'update outgoing set mails = mails + 1 where held_reason is null returning installation, mails',
  });
  const [counted] = rows;
  if (!counted) throw new MailsHeld();
  return counted;
}

/** How many mails this database knows to have been about to leave. */
export async function mailsCounted(q: Queryable): Promise<MailCount> {
  const { rows } = await q.query<MailCount>('select installation, mails from outgoing');
  const [counted] = rows;
  if (!counted) throw new KeptError('The table outgoing has lost its row.');
  return counted;
}

/** Whether mails are held back, since when, and by whom. */
export interface Hold {
  readonly since: Instant | null;
  readonly reason: HoldReason | null;
  /** How long that is, in milliseconds; 0: they are not held. */
  readonly heldMs: number;
}

export async function holdOf(q: Queryable): Promise<Hold> {
  const { rows } = await q.query<Hold>({
    name: 'hold_of',
    text: `select held_since as since, held_reason as reason,
             coalesce(extract(epoch from clock_timestamp() - held_since) * 1000, 0)::float8 as "heldMs" from outgoing`,
  });
  return rows[0] ?? { since: null, reason: null, heldMs: 0 };
}

/** Holds all mails back from now on, until an operator lets them go. A hold that is on stays as it is. */
export async function holdMails(q: Queryable): Promise<void> {
  await q.query(
    `update outgoing set held_since = clock_timestamp(), held_reason = 'operator' where held_reason is null`,
  );
}

/** How many mails may be on their way to the mail server: claimed, and neither recorded nor old enough to be surely over. */
export async function mailsOnTheirWay(q: Queryable): Promise<number> {
  const { rows } = await q.query<{ n: number }>(
    `select count(*) as n from (
       select claimed_at from dispatches
       where state = 'claimed' and id in (select dispatch_id from duties where state = 'claimed')
       union all select claimed_at from digests where state = 'claimed') c
     where claimed_at > clock_timestamp() - make_interval(secs => $1::float8 / 1000)`,
    [CLAIM_MS],
  );
  return rows[0]?.n ?? 0;
}

/**
 * Holds all mails back because more have left than this database knows of. The count goes on from theirs, so that no mail
 * bears a number twice, and the same restore is not seen again. Answers whether it was news.
 */
export async function holdRestored(q: Queryable, heard: number): Promise<boolean> {
  const { rowCount } = await q.query(
    `update outgoing set mails = $1, held_since = coalesce(held_since, clock_timestamp()), held_reason = 'restored'
     where mails < $1`,
    [heard],
  );
  return rowCount === 1;
}

/** Lets mails go again. Answers whether they were held. */
export async function releaseMails(q: Queryable): Promise<boolean> {
  const { rowCount } = await q.query(
    'update outgoing set held_since = null, held_reason = null where held_reason is not null',
  );
  return rowCount === 1;
}

/** A notice that would leave now. */
export interface WaitingNotice {
  readonly promiseId: string;
  readonly reason: NoticeReason;
  readonly dueAt: Instant;
  /** 1 leaves before all others. */
  readonly urgency: number;
}

/** What would leave if nothing held it: how many notices, and the most urgent of them. */
export async function noticesWaiting(
  q: Queryable,
  limit: number,
): Promise<{ readonly waiting: number; readonly items: readonly WaitingNotice[] }> {
  const { rows } = await q.query<WaitingNotice & { waiting: number }>(
    `select d.promise_id as "promiseId", d.reason, d.due_at as "dueAt",
       ${URGENCY} as urgency,
       count(*) over () as waiting
     from duties d join promises p on p.id = d.promise_id
     where d.state in ('owed', 'claimed') and d.not_before <= clock_timestamp()
       and (d.not_valid_after is null or d.not_valid_after > clock_timestamp())
     order by urgency, d.due_at, d.id limit $1`,
    [limit],
  );
  return { waiting: rows[0]?.waiting ?? 0, items: rows.map(({ waiting: _, ...item }) => item) };
}
