import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Pool } from '../../db/pool.ts';
import { wordKept } from '../../db/report.ts';
import { rebuildRollup, refreshRollup } from '../../db/rollup.ts';
import type { Grouping, WordKeptGroup, WordKeptQuery } from '../../domain/metrics/word-kept.ts';
import { policy, seed } from '../support/registrations.ts';
import { figure, median, type Bench, type Figure } from './figures.ts';
import { withPostgres } from './with-postgres.ts';

const PROMISES = 1_000_000;
const RUNS = 7;
const BAR_MS = 300;

const QUERIES: readonly (WordKeptQuery & { readonly title: string })[] = [
  { title: 'by kind', by: 'kind' },
  { title: 'by owner', by: 'owner' },
  { title: 'by week', by: 'week' },
  { title: 'by kind, of one owner', by: 'kind', owner: 'owner 7' },
];

/** The report over a million closed promises, against the same figures by one plain SQL statement over the promises. */
export const benchReport = (): Promise<Bench> =>
  withPostgres(async (pool) => {
    await fill(pool);
    const rebuilt = await timed(() => rebuildRollup(pool));
    await pool.query('vacuum analyze');
    const figures = [figure('roll-up of all days anew', rebuilt.ms / 1_000, 's')];
    for (const query of QUERIES) figures.push(...(await compare(pool, query)));
    await pool.query(`insert into rollup_due (day) select day from rollup order by n desc limit 1`);
    const due = await timed(() => wordKept(pool, { by: 'kind' }));
    const refreshed = await timed(() => refreshRollup(pool));
    return {
      settings: `${rebuilt.value.promises} closed promises on ${rebuilt.value.days} days, 50 owners, 20 partners, 5 kinds; warm median of ${RUNS}`,
      figures: [
        ...figures,
        figure('by kind while the fullest day is due', due.ms, 'ms'),
        figure('roll-up of that day', refreshed.ms, 'ms'),
      ],
    };
  });

async function compare(pool: Pool, { title, ...query }: (typeof QUERIES)[number]): Promise<Figure[]> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const report = await warm(async () => (await wordKept(pool, query)).groups);
  loop.enable();
  await wordKept(pool, query);
  loop.disable();
  const plain = await warm(() => plainSql(pool, query));
  const compared = plain.value.map((row) => flat(row));
  const ours = report.value.map((group) => flat(pick(group)));
  const differing = compared.filter((row, at) => row !== ours[at]).length + Math.abs(compared.length - ours.length);
  return [
    figure(`report ${title}`, report.ms, 'ms', { atMost: BAR_MS }),
    figure(`plain SQL ${title}`, plain.ms, 'ms'),
    figure(`report / plain SQL ${title}`, report.ms / plain.ms, ''),
    figure(`groups that differ from plain SQL, ${title}`, differing, 'groups', { exactly: 0 }),
    figure(`longest time nothing else runs, ${title}`, loop.max / 1e6, 'ms'),
  ];
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const began = performance.now();
  const value = await work();
  return { value, ms: performance.now() - began };
}

async function warm<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const { value } = await timed(work);
  const all: number[] = [];
  for (let run = 0; run < RUNS; run += 1) all.push((await timed(work)).ms);
  return { value, ms: median(all) };
}

type Plain = Pick<
  WordKeptGroup,
  | 'key'
  | 'promises'
  | 'kept'
  | 'broken'
  | 'withdrawn'
  | 'earlyRate'
  | 'marginMs'
  | 'promisedLengthMs'
  | 'actualLengthMs'
  | 'bufferUse'
>;

const flat = (row: Plain): string => JSON.stringify(row);

function pick(group: WordKeptGroup): Plain {
  const { key, promises, kept, broken, withdrawn, earlyRate, marginMs, promisedLengthMs, actualLengthMs, bufferUse } =
    group;
  return { key, promises, kept, broken, withdrawn, earlyRate, marginMs, promisedLengthMs, actualLengthMs, bufferUse };
}

const KEYS: { readonly [G in Grouping]?: string } = {
  kind: 'kind',
  owner: 'owner',
  week: `to_char(promised_day, 'IYYY-"W"IW')`,
};

async function plainSql(pool: Pool, { by, owner }: WordKeptQuery): Promise<readonly Plain[]> {
  const { rows } = await pool.query<{ group: Plain }>({
    text: `
with measured as (
  select ${KEYS[by] ?? 'null'} as key, phase, fulfilled_at < promised_at as early,
    extract(epoch from promised_at - fulfilled_at)::float8 * 1000 as margin,
    case when fulfilled_at is not null then extract(epoch from promised_at - made_at)::float8 * 1000 end as promised,
    extract(epoch from fulfilled_at - made_at)::float8 * 1000 as actual,
    case when fulfilled_at is not null and promised_at > target_at then
      least(1, greatest(0, extract(epoch from fulfilled_at - target_at)::float8 / extract(epoch from promised_at - target_at)::float8))
    end as used
  from promises where $1::text is null or owner = $1
), spread as (
  select key, count(*)::int as promises, count(*) filter (where phase = 'kept')::int as kept,
    count(*) filter (where phase = 'broken')::int as broken, count(*) filter (where phase = 'withdrawn')::int as withdrawn,
    count(*) filter (where early and phase in ('kept', 'broken'))::float8
      / count(*) filter (where phase in ('kept', 'broken')) as "earlyRate",
    percentile_disc(array[0.05, 0.1, 0.5, 0.9]) within group (order by margin) as margin,
    percentile_disc(array[0.5, 0.9]) within group (order by promised) as promised,
    percentile_disc(array[0.5, 0.9]) within group (order by actual) as actual,
    percentile_disc(array[0.5, 0.9]) within group (order by used) as used
  from measured group by key
)
select json_build_object('key', key, 'promises', promises, 'kept', kept, 'broken', broken, 'withdrawn', withdrawn,
  'earlyRate', "earlyRate", 'marginMs', json_build_object('p5', margin[1], 'p10', margin[2], 'p50', margin[3], 'p90', margin[4]),
  'promisedLengthMs', json_build_object('p50', promised[1], 'p90', promised[2]),
  'actualLengthMs', json_build_object('p50', actual[1], 'p90', actual[2]),
  'bufferUse', json_build_object('p50', used[1], 'p90', used[2])) as group
from spread order by key collate "C"`,
    values: [owner ?? null],
  });
  return rows.map((row) => row.group);
}

/** Two years of promises: most are for hours, some for weeks; nine of ten come early, some of the others very late. */
async function fill(pool: Pool): Promise<void> {
  const kinds = ['delivery', 'callback', 'reply', 'repair', 'refund'];
  await seed(
    pool,
    kinds.map((kind) => policy({ kind, buffer: { share: '20%' }, goal: '95%' })),
  );
  await pool.query('select setseed(0.4)');
  await pool.query(
    `insert into promises (id, source, ref, body_hash, kind, policy_version, history, owner, partner, region, product,
       precision, first_precision, basis, made_at, promised_at, first_promised_at, promised_day, target_at, last_call_at,
       lead_to, plan, phase, told_at, fulfilled_at, withdrawn_by, closed_at)
     select gen_random_uuid(), 'bench', i::text, '', ($2::text[])[1 + floor(5 * random() ^ 2)], 1, true,
       'owner ' || floor(50 * random() ^ 2), 'partner ' || floor(20 * random()), 'region ' || floor(12 * random()),
       'product ' || floor(100 * random()), 'instant', 'instant', '{}', made_at, promised_at,
       promised_at, ((promised_at - interval '1 millisecond') at time zone 'Europe/Tallinn')::date, promised_at - length * 0.25,
       promised_at - length * 0.3, promised_at, '{"zone": "Europe/Tallinn"}',
       case when withdrawn then 'withdrawn' when margin >= interval '0' then 'kept' else 'broken' end, promised_at,
       case when not withdrawn then promised_at - margin end, case when withdrawn then 'unknown' end, promised_at - margin
     from (
       select *, made_at + length as promised_at, random() < 0.02 as withdrawn,
         date_trunc('second', length * case when random() < 0.9 then random() * 0.9 else random() * -0.8 end) as margin
       from (
         select i, timestamptz '2024-01-01Z' + interval '1 second' * floor(random() * 86400 * 730) as made_at,
           interval '4 seconds' * floor(exp(random() * 6) * 900) as length
         from generate_series(1, $1::int) i
       ) as lengths
     ) as told`,
    [PROMISES, kinds],
  );
}
