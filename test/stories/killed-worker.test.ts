import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startMailSink, type MailSink } from '../../cli/up/mail-sink.ts';
import { mailReader } from '../../cli/up/mails.ts';
import { noticesOf, timelineOf } from '../../db/promises.ts';
import { recordFact } from '../../db/settle.ts';
import { fromNow, policy } from '../support/registrations.ts';
import { bundlePath } from '../temporal/bundle.ts';
import { eventually, FROM, rig, workflowOf, type Rig } from '../temporal/rig.ts';
import type { ChildOptions } from './worker-child.ts';

const CHILD = fileURLToPath(new URL('./worker-child.ts', import.meta.url));
const HOUR_MS = 3_600_000;
/** A heartbeat that stays away (8 s), then the rest of its claim (30 s in all), then the next try. */
const TAKEN_OVER_MS = 90_000;

let kept: Rig;
let sink: MailSink;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kept-killed-'));
  sink = await startMailSink(join(folder, 'mail.ndjson'));
  kept = await rig([
    policy({ kind: 'far', buffer: { fixed: 'PT1S' }, lead: 'PT1S', whenUnknown: 'silent', factLag: 'PT1H' }),
  ]);
});
afterAll(async () => {
  for (const child of children) await ended(child, 'SIGKILL');
  await kept.stop();
  await sink.stop();
  rmSync(folder, { recursive: true, force: true });
});

it(
  'sends the same mail under the same Message-ID when the worker is killed between "sent" and "recorded"',
  async () => {
    const mails = mailReader(join(folder, 'mail.ndjson'));
    const first = await worker({ dieOnceAccepted: true });
    const id = await kept.register({ kind: 'far', promised: { precision: 'instant', at: fromNow(HOUR_MS) } });
    await recordFact(kept.database.pool, id, {
      kind: 'estimated',
      factKey: 'e',
      occurredAt: fromNow(0),
      at: fromNow(2 * HOUR_MS),
    });
    expect(await ended(first)).toBe('SIGKILL');
    expect(await mails()).toHaveLength(1);
    expect((await noticesOf(kept.database.pool, id)).map((notice) => notice.state)).toEqual(['claimed']);

    await worker({ dieOnceAccepted: false });
    await eventually(async () => (await noticesOf(kept.database.pool, id))[0]?.state === 'sent');

    const arrived = await mails();
    expect(arrived).toHaveLength(2);
    expect(new Set(arrived.map(({ messageId }) => messageId)).size).toBe(1);
    expect(new Set(arrived.map(({ subject, text, html }) => JSON.stringify([subject, text, html]))).size).toBe(1);
    const { rows } = await kept.database.pool.query<{ state: string; message_id: string }>(
      'select state, message_id from dispatches',
    );
    expect(rows).toEqual([{ state: 'sent', message_id: arrived[0]?.messageId }]);
    const told = (await timelineOf(kept.database.pool, id)).filter(({ fact }) => fact.kind === 'notice_sent');
    expect(told).toHaveLength(1);

    await recordFact(kept.database.pool, id, { kind: 'fulfilled', factKey: 'f', occurredAt: fromNow(0) });
    expect(await workflowOf(kept, id).result()).toBe('kept');
  },
  TAKEN_OVER_MS,
);

async function worker({ dieOnceAccepted }: Pick<ChildOptions, 'dieOnceAccepted'>): Promise<ChildProcess> {
  const options: ChildOptions = {
    databaseUrl: kept.database.url,
    address: kept.server.address,
    namespace: kept.server.namespace,
    smtpUrl: sink.smtpUrl,
    bundlePath: await bundlePath(),
    from: FROM,
    dieOnceAccepted,
  };
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.push(child);
  return child;
}

/** Waits for the end of a child, which may have come already; answers the signal that ended it. */
async function ended(child: ChildProcess, signal?: NodeJS.Signals): Promise<NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = new Promise((resolve) => child.once('exit', resolve));
    if (signal) child.kill(signal);
    await exit;
  }
  return child.signalCode;
}
