import { retryPauseMs } from '../../domain/promise/sending.ts';
import type { Duty, Step } from '../../workflows/contract.ts';
import { MINUTE, SECOND, WORKERS, type Happening, type Process, type World } from './world.ts';

/** What the engine asks of workers, and hears or not. */
export interface Port {
  readonly advance: (worker: Process, promiseId: string, heard: (step: Step | null) => void) => void;
  /** `afterMs` null: by the usual pauses. */
  readonly perform: (
    worker: Process,
    promiseId: string,
    dutyId: string,
    heard: (answer: { readonly step: Step } | { readonly afterMs: number | null }) => void,
  ) => void;
}

/** One workflow as the engine keeps it. Between its start and its end it is awake, or waits for something in the queue. */
export interface Workflow {
  readonly promiseId: string;
  /** It has not begun; its first look is in the queue. */
  isDelayed: boolean;
  isAsking: boolean;
  rung: boolean;
  fresh: Step | null;
  step: Step | null;
  alarm: Happening | null;
  readonly running: Map<string, Duty>;
}

export interface Engine {
  /** Another one once it was emptied. */
  namespace: number;
  readonly workflows: ReadonlyMap<string, Workflow>;
  start(promiseId: string, delayMs: number): void;
  signalWithStart(promiseId: string): void;
  /** Everything in it is gone. */
  empty(): void;
}

const TASK_TIMEOUT_MS = 10 * SECOND;
const PERFORM_TIMEOUT_MS = 25 * SECOND;
/** Without a word for so long, whoever performs is dead. */
const HEARTBEAT_MS = 8 * SECOND;
/** The longest pause after a worker that died. */
const AFTER_DEATH_MS = 2 * SECOND;

/**
 * The engine with the workflow `promise`: the loop of `workflows/promise.ts` told as what happens between two waits, since
 * the engine keeps it through every crash. Timers and time-outs lie in the queue.
 */
export function engine(world: World, port: Port): Engine {
  const workflows = new Map<string, Workflow>();

  /** Whatever the workflow set in motion; nothing any more once it has ended or the engine was emptied. */
  const later = (workflow: Workflow, ms: number, name: string, act: () => void): Happening =>
    world.after(ms, `engine.${name}`, 'engine', () => {
      if (workflows.get(workflow.promiseId) === workflow) act();
    });

  /** Some worker that is there, when there is one. */
  const byWorker = (workflow: Workflow, act: (worker: Process) => void): void => {
    const up = WORKERS.filter((worker) => world.isUp(worker));
    if (up.length > 0) return act(world.dice.pick(up));
    const backMs = Math.min(...WORKERS.map((worker) => world.upAtMs[worker])) - world.nowMs();
    later(workflow, backMs + 1, 'task', () => byWorker(workflow, act));
  };

  /** Asks until something is heard: what was lost is asked again when its time is up. */
  const request = (
    workflow: Workflow,
    { timeoutMs, heartbeatMs = timeoutMs }: { readonly timeoutMs: number; readonly heartbeatMs?: number },
    ask: (worker: Process, heard: (then: () => void) => void) => void,
    again: () => void,
  ): void =>
    byWorker(workflow, (worker) => {
      let isOver = false;
      const startedMs = world.upAtMs[worker];
      const giveUp = (): void => {
        isOver = true;
        again();
      };
      let timeout = later(workflow, heartbeatMs, 'timeout', () => {
        if (heartbeatMs === timeoutMs || world.upAtMs[worker] !== startedMs) return giveUp();
        timeout = later(workflow, timeoutMs - heartbeatMs, 'timeout', giveUp);
      });
      ask(worker, (then) => {
        if (isOver || workflows.get(workflow.promiseId) !== workflow) return;
        isOver = true;
        world.cancel(timeout);
        then();
      });
    });

  const ask = (workflow: Workflow, pauseMs = 2 * SECOND): void => {
    Object.assign(workflow, { isAsking: true, rung: false, fresh: null });
    const again = (): void => ask(workflow, pauseMs);
    request(
      workflow,
      { timeoutMs: TASK_TIMEOUT_MS },
      (worker, heard) =>
        port.advance(worker, workflow.promiseId, (step) =>
          heard(() => {
            if (step) return look(workflow, step);
            later(workflow, pauseMs, 'pause', () => ask(workflow, Math.min(2 * pauseMs, MINUTE)));
          }),
        ),
      again,
    );
  };

  const look = (workflow: Workflow, step: Step): void => {
    Object.assign(workflow, { step, isAsking: false });
    for (const duty of step.duties)
      if (!workflow.running.has(duty.id)) {
        workflow.running.set(duty.id, duty);
        run(workflow, duty, 1);
      }
    if (step.closed && workflow.running.size === 0 && !workflow.rung) return void workflows.delete(workflow.promiseId);
    arm(workflow, step);
    wake(workflow);
  };

  /** Goes on where there is something to go on for. */
  const wake = (workflow: Workflow): void => {
    const { isDelayed, isAsking, rung, fresh, step } = workflow;
    if (isDelayed || isAsking || (!rung && fresh === null)) return;
    if (rung || fresh === null || step?.closed) return ask(workflow);
    workflow.fresh = null;
    look(workflow, fresh);
  };

  const run = (workflow: Workflow, duty: Duty, attempt: number): void => {
    const again = (afterMs: number): void =>
      void later(workflow, afterMs, 'retry', () => run(workflow, duty, attempt + 1));
    request(
      workflow,
      { timeoutMs: PERFORM_TIMEOUT_MS, heartbeatMs: HEARTBEAT_MS },
      (worker, heard) =>
        port.perform(worker, workflow.promiseId, duty.id, (answer) =>
          heard(() => {
            if ('afterMs' in answer) return again(answer.afterMs ?? retryPauseMs(attempt));
            workflow.running.delete(duty.id);
            workflow.fresh = answer.step;
            wake(workflow);
          }),
        ),
      () => again(Math.min(2 ** (attempt - 1) * SECOND, AFTER_DEATH_MS)),
    );
  };

  const arm = (workflow: Workflow, { wakeAt }: Step): void => {
    if (wakeAt === null) return;
    const ms = Date.parse(wakeAt) - (world.nowMs() + world.skewMs.engine);
    const atMs = world.nowMs() + (ms > 0 ? ms : 100);
    if (workflow.alarm !== null && workflow.alarm.atMs <= atMs) return;
    if (workflow.alarm) world.cancel(workflow.alarm);
    workflow.alarm = later(workflow, atMs - world.nowMs(), 'alarm', () => {
      Object.assign(workflow, { rung: true, alarm: null });
      wake(workflow);
    });
  };

  const begin = (promiseId: string, delayMs: number): Workflow => {
    const workflow: Workflow = {
      ...{ promiseId, isDelayed: true, isAsking: false, rung: false, fresh: null, step: null, running: new Map() },
      alarm: null,
    };
    workflows.set(promiseId, workflow);
    workflow.alarm = later(workflow, delayMs, 'begin', () => beginNow(workflow));
    return workflow;
  };
  const beginNow = (workflow: Workflow): void => {
    Object.assign(workflow, { isDelayed: false, alarm: null });
    ask(workflow);
  };

  const self: Engine = {
    namespace: 1,
    workflows,
    start: (promiseId, delayMs) => {
      if (!workflows.has(promiseId)) begin(promiseId, delayMs);
    },
    signalWithStart: (promiseId) => {
      const workflow = workflows.get(promiseId) ?? begin(promiseId, 0);
      // A signal ends the delay of a start.
      if (workflow.isDelayed) {
        if (workflow.alarm) world.cancel(workflow.alarm);
        return beginNow(workflow);
      }
      workflow.rung = true;
      wake(workflow);
    },
    empty: () => {
      self.namespace += 1;
      for (const each of world.queue.filter(({ by }) => by === 'engine')) world.cancel(each);
      workflows.clear();
    },
  };
  return self;
}
