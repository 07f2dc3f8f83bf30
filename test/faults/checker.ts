import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import proto from '@temporalio/proto';
import { promiseWorkflowId } from '../../workflows/contract.ts';
import type { Promised } from './load.ts';
import { within, type Rig } from './rig.ts';
import type { SinkMail } from './sink.ts';

/** Something that must not be. `stray`: tables, engine and sink do not agree on something that nobody lost. */
export interface Finding {
  readonly kind: 'lost' | 'doubled' | 'late' | 'stray';
  readonly about: string;
  readonly what: string;
}

/** What a finished run has left, by everybody who wrote something down. */
export interface Evidence {
  /** The client's side. */
  readonly promised: readonly Promised[];
  readonly mails: readonly SinkMail[];
  readonly promises: readonly PromiseRow[];
  readonly facts: readonly FactRow[];
  readonly notices: readonly NoticeRow[];
  /** Pokes on their way. */
  readonly pokes: number;
  /** All that have ended, and those that go on though their promise is closed. */
  readonly workflows: readonly Execution[];
  /** Workflow tasks that failed, with their cause, and histories with something personal in them. */
  readonly failedTasks: readonly string[];
}

interface PromiseRow {
  readonly id: string;
  readonly ref: string;
  readonly phase: string;
  readonly fulfilledAt: string | null;
  readonly overdueMs: number;
}
interface FactRow {
  readonly promiseId: string;
  readonly key: string;
  readonly kind: string;
  readonly occurredAt: string;
}
interface NoticeRow {
  readonly promiseId: string;
  readonly reason: string;
  readonly revision: number;
  readonly state: string;
  readonly messageId: string | null;
}
interface Execution {
  readonly workflowId: string;
  readonly status: string;
}

/** The tables and the sink as they are asked. */
interface Known {
  readonly rows: ReadonlyMap<string, PromiseRow>;
  readonly byRef: ReadonlyMap<string, readonly PromiseRow[]>;
  readonly facts: ReadonlyMap<string, readonly FactRow[]>;
  /** Notices that arrived, each once, by promise. */
  readonly heard: ReadonlyMap<string, readonly string[]>;
}

/** Compares what was acknowledged, what stands in the tables, what the engine did, and what arrived. Pure. */
export function check(evidence: Evidence): readonly Finding[] {
  const known: Known = {
    rows: new Map(evidence.promises.map((row) => [row.id, row])),
    byRef: grouped(evidence.promises, ({ ref }) => ref),
    facts: grouped(evidence.facts, ({ promiseId }) => promiseId),
    heard: grouped(new Set(evidence.mails.flatMap(({ notices }) => notices)), (notice) => notice.split(':')[0] ?? ''),
  };
  return [
    ...evidence.promised.flatMap((promise) => lostOf(promise, known)),
    ...unfinished(evidence),
    ...mailsOf(evidence),
    ...engineOf(evidence),
  ];
}

/** Acknowledged, and not there; or there in another way than it was told. */
function lostOf(promise: Promised, { rows, byRef, facts, heard }: Known): readonly Finding[] {
  const { ref, id, owes, ends } = promise;
  const lost = (what: string): Finding => ({ kind: 'lost', about: ref, what });
  if (id === null) return [lost('its registration was never acknowledged')];
  const row = rows.get(id);
  if (row?.ref !== ref) return [lost('its registration was acknowledged, and it is not there')];
  const own = new Map(facts.get(id)?.map((fact) => [fact.key, fact]));
  const findings = promise.facts.flatMap(({ key, kind, occurredAt, acknowledged }) => {
    const stored = own.get(key);
    if (!acknowledged) return [lost(`its fact ${key} was never acknowledged`)];
    if (stored?.kind === kind && stored.occurredAt === occurredAt) return [];
    return [lost(`its fact ${key} was acknowledged, and is ${stored ? 'another one' : 'not there'}`)];
  });
  const fulfilled = promise.facts.find(({ kind }) => kind === 'fulfilled')?.occurredAt ?? null;
  if (row.phase !== ends || row.fulfilledAt !== fulfilled)
    findings.push(lost(`it should be ${ends} at ${fulfilled}, and is ${row.phase} at ${row.fulfilledAt}`));
  if ((byRef.get(ref)?.length ?? 0) > 1)
    findings.push({ kind: 'doubled', about: ref, what: 'it was registered twice' });
  const reasons = (heard.get(id) ?? []).map((notice) => notice.split(':')[1] ?? '');
  for (const reason of new Set([...reasons, ...Object.keys(owes)])) {
    const [least, most] = owes[reason] ?? [0, 0];
    const count = reasons.filter((each) => each === reason).length;
    if (count < least) findings.push(lost(`its customer was owed a ${reason} notice and got none`));
    if (count > most)
      findings.push({ kind: 'doubled', about: ref, what: `its customer got ${count} ${reason} notices, not ${most}` });
  }
  return findings;
}

/** After everything has become quiet nothing waits to be done. */
function unfinished({ promises, notices, pokes }: Evidence): readonly Finding[] {
  const left = notices.filter(({ state }) => state === 'owed' || state === 'claimed');
  const slept = promises.filter(({ overdueMs }) => overdueMs > 0);
  return [
    ...left.map(({ promiseId, reason, state }) => stuck(promiseId, `its ${reason} notice is still ${state}`)),
    ...slept.map(({ id, overdueMs }) => stuck(id, `nobody has looked at it for ${Math.round(overdueMs)} ms`)),
    ...(pokes > 0 ? [stuck('outbox', `${pokes} pokes are still on their way`)] : []),
  ];
}

const stuck = (about: string, what: string): Finding => ({ kind: 'lost', about, what });

/** How much later than it was handed over the sink, which shares a process with the proxies, may have read a mail. */
const SINK_MS = 200;

/** Two mails for one notice, a warning that came too late, a mail that one side knows of and the other does not. */
function mailsOf({ promised, mails, notices }: Evidence): readonly Finding[] {
  const findings: Finding[] = [];
  const sendBy = new Map(promised.flatMap(({ id, sendByMs }) => (id === null ? [] : [[id, sendByMs] as const])));
  const idsOf = new Map<string, Set<string>>();
  const sent = new Map<string, Set<string | null>>();
  for (const { promiseId, reason, revision, state, messageId } of notices)
    if (state === 'sent' || state === 'failed') add(sent, `${promiseId}:${reason}:${revision}`, messageId);
  for (const { notices: keys, messageId, atMs, acceptedAtMs } of mails)
    for (const key of keys) {
      const [promiseId = '', reason = ''] = key.split(':');
      add(idsOf, key, messageId);
      const lateMs = atMs - (sendBy.get(promiseId) ?? Infinity);
      if ((reason === 'risk' || reason === 'progress') && lateMs > SINK_MS)
        findings.push({ kind: 'late', about: key, what: `it arrived ${lateMs} ms after a warning may` });
      if (acceptedAtMs !== null && !sent.get(key)?.has(messageId))
        findings.push({
          kind: 'stray',
          about: key,
          what: `its mail ${messageId} was accepted, and nobody knows of it`,
        });
    }
  for (const [key, ids] of idsOf)
    if (ids.size > 1) findings.push({ kind: 'doubled', about: key, what: `it went out as ${[...ids].join(' and ')}` });
  const accepted = new Set(
    mails
      .filter((mail) => mail.acceptedAtMs !== null)
      .flatMap((mail) => mail.notices.map((key) => `${key} ${mail.messageId}`)),
  );
  for (const { promiseId, reason, revision, state, messageId } of notices)
    if (state === 'sent' && !accepted.has(`${promiseId}:${reason}:${revision} ${messageId}`))
      findings.push({ kind: 'lost', about: promiseId, what: `its ${reason} notice counts as sent, and never arrived` });
  return findings;
}

function grouped<K, V>(items: Iterable<V>, keyOf: (item: V) => K): ReadonlyMap<K, readonly V[]> {
  const groups = new Map<K, V[]>();
  for (const item of items) {
    const known = groups.get(keyOf(item));
    if (known) known.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function add<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(value));
}

/** No workflow and no task of one failed, and what is closed goes on no more. */
function engineOf({ workflows, failedTasks }: Evidence): readonly Finding[] {
  return [
    ...failedTasks.map((what): Finding => ({ kind: 'stray', about: 'engine', what })),
    ...workflows.flatMap(({ workflowId, status }): readonly Finding[] =>
      status === 'COMPLETED' ? [] : [{ kind: 'stray', about: workflowId, what: `its workflow is ${status}` }],
    ),
  ];
}

/** Waits until nothing is owed, due or on its way any more; gives up after `patienceMs`, and the checker says what is left. */
export async function quiet(rig: Rig, patienceMs = 120_000): Promise<void> {
  const isQuiet = async (): Promise<void> => {
    const { rows } = await rig.pool.query<{ left: number }>(
      `select (select count(*) from duties where state in ('owed', 'claimed')) + (select count(*) from outbox)
         + (select count(*) from promises where wake_at < clock_timestamp()) as left`,
    );
    if ((rows[0]?.left ?? 1) > 0 || (await awake(rig)).length > 0) throw new Error('not yet');
  };
  await within(isQuiet, patienceMs).catch(() => {});
}

/**
 * Workflows that have looked and go on though their promise is closed. One that still sleeps its first sleep is none: where
 * a start got no answer, and the promise was closed before the next try, it ends by itself when it wakes.
 */
async function awake({ pool, temporal: { client } }: Rig): Promise<readonly Execution[]> {
  const { rows } = await pool.query<{ id: string }>('select id from promises where closed_at is not null');
  const closed = new Set(rows.map(({ id }) => promiseWorkflowId(id)));
  const found: Execution[] = [];
  const query = `WorkflowType = 'promise' and ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    if (!closed.has(workflowId)) continue;
    const { historyLength, status } = await client.workflow.getHandle(workflowId).describe();
    if (historyLength > 1 && status.name === 'RUNNING') found.push({ workflowId, status: status.name });
  }
  return found;
}

const MOST_HISTORIES = 2_000;
/** Of whom the customers of all cases are, by name and address. */
const PERSONAL = /Mari Tamm|customers\.example/;
/** Something came while the workflow was about to end: it looks once more. */
const IN_ORDER = 'UnhandledCommand';

/** Reads the tables, the engine and the sink. */
export async function gather(rig: Rig, promised: readonly Promised[]): Promise<Evidence> {
  const { pool, sink } = rig;
  const { rows: promises } = await pool.query<PromiseRow>(
    `select id, ref, phase, fulfilled_at as "fulfilledAt",
       case when closed_at is null then coalesce(extract(epoch from clock_timestamp() - wake_at) * 1000, 0) else 0 end::float8 as "overdueMs"
     from promises`,
  );
  const { rows: facts } = await pool.query<FactRow>(
    'select promise_id as "promiseId", fact_key as key, kind, occurred_at as "occurredAt" from facts',
  );
  const { rows: notices } = await pool.query<NoticeRow>(
    // Texts are kept for a while only; under which Message-ID each was sent stays with its fact.
    `select d.promise_id as "promiseId", d.reason, d.revision, d.state, coalesce(s.message_id, f.data ->> 'messageId') as "messageId"
     from duties d left join dispatches s on s.id = d.dispatch_id
     left join facts f on f.promise_id = d.promise_id and f.fact_key = 'notice:' || d.key || ':sent'`,
  );
  const { rows: pokes } = await pool.query<{ n: number }>('select count(*) as n from outbox');
  const refs = new Set(promised.map(({ ref }) => ref));
  const own = promises.filter(({ ref }) => refs.has(ref));
  const told = new Set(notices.map(({ promiseId }) => promiseId));
  return {
    ...{ promised, mails: [...sink.mails], promises: own, facts, notices, pokes: pokes[0]?.n ?? 0 },
    // The engine says no for a moment where more is asked of it in a second than it likes.
    ...(await within(() =>
      executions(
        rig,
        own.filter(({ id }) => told.has(id)),
      ),
    )),
  };
}

async function executions(rig: Rig, told: readonly PromiseRow[]): Promise<Pick<Evidence, 'workflows' | 'failedTasks'>> {
  const { client } = rig.temporal;
  const workflows = [...(await awake(rig))];
  const known = new Set<string>();
  for await (const { workflowId, status } of client.workflow.list({ query: `WorkflowType = 'promise'` })) {
    known.add(workflowId);
    if (status.name !== 'RUNNING') workflows.push({ workflowId, status: status.name });
  }
  const failedTasks: string[] = [];
  // An engine that was emptied has no history of what had ended before.
  for (const { id } of told.filter((row) => known.has(promiseWorkflowId(row.id))).slice(-MOST_HISTORIES)) {
    const history = await client.workflow.getHandle(promiseWorkflowId(id)).fetchHistory();
    const { events } = history;
    // Payloads lie in it as they are.
    if (PERSONAL.test(Buffer.from(proto.temporal.api.history.v1.History.encode(history).finish()).toString('latin1')))
      failedTasks.push(`The history of ${promiseWorkflowId(id)} names a customer.`);
    for (const { workflowTaskFailedEventAttributes: failed } of events ?? [])
      if (failed && failed.failure?.message !== IN_ORDER)
        failedTasks.push(`A task of ${promiseWorkflowId(id)} failed: ${failed.failure?.message ?? failed.cause}.`);
  }
  return { workflows, failedTasks };
}

/** What the product's own doctor finds when all is quiet (I4, I5, I6), and whether a log names a customer (I7). */
export async function examine({ doctor, folder }: Rig): Promise<readonly Finding[]> {
  const { stdout, stderr } = await doctor();
  const unasked: Finding = { kind: 'stray', about: 'doctor', what: `it could not look: ${stderr}` };
  if (stdout === '') return [unasked];
  const { ok, checks } = JSON.parse(stdout) as {
    readonly ok: boolean;
    readonly checks: readonly { readonly name: string; readonly found: number; readonly examples: readonly string[] }[];
  };
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
  const named = logs.filter((name) => PERSONAL.test(readFileSync(join(folder, name), 'utf8')));
  return [
    ...(ok || checks.some(({ found }) => found > 0) ? [] : [unasked]),
    ...checks
      .filter(({ found }) => found > 0)
      .map(({ name, found, examples }): Finding => {
        return { kind: 'stray', about: 'doctor', what: `${name}: ${found} found, such as ${examples.join(', ')}` };
      }),
    ...named.map((name): Finding => ({ kind: 'stray', about: name, what: 'it names a customer' })),
  ];
}
