import { setTimeout as sleep } from 'node:timers/promises';
import { claimNotice } from '../../../db/claims.ts';
import { recordSent } from '../../../db/dispatches.ts';
import type { Pool } from '../../../db/pool.ts';
import { advance } from '../../../db/settle.ts';
import { messageFrom } from '../../support/deliver.ts';

/**
 * The engine's two activities in a loop, without the engine: looks at whatever is due or owed and "sends" it to nobody.
 * Enough for tests of what stands before and behind the engine.
 */
export function miniEngine(pool: Pool): { readonly stop: () => Promise<void> } {
  let running = true;
  const loop = (async () => {
    while (running) {
      const { rows } = await pool.query<{ id: string }>(
        `select id from promises p where wake_at <= clock_timestamp()
           or exists (select from duties d where d.promise_id = p.id and d.state = 'owed') limit 100`,
      );
      for (const { id } of rows) await lookAt(pool, id);
      if (rows.length === 0) await sleep(5);
    }
  })();
  return {
    stop: () => {
      running = false;
      return loop;
    },
  };
}

async function lookAt(pool: Pool, promiseId: string): Promise<void> {
  const { duties } = await advance(pool, promiseId);
  for (const duty of duties) {
    const claim = await claimNotice(pool, {
      promiseId,
      dutyId: duty.id,
      workerName: 'mini',
      claimMs: 30_000,
      channel: 'email',
      compose: ({ dispatchId }) => messageFrom(dispatchId),
    });
    if (claim.kind === 'send') await recordSent(pool, { promiseId, dispatchId: claim.dispatchId, workerName: 'mini' });
  }
}
