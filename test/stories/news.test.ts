import { afterAll, beforeAll, expect, it } from 'vitest';
import { planningOf } from '../../domain/calendar/planning.ts';
import { fold } from '../../domain/promise/fold.ts';
import { msBetween, plusMs, type Instant } from '../../domain/promise/instant.ts';
import { outcomeOf } from '../../domain/promise/phase.ts';
import { policy } from '../support/registrations.ts';
import type { MemoryPromise } from './promises-in-memory.ts';
import { skippedTime, type SkippedTime, type Story } from './time-skipping.ts';

const HOUR = 3_600_000;

let time: SkippedTime;
beforeAll(async () => void (time = await skippedTime()));
afterAll(() => time.stop());

/** To be answered within six days: last call after 72 h, made good after 146 h; each next news comes a day later. */
async function promised(): Promise<Story> {
  const at = plusMs(await time.now(), 144 * HOUR);
  return time.promise(
    { precision: 'instant', at },
    policy({
      ...{
        kind: 'reply',
        buffer: { fixed: 'P1D' },
        lead: 'P3D',
        factLag: 'PT2H',
        whenUnknown: 'warn',
        nextNews: 'P1D',
      },
    }),
  );
}

const later = (hours: number): Promise<void> => time.env.sleep(hours * HOUR);

/** What the customer reads of the promise and of those to be in touch again about it, in order, in hours of the story. */
function read({ promise }: Story): readonly string[] {
  const hours = (at: Instant): number => Math.round(msBetween(promise.madeAt, at) / HOUR);
  const notices = [promise, ...promise.news].flatMap((each, place) =>
    each.facts.flatMap((fact) => {
      if (fact.kind !== 'notice_sent') return [];
      const of = place === 0 ? '' : ` of news ${place}`;
      const next = fact.nextNewsAt === null ? 'no further time' : `next at ${hours(fact.nextNewsAt)}`;
      return [{ at: fact.occurredAt, text: `${hours(fact.occurredAt)} h: ${fact.reason}${of}, ${next}` }];
    }),
  );
  return notices.toSorted((a, b) => (a.at < b.at ? -1 : 1)).map(({ text }) => text);
}

/** What became of a promise to be in touch again, and who of the staff heard that it was broken. */
function became({ plans, rules, facts }: MemoryPromise): readonly unknown[] {
  const state = fold(planningOf(plans, rules), facts);
  const rungs = facts.flatMap((fact) => (fact.kind === 'escalated' && fact.reason === 'broken' ? fact.rungs : []));
  return [state.end && outcomeOf(state.plan, state.end), rungs];
}

it('three times at most the customer is told when she hears next; then nobody writes, and the manager hears of it', async () => {
  const story = await promised();
  await later(200);
  expect(read(story)).toEqual([
    '72 h: progress, next at 96',
    '84 h: progress of news 1, next at 108',
    '96 h: progress of news 2, next at 120',
    '146 h: recovery, no further time',
  ]);
  expect(story.promise.news.map(became)).toEqual([
    ['kept', []],
    ['kept', []],
    ['broken', ['owner', 'manager']],
  ]);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('broken');
});

it('a person who was in touch keeps the one that waits, and the count begins anew', async () => {
  const story = await promised();
  await later(110);
  await story.tell({ kind: 'contacted', channel: 'phone', about: 'status' });
  await later(50);
  expect(read(story).slice(3)).toEqual(['146 h: recovery, next at 170', '158 h: progress of news 4, next at 182']);
  expect(story.promise.news.map(({ plans }) => plans.basis.news)).toEqual([1, 2, 3, 1, 2]);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('broken');
  expect(story.promise.news.map((news) => became(news)[0])).toEqual(['kept', 'kept', 'kept', 'kept', 'withdrawn']);
});

it('an end takes back the one that waits, and nobody is written to about it', async () => {
  const story = await promised();
  await later(80);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('kept');
  await later(60);
  expect(read(story)).toEqual(['72 h: progress, next at 96']);
  expect(story.promise.news.map(became)).toEqual([['withdrawn', []]]);
});
