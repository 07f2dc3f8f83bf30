import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOnlyOne, type OnlyOne } from '../../db/lock.ts';
import { createPool } from '../../db/pool.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';
import { eventually } from '../temporal/rig.ts';

let database: TestDatabase;
const all: OnlyOne[] = [];
beforeAll(async () => void (database = await testDatabase()));
afterAll(async () => {
  for (const one of all) await one.release();
  await database.drop();
});

const candidate = (name: string): OnlyOne => {
  const one = createOnlyOne(database.pool, name);
  all.push(one);
  return one;
};

it('is held by one at a time, and passed on when released', async () => {
  const [first, second] = [candidate('a'), candidate('a')];
  expect([await first.tend(), await second.tend()]).toEqual([true, false]);
  expect([await first.tend(), await second.tend()]).toEqual([true, false]);
  await first.release();
  expect(await second.tend()).toBe(true);
  expect(first.held()).toBe(false);
});

it('is another one under another name', async () => {
  const [first, second] = [candidate('b'), candidate('c')];
  expect([await first.tend(), await second.tend()]).toEqual([true, true]);
});

it('is noticed as lost when its connection dies, and free for others then', async () => {
  const [first, second] = [candidate('d'), candidate('d')];
  await first.tend();
  await database.pool.query(
    `select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and granted
       and (classid::bigint << 32 | objid::bigint) = hashtextextended('d', 0)`,
  );
  expect(await second.tend()).toBe(true);
  expect(await first.tend()).toBe(false);
});

it('is free for others when its holder has fallen silent', async () => {
  const url = new URL(database.url);
  const proxy = await tcpProxy({ host: url.hostname, port: Number(url.port) });
  const far = createPool({ url: Object.assign(new URL(url), { port: String(proxy.port) }).href, max: 1, name: 'far' });
  const [first, second] = [createOnlyOne(far, 'e', 100), candidate('e')];
  expect([await first.tend(), await second.tend()]).toEqual([true, false]);
  proxy.halfOpen();
  await eventually(() => second.tend());
  await proxy.shut();
  await first.release();
  await far.end();
});
