import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOrEach, Client, createPool, inTransaction, isUnavailable, type Pool, type Tx } from '../../db/pool.ts';
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

/** One message of PostgreSQL's protocol. */
const said = (type: string, body: string): Buffer => {
  const bytes = Buffer.from(body, 'latin1');
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
};

it('survives a server that is killed just as it has let us in', async () => {
  const gone = said('E', 'SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0');
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    // All in one, as whoever is slow to read finds it.
    socket.once('data', () => socket.end(Buffer.concat([said('R', '\0\0\0\0'), said('Z', 'I'), gone])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  const pool = createPool({ url: `postgres://kept@127.0.0.1:${port}/kept`, max: 1, name: 'let in' });
  const error: unknown = await inTransaction(pool, (tx) => tx.query('select 1')).catch((reason: unknown) => reason);
  expect(isUnavailable(error)).toBe(true);
  await pool.end();
  await new Promise((resolve) => server.close(resolve));
});

it.each(['a pool', 'a client'])(
  'hangs up, as %s, on a server that asks for a password where there is none',
  async (what) => {
    let hungUp = (): void => {};
    const gone = new Promise<void>((resolve) => (hungUp = resolve));
    const server = net.createServer((socket) => {
      socket.on('error', () => {}).on('close', () => hungUp());
      // The ways to say a password, then the server's half of SCRAM.
      const says = ['\0\0\0\x0aSCRAM-SHA-256\0\0', '\0\0\0\x0br=nonce,s=c2FsdA==,i=4096'];
      socket.on('data', () => {
        const next = says.shift();
        if (next === undefined) socket.end();
        else socket.write(said('R', next));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const url = `postgres://kept@127.0.0.1:${port}/kept`;
    const pool = createPool({ url, max: 1, name: 'no password' });
    const asked = what === 'a pool' ? pool.query('select 1') : new Client({ connectionString: url }).connect();
    await expect(asked).rejects.toThrow(/password/);
    await gone;
    await pool.end();
    await new Promise((resolve) => server.close(resolve));
  },
);

it.each(['25P03', '57P01', '57P05', '08006', '53300'])('takes %s for a server that is not there', (code) => {
  expect(isUnavailable(Object.assign(new Error('x'), { code }))).toBe(true);
});

describe('work on many', () => {
  /** Says how many there were, unless one of them is to be refused. */
  const count = async (tx: Tx, ids: readonly string[]): Promise<number> => {
    await tx.query('select 1 / (not $1 = any ($2::text[]))::int', ['bad', ids]);
    return ids.length;
  };

  it('is one transaction', async () => {
    expect(await allOrEach(database.pool, ['a', 'b', 'c'], count)).toEqual({ done: [3], failed: [] });
  });

  it('goes on by each alone where one of them fails', async () => {
    const { done, failed } = await allOrEach(database.pool, ['a', 'bad', 'c'], count);
    expect(done).toEqual([1, 1]);
    expect(failed).toEqual([{ id: 'bad', error: expect.objectContaining({ code: '22012' }) }]);
  });

  it('calls bad what somebody else holds for long, and goes on', async () => {
    const row = (tx: Tx, ids: readonly string[]): Promise<unknown> =>
      tx.query('select pg_advisory_xact_lock(hashtext(id)) from unnest($1::text[]) as i (id)', [ids]);
    const holder = await database.pool.connect();
    await holder.query(`select pg_advisory_lock(hashtext('held'))`);
    const { done, failed } = await allOrEach(database.pool, ['a', 'held', 'c'], row);
    await holder.query('select pg_advisory_unlock_all()');
    holder.release();
    expect(done).toHaveLength(2);
    expect(failed).toEqual([{ id: 'held', error: expect.objectContaining({ code: '55P03' }) }]);
  });

  it('ends where PostgreSQL is away: nobody is called bad for that', async () => {
    const tried: (readonly string[])[] = [];
    const leaves = async (tx: Tx, ids: readonly string[]): Promise<void> => {
      tried.push(ids);
      if (ids[0] === 'b') await tx.query('select pg_terminate_backend(pg_backend_pid())');
      await count(tx, ids);
    };
    const error: unknown = await allOrEach(database.pool, ['a', 'b', 'c', 'bad'], leaves).catch((fault) => fault);
    expect(isUnavailable(error)).toBe(true);
    expect(tried).toEqual([['a', 'b', 'c', 'bad'], ['a'], ['b']]);
  });
});
