import type { EngineClient } from './connection.ts';
import { namespaceId } from './engine.ts';
import { isNotFound } from './failures.ts';
import { inParallel } from './in-parallel.ts';
import { PROMISE_PARTNER, PROMISE_KIND } from './search-attributes.ts';
import { PROMISE_WORKFLOW, promiseWorkflowId } from '../workflows/contract.ts';

const IN_FLIGHT = 16;
const PAGE = 1_000;
const LIST_MS = 120_000;

/** Whether it is the engine in which promises are known to sleep; `known` null: in none so far. @throws while it is away */
export const isKnownEngine = async (engine: EngineClient, known: string | null): Promise<boolean> =>
  known === null || known === (await engine.call(() => namespaceId(engine)));

/** Which of these promises no workflow runs for. @throws while the engine is away, or takes minutes to list them */
export async function withoutWorkflow(
  { client, connection, call }: EngineClient,
  promiseIds: readonly string[],
): Promise<readonly string[]> {
  const running = new Set<string>();
  const query = `WorkflowType = '${PROMISE_WORKFLOW}' and ExecutionStatus = 'Running'`;
  await connection.withDeadline(Date.now() + LIST_MS, async () => {
    for await (const { workflowId } of client.workflow.list({ query, pageSize: PAGE })) running.add(workflowId);
  });
  const missing: string[] = [];
  // A list is a moment behind what runs.
  const unlisted = promiseIds.filter((id) => !running.has(promiseWorkflowId(id)));
  await inParallel(unlisted, IN_FLIGHT, async (id) => {
    if ((await call(() => described(client, id)))?.status.name !== 'RUNNING') missing.push(id);
  });
  return missing.toSorted();
}

/** Null: there is none. */
async function described(client: EngineClient['client'], promiseId: string) {
  try {
    return await client.workflow.getHandle(promiseWorkflowId(promiseId)).describe();
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** `busy`: a workflow runs and looks anew soon, after an activity or by a task to look at what came; `gone`: none runs. */
export type Doing = 'busy' | 'idle' | 'gone';

/** What the workflows of these promises do. @throws while the engine is away */
export async function doings(
  { client, call }: EngineClient,
  promiseIds: readonly string[],
): Promise<ReadonlyMap<string, Doing>> {
  const found = new Map<string, Doing>();
  await inParallel(promiseIds, IN_FLIGHT, async (id) => {
    const workflow = await call(() => described(client, id));
    const { pendingActivities, pendingWorkflowTask } = workflow?.raw ?? {};
    const isBusy = (pendingActivities?.length ?? 0) > 0 || Boolean(pendingWorkflowTask);
    found.set(id, workflow?.status.name !== 'RUNNING' ? 'gone' : isBusy ? 'busy' : 'idle');
  });
  return found;
}

/** What operators list workflows by. */
export const ATTRIBUTES = [PROMISE_KIND.name, PROMISE_PARTNER.name] as const;

/** Which search attributes the engine does not know. @throws while it is away */
export async function unknownAttributes({ connection, namespace, call }: EngineClient): Promise<readonly string[]> {
  const { customAttributes } = await call(() => connection.operatorService.listSearchAttributes({ namespace }));
  return ATTRIBUTES.filter((name) => !Object.hasOwn(customAttributes ?? {}, name));
}
