import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/promise/facts.ts';
import { fold } from '../../../domain/promise/fold.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import { judge } from '../../../domain/promise/judge.ts';
import { outcomeOf, phaseOf } from '../../../domain/promise/phase.ts';
import { isLate } from '../../../domain/promise/plan.ts';
import { at, dropped, escalated, failed, fulfilled, sent, termsFor, until, withdrawn } from '../support/build.ts';
import {
  SILENT,
  WARN,
  TARGET,
  LAST_CALL,
  SEND_BY,
  PROMISED,
  RECOVERY,
  TUE,
  WED,
  just,
  onTime,
  late,
  look,
  seen,
  table,
} from '../support/ladder.ts';

describe('the last call', () => {
  const slipped = escalated(TARGET, 'slip');
  const warned = { phase: 'open', owed: ['risk'], alerts: ['at_risk'], wakeAt: RECOVERY } as const;
  const freshUntil = at('2026-03-06T02:00Z');
  table([
    ['is silent where the policy is', SILENT, [slipped], LAST_CALL, { phase: 'open', wakeAt: RECOVERY }],
    ['is not due an ms before', WARN, [slipped], just(LAST_CALL), { phase: 'open', wakeAt: LAST_CALL }],
    ['warns without news where the policy says so', WARN, [slipped], LAST_CALL, warned],
    ['warns up to sendBy', WARN, [slipped], just(SEND_BY), warned],
    ['is over at sendBy', WARN, [slipped], SEND_BY, { phase: 'open', wakeAt: RECOVERY }],
    [
      'is waited for by nobody once it is over',
      WARN,
      [slipped],
      at('2026-03-06T15:59:45Z'),
      { phase: 'open', wakeAt: RECOVERY },
    ],
    [
      'is silent while fresh news say in time',
      WARN,
      [slipped, onTime(at('2026-03-05T02:00Z'))],
      LAST_CALL,
      { phase: 'open', wakeAt: freshUntil },
    ],
    ['comes when they are no longer fresh', WARN, [slipped, onTime(at('2026-03-05T02:00Z'))], freshUntil, warned],
    [
      'never comes when they are fresh until sendBy',
      WARN,
      [slipped, onTime(at('2026-03-05T15:59:30Z'))],
      LAST_CALL,
      { phase: 'open', wakeAt: RECOVERY },
    ],
    [
      'comes an ms before sendBy',
      WARN,
      [slipped, onTime(at('2026-03-05T15:59:29.999Z'))],
      LAST_CALL,
      { phase: 'open', wakeAt: just(SEND_BY) },
    ],
    ['does not trust stale good news', WARN, [slipped, onTime(TUE)], LAST_CALL, warned],
    [
      'treats stale bad news as none: silent',
      SILENT,
      [slipped, late(TUE)],
      LAST_CALL,
      { phase: 'open', wakeAt: RECOVERY },
    ],
    ['treats stale bad news as none: warn', WARN, [slipped, late(TUE)], LAST_CALL, warned],
    [
      'is given once',
      WARN,
      [escalated(LAST_CALL, 'at_risk'), sent(LAST_CALL, 'risk', null)],
      LAST_CALL,
      { phase: 'open', wakeAt: RECOVERY },
    ],
    [
      'is not repeated when no channel took it',
      WARN,
      [escalated(LAST_CALL, 'at_risk'), failed(LAST_CALL, 'risk')],
      LAST_CALL,
      { phase: 'open', wakeAt: RECOVERY },
    ],
    [
      'is not waited for when no channel took an earlier warning',
      WARN,
      [slipped, failed(TUE, 'risk')],
      TARGET,
      { phase: 'open', wakeAt: RECOVERY },
    ],
    ['comes though the promise was confirmed', WARN, [slipped, sent(TUE, 'promised', null)], LAST_CALL, warned],
    [
      'is not waited for by a promise of which customer and staff are warned now',
      WARN,
      [late(WED)],
      WED,
      { phase: 'at_risk', owed: ['risk'], alerts: ['at_risk'], wakeAt: RECOVERY },
    ],
    [
      'is waited for though a confirmation is owed now',
      termsFor({}, { whenUnknown: 'warn', notices: { promised: true } }),
      [slipped],
      TUE,
      { phase: 'open', owed: ['promised'], wakeAt: LAST_CALL },
    ],
    ['comes again when an earlier warning was dropped', WARN, [slipped, dropped(TUE, 'risk')], LAST_CALL, warned],
    ['is nothing to an ended promise', WARN, [slipped, fulfilled(TARGET)], LAST_CALL, { phase: 'kept', wakeAt: null }],
  ]);

  it('is due at its planned instant, however late anybody looks', () => {
    expect(look(WARN, [], at('2026-03-06T09:00Z')).owed).toEqual([
      { reason: 'risk', revision: 1, occasion: 0, dueAt: LAST_CALL, notValidAfter: SEND_BY },
    ]);
  });

  it('told no time: later news owe one that does, under the next number', () => {
    const facts = [escalated(LAST_CALL, 'at_risk'), sent(LAST_CALL, 'risk', null), late(at('2026-03-06T09:00Z'))];
    expect(look(WARN, facts, at('2026-03-06T09:00Z')).owed).toMatchObject([
      { reason: 'risk', revision: 2, occasion: 0 },
    ]);
  });

  it('bears the next number after one whose outcome is not known, and its own after other notices', () => {
    const unknown = { ...failed(TUE, 'risk'), outcome: 'unknown' } as Fact;
    expect(look(WARN, [unknown], LAST_CALL).owed).toMatchObject([{ reason: 'risk', revision: 2, occasion: 0 }]);
    const others = [sent(TUE, 'promised', null), { ...failed(TUE, 'recovery'), outcome: 'unknown' } as Fact];
    expect(look(WARN, others, LAST_CALL).owed).toMatchObject([{ reason: 'risk', revision: 1, occasion: 0 }]);
  });

  it('gets a new occasion for every one that was dropped', () => {
    const facts = [dropped(TUE, 'risk'), dropped(WED, 'risk', { occasion: 1 }), dropped(WED, 'recovery')];
    expect(look(WARN, facts, LAST_CALL).owed).toMatchObject([{ reason: 'risk', revision: 1, occasion: 2 }]);
  });
});

describe('the recovery', () => {
  const broken = escalated(RECOVERY, 'broken');
  const overdue = { phase: 'overdue', wakeAt: null } as const;
  table([
    ['waits for late facts', SILENT, [], just(RECOVERY), { phase: 'overdue', wakeAt: RECOVERY }],
    [
      'and the manager’s alert are owed together',
      SILENT,
      [],
      RECOVERY,
      { ...overdue, owed: ['recovery'], alerts: ['broken'] },
    ],
    ['voids slip and risk', WARN, [late(RECOVERY)], RECOVERY, { ...overdue, owed: ['recovery'], alerts: ['broken'] }],
    ['alerts once', SILENT, [broken], RECOVERY, { ...overdue, owed: ['recovery'] }],
    [
      'is not waited for again when it told a new time itself, but the second break is',
      SILENT,
      [broken, sent(RECOVERY, 'recovery', until('2026-03-08T00:00Z'))],
      RECOVERY,
      { ...overdue, wakeAt: at('2026-03-08T02:00Z') },
    ],
    ['goes once', SILENT, [broken, sent(RECOVERY, 'recovery', null)], at('2026-04-01T00:00Z'), overdue],
    [
      'goes once, though the time it told has passed, too',
      SILENT,
      [broken, sent(RECOVERY, 'recovery', until('2026-03-08T00:00Z'))],
      at('2026-04-01T00:00Z'),
      overdue,
    ],
    [
      'is not repeated when no channel took it',
      SILENT,
      [broken, failed(RECOVERY, 'recovery')],
      at('2026-04-01T00:00Z'),
      overdue,
    ],
    [
      'is owed after a warning that told no time',
      SILENT,
      [sent(TUE, 'risk', null)],
      RECOVERY,
      { ...overdue, owed: ['recovery'], alerts: ['broken'] },
    ],
    [
      'is owed after a warning no channel took',
      SILENT,
      [failed(TUE, 'risk')],
      RECOVERY,
      { ...overdue, owed: ['recovery'], alerts: ['broken'] },
    ],
    [
      'is not owed when it was fulfilled late before',
      SILENT,
      [fulfilled(just(PROMISED, 1))],
      RECOVERY,
      { phase: 'broken', wakeAt: null },
    ],
    [
      'is not owed when a late fact says it was kept',
      SILENT,
      [broken, fulfilled(PROMISED)],
      RECOVERY,
      { phase: 'kept', wakeAt: null },
    ],
  ]);

  it('stays true as long as its reason stands', () => {
    const [notice] = look(SILENT, [dropped(TUE, 'recovery')], at('2026-03-07T00:00Z')).owed;
    expect(notice).toEqual({ reason: 'recovery', revision: 1, occasion: 1, dueAt: RECOVERY, notValidAfter: null });
  });

  it('is not owed on an instant that is still in time', () => {
    const eager = termsFor({}, { factLag: 'PT0S' });
    expect(seen(look(eager, [escalated(TUE, 'slip')], PROMISED))).toEqual({
      phase: 'open',
      owed: [],
      alerts: [],
      wakeAt: just(PROMISED, 1),
    });
    expect(seen(look(eager, [], just(PROMISED, 1)))).toEqual({
      phase: 'overdue',
      owed: ['recovery'],
      alerts: ['broken'],
      wakeAt: null,
    });
  });
});

describe('taken back', () => {
  const after = just(PROMISED, 1);
  const closed = { wakeAt: null } as const;
  table([
    ['by the customer it is withdrawn', SILENT, [withdrawn(WED, 'customer')], WED, { ...closed, phase: 'withdrawn' }],
    [
      'by the customer on the promised instant it is withdrawn',
      SILENT,
      [withdrawn(PROMISED, 'customer')],
      RECOVERY,
      { ...closed, phase: 'withdrawn' },
    ],
    [
      'by the customer once overdue it is broken',
      SILENT,
      [withdrawn(after, 'customer')],
      RECOVERY,
      { ...closed, phase: 'broken' },
    ],
    [
      'by nobody knows whom it is withdrawn',
      SILENT,
      [withdrawn(WED, 'unknown')],
      WED,
      { ...closed, phase: 'withdrawn' },
    ],
    [
      'by nobody knows whom once overdue it is withdrawn',
      SILENT,
      [withdrawn(after, 'unknown')],
      RECOVERY,
      { ...closed, phase: 'withdrawn' },
    ],
    [
      'by the company it is broken: apology and manager at once',
      SILENT,
      [withdrawn(WED, 'company')],
      WED,
      { ...closed, phase: 'broken', owed: ['recovery'], alerts: ['broken'] },
    ],
    [
      'by the company once overdue it is broken',
      SILENT,
      [withdrawn(after, 'company')],
      after,
      { ...closed, phase: 'broken', owed: ['recovery'], alerts: ['broken'] },
    ],
    [
      'by the company after the apology owes no second one',
      SILENT,
      [escalated(RECOVERY, 'broken'), sent(RECOVERY, 'recovery', null), withdrawn(RECOVERY, 'company')],
      RECOVERY,
      { ...closed, phase: 'broken' },
    ],
    [
      'by the company though a new time was told: the apology does not wait',
      SILENT,
      [sent(TUE, 'risk', until('2026-03-09T00:00Z')), withdrawn(WED, 'company')],
      WED,
      { ...closed, phase: 'broken', owed: ['recovery'], alerts: ['broken'] },
    ],
    [
      'by the company, no channel took the apology',
      SILENT,
      [withdrawn(WED, 'company'), escalated(WED, 'broken'), failed(WED, 'recovery')],
      RECOVERY,
      { ...closed, phase: 'broken' },
    ],
    [
      'by the company, but it had been fulfilled before',
      SILENT,
      [withdrawn(WED, 'company'), fulfilled(TUE)],
      WED,
      { ...closed, phase: 'kept' },
    ],
  ]);
});

describe('in time', () => {
  const to = PROMISED;
  const window = termsFor({ promised: { precision: 'window', from: at('2026-03-06T14:00Z'), to } }).plan;
  const day = termsFor({ promised: { precision: 'day', day: '2026-03-06', zone: 'Europe/Tallinn' } }).plan;
  const dayEnd = at('2026-03-06T22:00Z');

  it.each([
    ['an instant up to and with it', SILENT.plan, just(to), to, just(to, 1)],
    ['a window up to, not with, its end', window, just(to, -2), just(to), to],
    ['a day up to, not with, the next', day, just(dayEnd, -2), just(dayEnd), dayEnd],
  ] as const)('means for %s', (_, plan, early, last, first) => {
    expect([early, last, first].map((end) => isLate(plan, end))).toEqual([false, false, true]);
    expect(
      [early, last, first].map((end) =>
        outcomeOf(plan, { kind: 'fulfilled', at: end, asDay: false, firstContact: null }),
      ),
    ).toEqual(['kept', 'kept', 'broken']);
    const terms = { ...SILENT, plan };
    expect(phaseOf(terms, fold({ plan }, []), last)).toBe('open');
    expect(phaseOf(terms, fold({ plan }, []), first)).toBe('overdue');
  });

  it('means for an end of which only the day is known: on the promised day or before', () => {
    const nextEnd = at('2026-03-07T22:00Z');
    const outcome = (end: Instant): string =>
      outcomeOf(day, { kind: 'fulfilled', at: end, asDay: true, firstContact: null });
    expect([dayEnd, nextEnd].map((end) => isLate(day, end, true))).toEqual([false, true]);
    expect([dayEnd, nextEnd].map(outcome)).toEqual(['kept', 'broken']);
    const fact = { ...fulfilled(dayEnd), asDay: true } as Fact;
    expect(phaseOf({ ...SILENT, plan: day }, fold({ plan: day }, [fact]), RECOVERY)).toBe('kept');
  });

  it('owes nothing, to nobody, for history, whatever has become of it', () => {
    const history = { ...SILENT, history: true, confirms: true };
    const nothing = { owed: [], alerts: [], missed: [], wakeAt: null };
    for (const now of [TUE, WED, RECOVERY])
      expect(judge(history, fold(history, [late(TUE)]), now)).toMatchObject(nothing);
    expect(judge(history, fold(history, []), RECOVERY).phase).toBe('overdue');
    const withdrawnByUs = fold(history, [withdrawn(WED, 'company')]);
    expect(judge(history, withdrawnByUs, RECOVERY)).toMatchObject({ ...nothing, closed: 'broken' });
  });

  it('says the outcome of what has ended, whatever the time', () => {
    expect(look(SILENT, [fulfilled(TUE)], RECOVERY).closed).toBe('kept');
    expect(look(SILENT, [fulfilled(RECOVERY)], TUE).closed).toBe('broken');
    expect(look(SILENT, [], RECOVERY).closed).toBeNull();
  });
});
