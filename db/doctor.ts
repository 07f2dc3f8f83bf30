import { rulesOf } from './rules.ts';
import { settle } from './settle.ts';
import { lockPromises, readFacts, SETTLED_COLUMNS, type LockedPromise } from './settle-reads.ts';
import { flagsAfter, ownerColumns, planColumns, SETTLED_TYPES, stateColumns } from './settle-writes.ts';
import { allOrEach, databaseNow, inTransaction, isUnavailable, type Pool, type Queryable, type Tx } from './pool.ts';
import { planningOf, storedSteps, termsFor } from '../domain/calendar/planning.ts';
import {
  engageMend,
  examine,
  noticeEnds,
  wakesOf,
  type EngageMend,
  type Examination,
  type NoticeEnd,
  type RecordedFact,
  type StoredNotice,
} from '../domain/promise/examination.ts';
import type { Fact } from '../domain/promise/facts.ts';
import { instant, type Instant } from '../domain/promise/instant.ts';
import type { Planning, Terms, Plan } from '../domain/promise/plan.ts';

/** What was found wrong with the rows of promises. */
export interface Findings {
  /** Looked at. */
  readonly promises: number;
  readonly notices: number;
  readonly pokes: number;
  /** Promises of which a column is not what their facts say; the day in whose report one stands, null: in none. */
  readonly folds: readonly { readonly promiseId: string; readonly day: string | null }[];
  readonly engaged: readonly { readonly promiseId: string; readonly mend: EngageMend }[];
  /** Notice rows that do not stand as the facts say. */
  readonly ends: readonly { readonly promiseId: string; readonly id: string; readonly end: NoticeEnd }[];
  /** Promises that owe what no row says. */
  readonly unsettled: readonly string[];
}

/** More facts than one reading takes are far away: each may have a thousand. */
const AT_ONCE = 100;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Examines every promise. Nothing is written; each batch is one moment of the database. */
export async function examineAll(pool: Pool): Promise<Findings> {
  const parts: Findings[] = [];
  for (let after: string | null = FIRST_ID; after !== null;) {
    const from: string = after;
    after = await atOneMoment(pool, async (tx) => {
      const promises = await read(tx, 'examined_from', 'id > $1 order by id limit $2', [from, AT_ONCE]);
      parts.push(await examined(tx, promises));
      return promises.length === AT_ONCE ? (promises.at(-1)?.id ?? null) : null;
    });
  }
  return together(parts);
}

/** The same of some. */
export async function examineThese(pool: Pool, ids: readonly string[]): Promise<Findings> {
  const parts: Findings[] = [];
  for (const batch of batches(ids)) parts.push(await atOneMoment(pool, (tx) => examineIn(tx, batch)));
  return together(parts);
}

const atOneMoment = <T>(pool: Pool, look: (tx: Tx) => Promise<T>): Promise<T> =>
  inTransaction(pool, async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    return look(tx);
  });

const examineIn = async (tx: Tx, ids: readonly string[]): Promise<Findings> =>
  examined(tx, await read(tx, 'examined_these', 'id = any ($1::uuid[]) order by id', [ids]));

function batches(ids: readonly string[]): readonly (readonly string[])[] {
  const sorted = [...new Set(ids)].toSorted();
  return Array.from({ length: Math.ceil(sorted.length / AT_ONCE) }, (_, at) =>
    sorted.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
  );
}

function together(parts: readonly Findings[]): Findings {
  const sum = (key: 'promises' | 'notices' | 'pokes'): number => parts.reduce((all, part) => all + part[key], 0);
  return {
    ...{ promises: sum('promises'), notices: sum('notices'), pokes: sum('pokes') },
    folds: parts.flatMap(({ folds }) => folds),
    engaged: parts.flatMap(({ engaged }) => engaged),
    ends: parts.flatMap(({ ends }) => ends),
    unsettled: parts.flatMap(({ unsettled }) => unsettled),
  };
}

interface ExaminedRow extends LockedPromise {
  readonly day: string;
  readonly wasStarted: boolean;
  readonly recordedAt: Instant;
  readonly pokes: number;
  /** A poke that nobody will take: its claim never runs out. */
  readonly isStuck: boolean;
}

async function read(tx: Tx, name: string, which: string, values: readonly unknown[]): Promise<readonly ExaminedRow[]> {
  const { rows } = await tx.query<ExaminedRow>({
    name,
    text: `select ${SETTLED_COLUMNS}, promised_day::text as day, engine_epoch > 0 as "wasStarted",
             (select max(recorded_at) from facts f where f.promise_id = p.id) as "recordedAt",
             (select count(*) from outbox o where o.promise_id = p.id) as pokes,
             exists (select from outbox o where o.promise_id = p.id and o.claimed_at > clock_timestamp()) as "isStuck"
           from promises p where ${which}`,
    values: [...values],
  });
  return rows;
}

type NoticeRow = StoredNotice & { readonly promiseId: string; readonly isDue: boolean };

async function readNotices(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, readonly NoticeRow[]>> {
  const { rows } = await tx.query<NoticeRow>({
    name: 'examined_notices',
    text: `select id, promise_id as "promiseId", reason, revision, occasion, not_valid_after as "notValidAfter", state,
             dispatch_id is not null as claimed, not_before <= clock_timestamp() as "isDue"
           from duties where promise_id = any ($1::uuid[]) order by due_at, id limit 100000`,
    values: [ids],
  });
  const byPromise = new Map<string, NoticeRow[]>(ids.map((id) => [id, []]));
  for (const row of rows) byPromise.get(row.promiseId)?.push(row);
  return byPromise;
}

async function examined(tx: Tx, promises: readonly ExaminedRow[]): Promise<Findings> {
  const ids = promises.map(({ id }) => id);
  const now = await databaseNow(tx);
  const facts = await readFacts(tx, ids);
  const notices = await readNotices(tx, ids);
  const found: Found[] = [];
  const sick = new Set<string>();
  for (const promise of promises) {
    const rows = notices.get(promise.id) ?? [];
    try {
      found.push(await examineOne(tx, promise, facts.get(promise.id) ?? [], rows, now));
    } catch (error) {
      if (error instanceof Error && isUnavailable(error)) throw error;
      // One that cannot be folded at all stands in nobody's way.
      sick.add(promise.id);
    }
  }
  const wrong = new Set([
    ...sick,
    ...(await different(
      tx,
      found.map(({ columns }) => columns),
    )),
  ]);
  return {
    ...{ promises: promises.length, pokes: promises.reduce((all, { pokes }) => all + pokes, 0) },
    notices: [...notices.values()].reduce((all, rows) => all + rows.length, 0),
    folds: promises.flatMap(({ id, day, closedAt }) =>
      wrong.has(id) ? [{ promiseId: id, day: closedAt === null ? null : day }] : [],
    ),
    engaged: found.flatMap(({ promiseId, mend }) => (mend === null ? [] : [{ promiseId, mend }])),
    ends: found.flatMap(({ ends }) => ends),
    unsettled: found.flatMap(({ promiseId, isUnsettled }) => (isUnsettled ? [promiseId] : [])),
  };
}

interface Found {
  readonly promiseId: string;
  readonly columns: Record<string, unknown>;
  readonly mend: EngageMend | null;
  readonly ends: Findings['ends'];
  readonly isUnsettled: boolean;
}

async function examineOne(
  tx: Tx,
  promise: ExaminedRow,
  facts: readonly Fact[],
  notices: readonly NoticeRow[],
  now: Instant,
): Promise<Found> {
  const endOf = noticeEnds(facts);
  const rows = notices.map((row) => ({ ...row, end: endOf(row) }));
  const unfinished = rows.filter(({ end }) => end === 'unfinished');
  const plans = await plansOf(tx, promise, facts);
  const examination = examine({
    ...{ ...plans, facts, unfinished, now, recordedAt: promise.recordedAt, wakeAt: promise.wakeAt },
    engaged: { armedAt: promise.armedAt, closed: promise.closedAt !== null },
  });
  const wrong = rows.filter(({ state, end, claimed }) => state !== (end === 'unfinished' ? openState(claimed) : end));
  return {
    promiseId: promise.id,
    columns: columnsOf(promise, plans.planning, examination),
    mend: await mendOf(tx, promise, plans, examination, unfinished, now),
    ends: wrong.map(({ id, end }) => ({ promiseId: promise.id, id, end })),
    isUnsettled: examination.isUnsettled,
  };
}

const openState = (claimed: boolean): 'claimed' | 'owed' => (claimed ? 'claimed' : 'owed');

interface Plans {
  readonly planning: Planning;
  readonly termsFor: (plan: Plan) => Terms;
}

async function plansOf(tx: Tx, promise: ExaminedRow, facts: readonly Fact[]): Promise<Plans> {
  const rules = await rulesOf(tx, promise, facts);
  return { planning: planningOf(promise, rules), termsFor: (plan) => termsFor(promise, plan, rules) };
}

async function mendOf(
  tx: Tx,
  { id, armedAt, wasStarted, pokes, isStuck }: ExaminedRow,
  plans: Plans,
  { settled }: Examination,
  unfinished: readonly NoticeRow[],
  now: Instant,
): Promise<EngageMend | null> {
  const isOwing = unfinished.some(({ claimed, isDue }) => !claimed && isDue);
  const engagement = {
    ...{ armedAt, wasStarted },
    poke: isStuck ? 'stuck' : pokes > 0 ? 'waiting' : 'none',
    notices: isOwing ? 'owing' : unfinished.length > 0 ? 'busy' : 'none',
  } as const;
  const mend = engageMend(engagement, settled, () => [], now);
  // Few look too early, and only for them it is asked whether they once had to.
  if (mend !== 'poke' && mend !== 'free_poke') return mend;
  const wakes = wakesOf(plans, await recordedFacts(tx, id), now);
  return engageMend(engagement, settled, () => wakes, now);
}

async function recordedFacts(tx: Tx, id: string): Promise<readonly RecordedFact[]> {
  const facts = (await readFacts(tx, [id])).get(id) ?? [];
  const { rows } = await tx.query<{ factKey: string; recordedAt: Instant }>(
    'select fact_key as "factKey", recorded_at as "recordedAt" from facts where promise_id = $1',
    [id],
  );
  const recorded = new Map(rows.map(({ factKey, recordedAt }) => [factKey, recordedAt]));
  return facts.map((fact) => ({ ...fact, recordedAt: recorded.get(fact.factKey) ?? instant(0) }));
}

function columnsOf(
  promise: ExaminedRow,
  planning: Planning,
  { settled: { before: state, terms, judged }, phases }: Examination,
): Record<string, unknown> {
  return {
    ...{ id: promise.id, phases, flags: flagsAfter(promise.flags, state.plan, state) },
    ...stateColumns(terms, state, judged),
    ...ownerColumns({ state, registeredOwner: promise.registeredOwner }),
    ...planColumns(state.plan),
    ...{ steps: storedSteps(planning, state), policy_version: state.plan.policyVersion },
  };
}

/** The phase may be any of several, `armed_at` is the engine's, and segments are told of by the plan. */
const ELSEWHERE = new Set(['phase', 'armed_at', 'segments']);
const COMPARED = [...SETTLED_TYPES.matchAll(/(\w+) \w+(?:\[\])?(?:,|$)/g)]
  .map(([, column = '']) => column)
  .filter((column) => !ELSEWHERE.has(column));

/** Those of which a column is stored otherwise. */
async function different(tx: Tx, expected: readonly Record<string, unknown>[]): Promise<readonly string[]> {
  const columns = (row: string): string => COMPARED.map((column) => `${row}.${column}`).join(', ');
  const { rows } = await tx.query<{ id: string }>({
    name: 'different_promises',
    text: `select p.id from json_to_recordset($1::json) as n (id uuid, phases text[], ${SETTLED_TYPES}) join promises p on p.id = n.id
           where p.phase <> all (n.phases) or row(${columns('p')}) is distinct from row(${columns('n')})`,
    values: [JSON.stringify(expected)],
  });
  return rows.map(({ id }) => id);
}

/**
 * Mends what was found, as far as it is still so: under the locks that everybody takes who changes promises. What is found
 * again afterwards could not be mended.
 */
export async function mendPromises(pool: Pool, { folds, engaged, ends, unsettled }: Findings): Promise<void> {
  const settled = [...folds.map(({ promiseId }) => promiseId), ...unsettled];
  const others = [...engaged, ...ends].map(({ promiseId }) => promiseId);
  for (const batch of batches(others)) await inTransaction(pool, (tx) => mendRows(tx, batch));
  // What cannot be settled is found again.
  for (const batch of batches(settled)) await allOrEach(pool, batch, settleAnew);
}

const settleAnew = (tx: Tx, ids: readonly string[]): Promise<unknown> =>
  settle(
    tx,
    ids.map((id) => ({ id, facts: [] })),
    { rewrite: true },
  );

async function mendRows(tx: Tx, ids: readonly string[]): Promise<void> {
  await lockPromises(tx, ids);
  const { engaged, ends } = await examineIn(tx, ids);
  const mended = (...kinds: readonly EngageMend[]): readonly string[] =>
    engaged.flatMap(({ promiseId, mend }) => (kinds.includes(mend) ? [promiseId] : []));
  await tx.query('delete from outbox where promise_id = any ($1::uuid[])', [mended('unneeded_poke')]);
  await tx.query(`update outbox set claimed_at = '-infinity' where promise_id = any ($1::uuid[])`, [
    mended('free_poke'),
  ]);
  await tx.query('update promises set engine_epoch = 0 where id = any ($1::uuid[])', [mended('start')]);
  await tx.query('update promises set armed_at = null where id = any ($1::uuid[])', [mended('forget')]);
  await tx.query(
    `update duties d set ended_at = case when e.state <> 'unfinished' then coalesce(d.ended_at, clock_timestamp()) end,
       state = case when e.state <> 'unfinished' then e.state when d.dispatch_id is null then 'owed' else 'claimed' end
     from unnest($1::uuid[], $2::text[]) as e (id, state) where d.id = e.id`,
    [ends.map(({ id }) => id), ends.map(({ end }) => end)],
  );
  // What is owed after all is worked on again.
  const reopened = ends.flatMap(({ promiseId, end }) => (end === 'unfinished' ? [promiseId] : []));
  await poke(tx, [...new Set([...mended('poke', 'poke_unless_heard'), ...reopened])]);
}

const poke = (tx: Tx, ids: readonly string[]): Promise<unknown> =>
  tx.query('insert into outbox (promise_id) select unnest($1::uuid[]) on conflict do nothing', [ids]);

/**
 * Open promises whose workflow should sleep until an instant: those that were started in the engine as it is now, of all or of
 * some. One that only waits to be poked is started by its poke.
 */
export async function promisesAsleep(q: Queryable, ids: readonly string[] | null = null): Promise<readonly string[]> {
  const { rows } = await q.query<{ id: string }>({
    text: `select p.id from promises p join engine e on e.epoch = p.engine_epoch
           where p.closed_at is null and not p.history and p.armed_at < 'infinity'
             and ${ids === null ? '$1::uuid[] is null' : 'p.id = any ($1::uuid[])'} order by p.id limit 10000000`,
    values: [ids],
  });
  return rows.map(({ id }) => id);
}

/** Those that have not ended. */
export async function openOf(q: Queryable, ids: readonly string[]): Promise<readonly string[]> {
  const { rows } = await q.query<{ id: string }>(
    'select id from promises where id = any ($1::uuid[]) and closed_at is null order by id',
    [ids],
  );
  return rows.map(({ id }) => id);
}

/** They are started once more, by the starter of a running worker. */
export async function startAgain(pool: Pool, ids: readonly string[]): Promise<void> {
  for (const batch of batches(ids))
    await inTransaction(pool, async (tx) => {
      await lockPromises(tx, batch);
      await tx.query('update promises set engine_epoch = 0 where id = any ($1::uuid[])', [batch]);
    });
}

/** The id of the namespace in which promises sleep; null: no worker has ever run. */
export async function knownNamespace(q: Queryable): Promise<string | null> {
  const { rows } = await q.query<{ id: string }>('select namespace_id as id from engine limit 1');
  return rows[0]?.id ?? null;
}
