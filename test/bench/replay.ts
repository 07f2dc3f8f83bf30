import { createPool } from '../../db/pool.ts';
import { startKept } from '../support/kept.ts';
import { hasOlist, OLIST_FILE, rawOrders } from '../support/olist.ts';
import { customerNotices, expectedNotices, HOUR_MS } from '../support/replayed.ts';
import type { ReplayResult } from '../../cli/replay/replay.ts';
import { figure } from './figures.ts';

const FROM = '2017-11-01';
const TO = '2018-01-31';
const DAY = '2s';

/** The proof of the first issue: a quarter of real orders at 43,200 times the speed, on the dev server, into the sink. */
export async function benchReplay(): Promise<boolean> {
  if (!hasOlist()) {
    console.log(`skipped: ${OLIST_FILE} is absent`);
    return true;
  }
  console.log(
    `Olist ${FROM} to ${TO}, 1 day = ${DAY}; whenUnknown warn, lead P1D, factLag PT2H, buffer 20 % (PT4H to P3D)`,
  );
  const kept = await startKept({ policies: { 'delivery.yaml': WARNING_POLICY } });
  const pool = createPool({ url: kept.run.database, max: 2, name: 'kept bench' });
  try {
    const startedAt = performance.now();
    const said = await kept.kept(
      'replay',
      OLIST_FILE,
      '--mapping',
      'olist',
      '--from',
      FROM,
      '--to',
      TO,
      '--day',
      DAY,
      '--json',
    );
    if (said.stdout === '') throw new Error(said.stderr);
    const result = JSON.parse(said.stdout) as ReplayResult;
    const expected = expectedNotices(rawOrders(FROM, TO), 6 * HOUR_MS);
    const got = await customerNotices(pool, 'olist');
    const wrong = [
      ...expected.warned.filter((ref) => got.get(ref)?.acceptedInTime !== 1),
      ...expected.unwarned.filter((ref) => (got.get(ref)?.warned ?? 0) > 0),
      ...expected.recovered.filter((ref) => got.get(ref)?.recovered !== 1),
    ];
    figure('seconds played', (performance.now() - startedAt) / 1000, 's', null);
    figure('orders', result.registered, '', { atLeast: 861, atMost: 861 });
    figure('calls', result.registered + result.facts, '', null);
    for (const phase of ['kept', 'broken', 'withdrawn', 'overdue'] as const) figure(phase, result[phase], '', null);
    const held = [
      figure('outcomes that differ from the file', result.differences.length, '', { atMost: 0 }),
      figure(
        `orders owed a warning (${expected.warned.length}), none (${expected.unwarned.length}), a recovery (${expected.recovered.length}): wrong`,
        wrong.length,
        '',
        { atMost: 0 },
      ),
      figure('notices handed over after the fulfilment was recorded', result.noticesAfterFulfilled, '', { atMost: 0 }),
      figure('wake lag p50', result.wakeLagMs.p50 ?? Number.NaN, 'ms', null),
      figure('wake lag p99', result.wakeLagMs.p99 ?? Number.NaN, 'ms', { atMost: 1000 }),
    ];
    return held[0] === true && held[1] === true && held[2] === true && held[4] === true;
  } finally {
    await pool.end();
    await kept.remove();
  }
}

export const WARNING_POLICY = `kind: delivery
buffer: { share: 20%, min: PT4H, max: P3D }
whenUnknown: warn
lead: P1D
factLag: PT2H
`;
