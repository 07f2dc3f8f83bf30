import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPromiseActivities } from '../../activities/promise.ts';
import { startMailSink, type MailSink } from '../../cli/up/mail-sink.ts';
import { mailReader } from '../../cli/up/mails.ts';
import { getPromise, timelineOf } from '../../db/promises.ts';
import { recordFact } from '../../db/settle.ts';
import { createEmailChannel } from '../../notices/channels/email.ts';
import { alertsOf } from '../support/alerts.ts';
import { fromNow, policy } from '../support/registrations.ts';
import { unwitnessed } from '../support/witness.ts';
import { eventually, FROM, rig, workflowOf, type Rig } from '../temporal/rig.ts';

let kept: Rig;
let sink: MailSink;
let folder: string;
let closeChannel: () => Promise<void>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kept-story-'));
  sink = await startMailSink(join(folder, 'mail.ndjson'));
  kept = await rig([
    policy({
      kind: 'reply',
      buffer: { fixed: 'PT4S' },
      lead: 'PT2S',
      factLag: 'PT1S',
      whenUnknown: 'warn',
      sendGuard: 'PT0S',
      notices: { promised: true },
    }),
  ]);
  const channel = createEmailChannel({ url: sink.smtpUrl, from: FROM });
  closeChannel = () => channel.close();
  const { pool } = kept.database;
  const log = pino({ level: 'silent' });
  await kept.startWorker({
    activities: createPromiseActivities({
      ...{ pool, channels: [channel], from: FROM, workerName: 'story', witness: unwitnessed, log },
    }),
  });
});
afterAll(async () => {
  await kept.stop();
  await closeChannel();
  await sink.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('confirms, alerts, warns, makes good and closes one promise, each once and in this order', async () => {
  const { pool } = kept.database;
  const mails = mailReader(join(folder, 'mail.ndjson'));
  const id = await kept.register({
    kind: 'reply',
    promised: { precision: 'instant', at: fromNow(14_000) },
    customer: 'C-17',
  });
  await eventually(async () => (await getPromise(pool, id))?.recoveredAt);
  await recordFact(pool, id, { kind: 'fulfilled', factKey: 'f', occurredAt: fromNow(0) });
  expect(await workflowOf(kept, id).result()).toBe('broken');

  const arrived = await mails();
  expect(arrived.map(({ headers }) => (headers as Record<string, string>)['Kept-Notices'])).toEqual([
    `${id}:promised:1`,
    `${id}:progress:1`,
    `${id}:recovery:1`,
  ]);
  expect(arrived.map(({ to }) => to).flat()).toEqual(Array(3).fill('c-17@customers.example'));
  for (const { text } of arrived) expect(text).toContain('Kati Kask');
  expect((await alertsOf(pool, id)).map(({ reason }) => reason)).toEqual(
    expect.arrayContaining(['slip', 'at_risk', 'broken']),
  );
  const facts = (await timelineOf(pool, id)).map(({ fact }) =>
    'reason' in fact ? `${fact.kind} ${fact.reason}` : fact.kind,
  );
  expect(facts).toEqual([
    'registered',
    'notice_sent promised',
    'escalated slip',
    'escalated at_risk',
    'notice_sent progress',
    'escalated broken',
    'notice_sent recovery',
    'fulfilled',
  ]);
});
