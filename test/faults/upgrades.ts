import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { migrationsFolder } from '../../db/migrate.ts';
import { inParallel } from '../../temporal/in-parallel.ts';
import { workerIdentity } from '../../temporal/pollers.ts';
import { NOTHING, type Done, type Fault, type Field } from './case.ts';
import type { Part, Rig } from './rig.ts';

/** So long the old version works alone, then both together, before `pace`. */
const [ALONE_MS, TOGETHER_MS] = [30_000, 300_000];
/** Of the workflow tasks of that time, each version completes this share at least. */
const LEAST_SHARE = 0.2;
/** Something came while the workflow was about to end: it looks once more. */
const IN_ORDER = 'UnhandledCommand';
/** Temporal's number for a task that began and did not end in 10 s, and was given out anew: on a slow machine no fault. */
const START_TO_CLOSE = 1;
/** Pino's number of an error. */
const ERROR = 50;

/**
 * R11: an upgrade beside running work. The old version works alone; the schema becomes the new one's under it, by two at once;
 * old and new worker share the queue; halfway the API is replaced and the old worker started again, so that each has led.
 */
export async function upgrade({ rig, load, pace }: Field): Promise<Done> {
  const { worker: old, api } = rig;
  const newer = rig.newer();
  const identities = [workerIdentity(old.pid())];
  const faults: Fault[] = [];
  await sleep(pace * ALONE_MS);
  faults.push(await step('kept migrate, twice at once', () => Promise.all([newer.migrate(), newer.migrate()])));
  const wrong = [...(await notAppliedOnce(rig))];
  faults.push(await step('the new worker joins', newer.worker.start));
  const fromMs = Date.now();
  await sleep((pace * TOGETHER_MS) / 2);
  const apiEndsMs = Date.now();
  faults.push(await step('the API is replaced', () => api.stop().then(newer.api.start)));
  faults.push(await step('the old worker starts again', () => old.stop().then(old.start)));
  identities.push(workerIdentity(old.pid()));
  await sleep((pace * TOGETHER_MS) / 2);
  const untilMs = Date.now();
  const gone = await step('the old worker goes', old.stop);
  await load.stop();

  const ran = await historiesOf(rig);
  const all = tasksOf(ran);
  const together = all.completed.filter(({ atMs }) => atMs >= fromMs && atMs <= untilMs);
  const isOld = (by: string): boolean => identities.includes(by);
  const isNew = (by: string): boolean => by === workerIdentity(newer.worker.pid());
  const count = (version: typeof isOld): number => together.filter(({ by }) => version(by)).length;
  const shares = `${count(isOld)} of ${together.length} workflow tasks by the old version, ${count(isNew)} by the new one, ${all.late} given out anew, ${all.overtaken} looked once more because something came as they ended`;
  if (Math.min(count(isOld), count(isNew)) < LEAST_SHARE * together.length) wrong.push(shares);
  const of = (version: typeof isOld): readonly Ran[] =>
    ran.filter((each) => tasksOf([each]).completed.some(({ by }) => version(by)));
  wrong.push(
    ...all.failed,
    ...(await notReplayed(bundleOf(newer.main), of(isOld))),
    ...(await notReplayed(bundleOf(rig.main), of(isNew))),
    // What the old API did as it was stopped is its own.
    ...errorsOf(rig, api, apiEndsMs),
    ...[old, newer.api, newer.worker].flatMap((part) => errorsOf(rig, part)),
  );
  const replays = `histories replayed: ${of(isOld).length} of the old one by the new one, ${of(isNew).length} the other way round`;
  return { faults: [...faults, { ...gone, what: `${gone.what}; ${shares}; ${replays}` }], inFlight: NOTHING, wrong };
}

async function step(what: string, work: () => Promise<unknown>): Promise<Fault> {
  const atMs = Date.now();
  await work();
  return { atMs, signsFromMs: Date.now(), seenBy: 'mail', what };
}

/** Every migration of this tree stands in the database, and none twice. */
async function notAppliedOnce({ pool }: Rig): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>('select name from migrations order by name limit 10000');
  const files = readdirSync(migrationsFolder()).map((file) => file.replace(/\.sql$/, ''));
  const applied = rows.map(({ name }) => name);
  return applied.join() === files.toSorted().join() ? [] : [`the migrations applied are ${applied.join(', ')}`];
}

/** A workflow that has begun to run. */
interface Ran {
  readonly workflowId: string;
  readonly history: Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
}

async function historiesOf({ temporal: { client } }: Rig): Promise<readonly Ran[]> {
  const ids: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = 'promise'`, pageSize: 1_000 }))
    ids.push(workflowId);
  const ran: Ran[] = [];
  await inParallel(ids, 16, async (workflowId) => {
    const history = await client.workflow.getHandle(workflowId).fetchHistory();
    if ((history.events?.length ?? 0) > 1) ran.push({ workflowId, history });
  });
  return ran;
}

/** Who completed a workflow task when, what failed, how many took too long, and to how many something came as they ended. */
function tasksOf(ran: readonly Ran[]) {
  const completed: { readonly by: string; readonly atMs: number }[] = [];
  const failed: string[] = [];
  let [late, overtaken] = [0, 0];
  for (const { workflowId, history } of ran)
    for (const event of history.events ?? []) {
      const {
        workflowTaskCompletedEventAttributes: done,
        workflowTaskFailedEventAttributes: fault,
        workflowTaskTimedOutEventAttributes: timedOut,
      } = event;
      if (done) completed.push({ by: done.identity ?? '', atMs: Number(event.eventTime?.seconds ?? 0) * 1_000 });
      if (fault?.failure?.message === IN_ORDER) overtaken += 1;
      else if (fault) failed.push(`a task of ${workflowId} failed: ${fault.failure?.message ?? fault.cause}`);
      if (timedOut?.timeoutType === START_TO_CLOSE) late += 1;
    }
  return { completed, failed, late, overtaken };
}

const bundleOf = (main: string): string => join(dirname(main), '..', 'workflow-bundle.js');

/** What a version would do otherwise than stands in the histories. */
async function notReplayed(codePath: string, ran: readonly Ran[]): Promise<readonly string[]> {
  if (ran.length === 0) return ['there is nothing to replay'];
  quietly();
  const wrong: string[] = [];
  const replayed = Worker.runReplayHistories({ workflowBundle: { codePath } }, [...ran]);
  for await (const { workflowId, error } of replayed)
    if (error) wrong.push(`${workflowId} does not replay: ${error.message}`);
  return wrong;
}

let isQuiet = false;
/** Once in a process. */
function quietly(): void {
  if (isQuiet) return;
  isQuiet = true;
  const logging = { filter: { core: 'ERROR', other: 'ERROR' } } as const;
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging } });
}

/** What a part complained of until then, and how often. Nothing was spoilt: there is nothing to complain of. */
function errorsOf({ folder }: Rig, { name }: Part, untilMs = Infinity): readonly string[] {
  const times = new Map<string, number>();
  for (const line of readFileSync(join(folder, `${name}.log`), 'utf8').split('\n')) {
    if (!line.startsWith('{')) continue;
    const { level, time, msg, code = '' } = JSON.parse(line) as Logged;
    const words = `${name}: ${msg} ${code}`;
    if (level >= ERROR && time < untilMs) times.set(words, (times.get(words) ?? 0) + 1);
  }
  return [...times].map(([words, count]) => `${words} (${count} ×)`);
}

interface Logged {
  readonly level: number;
  readonly time: number;
  readonly msg: string;
  readonly code?: string;
}
