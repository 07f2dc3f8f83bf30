import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countMail, holdOf, mailsCounted, type MailCount } from '../../db/hold.ts';
import { inTransaction } from '../../db/pool.ts';
import { createWitness, type Witness } from '../../temporal/witness.ts';
import { witnessWorkflowId } from '../../workflows/contract.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { devServer, type DevServer } from '../support/temporal.ts';

const log = pino({ level: 'silent' });
let database: TestDatabase;
let server: DevServer;
const witnesses: Witness[] = [];

beforeAll(async () => {
  [database, server] = await Promise.all([testDatabase(), devServer()]);
});
// Each test is a database of its own to the engine.
beforeEach(() => putBack({ installation: randomUUID(), mails: 0 }));
afterEach(() => Promise.all(witnesses.splice(0).map((each) => each.close())));
afterAll(async () => {
  await server.stop();
  await database.drop();
});

function witness(address = server.address): Witness {
  const made = createWitness({ pool: database.pool, temporal: { address, namespace: server.namespace }, log });
  witnesses.push(made);
  return made;
}

/** Tells until somebody listens, as a notice is tried again: a busy engine is no answer. */
async function told({ tell }: Witness, mail: MailCount): Promise<string> {
  for (;;) {
    const answer = await tell(mail);
    if (answer !== 'not_told') return answer;
  }
}

const count = (): Promise<MailCount> => inTransaction(database.pool, (tx) => countMail(tx));

/** The database as it was when it knew of so many mails. */
async function putBack({ installation, mails }: MailCount): Promise<void> {
  await database.pool.query(
    'update outgoing set installation = $1, mails = $2, held_since = null, held_reason = null',
    [installation, mails],
  );
}

describe('a mail', () => {
  it('may leave once the engine has heard of it, by one event and without a worker', async () => {
    const mails = [await count(), await count()];
    const one = witness();
    for (const mail of mails) expect(await told(one, mail)).toBe('told');
    const { installation } = await mailsCounted(database.pool);
    const connection = await Connection.connect({ address: server.address });
    const handle = new Client({ connection }).workflow.getHandle(witnessWorkflowId(installation, 0));
    const { events } = await handle.fetchHistory();
    await connection.close();
    // Started, and signalled: no task of a workflow.
    expect(new Set(events?.map(({ eventType }) => eventType))).toEqual(new Set([1, 26]));
  });

  it('may leave beside many others, told of by several workers in any order', async () => {
    const [one, other] = [witness(), witness()];
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => told(at % 2 === 0 ? one : other, await count())),
    );
    expect(new Set(answers)).toEqual(new Set(['told']));
    expect((await holdOf(database.pool)).reason).toBeNull();
  });

  it('may not leave from a database that was put back, and from then on none may', async () => {
    const one = witness();
    await told(one, await count());
    const copy = await mailsCounted(database.pool);
    await told(one, await count());
    await told(one, await count());
    await putBack(copy);
    expect(await told(one, await count())).toBe('restored');
    expect((await holdOf(database.pool)).reason).toBe('restored');
    expect((await mailsCounted(database.pool)).mails).toBe(3);
    await expect(count()).rejects.toThrow('held');
  });

  it('may not leave where somebody else has seen just before that the database was put back', async () => {
    const one = witness();
    const copy = await mailsCounted(database.pool);
    await told(one, await count());
    await told(one, await count());
    await putBack(copy);
    const mail = await count();
    await witness().look();
    // The count is the engine's again: the hold alone tells.
    expect((await mailsCounted(database.pool)).mails).toBe(2);
    expect(await told(one, mail)).toBe('restored');
  });

  it('may not leave where the copy is older than the last but one workflow that remembers', async () => {
    const { installation } = await mailsCounted(database.pool);
    const one = witness();
    for (const mails of [4_998, 9_998, 10_002]) {
      await putBack({ installation, mails });
      expect(await told(one, await count())).toBe('told');
    }
    await putBack({ installation, mails: 4_990 });
    expect(await told(one, await count())).toBe('restored');
    expect((await mailsCounted(database.pool)).mails).toBe(10_003);
  });

  it('may leave again after an operator let it, and a second restore is seen as well', async () => {
    const { installation } = await mailsCounted(database.pool);
    const one = witness();
    await putBack({ installation, mails: 8 });
    await told(one, await count());
    await putBack({ installation, mails: 2 });
    expect(await told(one, await count())).toBe('restored');
    const { mails } = await mailsCounted(database.pool);
    await putBack({ installation, mails });
    expect(await told(one, await count())).toBe('told');
    await putBack({ installation, mails: 2 });
    expect(await told(one, await count())).toBe('restored');
  });

  it('does not leave where nobody can be told', async () => {
    expect(await witness('127.0.0.1:1').tell(await count())).toBe('not_told');
    expect((await holdOf(database.pool)).reason).toBeNull();
  });
});

describe('whoever takes the lead', () => {
  it('sees a database that was put back before any mail is due, and finds nothing in one that was not', async () => {
    const one = witness();
    await one.look();
    const copy = await mailsCounted(database.pool);
    await told(one, await count());
    await one.look();
    expect((await holdOf(database.pool)).reason).toBeNull();
    await putBack(copy);
    await one.look();
    expect((await holdOf(database.pool)).reason).toBe('restored');
  });
});
