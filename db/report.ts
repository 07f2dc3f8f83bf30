import { wordKeptBy } from '../domain/metrics/groups.ts';
import type { Measures } from '../domain/metrics/measures.ts';
import type { Grouping, WordKept, WordKeptFilter, WordKeptQuery } from '../domain/metrics/word-kept.ts';
import { msBetween } from '../domain/promise/instant.ts';
import { NEWS_SOURCE } from '../domain/promise/news.ts';
import { KeptError } from './fault-fields.ts';
import {
  FIGURES,
  measured,
  packedByDay,
  TEXTS,
  unknownLabels,
  type FigureColumn,
  type TextColumn,
} from './measured.ts';
import { labelsOf, measuresOf, type PackedDay, type ReadingHead } from './measures.ts';
import { databaseNow, type Queryable } from './pool.ts';
import { spanOf } from './report-span.ts';
import { slipsOf } from './slips.ts';

/**
 * How well the word was kept, by one grouping. Exact at the moment of the read, by PostgreSQL's clock, whatever has been
 * rolled up. Every group, in the order of their keys; narrowed to a partner, the checkpoints that it missed, too.
 */
export async function wordKept(q: Queryable, { by, ...filter }: WordKeptQuery): Promise<WordKept> {
  const measures = await readMeasures(q, filter, [by]);
  const groups = wordKeptBy(measures, by);
  const { partner, ...others } = filter;
  const slips = partner === undefined ? {} : { slips: await slipsOf(q, partner, others) };
  return { ...(await readLag(q, measures)), by, groups, ...slips };
}

/**
 * What the report is counted from: the promises that the filter chooses, at one moment, with the groupings named. Those
 * that Kept made to be in touch again are in no group but their own: only where their source is asked for.
 *
 * Several reports can be counted from one reading: `wordKeptBy(measures, 'week')`, `marginHistogram(measures)`.
 */
export async function readMeasures(q: Queryable, filter: WordKeptFilter, bys: readonly Grouping[]): Promise<Measures> {
  const ofNews = filter.source === NEWS_SOURCE || (bys.length === 1 && bys[0] === 'source');
  const { dayFrom, dayTo, atFrom, atTo, edges } = spanOf(filter);
  const reading = {
    name: 'word_kept',
    text: READ,
    values: [[...labelsOf(filter, bys), 'remedy_currency'], dayFrom, dayTo, edges, atFrom, atTo, ofNews],
  };
  const { rows } = await q.query<ReadRow>(reading);
  const head = rows.find((row) => row.head !== null)?.head;
  if (!head) throw new KeptError('PostgreSQL gave no moment for the report.');
  const days = rows.filter((row) => row.head === null);
  return measuresOf(days.map(packedDay), JSON.parse(head) as ReadingHead, filter, bys);
}

/** When a report was made that was counted from these, and how old it was then. */
export async function readLag(
  q: Queryable,
  { asOf }: Pick<Measures, 'asOf'>,
): Promise<Pick<WordKept, 'generatedAt' | 'readLagMs'>> {
  const generatedAt = await databaseNow(q);
  return { generatedAt, readLagMs: Math.max(0, msBetween(asOf, generatedAt)) };
}

/** A day as it is sent. */
type ReadRow = { readonly [C in TextColumn | FigureColumn]: string | null } & {
  readonly n: number;
  readonly week: string;
  readonly month: string;
  readonly head: string | null;
};

function packedDay({ n, week, month, outcome, ...columns }: ReadRow): PackedDay {
  const bytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text, 'base64'));
  return {
    n: Number(n),
    week,
    month,
    outcome: Buffer.from(outcome ?? '', 'base64'),
    kind: bytes(columns.kind),
    source: bytes(columns.source),
    partner: bytes(columns.partner),
    owner: bytes(columns.owner),
    region: bytes(columns.region),
    product: bytes(columns.product),
    margin_ms: bytes(columns.margin_ms),
    promised_length_ms: bytes(columns.promised_length_ms),
    buffer_ms: bytes(columns.buffer_ms),
    notice_lead_ms: bytes(columns.notice_lead_ms),
    recovery_time_ms: bytes(columns.recovery_time_ms),
    new_times_kept: bytes(columns.new_times_kept),
    new_times_broken: bytes(columns.new_times_broken),
    contacts: bytes(columns.contacts),
    asked_first: bytes(columns.asked_first),
    second_breaks: bytes(columns.second_breaks),
    hand_overs: bytes(columns.hand_overs),
    remedy_cents: bytes(columns.remedy_cents),
    remedy_currency: bytes(columns.remedy_currency),
  };
}

const IN_SPAN = `($2::date is null or promised_day >= $2) and ($3::date is null or promised_day < $3)
  and ($5::timestamptz is null or promised_at >= $5) and ($6::timestamptz is null or promised_at < $6)
  and ($7::boolean or source <> '${NEWS_SOURCE}')`;

/**
 * One statement, so one moment: days that are rolled up as they are; what changed since, what is still open and the days
 * that a bound cuts from the promises themselves, in the same form. Base64, since the driver brings bytes as hex, which is
 * half as long again, and spoils them where it is asked for binary. The row with `head` is not a day.
 */
const READ = `
with looked_at as materialized (
  select day from rollup_due union select unnest($4::date[])
), fresh as materialized (${measured(
  `from promises p where (p.closed_at is null
      or (p.closed_at is not null and p.promised_day = any (array(select day from looked_at)))) and ${IN_SPAN}`,
  'statement_timestamp()',
)}
), labels as materialized (
  select id, label from rollup_labels
  union all
  select ((select coalesce(max(id), 0) from rollup_labels) + row_number() over ())::int, label
  from (${unknownLabels('fresh')}) as unknown
), days as (
  select day, n, ${TEXTS.join(', ')}, ${FIGURES.join(', ')} from rollup
  where ($7 or not news) and ($2::date is null or day >= $2) and ($3::date is null or day < $3)
    and not exists (select from looked_at where looked_at.day = rollup.day)
  union all
  select day, n, ${TEXTS.join(', ')}, ${FIGURES.join(', ')} from (${packedByDay('fresh', 'labels')}) as fresh_days
)
select n, to_char(day, 'IYYY-"W"IW') as week, to_char(day, 'YYYY-MM') as month,
  ${TEXTS.map((label) => `case when '${label}' = any ($1::text[]) then encode(${label}, 'base64') end as ${label}`).join(', ')},
  ${FIGURES.map((figure) => `encode(${figure}, 'base64') as ${figure}`).join(', ')}, null as head
from days
union all
select null, null, null, ${[...TEXTS, ...FIGURES].map(() => 'null').join(', ')},
  json_build_object(
    'asOf', floor(extract(epoch from statement_timestamp()) * 1000),
    'labels', (select coalesce(json_object_agg(id, label), '{}') from labels),
    'goals', (select coalesce(json_object_agg(kind, goal) filter (where goal is not null), '{}') from (
      select distinct on (kind) kind, document -> 'goal' as goal from policies order by kind, version desc) as newest),
    'partnerGoals', (select coalesce(json_object_agg(id, goal) filter (where goal is not null and goal <> 'null'), '{}') from (
      select distinct on (id) id, document -> 'goal' as goal from partners order by id, version desc) as newest)
  )::text`;
