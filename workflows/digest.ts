import * as wf from '@temporalio/workflow';
import { NOTICE_QUEUE, URGENT_SIGNAL, type DigestActivities, type DigestInput } from './contract.ts';

const { mailAlerts } = wf.proxyActivities<DigestActivities>({
  taskQueue: NOTICE_QUEUE,
  startToCloseTimeout: '25 s',
  heartbeatTimeout: '8 s',
  // As in `promise`.
  retry: { initialInterval: '1 s', maximumInterval: '2 s' },
});
const urgent = wf.defineSignal(URGENT_SIGNAL);

/**
 * One mail to one of the staff. Its start is delayed by what is left of the window, so what comes meanwhile needs neither
 * event nor signal: the mail tells whatever the table holds when it leaves. The next mail is the next run.
 */
export async function digest({ personId }: DigestInput): Promise<void> {
  /** An alert came that may not wait: look again. */
  let rung = false;
  wf.setHandler(urgent, () => void (rung = true));
  for (;;) {
    rung = false;
    const { againMs } = await mailAlerts({ personId });
    if (againMs === null && !rung) return;
    // Woken too early: by an urgent alert within the short wait, or by one that has lost its reason.
    if (againMs !== null) await wf.condition(() => rung, againMs);
  }
}
