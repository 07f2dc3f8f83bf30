import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { capacityOf, lookAtCapacity } from '../../db/capacity.ts';
import { saveKey } from '../../db/keys.ts';
import { caller, promiseOf } from '../api/testing.ts';
import { companySays } from '../support/company.ts';
import { fromNow, policy } from '../support/registrations.ts';
import { eventually, rig, type Rig } from '../temporal/rig.ts';

const [MINUTE, DAY] = [60_000, 86_400_000];
const KEY = 'kept_herd';
let kept: Rig;

beforeAll(async () => {
  kept = await rig([policy({ kind: 'reply', buffer: { fixed: 'PT1S' }, lead: 'PT5M', whenUnknown: 'warn' })]);
  await companySays(kept.database.pool, { capacity: { wakesPerSecond: 1 } });
  await saveKey(kept.database.pool, 'admin', createHash('sha256').update(KEY).digest());
});
afterAll(() => kept.stop());

it('before the first of a herd is warned, whoever asks, the manager and who would promise more know that it is too many', async () => {
  const promised = { precision: 'instant', at: fromNow(10 * MINUTE) } as const;
  const madeAt = fromNow(-2 * DAY);
  const wish = { kind: 'reply', promised, madeAt, owner: 'kati' };
  await Promise.all(Array.from({ length: 100 }, () => kept.register(wish)));
  const call = caller(kept.database.pool, KEY);
  expect((await call('GET', '/ready')).body).toMatchObject({ capacity: { short: false } });

  // It was seen before, and grows no more.
  await lookAtCapacity(kept.database.pool);
  await kept.startWorker();
  await eventually(async () => (await capacityOf(kept.database.pool)).shortages[0]);
  const later = caller(kept.database.pool, KEY);
  expect((await later('GET', '/ready')).body).toMatchObject({
    status: 'degraded',
    capacity: { short: true, neededMs: 100_000, haveMs: 85_000 },
  });
  const { body: alerts } = await later('GET', '/v1/alerts?open=true');
  expect(alerts['items']).toMatchObject([{ reason: 'capacity', person: 'mall' }]);
  const further = promiseOf({ kind: 'reply', promised: { at: promised.at }, madeAt });
  const { status, body } = await later('POST', '/v1/promises', further);
  expect([status, body['code'], body['reason']]).toEqual([422, 'CANNOT_BE_PROMISED', 'no_capacity']);
  expect(kept.channel.sent).toEqual([]);
});
