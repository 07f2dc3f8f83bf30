import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { savePolicies } from '../../db/policies.ts';
import { databaseNow, type Pool } from '../../db/pool.ts';
import { beginReplay, idsOf, replayOf, type Replay } from '../../db/replays.ts';
import { startOfDay } from '../../domain/calendar/zones.ts';
import { msOf, plusMs } from '../../domain/promise/instant.ts';
import { bookshop } from '../import/bookshop.ts';
import { readHistory } from '../import/read-history.ts';
import { ApiRefusal, createApiClient } from '../replay/api-client.ts';
import { play } from '../replay/player.ts';
import { shrinkRow } from '../replay/shrink.ts';
import { FIRST_DAY } from './sample/generator.ts';
import { SAMPLE_SUFFIX, samplePolicies } from './sample/policies.ts';

export interface SampleContext {
  /** Address of the API. */
  readonly api: string;
  readonly key: string;
  readonly pool: Pool;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** How long a day of the shop lasts. */
const DAY_MS = 20_000;
/** Eight in the morning of the fourth day: the first orders are on their way, the day's work begins. */
const BEGINS_AFTER_MS = Math.round((3 + 8 / 24) * DAY_MS);
const API_PATIENCE_MS = 60_000;

/**
 * Plays the sample shop until its last fact or the signal. A later start goes on from the same origin: facts told before
 * are told again under the same keys and change nothing, what was missed meanwhile follows at once.
 */
export async function playSample({ api, key, pool, signal, log }: SampleContext): Promise<void> {
  const askedAt = Date.now();
  const now = await databaseNow(pool);
  const skewMs = msOf(now) - (askedAt + Date.now()) / 2;
  await savePolicies(pool, samplePolicies(DAY_MS));
  const origin = plusMs(now, -BEGINS_AFTER_MS);
  const begun = await beginReplay(pool, { source: bookshop.name, originAt: origin, dayMs: DAY_MS });
  const clock: Replay | null = await replayOf(pool, bookshop.name);
  if (!clock) return log(`The sample is not played: the source ${bookshop.name} has promises of its own.`);
  const { rows } = await readHistory(sampleFile(), bookshop, () => true);
  const scale = { historyOrigin: startOfDay(FIRST_DAY, bookshop.zone), origin: clock.originAt, dayMs: clock.dayMs };
  log(`The sample bookshop ${begun ? 'opens' : 'goes on'}: one of its days lasts ${clock.dayMs / 1000} s.`);
  try {
    await play({
      api: createApiClient({ url: api, key, signal, patienceMs: API_PATIENCE_MS }),
      source: bookshop.name,
      zone: bookshop.zone,
      rows: rows.map((row) => shrinkRow(scale, row, SAMPLE_SUFFIX)),
      known: await idsOf(pool, bookshop.name),
      now: () => Date.now() + skewMs,
      signal,
    });
    log('The sample bookshop has played its last order. "npm start -- --fresh" begins anew.');
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ApiRefusal)) throw error;
    log(`The sample stopped: ${error.message} "npm start -- --fresh" begins anew.`);
  }
}

/** The file lies beside the sources, also when the compiled code runs from `dist/`. */
function sampleFile(): string {
  const here = fileURLToPath(new URL('sample/bookshop.csv', import.meta.url));
  return existsSync(here) ? here : fileURLToPath(new URL('../../../cli/up/sample/bookshop.csv', import.meta.url));
}
