import type { Pool } from '../../db/pool.ts';
import type { RawOrder } from './olist.ts';

export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FACT_LAG_MS = 2 * HOUR_MS;

/** Who must have heard what, by the file alone, for a lead of one day and late facts of two hours; times of the file. */
export interface ExpectedNotices {
  readonly warned: readonly string[];
  readonly unwarned: readonly string[];
  readonly recovered: readonly string[];
}

/** `slackMs`: orders that end nearer than this to the instant in question may go either way, and are left out. */
export function expectedNotices(orders: readonly RawOrder[], slackMs: number): ExpectedNotices {
  const lastCall = ({ made, deadline }: RawOrder): number => deadline - Math.min(DAY_MS, (deadline - made) / 2);
  const delivered = orders.filter((order) => !order.withdrawn);
  const openAt = (order: RawOrder, at: number): boolean => order.delivered === null || order.delivered > at;
  return {
    warned: refs(delivered.filter((order) => openAt(order, lastCall(order) + slackMs))),
    unwarned: refs(delivered.filter((order) => !openAt(order, lastCall(order) - slackMs))),
    recovered: refs(delivered.filter((order) => openAt(order, order.deadline + FACT_LAG_MS + slackMs))),
  };
}

const refs = (orders: readonly RawOrder[]): string[] => orders.map((order) => order.ref);

export interface CustomerNotices {
  readonly warned: number;
  /** Handed to the channel before the deadline. */
  readonly handedInTime: number;
  /** Taken by the channel before the deadline. */
  readonly acceptedInTime: number;
  readonly recovered: number;
}

/** What customers of a source were really written, by ref. */
export async function customerNotices(pool: Pool, source: string): Promise<ReadonlyMap<string, CustomerNotices>> {
  const { rows } = await pool.query<CustomerNotices & { ref: string }>(
    `select p.ref, count(*) filter (where d.reason = 'risk' and d.state = 'sent') as warned,
       count(*) filter (where d.reason = 'risk' and d.state = 'sent' and s.sent_at < p.promised_at) as "handedInTime",
       count(*) filter (where d.reason = 'risk' and d.state = 'sent' and s.accepted_at < p.promised_at) as "acceptedInTime",
       count(*) filter (where d.reason = 'recovery' and d.state = 'sent') as recovered
     from promises p join duties d on d.promise_id = p.id left join dispatches s on s.id = d.dispatch_id
     where p.source = $1 group by p.ref`,
    [source],
  );
  return new Map(rows.map((row) => [row.ref, row]));
}
