import { FIGURES, measured, packedByDay, TEXTS, unknownLabels } from './measured.ts';
import { inTransaction, type Pool, type Tx } from './pool.ts';

/** What was rolled up. */
export interface RolledUp {
  readonly days: number;
  readonly promises: number;
}

/** So many days at once: a transaction stays short, also where many promises fall due on a day. */
const DAYS_AT_ONCE = 2;
/** A day of a million promises takes some 25 s; what serves requests waits for nothing as long. */
const PATIENCE_MS = 120_000;

/**
 * Rolls up the days on which closed promises have changed; at most `maxDays`. Reports are exact before and after: what
 * is due is counted from the promises themselves. Where another process is at it already, this one leaves it to that.
 */
export async function refreshRollup(pool: Pool, maxDays = Infinity): Promise<RolledUp> {
  let total: RolledUp = { days: 0, promises: 0 };
  while (total.days < maxDays) {
    const limit = Math.min(DAYS_AT_ONCE, maxDays - total.days);
    const part = await inTransaction(pool, async (tx) =>
      (await isOurTurn(tx)) ? rollUp(tx, await dueDays(tx, limit)) : { days: 0, promises: 0 },
    );
    total = sum(total, part);
    if (part.days < limit) break;
  }
  return total;
}

/** Rolls up every day anew, and drops what is of no promise any more. */
export async function rebuildRollup(pool: Pool): Promise<RolledUp> {
  const { rows } = await pool.query<{ day: string }>({
    text: `select day::text from (select distinct promised_day as day from promises where closed_at is not null
             union select day from rollup union select day from rollup_due) as days order by days.day limit 10000000`,
  });
  return rollUpDays(
    pool,
    rows.map(({ day }) => day),
  );
}

/** Rolls up some days anew. */
export async function rollUpDays(pool: Pool, all: readonly string[]): Promise<RolledUp> {
  let total: RolledUp = { days: 0, promises: 0 };
  for (let at = 0; at < all.length; at += DAYS_AT_ONCE) {
    const days = all.slice(at, at + DAYS_AT_ONCE);
    const part = await inTransaction(pool, async (tx) => {
      await takeTurn(tx);
      return rollUp(tx, days);
    });
    total = sum(total, part);
  }
  return total;
}

const sum = (a: RolledUp, b: RolledUp): RolledUp => ({ days: a.days + b.days, promises: a.promises + b.promises });

const TURN = `hashtextextended('kept rollup', 0)`;

/** Two at once would find each other's rows in the way. */
async function takeTurn(tx: Tx): Promise<void> {
  await tx.query(`set local statement_timeout = ${PATIENCE_MS}`);
  await tx.query(`select pg_advisory_xact_lock(${TURN})`);
}

async function isOurTurn(tx: Tx): Promise<boolean> {
  await tx.query(`set local statement_timeout = ${PATIENCE_MS}`);
  const { rows } = await tx.query<{ got: boolean }>(`select pg_try_advisory_xact_lock(${TURN}) as got`);
  return rows[0]?.got === true;
}

async function dueDays(tx: Tx, limit: number): Promise<readonly string[]> {
  const { rows } = await tx.query<{ day: string }>({
    name: 'rollup_due_days',
    // As a date, not as its text: else the index does not serve, and every turn sorts all marks.
    text: 'select day::text from (select distinct day from rollup_due order by day limit $1) as first',
    values: [limit],
  });
  return rows.map(({ day }) => day);
}

/**
 * In a READ COMMITTED transaction each statement sees what was committed before it: whatever wrote a mark that is taken
 * away here is seen by the statements after it, and whoever comes later leaves a mark of its own.
 */
async function rollUp(tx: Tx, days: readonly string[]): Promise<RolledUp> {
  if (days.length === 0) return { days: 0, promises: 0 };
  await tx.query({ name: 'rollup_undue', text: 'delete from rollup_due where day = any ($1::date[])', values: [days] });
  await tx.query({ name: 'rollup_forget', text: 'delete from rollup where day = any ($1::date[])', values: [days] });
  await tx.query({ name: 'rollup_labels', text: NEW_LABELS, values: [days] });
  const rolling = { name: 'rollup_days', text: ROLL_UP, values: [days], query_timeout: PATIENCE_MS };
  const { rows } = await tx.query<{ promises: number }>(rolling);
  return { days: days.length, promises: rows[0]?.promises ?? 0 };
}

const CLOSED = 'from promises p where p.closed_at is not null and p.promised_day = any ($1::date[])';

const NEW_LABELS = `
insert into rollup_labels (label) ${unknownLabels(`(select ${TEXTS.join(', ')} ${CLOSED}) as closed`)}
on conflict do nothing`;

const COLUMNS = ['day', 'news', 'n', ...TEXTS, ...FIGURES].join(', ');

const ROLL_UP = `
with rows as materialized (${measured(CLOSED, 'p.closed_at')}
), rolled as (
  insert into rollup (${COLUMNS}) select ${COLUMNS} from (${packedByDay('rows', 'rollup_labels')}) as days returning n
)
select coalesce(sum(n), 0)::int8 as promises from rolled`;

/**
 * Recounts every day that is not to be rolled up anyway. `looked`: how many rows there are; `wrong`: the day of each that is
 * another than the promises say, or is missing, or should not be there. Of days in `onlyCounted`, whose promises are not as
 * they should be, it is only counted how many they are.
 */
export async function recountRollup(
  pool: Pool,
  onlyCounted: ReadonlySet<string>,
): Promise<{ readonly looked: number; readonly wrong: readonly string[] }> {
  const { rows } = await pool.query<{ day: string; looked: number }>({
    text: `select days.day::text, (select count(*) from rollup r where r.day = days.day) as looked
           from (select distinct promised_day as day from promises where closed_at is not null union select day from rollup) as days
           order by days.day limit 10000000`,
  });
  const wrong: string[] = [];
  for (let at = 0; at < rows.length; at += DAYS_AT_ONCE) {
    const days = rows.slice(at, at + DAYS_AT_ONCE).map(({ day }) => day);
    await inTransaction(pool, async (tx) => {
      await tx.query(`set local statement_timeout = ${PATIENCE_MS}`);
      const values = [days, days.filter((day) => onlyCounted.has(day))];
      const recounting = { name: 'recount_days', text: RECOUNT, values, query_timeout: PATIENCE_MS };
      const found = await tx.query<{ day: string }>(recounting);
      wrong.push(...found.rows.map(({ day }) => day));
    });
  }
  return { looked: rows.reduce((all, { looked }) => all + looked, 0), wrong };
}

const columnsOf = (row: string): string => ['n', ...TEXTS, ...FIGURES].map((column) => `${row}.${column}`).join(', ');

const RECOUNT = `
with rows as materialized (${measured(CLOSED, 'p.closed_at')}
), counted as (${packedByDay('rows', 'rollup_labels')}
), stored as (select * from rollup where day = any ($1::date[]))
select coalesce(c.day, s.day)::text as day
from counted c full join stored s on s.day = c.day and s.news = c.news
where (c.n is distinct from s.n
    or (row(${columnsOf('c')}) is distinct from row(${columnsOf('s')}) and coalesce(c.day, s.day) <> all ($2::date[])))
  and not exists (select from rollup_due d where d.day = coalesce(c.day, s.day))
order by 1`;
