import type { WordKeptFilter } from '../domain/metrics/word-kept.ts';
import type { Queryable } from './pool.ts';
import { spanOf } from './report-span.ts';

/** A checkpoint that a partner missed. */
export interface PartnerSlip {
  readonly checkpoint: string;
  /** Of so many promises. */
  readonly promises: number;
}

/**
 * The checkpoints that a partner answers for and missed, of the promises that a report is about, by name: those that were
 * told, whatever became of the promise. Found by the index promises_by_partner.
 */
export async function slipsOf(
  q: Queryable,
  partner: string,
  { kind, owner, source, ...bounds }: Omit<WordKeptFilter, 'partner'>,
): Promise<readonly PartnerSlip[]> {
  const { dayFrom, dayTo, atFrom, atTo } = spanOf(bounds);
  const { rows } = await q.query<PartnerSlip>({
    name: 'slips_of_partner',
    text: `select a.checkpoint, count(distinct p.id)::int as promises
           from promises p join staff_alerts a on a.promise_id = p.id
           where p.partner = $1 and a.partner = $1 and a.reason = 'checkpoint'
             and ($2::text is null or p.kind = $2) and ($3::text is null or p.owner = $3)
             and ($4::text is null or p.source = $4)
             and ($5::date is null or p.promised_day >= $5) and ($6::date is null or p.promised_day < $6)
             and ($7::timestamptz is null or p.promised_at >= $7) and ($8::timestamptz is null or p.promised_at < $8)
           group by a.checkpoint order by a.checkpoint limit 100`,
    values: [partner, kind ?? null, owner ?? null, source ?? null, dayFrom, dayTo, atFrom, atTo],
  });
  return rows;
}
