import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReplayResult } from '../../../cli/replay/replay.ts';
import { createPool, type Pool } from '../../../db/pool.ts';
import { startKept, type RunningKept, type Said } from '../../support/kept.ts';
import { hasOlist, OLIST_FILE, rawOrders } from '../../support/olist.ts';
import { customerNotices, expectedNotices, HOUR_MS } from '../../support/replayed.ts';

const FROM = '2017-11-01';
const TO = '2017-11-14';
const FIVE_DAYS = 5 * 24 * HOUR_MS;
const POLICY = `kind: delivery
buffer: { share: 20%, min: PT4H, max: P3D }
whenUnknown: warn
`;

let kept: RunningKept;
let pool: Pool;
const replay = (): Promise<Said> =>
  kept.kept('replay', OLIST_FILE, '--mapping', 'olist', '--from', FROM, '--to', TO, '--day', '500ms', '--json');

beforeAll(async () => {
  kept = await startKept({ policies: { 'delivery.yaml': POLICY } });
  pool = createPool({ url: kept.run.database, max: 2, name: 'kept test' });
}, 120_000);
afterAll(async () => {
  await pool.end();
  await kept.remove();
});

if (!hasOlist()) console.warn(`Skipped: ${OLIST_FILE} is absent.`);

it.skipIf(!hasOlist())(
  'two weeks of real orders end as their file says, and customers hear what they must',
  { timeout: 240_000 },
  async () => {
    const { code, stdout, stderr } = await replay();
    expect(code, stderr).toBe(0);
    const result = JSON.parse(stdout) as ReplayResult;
    const orders = rawOrders(FROM, TO);
    expect(result).toMatchObject({
      source: 'olist',
      registered: orders.length,
      equal: true,
      differences: [],
      noticesAfterFulfilled: 0,
    });
    expect(result.kept).toBe(
      orders.filter((order) => order.delivered !== null && order.delivered < order.deadline).length,
    );
    expect(result.withdrawn).toBe(orders.filter((order) => order.withdrawn).length);

    const got = await customerNotices(pool, 'olist');
    const heard = [...got.values()];
    expect(heard.every((one) => one.warned <= 1 && one.recovered <= 1 && one.handedInTime === one.warned)).toBe(true);
    // Only orders that end days away from the instant in question: how late a busy machine wakes is the bench's business.
    const expected = expectedNotices(orders, FIVE_DAYS);
    expect(expected.recovered.length).toBeGreaterThan(3);
    expect(expected.recovered.filter((ref) => got.get(ref)?.recovered !== 1)).toEqual([]);
    expect(expected.unwarned.length).toBeGreaterThan(50);
    expect(expected.unwarned.filter((ref) => (got.get(ref)?.warned ?? 0) > 0)).toEqual([]);
    expect(expected.warned.length).toBeGreaterThan(3);
    // A lead of one day lasts half a second here: who wakes later than that cannot be warned in time, and is not.
    // How many of them that are is the machine's business, too.
    const warned = expected.warned.filter((ref) => got.get(ref)?.warned === 1);
    expect(warned.length).toBeGreaterThan(0);
  },
);

it.skipIf(!hasOlist())('a second replay on the same state is refused, naming --fresh', async () => {
  const { code, stderr } = await replay();
  expect(code).toBe(1);
  expect(stderr).toContain('--fresh');
});
