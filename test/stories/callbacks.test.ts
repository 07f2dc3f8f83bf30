import { afterAll, beforeAll, expect, it } from 'vitest';
import { plusMs } from '../../domain/promise/instant.ts';
import type { AttemptResult } from '../../domain/promise/words.ts';
import { policy } from '../support/registrations.ts';
import { skippedTime, type SkippedTime, type Story } from './time-skipping.ts';

const HOUR = 3_600_000;

let time: SkippedTime;
beforeAll(async () => void (time = await skippedTime()));
afterAll(() => time.stop());

const callback = policy({
  kind: 'callback',
  buffer: { fixed: 'PT0S' },
  lead: 'PT1H',
  factLag: 'PT2H',
  whenUnknown: 'silent',
  tries: { max: 3, every: 'PT3H', remind: 'PT4H' },
});

/** To be called from ten to twenty hours from now. */
async function promised(by = callback): Promise<Story> {
  const now = await time.now();
  return time.promise({ precision: 'window', from: plusMs(now, 10 * HOUR), to: plusMs(now, 20 * HOUR) }, by);
}

const later = (hours: number): Promise<void> => time.env.sleep(hours * HOUR);
const tried = (story: Story, result: AttemptResult): Promise<void> => story.tell({ kind: 'attempted', result });

it('reached in time, it is kept, and its owner was reminded once', async () => {
  const story = await promised();
  await later(12);
  await tried(story, 'reached');
  expect(await story.outcome()).toBe('kept');
  expect(story.told()).toEqual(['6 h: alert callback']);
});

it('tried too seldom, it is broken, whatever is reached later', async () => {
  const story = await promised();
  await later(12);
  await tried(story, 'no_answer');
  await later(11);
  await tried(story, 'reached');
  expect(await story.outcome()).toBe('broken');
  expect(story.told()).toEqual([
    '6 h: alert callback',
    '15 h: alert callback',
    '22 h: alert broken',
    '22 h: recovery sent',
  ]);
});

it('declined by the customer, it is withdrawn, and nobody is told any more', async () => {
  const story = await promised();
  await later(11);
  await tried(story, 'declined');
  expect(await story.outcome()).toBe('withdrawn');
  expect(story.told()).toEqual(['6 h: alert callback']);
});

it('tried in vain as often as the policy says, it is unreachable, each try reminded of', async () => {
  const story = await promised();
  await later(10.5);
  for (const thenHours of [4, 4, 0]) {
    await tried(story, 'no_answer');
    await later(thenHours);
  }
  expect(await story.outcome()).toBe('unreachable');
  expect(story.told()).toEqual(['6 h: alert callback', '14 h: alert callback', '18 h: alert callback']);
});

it('put to another time by the customer, that one is confirmed to her, and its owner reminded of it', async () => {
  const story = await promised({ ...callback, notices: { promised: true } });
  await later(8);
  const from = plusMs(await time.now(), 22 * HOUR);
  const window = { precision: 'window', from, to: plusMs(from, HOUR) };
  await story.tell({ kind: 'chosen', promised: window, slot: 'callback@2030-01-01T10:00:00.000Z' });
  await later(22.5);
  await tried(story, 'reached');
  expect(await story.outcome()).toBe('kept');
  expect(story.told()).toEqual([
    '0 h: promised sent',
    '6 h: alert callback',
    '8 h: promised sent',
    '26 h: alert callback',
  ]);
});

it('handed over when its owner had been reminded, it is brought to the new one at once, and each later call in its time', async () => {
  const story = await promised();
  await later(8);
  await story.tell({ kind: 'handed_over', owner: 'jaan', by: 'mall', because: 'command', acknowledgeBy: null });
  await later(4);
  await tried(story, 'no_answer');
  await later(4);
  await tried(story, 'reached');
  expect(await story.outcome()).toBe('kept');
  expect(story.told()).toEqual(['6 h: alert callback', '8 h: alert callback', '15 h: alert callback']);
});
