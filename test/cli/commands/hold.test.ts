import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { holdCommand } from '../../../cli/commands/hold.ts';
import { claimNotice } from '../../../db/claims.ts';
import { recordSent } from '../../../db/dispatches.ts';
import { holdOf } from '../../../db/hold.ts';
import { createRegistrar } from '../../../db/register.ts';
import { advance } from '../../../db/settle.ts';
import { commandLine } from '../../support/command-line.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { fromNow, policy, registration, seed } from '../../support/registrations.ts';
import { messageFrom } from '../../support/deliver.ts';

const kept = commandLine(holdCommand, 'hold');
let database: TestDatabase;
let promiseId: string;

beforeAll(async () => {
  database = await testDatabase();
  vi.stubEnv('DATABASE_URL', database.url);
  await seed(database.pool, [policy({ kind: 'reply', buffer: { fixed: 'PT1H' }, notices: { promised: true } })]);
  const made = await registration(database.pool, {
    kind: 'reply',
    promised: { precision: 'instant', at: fromNow(86_400_000) },
  });
  await createRegistrar(database.pool).register(made);
  promiseId = made.id;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.drop();
});

it('holds mails, shows what would leave, and lets them go only by --yes', async () => {
  const item = { promiseId, reason: 'promised', dueAt: expect.any(String) as string, urgency: 2 };
  const left = { waiting: 1, items: [item] };
  expect(JSON.parse(await kept('status', '--json'))).toEqual({ hold: false, since: null, reason: null, ...left });
  const on = { hold: true, since: expect.stringMatching(/\.\d{3}Z$/) as string, reason: 'operator', ...left };
  expect(JSON.parse(await kept('on', '--json'))).toEqual(on);
  expect(JSON.parse(await kept('off', '--json'))).toEqual(on);
  expect((await holdOf(database.pool)).reason).toBe('operator');
  expect(JSON.parse(await kept('off', '--yes', '--json'))).toMatchObject({ hold: false, since: null, reason: null });
  expect((await holdOf(database.pool)).reason).toBeNull();
});

it('says the same in words, by ids only', async () => {
  expect(await kept('status')).toMatch(
    new RegExp(
      `^Mails leave as they are due\\.\nOne notice is due now, most urgent first:\n  \\S+Z  promised  ${promiseId}\n$`,
    ),
  );
  expect(await kept('on')).toMatch(
    new RegExp(
      `^Mails are held since \\S+Z: somebody asked for it\\.\nOne notice is due, which would leave now, most urgent first:\n  \\S+Z  promised  ${promiseId}\n$`,
    ),
  );
  await database.pool.query(`update duties set state = 'dropped', ended_at = now()`);
  expect(await kept('off', '--yes')).toBe('Mails leave as they are due.\nNo notices are due now.\n');
});

it('ends only when the mail that was being handed over has arrived', async () => {
  const made = await registration(database.pool, {
    kind: 'reply',
    promised: { precision: 'instant', at: fromNow(86_400_000) },
  });
  await createRegistrar(database.pool).register(made);
  const dutyId = (await advance(database.pool, made.id)).duties[0]?.id ?? '';
  const claim = await claimNotice(database.pool, {
    ...{ promiseId: made.id, dutyId, workerName: 'worker', claimMs: 30_000, channel: 'email' },
    compose: ({ dispatchId }) => messageFrom(dispatchId),
  });
  if (claim.kind !== 'send') throw new Error(`Expected a text to send, got ${claim.kind}.`);
  const order: string[] = [];
  const ended = kept('on').then(() => order.push('ended'));
  await vi.waitFor(async () => expect((await holdOf(database.pool)).reason).toBe('operator'));
  // Some looks of it pass.
  await sleep(1_000);
  order.push('arrived');
  await recordSent(database.pool, { promiseId: made.id, dispatchId: claim.dispatchId, workerName: 'worker' });
  await ended;
  expect(order).toEqual(['arrived', 'ended']);
});
