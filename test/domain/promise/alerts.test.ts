import { describe, expect, it, test } from 'vitest';
import { mailAt, moveOf, newAlerts, type WaitingAlerts } from '../../../domain/promise/alerts.ts';
import type { Fact } from '../../../domain/promise/facts.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import type { Judgement } from '../../../domain/promise/judge.ts';
import type { Terms } from '../../../domain/promise/plan.ts';
import type { AttemptResult, HandOverCause, LadderAlert, Rung } from '../../../domain/promise/words.ts';

const at = (time: string): Instant => `2026-11-27T${time}.000Z` as Instant;

describe('when a mail to a person leaves', () => {
  const rules = { windowMs: 15 * 60_000, urgentMs: 60_000 };
  const waiting = (changes: Partial<WaitingAlerts>): WaitingAlerts => ({
    since: at('10:00:00'),
    urgentFrom: null,
    lastAt: null,
    ...changes,
  });
  test.each([
    ['a window after the first alert that waits, where there was no mail yet', {}, at('10:15:00')],
    ['as if there had been none, where the last mail was long ago', { lastAt: at('08:00:00') }, at('10:15:00')],
    ['a window after the last mail, where the alert was waiting by then', { lastAt: at('10:05:00') }, at('10:20:00')],
    ['at once, where an alert is urgent and there was no mail', { urgentFrom: at('10:00:00') }, at('10:00:00')],
    [
      'at once, where an alert is urgent and the last mail was long ago',
      { urgentFrom: at('10:00:00'), lastAt: at('09:00:00') },
      at('10:00:00'),
    ],
    [
      'the short wait after the last mail, where an alert is urgent',
      { urgentFrom: at('10:00:00'), lastAt: at('09:59:30') },
      at('10:00:30'),
    ],
    ['when an alert becomes urgent within the window', { urgentFrom: at('10:04:00') }, at('10:04:00')],
    ['a window after the first, where the next becomes urgent later', { urgentFrom: at('11:00:00') }, at('10:15:00')],
  ])('%s', (_, changes, expected) => {
    expect(mailAt(waiting(changes), rules)).toBe(expected);
  });
});

describe('an alert that nobody acknowledges', () => {
  const up = (...rungs: Rung[]) => ({ move: 'up', rungs });
  test.each([
    ['owner', 1, 2, { move: 'again' }],
    ['owner', 2, 2, { move: 'again' }],
    ['owner', 3, 2, up('lead', 'manager')],
    ['lead', 3, 2, up('manager')],
    ['manager', 3, 2, up()],
    ['owner', 1, 0, up('lead', 'manager')],
    ['partner', 3, 2, up('owner', 'lead', 'manager')],
  ] as const)('of the %s, told %i times where the policy repeats %i times: %o', (rung, told, times, expected) => {
    expect(moveOf({ rung, times: told }, times)).toEqual(expected);
  });
});

describe('who is told when a promise changes', () => {
  const escalation: Readonly<Record<LadderAlert, readonly Rung[]>> = {
    checkpoint: ['owner'],
    slip: ['owner'],
    at_risk: ['owner', 'lead'],
    broken: [],
  };
  const checkpoints = [{ name: 'scanned', at: at('10:00:00'), partner: true }];
  const terms = { plan: { checkpoints }, escalation } as unknown as Terms;
  const judged = (alerts: LadderAlert[], missed: string[] = [], calls: string[] = []) =>
    ({ alerts, missed, calls }) as unknown as Judgement;
  const promise = { partner: 'dpd', isOver: false };
  const tried = (result: AttemptResult, factKey: string): Fact => ({
    kind: 'attempted',
    factKey,
    occurredAt: at('10:00:00'),
    result,
  });

  const rungsOf = (...asked: Parameters<typeof newAlerts>) => newAlerts(...asked).map(({ rung }) => rung);

  it('is each rung that the policy names for the reason, and beside them the partner', () => {
    expect(rungsOf({ ...promise, partner: null }, terms, judged(['at_risk']), [], [])).toEqual(['owner', 'lead']);
    expect(rungsOf(promise, terms, judged(['at_risk']), [], [])).toEqual(['owner', 'lead', 'partner']);
    expect(newAlerts(promise, terms, judged(['broken']), [], [])).toEqual([]);
  });

  it('is the owner of a checkpoint that a partner answers for, with the partner named', () => {
    expect(newAlerts(promise, terms, judged([], ['scanned']), [], [])).toMatchObject([
      { reason: 'checkpoint', rung: 'owner', checkpoint: 'scanned', partner: 'dpd' },
      { reason: 'checkpoint', rung: 'partner', checkpoint: 'scanned', partner: 'dpd' },
    ]);
  });

  it('is the partner of its own checkpoint, also where the ladder tells nobody', () => {
    const quiet = { ...terms, escalation: { ...escalation, checkpoint: [] } };
    expect(rungsOf(promise, quiet, judged([], ['scanned']), [], [])).toEqual(['partner']);
    expect(rungsOf({ ...promise, partner: null }, quiet, judged([], ['scanned']), [], [])).toEqual([]);
  });

  it('is no partner of a checkpoint that we answer for, nor of what Kept registered because of a promise', () => {
    const ours = {
      ...terms,
      plan: { checkpoints: [{ name: 'packed', at: at('09:00:00'), partner: false }] },
    } as unknown as Terms;
    expect(rungsOf(promise, ours, judged([], ['packed']), [], [])).toEqual(['owner']);
    const refund = { ...terms, follows: true };
    expect(rungsOf(promise, refund, judged(['at_risk'], ['scanned']), [], [])).toEqual(['owner', 'owner', 'lead']);
  });

  it('is the owner of each call that is due', () => {
    expect(newAlerts(promise, terms, judged([], [], ['1', '2']), [], [])).toMatchObject([
      { reason: 'callback', rung: 'owner', occasion: 'call:1' },
      { reason: 'callback', rung: 'owner', occasion: 'call:2' },
    ]);
  });

  it('is the owner at once of each number that reached somebody else', () => {
    const [first, second] = [tried('wrong_number', 'a'), tried('wrong_number', 'b')];
    const told = newAlerts(promise, terms, judged([]), [second], [first, second, tried('no_answer', 'c')]);
    expect(told).toMatchObject([{ reason: 'callback', rung: 'owner', occasion: 'wrong_number:2' }]);
  });

  const handed = (because: HandOverCause, acknowledgeBy: Instant | null): Fact => {
    const head = {
      kind: 'handed_over',
      factKey: 'given',
      occurredAt: at('10:00:00'),
      owner: 'jaan',
      by: null,
    } as const;
    return { ...head, because, acknowledgeBy };
  };

  it.each<readonly [string, HandOverCause, Instant | null, readonly object[]]>([
    ['who is to acknowledge it', 'absence', at('12:00:00'), [{ reason: 'handed_over', rung: 'owner' }]],
    ['nobody, where nobody needs to acknowledge it', 'absence', null, []],
    ['the lead to whom it came unacknowledged', 'unacknowledged', null, [{ reason: 'unacknowledged', rung: 'owner' }]],
  ])('is of what was handed over %s', (_, because, acknowledgeBy, told) => {
    const alerts = newAlerts(promise, terms, judged([]), [handed(because, acknowledgeBy)], []);
    expect(alerts).toEqual(told.map((each) => ({ ...each, checkpoint: '', partner: null, occasion: 'given' })));
  });

  it('is nobody of what was handed over once it was over', () => {
    const given = handed('absence', at('12:00:00'));
    expect(newAlerts({ ...promise, isOver: true }, terms, judged([]), [given], [])).toEqual([]);
  });

  it('is nobody of a number once the promise was over, nor of one told before', () => {
    const wrong = tried('wrong_number', 'a');
    expect(newAlerts({ ...promise, isOver: true }, terms, judged([]), [wrong], [wrong])).toEqual([]);
    expect(newAlerts(promise, terms, judged([]), [], [wrong])).toEqual([]);
  });
});
