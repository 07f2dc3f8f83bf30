import { createPool } from '../../db/pool.ts';
import { startKept } from '../support/kept.ts';
import { hasOlist, OLIST_FILE, rawOrders } from '../support/olist.ts';
import { customerNotices, expectedNotices, HOUR_MS } from '../support/replayed.ts';
import type { ReplayResult } from '../../cli/replay/replay.ts';
import { figure, type Bench } from './figures.ts';

const FROM = '2017-11-01';
const TO = '2018-01-31';
const DAY = '2s';

/** The proof of the first issue: a quarter of real orders at 43,200 times the speed, on the dev server, into the sink. */
export async function benchReplay(): Promise<Bench> {
  if (!hasOlist()) return { settings: `skipped: ${OLIST_FILE} is absent`, figures: [] };
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
    const { warned, unwarned, recovered } = expected;
    return {
      settings: `Olist ${FROM} to ${TO}, 1 day = ${DAY}; whenUnknown warn, lead P1D, factLag PT2H, buffer 20 % (PT4H to P3D)`,
      figures: [
        figure('played', (performance.now() - startedAt) / 1000, 's'),
        figure('orders', result.registered, '', { exactly: 861 }),
        figure('calls', result.registered + result.facts, '', { exactly: 2553 }),
        figure('kept', result.kept, '', { exactly: 755 }),
        figure('broken', result.broken, '', { exactly: 82 }),
        figure('withdrawn', result.withdrawn, '', { exactly: 8 }),
        figure('never delivered', result.overdue, '', { exactly: 16 }),
        figure('outcomes that differ from the file', result.differences.length, '', { exactly: 0 }),
        figure('orders that must be warned once, in time', warned.length, '', { exactly: 102 }),
        figure('orders that must not be warned', unwarned.length, '', { exactly: 743 }),
        figure('orders that must be recovered once', recovered.length, '', { exactly: 97 }),
        figure('of these, customers who heard something else', wrong.length, '', { exactly: 0 }),
        figure('notices handed over after the fulfilment was recorded', result.noticesAfterFulfilled, '', {
          exactly: 0,
        }),
        figure('wake lag p50', result.wakeLagMs.p50 ?? Number.NaN, 'ms'),
        figure('wake lag p99', result.wakeLagMs.p99 ?? Number.NaN, 'ms', { atMost: 1000 }),
      ],
    };
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
