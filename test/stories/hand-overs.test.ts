import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALWAYS, type Duty } from '../../domain/calendar/duty.ts';
import { isTakenFrom, ownerFor, type Candidate } from '../../domain/calendar/owner-rule.ts';
import { planningOf } from '../../domain/calendar/planning.ts';
import { fold } from '../../domain/promise/fold.ts';
import { acknowledgeBy } from '../../domain/promise/hand-over.ts';
import { msBetween, plusMs, type Instant } from '../../domain/promise/instant.ts';
import type { HandOverCause } from '../../domain/promise/words.ts';
import { policy } from '../support/registrations.ts';
import { skippedTime, type SkippedTime, type Story } from './time-skipping.ts';

const HOUR = 3_600_000;
let time: SkippedTime;
beforeAll(async () => void (time = await skippedTime()));
afterAll(() => time.stop());

/** Of five days: target after 96 h, last call after 72 h, deadline 120 h. Without news the customer is left in peace. */
const delivery = policy({ kind: 'delivery', buffer: { fixed: 'P1D' }, lead: 'P2D', estimateFresh: 'P3D' });

const ahead = async (hours: number): Promise<Instant> => plusMs(await time.now(), hours * HOUR);
const later = (hours: number): Promise<void> => time.env.sleep(hours * HOUR);
/** Kati promises it. */
const promised = async (): Promise<Story> =>
  time.promise({ precision: 'instant', at: await ahead(120) }, { ...delivery, whenUnknown: 'silent' });
const stateOf = ({ promise: { plans, rules, facts } }: Story) => fold(planningOf(plans, rules), facts);
/** The customer is warned, and reads who looks after it. */
const warned = async (story: Story): Promise<void> =>
  story.tell({ kind: 'estimated', at: plusMs(story.promise.madeAt, 130 * HOUR) });
const gone = async (story: Story): Promise<void> => {
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('kept');
};

async function handedOver(story: Story, owner: string, because: HandOverCause = 'command', more = {}): Promise<void> {
  const dueAt = because === 'unacknowledged' ? null : await ahead(4);
  const by = because === 'command' ? 'mall' : null;
  await story.tell({ kind: 'handed_over', owner, by, because, acknowledgeBy: dueAt, ...more });
}

/** They stand in for Kati and lead her, and are always there. */
const JAAN: Candidate = { id: 'jaan', duty: ALWAYS };
const LENA: Candidate = { id: 'lena', duty: ALWAYS };

/** What the sweep of db/hand-over-sweep.ts decides, where only Kati is ever away. `isNew`: the promise has just been made. */
async function sweep(story: Story, kati: Duty, isNew = false): Promise<void> {
  const now = await time.now();
  const { owner, plan, ...state } = stateOf(story);
  const dueAt = acknowledgeBy(state);
  if (dueAt !== null && dueAt <= now) return handedOver(story, LENA.id, 'unacknowledged');
  if (owner !== 'kati' || !isTakenFrom({ id: owner, duty: kati }, plan.targetAt, now, isNew)) return;
  const heir = ownerFor({ first: [JAAN], rota: [], leads: [LENA] }, now, plan.targetAt);
  await handedOver(story, heir ?? 'nobody', 'absence');
}

/** Each hour the sweep looks at it. */
async function swept(story: Story, hours: number, kati: Duty = ALWAYS): Promise<void> {
  for (let hour = 0; hour < hours; hour += 1) {
    await later(1);
    await sweep(story, kati);
  }
}

/** Who got it after how many hours. */
const owners = ({ promise: { madeAt, facts } }: Story): readonly string[] =>
  facts.flatMap((fact) =>
    fact.kind === 'handed_over'
      ? [`${Math.round(msBetween(madeAt, fact.occurredAt) / HOUR)} h: ${fact.owner}, ${fact.because}`]
      : [],
  );

/** Whom the notices named, in their order, and whether one told nothing else. */
const named = ({ promise }: Story): readonly string[] =>
  promise.facts.flatMap((fact) =>
    fact.kind === 'notice_sent' ? [`${fact.named?.person ?? 'nobody'}${fact.about ? ' from now on' : ''}`] : [],
  );

it('by hand with a note: who was warned by the old name reads the new one at once, and is warned no second time', async () => {
  const story = await promised();
  await later(24);
  await warned(story);
  await later(6);
  await handedOver(story, 'jaan', 'command', { note: '0199c0de-0000-7000-8000-000000000000' });
  await later(60);
  await gone(story);
  expect(stateOf(story)).toMatchObject({ owner: 'jaan', handOver: { from: 'kati', to: 'jaan' }, handOvers: 1 });
  expect(story.told()).toEqual(['24 h: alert at_risk', '24 h: risk sent', '30 h: progress sent']);
  expect(named(story)).toEqual(['kati', 'jaan from now on']);
});

it('by hand: who was never warned hears nothing of it, and reads the new name in the next notice', async () => {
  const story = await promised();
  await later(24);
  await handedOver(story, 'jaan');
  await later(24);
  expect(story.told()).toEqual([]);
  await warned(story);
  await later(6);
  await gone(story);
  expect(story.told()).toEqual(['48 h: alert at_risk', '48 h: risk sent']);
  expect(named(story)).toEqual(['jaan']);
});

/** From 48 to 100 hours from now: over the target, and over before the deadline. */
const holidays = async (): Promise<Duty> => ({
  ...ALWAYS,
  absences: [{ from: await ahead(48), to: await ahead(100) }],
});

it('by absence that begins later: it goes when the absence begins, and is acknowledged by one click', async () => {
  const story = await promised();
  const kati = await holidays();
  await warned(story);
  await swept(story, 50, kati);
  await story.tell({ kind: 'acknowledged', by: 'jaan' });
  await swept(story, 8, kati);
  expect(acknowledgeBy(stateOf(story))).toBeNull();
  await gone(story);
  expect(owners(story)).toEqual(['48 h: jaan, absence']);
  expect(story.told()).toEqual(['0 h: alert at_risk', '0 h: risk sent', '48 h: progress sent']);
  expect(named(story)).toEqual(['kati', 'jaan from now on']);
});

it('by absence before the target, of a new promise: it goes at once, and nobody ever reads the other name', async () => {
  const story = await promised();
  const kati = await holidays();
  await sweep(story, kati, true);
  await story.tell({ kind: 'acknowledged', by: 'jaan' });
  await warned(story);
  await swept(story, 60, kati);
  await gone(story);
  expect(owners(story)).toEqual(['0 h: jaan, absence']);
  expect(named(story)).toEqual(['jaan']);
});

it('by absence that is over before the target: it stays', async () => {
  const story = await promised();
  const kati: Duty = { ...ALWAYS, absences: [{ from: await ahead(10), to: await ahead(20) }] };
  await swept(story, 24, kati);
  await gone(story);
  expect(owners(story)).toEqual([]);
});

it('unacknowledged: it goes to the lead, who need not acknowledge, and each new name is told', async () => {
  const story = await promised();
  await later(24);
  await warned(story);
  await later(1);
  await handedOver(story, 'jaan');
  await swept(story, 20);
  await gone(story);
  expect(owners(story)).toEqual(['25 h: jaan, command', '29 h: lena, unacknowledged']);
  expect(stateOf(story)).toMatchObject({ owner: 'lena', handOvers: 2, handOver: { from: 'jaan', dueAt: null } });
  expect(named(story)).toEqual(['kati', 'jaan from now on', 'lena from now on']);
});

it('by absence and unacknowledged: of the warning, the deputy and the lead each name is told once', async () => {
  const story = await promised();
  await warned(story);
  await swept(story, 70, await holidays());
  await gone(story);
  expect(owners(story)).toEqual(['48 h: jaan, absence', '52 h: lena, unacknowledged']);
  expect(named(story)).toEqual(['kati', 'jaan from now on', 'lena from now on']);
});

it('of all that a leaver has: one word to each who was warned, none to the others', async () => {
  const stories = [await promised(), await promised(), await promised(), await promised()];
  await later(10);
  for (const story of stories.slice(0, 2)) await warned(story);
  await later(10);
  for (const story of stories) await handedOver(story, 'mari');
  await later(1);
  // Waiting for an end skips time, so all of them end first.
  for (const story of stories) await story.tell({ kind: 'fulfilled' });
  for (const story of stories) expect(await story.outcome()).toBe('kept');
  expect(stories.map(named)).toEqual([['kati', 'mari from now on'], ['kati', 'mari from now on'], [], []]);
});

it('there and back: who was warned and has read the other name reads that it is the first one again', async () => {
  const story = await promised();
  await warned(story);
  await later(2);
  await handedOver(story, 'jaan');
  await later(2);
  await handedOver(story, 'kati');
  await later(2);
  await gone(story);
  expect(named(story)).toEqual(['kati', 'jaan from now on', 'kati from now on']);
});
