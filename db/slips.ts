import type { PartnerSlip, WordKeptFilter } from '../domain/metrics/word-kept.ts';
import type { Queryable } from './pool.ts';
import { spanOf } from './report-span.ts';

/**
 * The checkpoints that a partner answers for and missed, of the promises that a report is about, by name: those of the plan in
 * force whose target passed before they did and before the promise ended. What was told late but happened in time is none,
 * and it makes no difference whom the policy alerts. Not of history nor of what Kept registered because of a promise. Bounds
 * are instants, too, of two days more, for the index promises_by_partner.
 */
export async function slipsOf(
  q: Queryable,
  partner: string,
  { kind, owner, source, ...bounds }: Omit<WordKeptFilter, 'partner'>,
): Promise<readonly PartnerSlip[]> {
  const { dayFrom, dayTo, atFrom, atTo } = spanOf(bounds);
  const { rows } = await q.query<PartnerSlip>({
    name: 'slips_of_partner',
    text: `select c.name as checkpoint, count(*)::int as promises
           from promises p
           cross join lateral jsonb_to_recordset(p.plan -> 'checkpoints') as c (name text, "at" timestamptz, partner boolean)
           where p.partner = $1 and not p.history and p.parent is null and c.partner
             and c."at" < least(clock_timestamp(), p.closed_at, (p.passed ->> c.name)::timestamptz)
             and ($2::text is null or p.kind = $2) and ($3::text is null or p.owner = $3)
             and ($4::text is null or p.source = $4)
             and ($5::date is null or p.promised_day >= $5) and ($6::date is null or p.promised_day < $6)
             and p.promised_at >= coalesce($7::timestamptz, $5::date::timestamp at time zone 'UTC' - interval '2 days', '-infinity')
             and ($8::timestamptz is null or p.promised_at < $8)
             and p.promised_at <= coalesce($8, $6::date::timestamp at time zone 'UTC' + interval '2 days', 'infinity')
           group by c.name order by c.name limit 100`,
    values: [partner, kind ?? null, owner ?? null, source ?? null, dayFrom, dayTo, atFrom, atTo],
  });
  return rows;
}
