import { afterAll, beforeAll, expect, it } from 'vitest';
import { plusMs } from '../../domain/promise/instant.ts';
import { policy } from '../support/registrations.ts';
import { skippedTime, type SkippedTime, type Story } from './time-skipping.ts';

const HOUR = 3_600_000;

let time: SkippedTime;
beforeAll(async () => void (time = await skippedTime()));
afterAll(() => time.stop());

/** To be delivered ten hours from now; `limit`: what may be granted without approval. */
async function promised(limit: string): Promise<Story> {
  const at = plusMs(await time.now(), 10 * HOUR);
  const remedies = {
    ...{ currency: 'EUR', limit },
    ...{ rows: [{ options: [{ voucher: '5.00' }] }], secondBreak: [{ voucher: '8.00' }] },
  };
  return time.promise(
    { precision: 'instant', at },
    policy({ kind: 'delivery', buffer: { fixed: 'PT1H' }, lead: 'PT4H', factLag: 'PT0S', quiet: 'none', remedies }),
  );
}

const later = (hours: number): Promise<void> => time.env.sleep(hours * HOUR);

/** The mails about the break, each with the remedies it names. */
const named = ({ promise }: Story) =>
  promise.facts.flatMap((fact) =>
    fact.kind === 'notice_sent' && (fact.reason === 'recovery' || fact.reason === 'remedy')
      ? [[fact.reason, ...(fact.remedies ?? [])]]
      : [],
  );

/** What somebody presses on the page of remedies. */
async function approve(story: Story): Promise<void> {
  const [pending] = story.promise.remedies;
  if (!pending) throw new Error('Nothing waits.');
  await story.tell({ ...pending, by: 'mall' });
}

it('granted at once, it is named in the apology, and nothing is said of it again', async () => {
  const story = await promised('20.00');
  await later(20);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('broken');
  expect(named(story)).toEqual([['recovery', 'remedy:1']]);
});

it('waiting for approval, it is in no apology; approved, it is told alone', async () => {
  const story = await promised('2.00');
  await later(20);
  expect(named(story)).toEqual([['recovery']]);
  await approve(story);
  await later(1);
  expect(named(story)).toEqual([['recovery'], ['remedy', 'remedy:1']]);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('broken');
});

it('taken back before its mail has left, nobody is told of it', async () => {
  const story = await promised('2.00');
  await later(20);
  story.promise.mailDown = true;
  await approve(story);
  await later(0.5);
  await story.tell({ kind: 'remedy_reversed', remedy: 'remedy:1', by: 'mall' });
  story.promise.mailDown = false;
  await later(3);
  expect(named(story)).toEqual([['recovery']]);
  expect(story.told()).toContainEqual(expect.stringContaining('remedy dropped'));
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('broken');
});

it('after the second break, the difference is told without a second apology', async () => {
  const story = await promised('20.00');
  await later(5);
  await story.tell({ kind: 'estimated', at: plusMs(await time.now(), 20 * HOUR) });
  await later(45);
  expect(story.promise.facts.filter(({ kind }) => kind === 'broken_again')).toHaveLength(1);
  expect(named(story)).toEqual([
    ['recovery', 'remedy:1'],
    ['remedy', 'remedy:2'],
  ]);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('broken');
});
