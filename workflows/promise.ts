import * as wf from '@temporalio/workflow';
import type { Instant } from '../domain/promise/instant.ts';
import {
  NOTICE_QUEUE,
  POKE_SIGNAL,
  type Duty,
  type PromiseActivities,
  type PromiseInput,
  type Step,
} from './contract.ts';

const { advance } = wf.proxyLocalActivities<Pick<PromiseActivities, 'advance'>>({
  startToCloseTimeout: '10 s',
  retry: { maximumAttempts: 3, initialInterval: '200 ms', backoffCoefficient: 3 },
});
const { perform } = wf.proxyActivities<Pick<PromiseActivities, 'perform'>>({
  taskQueue: NOTICE_QUEUE,
  startToCloseTimeout: '25 s',
  heartbeatTimeout: '8 s',
  // After a worker that died; whatever else fails names its pause.
  retry: { initialInterval: '1 s', maximumInterval: '2 s' },
});
const poke = wf.defineSignal(POKE_SIGNAL);

/** One promise, from its first wake to its end: asks what is owed, owes it, sleeps. State and rules live elsewhere. */
export async function promise({ promiseId }: PromiseInput): Promise<NonNullable<Step['closed']>> {
  /** Something may have changed: ask again. */
  let rung = false;
  /** The newest answer that a finished notice brought along. */
  let fresh: Step | null = null;
  let alarm: { readonly at: Instant; readonly scope: wf.CancellationScope } | null = null;
  const running = new Map<string, Duty>();
  wf.setHandler(poke, () => void (rung = true));

  let step = await ask();
  for (;;) {
    for (const duty of step.duties) if (!running.has(duty.id)) void run(duty);
    if (step.closed && running.size === 0 && !rung) return step.closed;
    if (wf.workflowInfo().continueAsNewSuggested && running.size === 0)
      await wf.continueAsNew<typeof promise>({ promiseId });
    arm(step.wakeAt);
    wf.setCurrentDetails(details(step, [...running.values()]));
    await wf.condition(() => rung || fresh !== null);
    // An answer on its way may be older than the one that closed the promise: then only asking tells.
    step = rung || fresh === null || step.closed ? await ask() : take(fresh);
  }

  /** A database that is down is asked again later, at once when poked. */
  async function ask(): Promise<Step> {
    for (let pauseMs = 2_000; ; pauseMs = Math.min(2 * pauseMs, 60_000)) {
      rung = false;
      fresh = null;
      try {
        return await advance({ promiseId });
      } catch {
        await wf.condition(() => rung, pauseMs);
      }
    }
  }

  function take(answer: Step): Step {
    fresh = null;
    return answer;
  }

  /** Never rejects: a failure rings the bell, after a pause, so that a duty that cannot be done starts no busy loop. */
  async function run(duty: Duty): Promise<void> {
    running.set(duty.id, duty);
    try {
      fresh = await perform({ promiseId, dutyId: duty.id });
    } catch {
      await wf.sleep('10 s');
      rung = true;
    } finally {
      running.delete(duty.id);
    }
  }

  /** One timer. An earlier instant arms it anew; for a later one the old one fires, which costs less than a cancel. */
  function arm(wakeAt: Instant | null): void {
    if (wakeAt === null || (alarm !== null && alarm.at <= wakeAt)) return;
    alarm?.scope.cancel();
    const scope = new wf.CancellationScope();
    alarm = { at: wakeAt, scope };
    const ring = (): void => {
      rung = true;
      alarm = null;
    };
    scope.run(() => wf.sleep(untilMs(wakeAt))).then(ring, () => {});
  }
}

/** PostgreSQL says the instant is ahead; where our clock says it has passed, we wait a little rather than not at all. */
function untilMs(at: Instant): number {
  const ms = Date.parse(at) - Date.now();
  return ms > 0 ? ms : 100;
}

/** For operators; row ids and instants only. */
function details(step: Step, running: readonly Duty[]): string {
  const sending = running.map((duty) => `Sending the ${duty.reason} notice (duty ${duty.id}).`);
  const ending = step.closed ? `Closed: ${step.closed}; what is left is being sent.` : null;
  const waiting = step.wakeAt ? `Looks again at ${step.wakeAt}.` : 'Looks again when something happens to the promise.';
  return [...sending, ending ?? waiting].join('\n');
}
