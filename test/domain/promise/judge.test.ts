import { describe, expect, it } from 'vitest';
import { fold } from '../../../domain/promise/fold.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import { tellable } from '../../../domain/promise/tellable.ts';
import { at, dropped, escalated, estimated, failed, fulfilled, sent, termsFor, until } from '../support/build.ts';
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
  slips,
  late,
  look,
  seen,
  table,
} from '../support/ladder.ts';

it('judges a plan whose instants lie where these tables say', () => {
  const { targetAt, lastCallAt, sendBy, promisedAt, recoveryAt } = SILENT.plan;
  expect([targetAt, lastCallAt, sendBy, promisedAt, recoveryAt]).toEqual([
    TARGET,
    LAST_CALL,
    SEND_BY,
    PROMISED,
    RECOVERY,
  ]);
});

describe('before anything is due', () => {
  const open = 'open';
  table([
    ['a silent promise sleeps until its target', SILENT, [], TUE, { phase: open, wakeAt: TARGET }],
    ['good news change nothing', SILENT, [onTime(TUE)], TUE, { phase: open, wakeAt: TARGET }],
    ['an ms before the target it still sleeps', SILENT, [], just(TARGET), { phase: open, wakeAt: TARGET }],
    [
      'a careful one whose last call comes first sleeps until that',
      termsFor({ target: at('2026-03-06T12:00Z') }, { whenUnknown: 'warn' }),
      [],
      TUE,
      { phase: open, wakeAt: LAST_CALL },
    ],
  ]);
});

describe('the confirmation', () => {
  const terms = termsFor({}, { notices: { promised: true } });
  const open = { phase: 'open', wakeAt: TARGET } as const;
  const slipped = escalated(TARGET, 'slip');
  table([
    ['is owed at once', terms, [], TUE, { ...open, owed: ['promised'] }],
    [
      'is owed until the promised time',
      terms,
      [slipped],
      just(PROMISED),
      { phase: 'open', owed: ['promised'], wakeAt: RECOVERY },
    ],
    ['is not owed from the promised time on', terms, [slipped], PROMISED, { phase: 'open', wakeAt: RECOVERY }],
    ['is given once', terms, [sent(TUE, 'promised', null)], TUE, open],
    ['is not repeated when no channel took it', terms, [failed(TUE, 'promised')], TUE, open],
    ['is owed again when it was dropped', terms, [dropped(TUE, 'promised')], TUE, { ...open, owed: ['promised'] }],
    ['is not owed by an ended promise', terms, [fulfilled(TUE)], TUE, { phase: 'kept', wakeAt: null }],
    ['is not owed where the policy does not ask', SILENT, [], TUE, open],
  ]);

  it('is no longer true from the promised time on', () => {
    expect(look(terms, [], TUE).owed).toEqual([
      { reason: 'promised', revision: 1, occasion: 0, dueAt: TUE, notValidAfter: PROMISED },
    ]);
  });
});

describe('a slip inside the buffer', () => {
  const slipped = escalated(TARGET, 'slip');
  table([
    [
      'alerts the owner at the target, and only the owner',
      SILENT,
      [],
      TARGET,
      { phase: 'open', alerts: ['slip'], wakeAt: RECOVERY },
    ],
    ['alerts once', SILENT, [slipped], TARGET, { phase: 'open', wakeAt: RECOVERY }],
    [
      'by an estimate after the target alerts at once',
      SILENT,
      [slips(TUE)],
      TUE,
      { phase: 'open', alerts: ['slip'], wakeAt: RECOVERY },
    ],
    [
      'by an estimate on the target does not alert',
      SILENT,
      [estimated(TUE, TARGET)],
      TUE,
      { phase: 'open', wakeAt: TARGET },
    ],
    [
      'by an estimate an ms after the target does',
      SILENT,
      [estimated(TUE, just(TARGET, 1))],
      TUE,
      { phase: 'open', alerts: ['slip'], wakeAt: RECOVERY },
    ],
    [
      'by an estimate on the promised time is no risk',
      SILENT,
      [estimated(TUE, PROMISED)],
      TUE,
      { phase: 'open', alerts: ['slip'], wakeAt: RECOVERY },
    ],
    [
      'by a stale estimate does not alert',
      SILENT,
      [slips(TUE)],
      at('2026-03-04T12:00Z'),
      { phase: 'open', wakeAt: TARGET },
    ],
    [
      'is alerted up to the promised instant itself',
      SILENT,
      [],
      PROMISED,
      { phase: 'open', alerts: ['slip'], wakeAt: RECOVERY },
    ],
    ['is no news once the promise is overdue', SILENT, [], just(PROMISED, 1), { phase: 'overdue', wakeAt: RECOVERY }],
    ['leaves a careful promise its last call', WARN, [slipped], TARGET, { phase: 'open', wakeAt: LAST_CALL }],
  ]);

  it('is not waited for where the target is a deadline already passed when it comes', () => {
    const terms = termsFor({
      promised: { precision: 'window', from: at('2026-03-06T14:00Z'), to: PROMISED },
      target: PROMISED,
    });
    expect(terms.plan.targetAt).toBe(PROMISED);
    expect(look(terms, [], TUE).wakeAt).toBe(RECOVERY);
  });
});

describe('at risk by a fact', () => {
  const atRisk = escalated(WED, 'at_risk');
  const phase = 'at_risk';
  table([
    [
      'the notice and the lead’s alert are owed at once',
      SILENT,
      [late(WED)],
      WED,
      { phase, owed: ['risk'], alerts: ['at_risk'], wakeAt: RECOVERY },
    ],
    [
      'an estimate an ms after the promised instant is late',
      SILENT,
      [estimated(WED, just(PROMISED, 1))],
      WED,
      { phase, owed: ['risk'], alerts: ['at_risk'], wakeAt: RECOVERY },
    ],
    ['owner and lead are told once', SILENT, [late(WED), atRisk], WED, { phase, owed: ['risk'], wakeAt: RECOVERY }],
    [
      'an owner told of the slip is told of the risk, too',
      SILENT,
      [escalated(TUE, 'slip'), late(WED)],
      WED,
      { phase, owed: ['risk'], alerts: ['at_risk'], wakeAt: RECOVERY },
    ],
    [
      'a risk once alerted voids the slip',
      SILENT,
      [late(TUE), escalated(TUE, 'at_risk'), onTime(WED)],
      TARGET,
      { phase: 'open', wakeAt: RECOVERY },
    ],
    [
      'it improves before the notice left: nothing is owed',
      SILENT,
      [late(TUE), onTime(WED)],
      WED,
      { phase: 'open', wakeAt: TARGET },
    ],
    [
      'the last news by occurrence counts, not by arrival',
      SILENT,
      [late(WED), onTime(TUE)],
      WED,
      { phase, owed: ['risk'], alerts: ['at_risk'], wakeAt: RECOVERY },
    ],
    [
      'an estimate is news until it is no longer fresh',
      SILENT,
      [late(TUE)],
      just(WED),
      { phase, owed: ['risk'], alerts: ['at_risk'], wakeAt: RECOVERY },
    ],
    ['from then on it is none', SILENT, [late(TUE)], WED, { phase: 'open', wakeAt: TARGET }],
    [
      'an ms before sendBy a warning is still owed',
      SILENT,
      [late(PROMISED)],
      just(SEND_BY),
      { phase, owed: ['risk'], alerts: ['at_risk'], wakeAt: RECOVERY },
    ],
    [
      'from sendBy on staff alone are told',
      SILENT,
      [late(PROMISED)],
      SEND_BY,
      { phase, alerts: ['at_risk'], wakeAt: RECOVERY },
    ],
    [
      'at the promised instant it is at risk, an ms later overdue',
      SILENT,
      [late(SEND_BY)],
      just(PROMISED, 1),
      { phase: 'overdue', wakeAt: RECOVERY },
    ],
  ]);
});

describe('a warning that told a new time', () => {
  const TOLD = until('2026-03-08T22:00Z');
  const AGAIN = at('2026-03-09T00:00Z');
  const warned = [late(TUE), escalated(TUE, 'at_risk'), sent(TUE, 'risk', TOLD)];
  table([
    ['is the only one while that time holds', SILENT, warned, just(WED), { phase: 'at_risk', wakeAt: RECOVERY }],
    ['is the only one when it improves', SILENT, [...warned, onTime(WED)], WED, { phase: 'open', wakeAt: RECOVERY }],
    [
      'and when it gets late again within the told time',
      SILENT,
      [...warned, estimated(WED, TOLD.at)],
      WED,
      { phase: 'at_risk', wakeAt: RECOVERY },
    ],
    [
      'is followed by one for the next revision when news are later',
      SILENT,
      [...warned, estimated(WED, just(TOLD.at, 1))],
      WED,
      { phase: 'at_risk', owed: ['risk'], wakeAt: RECOVERY },
    ],
    [
      'and no channel took that one: nothing more',
      SILENT,
      [...warned, failed(WED, 'risk', { revision: 2 }), late(WED, '2026-03-20T10:00Z')],
      WED,
      { phase: 'at_risk', wakeAt: RECOVERY },
    ],
    [
      'is followed by one though no channel took an earlier one',
      SILENT,
      [failed(TUE, 'risk'), ...warned, late(WED, '2026-03-20T10:00Z')],
      WED,
      { phase: 'at_risk', owed: ['risk'], wakeAt: RECOVERY },
    ],
    ['stands in for the last call', WARN, warned, LAST_CALL, { phase: 'open', wakeAt: RECOVERY }],
    [
      'puts off the apology but not the manager',
      SILENT,
      warned,
      RECOVERY,
      { phase: 'overdue', alerts: ['broken'], wakeAt: AGAIN },
    ],
    [
      'until the told time and late facts have passed',
      SILENT,
      [...warned, escalated(RECOVERY, 'broken')],
      just(AGAIN),
      { phase: 'overdue', wakeAt: AGAIN },
    ],
    [
      'then the one apology is owed',
      SILENT,
      [...warned, escalated(RECOVERY, 'broken')],
      AGAIN,
      { phase: 'overdue', owed: ['recovery'], wakeAt: null },
    ],
  ]);

  it('counts the next warning under the revision it made', () => {
    const [notice] = look(SILENT, [...warned, late(WED, '2026-03-20T10:00Z')], WED).owed;
    expect(notice).toEqual({ reason: 'risk', revision: 2, occasion: 0, dueAt: WED, notValidAfter: SEND_BY });
  });
});

describe('a warning about a day', () => {
  const terms = termsFor(
    { promised: { precision: 'day', day: '2026-03-06', zone: 'Europe/Tallinn' } },
    { buffer: { fixed: 'PT0S' } },
  );
  const end = at('2026-03-06T22:00Z');

  it('is owed when the estimate is the first instant after the day', () => {
    expect(seen(look(terms, [estimated(WED, end)], WED))).toMatchObject({ phase: 'at_risk', owed: ['risk'] });
    expect(seen(look(terms, [estimated(WED, just(end))], WED))).toMatchObject({ phase: 'open', owed: [] });
  });

  it('tells a day that holds the estimate, so that it is owed once', () => {
    const news = estimated(WED, end);
    const { told } = tellable(terms, fold(terms, [news]), 'risk', WED);
    expect(told).toEqual({ at: at('2026-03-07T22:00Z'), day: '2026-03-07' });
    expect(look(terms, [news, sent(WED, 'risk', told)], WED).owed).toEqual([]);
    const next = estimated(just(WED, 1), at('2026-03-07T22:00Z'));
    expect(look(terms, [news, sent(WED, 'risk', told), next], just(WED, 1)).owed).toMatchObject([
      { reason: 'risk', revision: 2 },
    ]);
  });
});

describe('a warning about a window', () => {
  const to = at('2026-03-06T14:00Z');
  const terms = termsFor({ promised: { precision: 'window', from: at('2026-03-06T12:00Z'), to } });

  it('is owed when the estimate is its end, and not before', () => {
    expect(seen(look(terms, [estimated(WED, to)], WED))).toMatchObject({ phase: 'at_risk', owed: ['risk'] });
    expect(seen(look(terms, [estimated(WED, just(to))], WED))).toMatchObject({ phase: 'open', owed: [] });
  });

  it('tells an instant, which an estimate may be on', () => {
    const told = until('2026-03-08T14:00Z');
    const warned = [estimated(WED, to), sent(WED, 'risk', told)];
    const next = (estimate: Instant) => look(terms, [...warned, estimated(just(WED, 1), estimate)], just(WED, 1)).owed;
    expect(next(told.at)).toEqual([]);
    expect(next(just(told.at, 1))).toMatchObject([{ reason: 'risk', revision: 2 }]);
  });
});
