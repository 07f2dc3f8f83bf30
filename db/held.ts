import type { Queryable } from './pool.ts';

/** One try to hand a text over, and only this one: what comes of an earlier one may be learnt when a later one is under way. */
export interface HeldText {
  /** Of its row. */
  readonly id: string;
  readonly workerName: string;
  /** As `Claim.attempts`. */
  readonly attempts: number;
}

/** What texts stand in: those to customers, and those to staff. */
export type Texts = 'dispatches' | 'digests';

/**
 * This hand-over did not happen, but an earlier one may have: whoever comes next hands the same text over again, without
 * waiting for the claim to run out.
 */
export async function handBack(q: Queryable, texts: Texts, { id, workerName, attempts }: HeldText): Promise<void> {
  await q.query(
    `update ${texts} set claim_until = clock_timestamp(), attempts = attempts - 1
     where id = $1 and claimed_by = $2 and attempts = $3 and state = 'claimed'`,
    [id, workerName, attempts],
  );
}

/** Nobody knows whether this hand-over succeeded: the same text goes again only after so many milliseconds. */
export async function keepText(
  q: Queryable,
  texts: Texts,
  { id, workerName, attempts }: HeldText,
  forMs: number,
): Promise<void> {
  await q.query(
    `update ${texts} set claim_until = clock_timestamp() + make_interval(secs => $4::float8 / 1000)
     where id = $1 and claimed_by = $2 and attempts = $3 and state = 'claimed'`,
    [id, workerName, attempts, forMs],
  );
}
