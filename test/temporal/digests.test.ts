import { createHash, randomBytes, randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDigestActivities } from '../../activities/digest.ts';
import { saveKey } from '../../db/keys.ts';
import { putPerson } from '../../db/people.ts';
import { recordFact } from '../../db/settle.ts';
import { digestWorkflowId } from '../../workflows/contract.ts';
import type { Message } from '../../notices/notice.ts';
import { inParallel } from '../../temporal/in-parallel.ts';
import { caller, promiseOf } from '../api/testing.ts';
import { companySays } from '../support/company.ts';
import { fromNow, policy } from '../support/registrations.ts';
import { unwitnessed } from '../support/witness.ts';
import { eventually, FROM, rig, type Rig } from './rig.ts';

const HOUR = 3_600_000;
const NOBODY_ABOVE = { phone: null, lead: null, manager: null };
let kept: Rig;

beforeAll(async () => {
  kept = await rig([
    policy({ kind: 'far', buffer: { fixed: 'PT2H' }, lead: 'PT1M', escalation: { at_risk: ['owner'] } }),
  ]);
  const log = pino({ level: 'warn' }, pino.destination(2));
  const { pool } = kept.database;
  const links = { baseUrl: 'http://kept.example', pages: true };
  await kept.startWorker({
    digests: createDigestActivities({
      ...{ pool, channels: [kept.channel], from: FROM, workerName: 'test', witness: unwitnessed, log, links },
    }),
  });
});
afterAll(() => kept.stop());

// Each of the tests is about another one of the staff.
const pauses = (window: string, urgent: string) => companySays(kept.database.pool, { alerts: { window, urgent } });
const mailsTo = (address: string): readonly Message[] =>
  kept.channel.sent.filter((mail) => mail.to === address && 'Kept-Alerts' in mail.headers);

async function told(owner: string, estimateMs: number, { dueMs = 10 * HOUR, madeMs = 0 } = {}): Promise<string> {
  const promised = { precision: 'instant', at: fromNow(dueMs) } as const;
  const id = await kept.register({ kind: 'far', promised, madeAt: fromNow(madeMs), owner });
  const fact = { kind: 'estimated', factKey: randomUUID(), occurredAt: fromNow(0), at: fromNow(estimateMs) } as const;
  await recordFact(kept.database.pool, id, fact);
  return id;
}
const slip = (owner: string): Promise<string> => told(owner, 9 * HOUR);

/** How many events it cost, and how urgent it was, 1 before all others. */
async function costOf(person: string): Promise<{ readonly events: number; readonly priority: number | undefined }> {
  const { rows } = await kept.database.pool.query<{ id: string }>('select row_id as id from people where id = $1', [
    person,
  ]);
  const handle = kept.client.workflow.getHandle(digestWorkflowId(rows[0]?.id ?? ''));
  await eventually(async () => (await handle.describe()).status.name === 'COMPLETED');
  const { priority } = await handle.describe();
  return { events: (await handle.fetchHistory()).events?.length ?? 0, priority: priority?.priorityKey };
}

describe('mails to staff', () => {
  it('leave once for all that comes within the window, and cost no more events than one alert', async () => {
    await pauses('PT5S', 'PT5S');
    await slip('mall');
    await Promise.all(Array.from({ length: 30 }, () => slip('mall')));
    const [mail] = await eventually(
      async () => mailsTo('mall@books.example').length > 0 && mailsTo('mall@books.example'),
    );
    expect(mail?.headers['Kept-Alerts']).toBe('31');
    // Started, task, activity, task, completed: what waited for the window has left no trace.
    expect(await costOf('mall')).toEqual({ events: 11, priority: 1 });
    expect(mailsTo('mall@books.example')).toHaveLength(1);
  });

  it('leave again for what comes later', async () => {
    await pauses('PT1S', 'PT1S');
    await slip('jaan');
    await eventually(async () => mailsTo('jaan@books.example').length === 1);
    await slip('jaan');
    await eventually(async () => mailsTo('jaan@books.example').length === 2);
    expect(mailsTo('jaan@books.example').map(({ headers }) => headers['Kept-Alerts'])).toEqual(['1', '1']);
  });

  it('are one for all that a bad minute brings: the 50 most urgent, the number of all, and a link to the others', async () => {
    await pauses('PT1H', 'PT1S');
    const { pool } = kept.database;
    await putPerson(pool, { id: 'mari', name: 'Mari Maasikas', email: 'mari@books.example', ...NOBODY_ABOVE });
    const key = `kept_${randomBytes(32).toString('base64url')}`;
    await saveKey(pool, 'admin', createHash('sha256').update(key).digest());
    const call = caller(pool, key);
    const all = Array.from({ length: 120 }, (_, n) => n);
    const due = (n: number): number => 10 * HOUR + n * 60_000;
    await inParallel(all, 8, async (n) => {
      const promised = { at: fromNow(due(n)) };
      const made = await call(
        'POST',
        '/v1/promises',
        promiseOf({ subject: `Order ${n}`, kind: 'far', owner: 'mari', promised }),
      );
      const late = { kind: 'estimated', factKey: 'late', occurredAt: fromNow(0), at: fromNow(due(n) - HOUR) };
      expect((await call('POST', `/v1/promises/${String(made.body['id'])}/facts`, late)).status).toBe(202);
    });
    // One that is urgent brings all of them along.
    await told('mari', HOUR, { dueMs: 40_000, madeMs: -10 * HOUR });
    const [mail] = await eventually(
      async () => mailsTo('mari@books.example').length > 0 && mailsTo('mari@books.example'),
    );
    expect(mail?.subject).toBe('121 alerts: 1 at risk, 120 slipping');
    expect(mail?.text).toContain('The 50 most urgent of 121 are listed here.');
    expect(mail?.text.match(/^Order \d+, /gm)).toEqual(all.slice(0, 49).map((n) => `Order ${n}, `));
    expect(mail?.text).toContain('More of them on your page: http://kept.example/people/mari');
    await eventually(async () => {
      const { rows } = await pool.query(
        `select 1 from staff_alerts where person = 'mari' and waiting_since is not null limit 1`,
      );
      return rows.length === 0;
    });
    expect(mailsTo('mari@books.example')).toHaveLength(1);
  });

  it('do not wait for the window where a promise is due within its lead', async () => {
    await pauses('PT1H', 'PT1S');
    await slip('kati');
    const { rows } = await kept.database.pool.query<{ id: string }>(
      `select row_id as id from people where id = 'kati'`,
    );
    const handle = kept.client.workflow.getHandle(digestWorkflowId(rows[0]?.id ?? ''));
    // Asleep for an hour before the urgent one comes.
    await eventually(() =>
      handle.describe().then(
        ({ status }) => status.name === 'RUNNING',
        () => false,
      ),
    );
    expect(mailsTo('kati@books.example')).toEqual([]);
    await told('kati', HOUR, { dueMs: 40_000, madeMs: -10 * HOUR });
    const [mail] = await eventually(
      async () => mailsTo('kati@books.example').length > 0 && mailsTo('kati@books.example'),
    );
    expect(mail?.headers['Kept-Alerts']).toBe('2');
    expect(mail?.subject).toBe('2 alerts: 1 at risk, 1 slipping');
  });
});
