import { rulesOf } from './rules.ts';
import { settle } from './settle.ts';
import { readFacts, SETTLED_COLUMNS, type LockedPromise } from './settle-reads.ts';
import { flagsAfter, ownerColumns, planColumns, SETTLED_TYPES, stateColumns } from './settle-writes.ts';
import { databaseNow, inTransaction, type Pool, type Queryable, type Tx } from './pool.ts';
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
  readonly promises: number;
  readonly notices: number;
  readonly pokes: number;
  /** Promises of which a column is not what their facts say, and the days of those that are in reports. */
  readonly folds: readonly { readonly promiseId: string; readonly day: string }[];
  readonly engaged: readonly { readonly promiseId: string; readonly mend: EngageMend | 'stuck_poke' }[];
  /** Notice rows that do not stand as the facts say. */
  readonly ends: readonly { readonly promiseId: string; readonly id: string; readonly end: NoticeEnd }[];
  /** Promises that settling once more would change. */
  readonly unsettled: readonly string[];
}

const AT_ONCE = 500;

/** Examines every promise, or those named. Nothing is written; each batch is one moment of the database. */
export async function examinePromises(pool: Pool, ids: readonly string[] | null = null): Promise<Findings> {
  const parts: Findings[] = [];
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { part, last } = await inTransaction(pool, async (tx) => {
      await tx.query('set transaction isolation level repeatable read, read only');
      return examineBatch(tx, after, ids);
    });
    parts.push(part);
    if (last === null) break;
    after = last;
  }
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
  readonly wakeAt: Instant | null;
  readonly wasStarted: boolean;
  readonly recordedAt: Instant;
  readonly pokes: number;
  /** A poke that nobody will take: its claim never runs out. */
  readonly isStuck: boolean;
}

async function readBatch(tx: Tx, after: string, ids: readonly string[] | null): Promise<readonly ExaminedRow[]> {
  const { rows } = await tx.query<ExaminedRow>({
    name: 'examined_promises',
    text: `select ${SETTLED_COLUMNS}, promised_day::text as day, wake_at as "wakeAt", engine_epoch > 0 as "wasStarted",
             (select max(recorded_at) from facts f where f.promise_id = p.id) as "recordedAt",
             (select count(*) from outbox o where o.promise_id = p.id) as pokes,
             exists (select from outbox o where o.promise_id = p.id and o.claimed_at > clock_timestamp()) as "isStuck"
           from promises p where id > $1 and ($2::uuid[] is null or id = any ($2)) order by id limit $3`,
    values: [after, ids, AT_ONCE],
  });
  return rows;
}

type NoticeRow = StoredNotice & { readonly promiseId: string };

async function readNotices(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, readonly NoticeRow[]>> {
  const { rows } = await tx.query<NoticeRow>({
    name: 'examined_notices',
    text: `select id, promise_id as "promiseId", reason, revision, occasion, not_valid_after as "notValidAfter", state,
             dispatch_id is not null as claimed
           from duties where promise_id = any ($1::uuid[]) order by due_at, id`,
    values: [ids],
  });
  const byPromise = new Map<string, NoticeRow[]>(ids.map((id) => [id, []]));
  for (const row of rows) byPromise.get(row.promiseId)?.push(row);
  return byPromise;
}

async function examineBatch(
  tx: Tx,
  after: string,
  ids: readonly string[] | null,
): Promise<{ readonly part: Findings; readonly last: string | null }> {
  const promises = await readBatch(tx, after, ids);
  const batch = promises.map(({ id }) => id);
  const now = await databaseNow(tx);
  const facts = await readFacts(tx, batch);
  const notices = await readNotices(tx, batch);

  const expected: Record<string, unknown>[] = [];
  const engaged: Findings['engaged'][number][] = [];
  const ends: Findings['ends'][number][] = [];
  const unsettled: string[] = [];
  for (const promise of promises) {
    const stored = facts.get(promise.id) ?? [];
    const endOf = noticeEnds(stored);
    const rows = (notices.get(promise.id) ?? []).map((row) => ({ ...row, end: endOf(row) }));
    const unfinished = rows.filter(({ end }) => end === 'unfinished');
    const plans = await plansOf(tx, promise, stored);
    const examination = examine({
      ...{ ...plans, facts: stored, unfinished, now, recordedAt: promise.recordedAt, wakeAt: promise.wakeAt },
      engaged: { armedAt: promise.armedAt, closed: promise.closedAt !== null },
    });
    expected.push(columnsOf(promise, plans.planning, examination));
    const wrong = rows.filter(({ state, end, claimed }) =>
      end === 'unfinished' ? state !== openState(claimed) : state !== end,
    );
    ends.push(...wrong.map(({ id, end }) => ({ promiseId: promise.id, id, end })));
    if (examination.isUnsettled) unsettled.push(promise.id);
    const mend = promise.history ? null : await mendOf(tx, promise, plans, examination, unfinished.length > 0, now);
    if (mend) engaged.push({ promiseId: promise.id, mend });
  }
  const wrong = new Set(await different(tx, expected));
  return {
    last: promises.length === AT_ONCE ? (batch.at(-1) ?? null) : null,
    part: {
      promises: promises.length,
      notices: [...notices.values()].reduce((all, rows) => all + rows.length, 0),
      pokes: promises.reduce((all, { pokes }) => all + pokes, 0),
      folds: promises.flatMap(({ id, day }) => (wrong.has(id) ? [{ promiseId: id, day }] : [])),
      ...{ engaged, ends, unsettled },
    },
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
  isBusy: boolean,
  now: Instant,
): Promise<EngageMend | 'stuck_poke' | null> {
  const engagement = { armedAt, wasStarted, isPoked: pokes > 0 && !isStuck, isBusy };
  let mend = engageMend(engagement, settled, () => [], now);
  // Few look too early, and only for them it is asked whether they once had to.
  if (mend === 'poke') {
    const wakes = wakesOf(plans, await recordedFacts(tx, id), now);
    mend = engageMend(engagement, settled, () => wakes, now);
  }
  if (!isStuck) return mend;
  return mend === null && !isBusy ? 'unneeded_poke' : 'stuck_poke';
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

/** Mends what `examinePromises` found; what is found again afterwards could not be mended. */
export async function mendPromises(pool: Pool, { folds, engaged, ends, unsettled }: Findings): Promise<void> {
  await inTransaction(pool, (tx) => mendEnds(tx, ends));
  const resettled = [...new Set([...folds.map(({ promiseId }) => promiseId), ...unsettled])].toSorted();
  for (let at = 0; at < resettled.length; at += AT_ONCE) {
    const ids = resettled.slice(at, at + AT_ONCE);
    await inTransaction(pool, (tx) =>
      settle(
        tx,
        ids.map((id) => ({ id, facts: [] })),
      ),
    );
  }
  const mended = (...kinds: readonly (EngageMend | 'stuck_poke')[]): readonly string[] =>
    engaged.flatMap(({ promiseId, mend }) => (kinds.includes(mend) ? [promiseId] : []));
  await inTransaction(pool, async (tx) => {
    await tx.query('delete from outbox where promise_id = any ($1::uuid[])', [mended('unneeded_poke', 'stuck_poke')]);
    await poke(tx, mended('poke', 'stuck_poke'));
    await tx.query('update promises set engine_epoch = 0 where id = any ($1::uuid[])', [mended('start')]);
    await tx.query('update promises set armed_at = null where id = any ($1::uuid[])', [mended('forget')]);
  });
}

/** What has ended stands as its fact says; what has not is worked on again, and its workflow is told. */
async function mendEnds(tx: Tx, ends: Findings['ends']): Promise<void> {
  await tx.query(
    `update duties d set ended_at = case when e.state <> 'unfinished' then coalesce(d.ended_at, clock_timestamp()) end,
       state = case when e.state <> 'unfinished' then e.state when d.dispatch_id is null then 'owed' else 'claimed' end
     from unnest($1::uuid[], $2::text[]) as e (id, state) where d.id = e.id`,
    [ends.map(({ id }) => id), ends.map(({ end }) => end)],
  );
  await poke(tx, [...new Set(ends.flatMap(({ promiseId, end }) => (end === 'unfinished' ? [promiseId] : [])))]);
}

const poke = (q: Queryable, ids: readonly string[]): Promise<unknown> =>
  q.query('insert into outbox (promise_id) select unnest($1::uuid[]) on conflict do nothing', [ids]);

/** Open promises whose workflow should be there: those that were started in the engine as it is now. */
export async function promisesAsleep(q: Queryable): Promise<readonly string[]> {
  const { rows } = await q.query<{ id: string }>({
    text: `select p.id from promises p join engine e on e.epoch = p.engine_epoch
           where p.closed_at is null and p.armed_at is not null order by p.id`,
  });
  return rows.map(({ id }) => id);
}

/** They are started once more. */
export async function startAgain(q: Queryable, ids: readonly string[]): Promise<void> {
  await q.query('update promises set engine_epoch = 0 where id = any ($1::uuid[])', [ids]);
}
