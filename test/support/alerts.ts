import type { Pool } from '../../db/pool.ts';
import type { AlertReason, Rung } from '../../domain/promise/words.ts';

/** Who was alerted about a promise, and why; oldest first. */
export async function alertsOf(
  pool: Pool,
  promiseId: string,
): Promise<readonly { readonly reason: AlertReason; readonly rung: Rung; readonly person: string | null }[]> {
  const { rows } = await pool.query<{ reason: AlertReason; rung: Rung; person: string | null }>(
    'select reason, rung, person from staff_alerts where promise_id = $1 order by at, rung, id',
    [promiseId],
  );
  return rows;
}
