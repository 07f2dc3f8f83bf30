import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Policy } from '../../domain/policy/policy.ts';
import { plusMs } from '../../domain/promise/instant.ts';
import { PROMISE_QUEUE, PROMISE_WORKFLOW, promiseWorkflowId } from '../../workflows/contract.ts';
import { policy } from '../support/registrations.ts';
import { eventually } from '../temporal/rig.ts';
import { skippedTime, type SkippedTime, type Story } from './time-skipping.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let time: SkippedTime;
beforeAll(async () => void (time = await skippedTime()));
afterAll(() => time.stop());

const reply = policy({
  kind: 'reply',
  buffer: { fixed: 'P1D' },
  lead: 'P2D',
  factLag: 'PT2H',
  whenUnknown: 'warn',
  estimateFresh: 'P2D',
  nextNews: 'P1D',
});
const delivery: Policy = { ...reply, kind: 'delivery', whenUnknown: 'silent', lead: 'PT12H' };

/** A promise made now for in five days, asleep in the engine. */
const promised = async (rules = reply): Promise<Story> =>
  time.promise({ precision: 'instant', at: plusMs(await time.now(), 5 * DAY) }, rules);

it('warns at the last call and asks no more when the promise is then kept', async () => {
  const story = await promised();
  await time.env.sleep(4 * DAY);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('kept');
  expect(story.told()).toEqual(['72 h: alert at_risk', '72 h: progress sent']);
});

it('alerts the owner at the target and leaves the customer in peace when the promise is then kept', async () => {
  const story = await promised(delivery);
  await time.env.sleep(4 * DAY + 12 * HOUR);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('kept');
  expect(story.told()).toEqual(['96 h: alert slip']);
});

it('warns, and makes good once the deadline and the time for late facts have passed', async () => {
  const story = await promised();
  await time.env.sleep(6 * DAY);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('broken');
  expect(story.told()).toEqual([
    '72 h: alert at_risk',
    '72 h: progress sent',
    '122 h: alert broken',
    '122 h: recovery sent',
  ]);
});

it('warns at once when an estimate says the time will not be held, and puts the apology off until the told time has passed', async () => {
  const story = await promised(delivery);
  await time.env.sleep(1 * DAY);
  await story.tell({ kind: 'estimated', at: plusMs(await time.now(), 5 * DAY) });
  await time.env.sleep(8 * DAY);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('broken');
  expect(story.told()).toEqual([
    '24 h: alert at_risk',
    '24 h: risk sent',
    '122 h: alert broken',
    '170 h: recovery sent',
  ]);
});

it('drops a warning that could not leave in time, and the deadline still acts', async () => {
  const story = await promised();
  await time.env.sleep(1 * DAY);
  story.promise.mailDown = true;
  await time.env.sleep(4 * DAY + 1 * HOUR);
  story.promise.mailDown = false;
  await time.env.sleep(1 * DAY);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('broken');
  expect(story.told()).toEqual([
    '72 h: alert at_risk',
    '120 h: progress dropped, expired',
    '122 h: alert broken',
    '122 h: recovery sent',
  ]);
});

it('keeps the clock and the next duty going while no mail leaves for two days', async () => {
  const story = await promised();
  await time.env.sleep(4 * DAY + 12 * HOUR);
  expect(story.told()).toEqual(['72 h: alert at_risk', '72 h: progress sent']);
  story.promise.mailDown = true;
  await time.env.sleep(2 * DAY + 0.3 * HOUR);
  expect(story.told().slice(2)).toEqual(['122 h: alert broken']);
  story.promise.mailDown = false;
  await time.env.sleep(1 * HOUR);
  expect(story.told().slice(3)).toEqual(['157 h: recovery sent']);
  await story.tell({ kind: 'withdrawn', by: 'customer' });
  expect(await story.outcome()).toBe('broken');
});

it('asks again when a poke arrives while advance runs', async () => {
  const story = await promised(delivery);
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => void (answer = resolve));
  story.promise.beforeAnswer = () => answered;
  await story.tell({ kind: 'progressed', checkpoint: 'packed' });
  await eventually(async () => story.promise.advances === 1);
  await story.tell({ kind: 'fulfilled' });
  answer();
  expect(await story.outcome()).toBe('kept');
  expect(story.promise.advances).toBeGreaterThanOrEqual(2);
});

it('believes no answer of a notice that is older than the one that closed the promise', async () => {
  const story = await promised();
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => void (answer = resolve));
  story.promise.afterSending = () => answered;
  await story.tell({ kind: 'estimated', at: plusMs(await time.now(), 6 * DAY) });
  await eventually(async () => story.told().some((line) => line.endsWith('risk sent')));
  const before = story.promise.advances;
  await story.tell({ kind: 'fulfilled' });
  await eventually(async () => story.promise.advances > before);
  answer();
  expect(await story.outcome()).toBe('kept');
});

it('ends as unknown for an id the database does not hold', async () => {
  const id = randomUUID();
  const options = { workflowId: promiseWorkflowId(id), taskQueue: PROMISE_QUEUE, args: [{ promiseId: id }] };
  expect(await time.env.client.workflow.execute(PROMISE_WORKFLOW, options)).toBe('unknown');
});
