import { describe, expect, it } from 'vitest';
import { NO_CONTACTS } from '../../../domain/promise/contacts.ts';
import type { Fact } from '../../../domain/promise/facts.ts';
import { fold } from '../../../domain/promise/fold.ts';
import { IDLE, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import { tellable } from '../../../domain/promise/tellable.ts';
import type { Promised } from '../../../domain/promise/plan.ts';
import { at, dropped, escalated, estimated, failed, fulfilled, sent, until, withdrawn } from '../support/build.ts';
import { agreed, applied, contacted, imposed, missed, paused, resumed } from '../support/moving-facts.ts';
import { chainFor, lasting } from '../support/chain.ts';

const FRIDAY = at('2026-03-06T16:00Z');
const NEXT_FRIDAY = at('2026-03-13T16:00Z');
const TUE = at('2026-03-03T12:00Z');
const WED = at('2026-03-04T12:00Z');
const instantAt = (time: Instant): Promised => ({ precision: 'instant', at: time });

// Target Thursday 04:00, last call Thursday 16:00, recovery Friday 18:00: see DOCUMENT.
const chain = chainFor(
  { promised: instantAt(FRIDAY) },
  { checkpoints: [{ name: 'scanned', at: '50%' }], notices: { promised: true }, whenUnknown: 'warn' },
  { buffer: { fixed: 'PT12H' }, whenUnknown: 'silent' },
);

describe('another time that was told', () => {
  it.each<readonly [when: string, told: Instant, isAgreed: boolean]>([
    ['before the old one', TUE, true],
    ['a millisecond before it', at('2026-03-06T15:59:59.999Z'), true],
    ['on it', FRIDAY, false],
    ['after it', at('2026-03-07T16:00Z'), false],
  ])('%s is agreed, where the customer agrees, only in time', (_, told, isAgreed) => {
    const state = chain.state([agreed(told, instantAt(NEXT_FRIDAY))]);
    expect(state.plan.promisedAt).toBe(isAgreed ? NEXT_FRIDAY : FRIDAY);
    expect(state).toMatchObject({ revision: 2, agreedRevision: isAgreed ? 2 : 1, told: { at: NEXT_FRIDAY } });
    expect(state.revisions).toMatchObject([{ revision: 2, at: told, agreed: isAgreed, cause: null }]);
    expect(state.steps).toMatchObject([{ imposed: !isAgreed, plan: { promisedAt: NEXT_FRIDAY } }]);
  });

  it('is in time though it came later, where it was agreed before', () => {
    const facts = [
      agreed(TUE, instantAt(NEXT_FRIDAY)),
      agreed(at('2026-03-10T12:00Z'), instantAt(at('2026-03-20T16:00Z'))),
    ];
    expect(chain.state(facts)).toMatchObject({ revision: 3, agreedRevision: 3 });
    expect(chain.state(facts.slice(1))).toMatchObject({ revision: 2, agreedRevision: 1 });
  });

  it('that the customer did not agree to changes only what was told', () => {
    const fact = imposed(TUE, instantAt(NEXT_FRIDAY));
    const state = chain.state([fact]);
    expect(state.plan).toBe(chain.plan);
    expect(state).toMatchObject({ revision: 2, agreedRevision: 1, told: { at: NEXT_FRIDAY, day: null } });
    expect(state.first.promisedAt).toBe(FRIDAY);
    expect(state.clock?.promised).toEqual(instantAt(FRIDAY));
    expect(state.steps).toMatchObject([{ factKey: fact.factKey, imposed: true, plan: { promisedAt: NEXT_FRIDAY } }]);
  });

  it('keeps its cause, and its own number though the same time was told', () => {
    const again: Fact = { ...agreed(TUE, instantAt(FRIDAY)), cause: 'customer_asked' } as Fact;
    expect(chain.state([again]).revisions).toEqual([
      {
        revision: 2,
        at: TUE,
        factKey: again.factKey,
        told: { at: FRIDAY, day: null },
        precision: 'instant',
        promised: instantAt(FRIDAY),
        agreed: true,
        cause: 'customer_asked',
      },
    ]);
  });

  it.each<readonly [name: string, promised: Promised, told: Instant, day: string | null]>([
    ['a day', { precision: 'day', day: '2026-03-12', zone: 'Europe/Tallinn' }, at('2026-03-12T22:00Z'), '2026-03-12'],
    [
      'a window',
      { precision: 'window', from: at('2026-03-12T08:00Z'), to: at('2026-03-12T10:00Z') },
      at('2026-03-12T10:00Z'),
      null,
    ],
  ])('may be %s', (_, promised, told, day) => {
    const state = chain.state([agreed(TUE, promised)]);
    expect(state.told).toEqual({ at: told, day });
    expect(state.plan).toMatchObject({ precision: promised.precision, promisedAt: told, day });
    expect(state.first).toEqual({ precision: 'instant', promisedAt: FRIDAY });
    expect(chain.look([agreed(TUE, promised), fulfilled(told)], told).phase).toBe('broken');
  });

  it('may be a duration, which counts from when the promise was made', () => {
    const state = chain.state([agreed(TUE, lasting('PT20H'))]);
    // Two days and a half: Monday 6.5, Tuesday 7.5, Wednesday 6 hours.
    expect(state.plan.promisedAt).toBe(at('2026-03-04T13:30Z'));
    expect(state.plan.calendars).toEqual({ office: 1 });
  });

  it('has room from when it was told on', () => {
    const told = at('2026-03-06T12:00Z');
    const { plan } = chain.state([agreed(told, instantAt(at('2026-03-06T20:00Z')))]);
    expect(plan).toMatchObject({
      targetAt: told,
      lastCallAt: at('2026-03-06T16:00Z'),
      flags: ['no_buffer', 'too_tight', 'zone_assumed'],
    });
    expect(plan.madeAt).toBe(chain.plan.madeAt);
  });

  it('told before the promise was made has room from then on', () => {
    const early = at('2026-03-01T20:00Z');
    const { madeAt, targetAt, lastCallAt } = chain.state([agreed(early, instantAt(at('2026-03-02T10:00Z')))]).plan;
    expect(targetAt).toBe(madeAt);
    expect(lastCallAt).toBe(at('2026-03-02T09:00Z'));
  });

  it('takes no target with it that was meant for the old one', () => {
    const own = chainFor({ promised: instantAt(FRIDAY), target: at('2026-03-03T08:00Z') });
    expect(own.plan.targetAt).toBe(at('2026-03-03T08:00Z'));
    expect(own.state([agreed(TUE, instantAt(NEXT_FRIDAY))]).plan.targetAt).toBe(at('2026-03-12T04:00Z'));
    expect(own.state([imposed(TUE, instantAt(NEXT_FRIDAY)), applied(WED, 1)]).plan.targetAt).toBe(own.plan.targetAt);
  });

  it('imposed while the clock stands, stands until it goes on', () => {
    const hours = chainFor();
    const facts = [paused(at('2026-03-02T09:00Z')), imposed(at('2026-03-02T10:00Z'), lasting('PT20H'))];
    expect(hours.state(facts).told.at).toBe(IDLE);
    expect(hours.look(facts, at('2026-03-02T11:00Z'))).toMatchObject({ phase: 'paused', owed: [], wakeAt: null });
    const goneOn = hours.state([...facts, resumed(at('2026-03-02T13:00Z'))]);
    const toldBefore = hours.state([
      imposed(at('2026-03-02T08:30Z'), lasting('PT20H')),
      ...facts.slice(0, 1),
      resumed(at('2026-03-02T13:00Z')),
    ]);
    expect([goneOn.told.at, toldBefore.told.at]).toEqual(Array(2).fill(at('2026-03-05T09:00Z')));
    expect(goneOn.revisions).toMatchObject([{ revision: 2, told: { at: at('2026-03-05T09:00Z') }, agreed: false }]);
  });

  it('as a duration beside a date, moves with the pauses that the date does not know', () => {
    const dated = chainFor({ promised: instantAt(FRIDAY), calendars: { office: 1 } });
    const facts = [
      imposed(at('2026-03-02T08:30Z'), lasting('PT20H')),
      imposed(at('2026-03-02T08:40Z'), lasting('PT8H')),
      paused(at('2026-03-02T09:00Z')),
      resumed(at('2026-03-02T13:00Z')),
    ];
    const state = dated.state(facts);
    expect(state.plan.promisedAt).toBe(FRIDAY);
    expect(state.told.at).toBe(at('2026-03-03T12:30Z'));
    expect(state.revisions.map(({ told }) => told.at)).toEqual([at('2026-03-05T09:00Z'), at('2026-03-03T12:30Z')]);
    expect(dated.state(facts, dated.stored(facts)).steps).toEqual(state.steps);
  });

  it('as a duration moves no more once another time was agreed', () => {
    const facts = [
      imposed(at('2026-03-02T08:30Z'), lasting('PT20H')),
      agreed(at('2026-03-02T08:40Z'), lasting('PT30H')),
      paused(at('2026-03-02T09:00Z')),
      resumed(at('2026-03-02T13:00Z')),
    ];
    const { revisions, steps } = chainFor().state(facts);
    expect(revisions[0]?.told.at).toBe(at('2026-03-04T13:30Z'));
    expect(steps.map(({ imposed: isImposed }) => isImposed)).toEqual([true, false, false, false]);
  });

  it('imposed while the clock stands has its time once that goes on', () => {
    const hours = chainFor();
    const facts = [paused(at('2026-03-02T09:00Z')), imposed(at('2026-03-02T10:00Z'), lasting('PT20H'))];
    expect(hours.state(facts).told.at).toBe(IDLE);
    const { plan, told } = hours.state([...facts, resumed(at('2026-03-02T13:00Z'))]);
    expect([plan.promisedAt, told.at]).toEqual([at('2026-03-03T12:30Z'), at('2026-03-05T09:00Z')]);
  });
});

describe('the first time that was told', () => {
  const hours = chainFor();
  it('is never overwritten', () => {
    const facts = [
      agreed(TUE, instantAt(NEXT_FRIDAY)),
      agreed(WED, instantAt(at('2026-03-20T16:00Z'))),
      applied(WED, 2),
    ];
    expect(chain.state(facts).first).toEqual({ precision: 'instant', promisedAt: FRIDAY });
  });

  it('moves with the pauses as long as it is in force', () => {
    const pause = [paused(at('2026-03-02T09:00Z')), resumed(at('2026-03-02T13:00Z'))];
    expect(hours.state(pause).first.promisedAt).toBe(at('2026-03-03T12:30Z'));
    const replaced = [agreed(at('2026-03-02T08:30Z'), lasting('PT20H')), ...pause];
    expect(hours.state(replaced).first.promisedAt).toBe(at('2026-03-03T08:30Z'));
    expect(hours.state(replaced).plan.promisedAt).toBe(at('2026-03-05T09:00Z'));
  });

  it('goes on moving while only another was told', () => {
    const facts = [
      imposed(at('2026-03-02T08:30Z'), instantAt(FRIDAY)),
      paused(at('2026-03-02T09:00Z')),
      resumed(at('2026-03-02T13:00Z')),
    ];
    const { first, told, plan } = hours.state(facts);
    expect([first.promisedAt, plan.promisedAt]).toEqual(Array(2).fill(at('2026-03-03T12:30Z')));
    expect(told.at).toBe(FRIDAY);
  });

  it.each([
    ['until something happens', undefined],
    ['until an instant ahead', at('2026-03-04T13:00Z')],
  ])('replaced while its clock stood %s, is what it would have become had it gone on then', (_, ends) => {
    const facts = [
      paused(at('2026-03-02T09:00Z'), 'customer', ends),
      agreed(at('2026-03-02T13:00Z'), instantAt(FRIDAY)),
    ];
    expect(hours.state(facts).first.promisedAt).toBe(at('2026-03-03T12:30Z'));
    const later = [...facts, agreed(TUE, instantAt(NEXT_FRIDAY))];
    expect(hours.state(later).first.promisedAt).toBe(at('2026-03-03T12:30Z'));
  });

  it('replaced during a wait until a known time, is what was told by then', () => {
    const wait = paused(at('2026-03-02T09:00Z'), 'customer', at('2026-03-02T13:00Z'));
    const facts = [wait, agreed(at('2026-03-02T10:00Z'), instantAt(FRIDAY))];
    expect(hours.state(facts).first.promisedAt).toBe(at('2026-03-03T09:30Z'));
  });

  it('is not what replaced it, though that is replaced while it stands', () => {
    const facts = [
      agreed(at('2026-03-02T08:30Z'), lasting('PT20H')),
      paused(at('2026-03-02T09:00Z')),
      agreed(at('2026-03-02T13:00Z'), lasting('PT30H')),
    ];
    expect(hours.state(facts).first.promisedAt).toBe(at('2026-03-03T08:30Z'));
  });
});

describe('once another time was agreed', () => {
  const alerted = [escalated(TUE, 'slip'), escalated(TUE, 'at_risk'), missed(TUE, 'scanned')];
  const told = [...alerted, sent(TUE, 'risk', null), agreed(WED, instantAt(NEXT_FRIDAY))];

  it('the ladder begins anew', () => {
    expect(chain.state(told)).toMatchObject({ alerted: [], missed: [] });
    expect(chain.look(told, WED)).toMatchObject({
      phase: 'open',
      alerts: [],
      wakeAt: at('2026-03-09T02:00Z'),
    });
    const { missed: checkpoints } = chain.look(told, at('2026-03-09T02:00Z'));
    expect(checkpoints).toEqual(['scanned']);
    expect(chain.look(told, at('2026-03-12T04:00Z')).alerts).toEqual(['slip']);
    expect(chain.look(told, at('2026-03-12T16:00Z')).owed).toMatchObject([
      { reason: 'promised' },
      { reason: 'risk', revision: 3 },
    ]);
    expect(chain.look(told, at('2026-03-13T18:00Z')).alerts).toEqual(['broken']);
  });

  it('goes on with the ladder begun where the customer did not agree', () => {
    const facts = [...told.slice(0, -1), imposed(WED, instantAt(NEXT_FRIDAY))];
    expect(chain.state(facts)).toMatchObject({ alerted: ['at_risk', 'slip'], missed: ['scanned'] });
    expect(chain.look(facts, at('2026-03-05T16:00Z')).owed).toMatchObject([{ reason: 'promised' }]);
  });

  it('a warning is owed only by news later than the agreed time', () => {
    const facts = [agreed(TUE, instantAt(NEXT_FRIDAY)), estimated(WED, at('2026-03-10T12:00Z'))];
    expect(chain.look(facts, WED)).toMatchObject({ phase: 'open', owed: [{ reason: 'promised' }] });
    const late = [...facts, estimated(at('2026-03-04T13:00Z'), at('2026-03-14T12:00Z'))];
    const now = at('2026-03-04T13:00Z');
    expect(chain.look(late, now)).toMatchObject({
      phase: 'at_risk',
      alerts: ['at_risk'],
      owed: [{ reason: 'promised' }, { reason: 'risk', revision: 2 }],
    });
    const state = chain.state(late);
    expect(tellable(chain.terms(state), state, 'risk', now).told).toEqual(until('2026-03-16T00:00Z'));
  });

  it('there is one apology in the chain', () => {
    const facts = [
      sent(TUE, 'promised', null),
      sent(at('2026-03-04T08:00Z'), 'recovery', null),
      agreed(WED, instantAt(NEXT_FRIDAY)),
    ];
    const { owed, wakeAt } = chain.look(
      [...facts, escalated(at('2026-03-13T18:00Z'), 'broken')],
      at('2026-04-01T08:00Z'),
    );
    expect([owed, wakeAt]).toEqual([[], null]);
  });

  it('each time that was agreed is confirmed once', () => {
    const facts = [sent(TUE, 'promised', null)];
    expect(chain.look(facts, TUE).owed).toEqual([]);
    const moved = [...facts, agreed(WED, instantAt(NEXT_FRIDAY))];
    expect(chain.look(moved, WED).owed).toMatchObject([{ reason: 'promised', revision: 3, occasion: 0 }]);
    const then = at('2026-03-04T13:00Z');
    expect(chain.look([...moved, sent(then, 'promised', null, { revision: 3 })], then).owed).toEqual([]);
    expect(chain.look([...facts, imposed(WED, instantAt(NEXT_FRIDAY))], WED).owed).toEqual([]);
  });

  it('a new time told by us puts the apology off until it has passed, too', () => {
    const facts = [sent(TUE, 'risk', until('2026-03-08T16:00Z')), escalated(TUE, 'broken')];
    expect(chain.look(facts, at('2026-03-07T16:00Z'))).toMatchObject({ owed: [], wakeAt: at('2026-03-08T18:00Z') });
    const ours = [imposed(TUE, instantAt(NEXT_FRIDAY)), escalated(TUE, 'broken'), sent(TUE, 'promised', null)];
    expect(chain.look(ours, at('2026-03-07T16:00Z'))).toMatchObject({ owed: [], wakeAt: at('2026-03-13T18:00Z') });
    expect(chain.look(ours, at('2026-03-13T18:00Z')).owed).toMatchObject([{ reason: 'recovery' }]);
  });
});

describe('another policy', () => {
  it('plans anew what is open, the told time as it is', () => {
    const { plan, told, revision } = chain.state([applied(TUE, 2)]);
    expect(plan).toMatchObject({
      promisedAt: FRIDAY,
      targetAt: at('2026-03-06T04:00Z'),
      policyVersion: 2,
      checkpoints: [],
    });
    expect([told.at, revision]).toEqual([FRIDAY, 1]);
    expect(chain.state([applied(TUE, 2)]).first.promisedAt).toBe(FRIDAY);
  });

  it('touches nothing that had ended, also where the end arrives later', () => {
    for (const end of [fulfilled(TUE), withdrawn(TUE, 'customer')]) {
      const state = chain.state([applied(WED, 2), end]);
      expect([state.plan, state.steps]).toEqual([chain.plan, []]);
      expect(chain.state([applied(TUE, 2), { ...end, occurredAt: WED }]).plan.policyVersion).toBe(2);
    }
  });

  it('holds for the time agreed later, and the newest holds', () => {
    const facts = [applied(TUE, 2), agreed(WED, instantAt(NEXT_FRIDAY))];
    expect(chain.state(facts).plan.targetAt).toBe(at('2026-03-13T04:00Z'));
    const back = [...facts, applied(at('2026-03-05T12:00Z'), 1)];
    expect(chain.state(back).plan).toMatchObject({ targetAt: at('2026-03-12T04:00Z'), policyVersion: 1 });
    expect(chain.state([imposed(TUE, instantAt(NEXT_FRIDAY)), applied(WED, 2)]).told.at).toBe(NEXT_FRIDAY);
  });

  it('counts by the calendar versions it names, and by those in force where it names none', () => {
    const hours = chainFor({}, {}, {});
    // The longer office opens on Monday from 08:00 to 18:00 without lunch: eight hours from 10:00 end at 18:00.
    expect(hours.state([applied(at('2026-03-02T09:00Z'), 2, { office: 2 })]).plan).toMatchObject({
      promisedAt: at('2026-03-02T16:00Z'),
      calendars: { office: 2 },
    });
    expect(hours.state([applied(at('2026-03-02T09:00Z'), 2)]).plan).toMatchObject({
      promisedAt: at('2026-03-03T08:30Z'),
      calendars: { office: 1 },
    });
  });

  it('leaves a calendar that a told time brought in the version it was counted by', () => {
    const dated = chainFor({ promised: instantAt(FRIDAY), calendars: {} }, {}, {});
    const facts = [agreed(at('2026-03-02T09:00Z'), lasting('PT8H')), applied(at('2026-03-02T10:00Z'), 2, { shop: 1 })];
    expect(dated.state(facts).plan).toMatchObject({ calendars: { office: 2 }, policyVersion: 2 });
    expect(dated.state(facts).clock?.calendars).toEqual({ office: 2, shop: 1 });
  });
});

describe('what does not move a promise', () => {
  it('is that the customer came to us, or rated it', () => {
    const rated: Fact = { kind: 'rated', factKey: 'rated', occurredAt: WED, score: 5 };
    expect({ ...chain.state([contacted(TUE), rated]), contacts: NO_CONTACTS }).toEqual(chain.state());
  });

  it('is a fact that would move it where nothing is known of how it was planned', () => {
    const rehearsal = { plan: chain.plan };
    const facts = [applied(TUE, 2), agreed(TUE, instantAt(NEXT_FRIDAY)), paused(TUE), resumed(WED), fulfilled(WED)];
    expect(fold(rehearsal, facts)).toMatchObject({ plan: chain.plan, clock: null, steps: [], revision: 1 });
  });

  it('is a notice that was dropped or failed', () => {
    const facts = [dropped(TUE, 'risk'), failed(TUE, 'risk')];
    expect(chain.state(facts)).toMatchObject({ revision: 1, told: { at: FRIDAY } });
  });
});

describe('an agreement that is heard of late', () => {
  const FIRST = [estimated(WED, at('2026-03-07T12:00Z')), escalated(WED, 'at_risk'), sent(WED, 'risk', null)];
  const agreedOnTuesday = agreed(TUE, instantAt(NEXT_FRIDAY));

  it('begins a ladder on which nobody was alerted, whenever the old one was climbed', () => {
    expect(chain.state([...FIRST, agreedOnTuesday])).toMatchObject({ agreedRevision: 2, alerted: [] });
  });

  it('keeps its alerts when it is said to occur a little ahead of our clock', () => {
    const given = { ...escalated(WED, 'slip'), factKey: 'alert:slip:a-1', ladder: 'a-1' } as Fact;
    const ahead = { ...agreed(plusMs(WED, 60_000), instantAt(NEXT_FRIDAY)), factKey: 'a-1' };
    expect(chain.state([given, ahead]).alerted).toEqual(['slip']);
  });
});
