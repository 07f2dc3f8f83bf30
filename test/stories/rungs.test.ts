import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Policy } from '../../domain/policy/policy.ts';
import { msBetween, plusMs } from '../../domain/promise/instant.ts';
import type { Lasting, Undertaking } from '../../domain/promise/plan.ts';
import { policy } from '../support/registrations.ts';
import { skippedTime, type SkippedTime } from './time-skipping.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let time: SkippedTime;
beforeAll(async () => void (time = await skippedTime()));
afterAll(() => time.stop());

/** Of five days: target after 96 h, last call after 72 h, deadline 120 h, made good after 122 h. */
const reply = policy({
  kind: 'reply',
  buffer: { fixed: 'P1D' },
  lead: 'P2D',
  factLag: 'PT2H',
  whenUnknown: 'warn',
  estimateFresh: 'P2D',
  nextNews: 'P1D',
});
const silent: Policy = { ...reply, whenUnknown: 'silent' };
const checked: Policy = {
  ...silent,
  checkpoints: [
    { name: 'scanned', at: { share: 0.4 }, partner: true },
    { name: 'packed', at: { share: 0.6 }, partner: false },
  ],
};

const inDays = async (days: number): Promise<Undertaking> => ({
  precision: 'instant',
  at: plusMs(await time.now(), days * DAY),
});
const FIVE_DAYS: Lasting = { precision: 'instant', within: 'PT120H', calendar: null };
const sleep = (hours: number): Promise<void> => time.env.sleep(hours * HOUR);
const waitingForCustomer = { kind: 'paused', waitingFor: 'customer' } as const;

describe('the rungs of the ladder, each at its instant', () => {
  it('checkpoint: the owner hears of the one that was missed, once, and not of the one that was passed', async () => {
    const story = await time.promise(await inDays(5), checked);
    await sleep(60);
    await story.tell({ kind: 'progressed', checkpoint: 'packed' });
    await sleep(30);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('kept');
    expect(story.told()).toEqual(['48 h: alert checkpoint scanned']);
  });

  it('slip: the target passes, or an estimate lies between target and deadline, and only the owner hears', async () => {
    const [byTime, byFact] = [await time.promise(await inDays(5), silent), await time.promise(await inDays(5), silent)];
    await sleep(24);
    await byFact.tell({ kind: 'estimated', at: plusMs(await time.now(), 84 * HOUR) });
    await sleep(90);
    for (const story of [byTime, byFact]) await story.tell({ kind: 'fulfilled' });
    expect([await byTime.outcome(), byTime.told()]).toEqual(['kept', ['96 h: alert slip']]);
    expect([await byFact.outcome(), byFact.told()]).toEqual(['kept', ['24 h: alert slip']]);
  });

  it('at risk: an estimate after the deadline warns at once', async () => {
    const story = await time.promise(await inDays(5), silent);
    await sleep(24);
    await story.tell({ kind: 'estimated', at: plusMs(await time.now(), 5 * DAY) });
    await sleep(24);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('kept');
    expect(story.told()).toEqual(['24 h: alert at_risk', '24 h: risk sent']);
  });

  it('last call: without news the customer is warned at the last instant that leaves the lead', async () => {
    const story = await time.promise(await inDays(5), { ...reply, kind: 'delivery' });
    await sleep(80);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('kept');
    expect(story.told()).toEqual(['72 h: alert at_risk', '72 h: risk sent']);
  });

  it('last call of a reply: who waits for an answer without news hears once that there is none, and when there is', async () => {
    const story = await time.promise(await inDays(5), reply);
    await sleep(110);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('kept');
    expect(story.told()).toEqual(['72 h: alert at_risk', '72 h: progress sent']);
    const said = story.promise.facts.find((fact) => fact.kind === 'notice_sent');
    expect(said?.told).toBeNull();
    // As the policy says, a day later, to the whole minute.
    const afterMs = said?.nextNewsAt ? msBetween(said.occurredAt, said.nextNewsAt) : NaN;
    expect(Math.floor(afterMs / 60_000)).toBe(DAY / 60_000);
  });

  it('last call of a reply that is known to be in time: nothing', async () => {
    const story = await time.promise(await inDays(5), reply);
    await sleep(70);
    await story.tell({ kind: 'estimated', at: plusMs(await time.now(), 20 * HOUR) });
    await sleep(20);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('kept');
    expect(story.told()).toEqual([]);
  });

  it('late news of a reply after word that there was none: the new time, once', async () => {
    const story = await time.promise(await inDays(5), reply);
    await sleep(80);
    await story.tell({ kind: 'estimated', at: plusMs(await time.now(), 60 * HOUR) });
    await sleep(100);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('broken');
    expect(story.told()).toEqual([
      '72 h: alert at_risk',
      '72 h: progress sent',
      '80 h: risk sent',
      '122 h: alert broken',
      '166 h: recovery sent',
    ]);
  });

  it('overdue: late facts are waited for, then it is made good, once', async () => {
    const story = await time.promise(await inDays(5), silent);
    await sleep(200);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('broken');
    expect(story.told()).toEqual(['96 h: alert slip', '122 h: alert broken', '122 h: recovery sent']);
  });

  it('taken back by the company: it is made good at once', async () => {
    const story = await time.promise(await inDays(5), silent);
    await sleep(24);
    await story.tell({ kind: 'withdrawn', by: 'company' });
    expect(await story.outcome()).toBe('broken');
    expect(story.told()).toEqual(['24 h: alert broken', '24 h: recovery sent']);
  });

  it('unreachable: the last try that counts ends the promise, and a try too soon does not count', async () => {
    const callback = policy({
      kind: 'callback',
      buffer: { fixed: 'PT10M' },
      lead: 'PT10M',
      whenUnknown: 'silent',
      tries: { max: 3, every: 'PT20M' },
    });
    const now = await time.now();
    const window: Undertaking = { precision: 'window', from: plusMs(now, 2 * HOUR), to: plusMs(now, 6 * HOUR) };
    const story = await time.promise(window, callback);
    await sleep(2.1);
    for (const [result, thenHours] of [
      ['no_answer', 0.2],
      ['no_answer', 0.5],
      ['wrong_number', 0.5],
    ] as const) {
      await story.tell({ kind: 'attempted', result });
      await sleep(thenHours);
    }
    const reminded = ['2 h: alert callback', '2 h: alert callback', '3 h: alert callback'];
    expect(story.told()).toEqual(reminded);
    await story.tell({ kind: 'attempted', result: 'no_answer' });
    expect(await story.outcome()).toBe('unreachable');
    expect(story.told()).toEqual(reminded);
  });
});

describe('a promise that waits for its customer', () => {
  it('owes nothing while the clock stands, and is warned at the last call that has moved by the time waited', async () => {
    const story = await time.promise(FIVE_DAYS, reply);
    await sleep(24);
    await story.tell(waitingForCustomer);
    await sleep(240);
    expect(story.told()).toEqual([]);
    await story.tell({ kind: 'resumed' });
    await sleep(60);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('kept');
    expect(story.told()).toEqual(['312 h: alert at_risk', '312 h: progress sent']);
  });

  it('until an instant, it wakes by itself after it, without any further fact', async () => {
    const story = await time.promise(FIVE_DAYS, reply);
    await sleep(24);
    await story.tell({ ...waitingForCustomer, until: plusMs(await time.now(), 240 * HOUR) });
    await sleep(400);
    expect(story.told()).toEqual([
      '312 h: alert at_risk',
      '312 h: progress sent',
      '362 h: alert broken',
      '362 h: recovery sent',
    ]);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('broken');
  });

  it('for a year adds fewer than 20 events, and nothing polls', async () => {
    const story = await time.promise(FIVE_DAYS, reply);
    await sleep(24);
    await story.tell(waitingForCustomer);
    await sleep(365 * 24);
    // Looked at once, when it was paused.
    expect(story.promise.advances).toBe(1);
    expect(await story.timers()).toEqual({ started: 0, fired: 0, cancelled: 0 });
    await story.tell({ kind: 'resumed' });
    await sleep(1);
    // This server, unlike a real one, also wakes it once when its first sleep would have been over.
    expect(await story.events()).toBeLessThan(20);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('kept');
    expect(story.told()).toEqual([]);
  });
});

describe('a promise that changes', () => {
  it('agreed anew, climbs the ladder from its foot', async () => {
    const story = await time.promise(await inDays(5), reply);
    await sleep(80);
    const at = plusMs(await time.now(), 160 * HOUR);
    await story.tell({ kind: 'repromised', promised: { precision: 'instant', at }, agreedByCustomer: true });
    await sleep(170);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('broken');
    expect(story.told()).toEqual([
      '72 h: alert at_risk',
      '72 h: progress sent',
      '192 h: alert at_risk',
      '192 h: progress sent',
      '242 h: alert broken',
      '242 h: recovery sent',
    ]);
  });

  it('told another time that nobody agreed to, keeps to its own, and the apology waits for the told one', async () => {
    const story = await time.promise(await inDays(5), silent);
    await sleep(48);
    const at = plusMs(await time.now(), 152 * HOUR);
    await story.tell({ kind: 'repromised', promised: { precision: 'instant', at }, agreedByCustomer: false });
    await sleep(200);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('broken');
    expect(story.told()).toEqual(['96 h: alert slip', '122 h: alert broken', '202 h: recovery sent']);
  });

  it('told a later time that still stands at the last call, is not said to have none', async () => {
    for (const rules of [reply, { ...reply, kind: 'delivery' }]) {
      const story = await time.promise(await inDays(5), rules);
      await sleep(48);
      const at = plusMs(await time.now(), 152 * HOUR);
      await story.tell({ kind: 'repromised', promised: { precision: 'instant', at }, agreedByCustomer: false });
      await sleep(130);
      await story.tell({ kind: 'fulfilled' });
      expect(await story.outcome()).toBe('broken');
      expect(story.told()).toEqual(['96 h: alert slip', '122 h: alert broken']);
    }
  });

  it('told that it holds after all, is told at the last call that nothing is known', async () => {
    const story = await time.promise(await inDays(5), { ...reply, kind: 'delivery' });
    const now = await time.now();
    for (const days of [8, 4.9]) {
      await sleep(1);
      await story.tell({
        kind: 'repromised',
        promised: { precision: 'instant', at: plusMs(now, days * DAY) },
        agreedByCustomer: false,
      });
    }
    await sleep(110);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('kept');
    expect(story.told()).toEqual(['72 h: alert at_risk', '72 h: risk sent']);
  });

  it('told an earlier time, is not warned of an estimate between the two', async () => {
    const story = await time.promise(await inDays(5), silent);
    const now = await time.now();
    const promised: Undertaking = { precision: 'instant', at: plusMs(now, 3 * DAY) };
    await story.tell({ kind: 'repromised', promised, agreedByCustomer: false });
    await story.tell({ kind: 'estimated', at: plusMs(now, 90 * HOUR) });
    await sleep(90);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('kept');
    expect(story.told()).toEqual([]);
  });

  it('whose fulfilment is taken back, is open again and looked after', async () => {
    const story = await time.promise(await inDays(5), reply);
    await sleep(24);
    await story.tell({ kind: 'fulfilled' });
    await story.ended();
    await sleep(24);
    await story.tell({ kind: 'fulfilment_reversed' });
    await sleep(50);
    expect(story.told()).toEqual(['72 h: alert at_risk', '72 h: progress sent']);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('kept');
  });

  it('whose policy asks for a longer lead from now on, is warned earlier', async () => {
    const story = await time.promise(await inDays(10), reply, { ...reply, lead: 'P4D' });
    await sleep(24);
    await story.tell({ kind: 'policy_applied', version: 2, calendars: {} });
    await sleep(150);
    await story.tell({ kind: 'fulfilled' });
    expect(await story.outcome()).toBe('kept');
    expect(story.told()).toEqual(['144 h: alert at_risk', '144 h: progress sent']);
  });
});
