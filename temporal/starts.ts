import type { WorkflowStartOptions } from '@temporalio/client';
import { urgencyOf } from '../domain/promise/urgency.ts';
import type { Precision } from '../domain/promise/words.ts';
import { PROMISE_QUEUE, promiseWorkflowId, type PromiseInput } from '../workflows/contract.ts';
import type { Engine } from './engine.ts';
import { searchAttributesOf } from './search-attributes.ts';

/** What the engine is told of a promise beside its id. */
export interface PromiseLabels {
  readonly promiseId: string;
  readonly kind: string;
  readonly partner: string | null;
  readonly precision: Precision;
}

type StartOptions = WorkflowStartOptions<(input: PromiseInput) => Promise<unknown>>;

/**
 * How a promise's workflow is started, by whichever door. An id that runs is left running; an id that has ended may run
 * again, since a promise can be owed something after its workflow ended.
 */
export function startOptions(
  { promiseId, kind, partner, precision }: PromiseLabels,
  withAttributes: boolean,
): StartOptions {
  return {
    workflowId: promiseWorkflowId(promiseId),
    taskQueue: PROMISE_QUEUE,
    args: [{ promiseId }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    priority: { priorityKey: urgencyOf(kind, precision) },
    ...(withAttributes ? { typedSearchAttributes: searchAttributesOf(kind, partner) } : {}),
  };
}

/** Runs one start; where the engine does not know our search attributes, once more without them. */
export async function withoutAttributesIfRefused(
  engine: Engine,
  start: (attributes: boolean) => Promise<unknown>,
): Promise<void> {
  const attributes = engine.attributes();
  try {
    await engine.call(() => start(attributes));
  } catch (error) {
    if (!attributes || engine.noteFailure(error) !== 'attributes') throw error;
    await engine.call(() => start(false));
  }
}
