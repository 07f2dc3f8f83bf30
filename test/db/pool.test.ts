import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPool, isUnavailable, type Pool } from '../../db/pool.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { eventually } from '../temporal/rig.ts';

let database: TestDatabase;
let proxy: TcpProxy;
let far: Pool;
beforeAll(async () => {
  database = await testDatabase();
  const url = new URL(database.url);
  proxy = await tcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  far = createPool({ url: url.href, max: 1, name: 'far' });
});
afterAll(async () => {
  await proxy.shut();
  await far.end();
  await database.drop();
});

it('is held by PostgreSQL to end what has fallen silent inside a transaction, in as long as an answer may take', async () => {
  const { rows } = await far.query(`select current_setting('idle_in_transaction_session_timeout') as after`);
  expect(rows).toEqual([{ after: '15s' }]);
});

it('lets go of the locks of a transaction whose caller has fallen silent', async () => {
  const client = await far.connect();
  client.on('error', () => {});
  await client.query(`set idle_in_transaction_session_timeout = '1s'`);
  await client.query('begin');
  await client.query('lock table promises');
  const asked = (): Promise<boolean> =>
    database.pool.query('do $$ begin lock table promises nowait; end $$').then(
      () => true,
      () => false,
    );
  expect(await asked()).toBe(false);
  proxy.halfOpen();
  await eventually(asked);
  client.release(true);
});

it.each(['25P03', '57P01', '57P05', '08006', '53300'])('takes %s for a server that is not there', (code) => {
  expect(isUnavailable(Object.assign(new Error('x'), { code }))).toBe(true);
});
