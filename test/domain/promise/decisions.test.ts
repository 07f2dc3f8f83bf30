import { describe, expect, it } from 'vitest';
import {
  alertFacts,
  armedByAnswer,
  armedByChange,
  armedByStart,
  needsPoke,
  needsRelief,
  noticeChanges,
  pokeAfterStart,
  pokeNotTaken,
  sleepsUntil,
  type Engaged,
  type EngineFailure,
  type Settled,
  type Startable,
  type UnfinishedNotice,
} from '../../../domain/promise/decisions.ts';
import { fold } from '../../../domain/promise/fold.ts';
import { IDLE, type Instant } from '../../../domain/promise/instant.ts';
import { judge } from '../../../domain/promise/judge.ts';
import type { NoticeReason } from '../../../domain/promise/words.ts';
import { at, dropped, escalated, estimated, fulfilled, progressed, termsFor } from '../support/build.ts';
import { chainFor } from '../support/chain.ts';
import { agreed } from '../support/moving-facts.ts';

const [ONE, TWO, THREE] = [at('2026-03-02T01:00Z'), at('2026-03-02T02:00Z'), at('2026-03-02T03:00Z')];
const asleep = (armedAt: Instant | null): Engaged => ({ armedAt, closed: false });
const CLOSED: Engaged = { armedAt: null, closed: true };
const QUIET: Settled = { wakeAt: null, closed: false, noticeOwed: false, unfinished: false };
const wakes = (wakeAt: Instant): Settled => ({ ...QUIET, wakeAt });
const OWES: Settled = { ...QUIET, noticeOwed: true, unfinished: true };
const ENDS: Settled = { ...QUIET, closed: true };

describe('a poke', () => {
  it.each<[name: string, before: Engaged, after: Settled, needed: boolean]>([
    ['is needed when a notice became owed', asleep(ONE), OWES, true],
    ['is needed for a notice even where no workflow sleeps yet', asleep(null), OWES, true],
    ['is needed for a notice that the end itself owes', asleep(null), { ...OWES, closed: true }, true],
    ['is needed when it must look earlier', asleep(TWO), wakes(ONE), true],
    ['is needed when it looks only when poked', asleep(IDLE), wakes(THREE), true],
    ['is not needed when it looks then anyway', asleep(ONE), wakes(ONE), false],
    ['is not needed when it may look later', asleep(ONE), wakes(TWO), false],
    ['is not needed when it need not look at all', asleep(ONE), QUIET, false],
    ['is not needed where no workflow sleeps: the starter comes', asleep(null), wakes(ONE), false],
    ['is needed when the promise closed while its workflow slept', asleep(ONE), ENDS, true],
    ['is needed when it closed while its workflow waited for pokes only', asleep(IDLE), ENDS, true],
    ['is not needed when it closed before any workflow knew it', asleep(null), ENDS, false],
    ['is not needed when it had closed before', CLOSED, ENDS, false],
    ['is needed when it opens again', CLOSED, wakes(ONE), true],
  ])('%s', (_, before, after, needed) => {
    expect(needsPoke(before, after)).toBe(needed);
  });
});

describe('when the workflow looks by itself', () => {
  it.each<[name: string, after: Settled, armedAt: Instant | null]>([
    ['is what it was answered', wakes(TWO), TWO],
    ['is only when poked where nothing more is due', QUIET, IDLE],
    ['is never once closed: it ends', ENDS, null],
    ['is when its last notice is done where it closed owing one', { ...ENDS, unfinished: true }, IDLE],
  ])('%s', (_, after, armedAt) => {
    expect(armedByAnswer(after)).toBe(armedAt);
  });

  it('stays as it was through changes it has not seen, until the end disarms it', () => {
    expect(armedByChange(asleep(TWO), wakes(ONE))).toBe(TWO);
    expect(armedByChange(asleep(TWO), QUIET)).toBe(TWO);
    expect(armedByChange(asleep(null), OWES)).toBeNull();
    expect(armedByChange(asleep(TWO), ENDS)).toBeNull();
  });

  it('is when the starter put it to sleep until, unless it was answered something later meanwhile', () => {
    const started = (before: Engaged, unfinished = false) => armedByStart({ ...before, unfinished }, TWO);
    expect(started(asleep(null))).toBe(TWO);
    expect(started(asleep(ONE))).toBe(TWO);
    expect(started(asleep(THREE))).toBe(THREE);
    expect(started(asleep(IDLE))).toBe(IDLE);
    expect(started(CLOSED, true)).toBe(TWO);
    expect(started(CLOSED)).toBeNull();
  });

  it.each<[name: string, current: { wakeAt: Instant | null; closed: boolean }, needed: boolean]>([
    ['moved earlier', { wakeAt: ONE, closed: false }, true],
    ['stayed', { wakeAt: TWO, closed: false }, false],
    ['moved later', { wakeAt: THREE, closed: false }, false],
    ['went away', { wakeAt: null, closed: false }, false],
    ['and the promise closed', { wakeAt: null, closed: true }, true],
  ])('is not known to the starter: the wake %s', (_, current, needed) => {
    expect(pokeAfterStart(TWO, current)).toBe(needed);
  });
});

describe('a promise without a workflow', () => {
  const NOTHING: Startable = {
    ...asleep(null),
    wakeAt: null,
    engineEpoch: 2,
    unfinished: false,
    poke: 'none',
  };
  it.each<[name: string, found: Partial<Startable>, asleepUntil: Instant | null]>([
    ['is started to sleep until it has to look', { wakeAt: THREE }, THREE],
    ['is started at once where it should have looked', { wakeAt: ONE }, TWO],
    ['is started at once where a notice waits', { wakeAt: THREE, unfinished: true }, TWO],
    ['is started at once where a notice waits after its end', { closed: true, unfinished: true }, TWO],
    ['is left to the poke on its way', { closed: true, unfinished: true, poke: 'waiting' }, null],
    ['is started beside a poke where it is open', { wakeAt: THREE, unfinished: true, poke: 'waiting' }, THREE],
    ['is left to who carries its poke', { wakeAt: THREE, unfinished: true, poke: 'carried' }, null],
    ['is started where a poke is carried and no notice waits', { wakeAt: THREE, poke: 'carried' }, THREE],
    ['is left alone where nothing has a time', {}, null],
    ['is left alone once closed', { closed: true, wakeAt: ONE }, null],
    ['is started again where the engine was emptied', { armedAt: THREE, wakeAt: THREE, engineEpoch: 1 }, THREE],
    ['is started again where it waited for pokes only', { armedAt: IDLE, engineEpoch: 1, unfinished: true }, TWO],
  ])('%s', (_, found, asleepUntil) => {
    expect(sleepsUntil({ ...NOTHING, ...found }, 2, TWO)).toBe(asleepUntil);
  });

  it('is one only as far as this engine goes', () => {
    expect(sleepsUntil({ ...NOTHING, armedAt: THREE, wakeAt: ONE, unfinished: true }, 2, TWO)).toBeNull();
  });
});

describe('a poke that the engine does not take', () => {
  it.each<[EngineFailure, tries: number, fate: string]>([
    ['down', 1, 'back'],
    ['busy', 1, 'again'],
    ['busy', 3, 'again'],
    ['busy', 4, 'stays'],
    ['refused', 1, 'stays'],
    ['attributes', 1, 'stays'],
  ])('being %s, after %i tries: %s', (failure, tries, fate) => {
    expect(pokeNotTaken(failure, tries)).toBe(fate);
  });
});

it.each([
  [{ due: 201, lagMs: 5_001 }, true],
  [{ due: 200, lagMs: 60_000 }, false],
  [{ due: 10_000, lagMs: 5_000 }, false],
])('a sweep over %o is one in relief: %s', (waiting, relief) => {
  expect(needsRelief(waiting)).toBe(relief);
});

describe('notice rows', () => {
  const terms = termsFor({}, { notices: { promised: true } });
  const WED = at('2026-03-04T12:00Z');
  const row = (
    reason: NoticeReason,
    claimed = false,
    notValidAfter: Instant | null = reason === 'promised' ? terms.plan.promisedAt : terms.plan.sendBy,
  ): UnfinishedNotice => {
    return { id: reason, reason, revision: 1, occasion: 0, notValidAfter, claimed };
  };
  const change = (facts: Parameters<typeof fold>[1], rows: readonly UnfinishedNotice[], now = WED) => {
    const state = fold(terms, facts);
    const { insert, drop } = noticeChanges(judge(terms, state, now), state, rows, now);
    return { insert: insert.map(({ reason }) => reason), drop: drop.map(({ id, cause }) => [id, cause]) };
  };
  const late = estimated(WED, at('2026-03-08T12:00Z'));

  it('are made for what is newly owed', () => {
    expect(change([late], [])).toEqual({ insert: ['promised', 'risk'], drop: [] });
  });

  it('are not made twice', () => {
    expect(change([late], [row('promised'), row('risk', true)])).toEqual({ insert: [], drop: [] });
  });

  it('are made anew where the plan has moved since: what was true until one time is said until another', () => {
    const { insert, drop } = change([late], [row('promised'), row('risk', false, at('2026-03-05T12:00Z'))]);
    expect([insert, drop]).toEqual([['risk'], [['risk', 'no_longer_due']]]);
  });

  it('are dropped when their reason is gone, with the cause', () => {
    expect(change([], [row('promised'), row('risk')])).toEqual({ insert: [], drop: [['risk', 'no_longer_due']] });
    expect(change([fulfilled(WED)], [row('promised'), row('risk')])).toEqual({
      insert: [],
      drop: [
        ['promised', 'fulfilled'],
        ['risk', 'fulfilled'],
      ],
    });
    expect(
      change(
        [late],
        [row('promised', false, terms.plan.promisedAt), row('risk', false, terms.plan.sendBy)],
        terms.plan.promisedAt,
      ),
    ).toEqual({
      insert: [],
      drop: [
        ['promised', 'expired'],
        ['risk', 'expired'],
      ],
    });
  });

  it('are never dropped once claimed: the text may be out', () => {
    expect(change([fulfilled(WED)], [row('risk', true), row('promised', true)])).toEqual({ insert: [], drop: [] });
  });

  it('are numbered after those that were dropped before them, of the same reason and told time', () => {
    const inserted = (facts: Parameters<typeof fold>[1], rows: readonly UnfinishedNotice[]) => {
      const state = fold(terms, facts);
      return noticeChanges(judge(terms, state, WED), state, rows, WED).insert.map((notice) => [
        notice.reason,
        notice.occasion,
      ]);
    };
    const old = { ...row('risk'), notValidAfter: WED };
    expect(inserted([late], [row('promised')])).toEqual([['risk', 0]]);
    expect(inserted([late], [row('promised'), old])).toEqual([['risk', 1]]);
    expect(inserted([late, dropped(WED, 'risk')], [row('promised'), { ...old, occasion: 1 }])).toEqual([['risk', 2]]);
    expect(inserted([late], [row('promised'), { ...old, revision: 2 }])).toEqual([['risk', 0]]);
    expect(inserted([late], [row('promised'), { ...old, occasion: 3 }])).toEqual([['risk', 0]]);
    expect(inserted([late], [{ ...row('promised'), notValidAfter: WED }])).toEqual([
      ['promised', 1],
      ['risk', 0],
    ]);
  });

  it('of a warning are made anew once another time was agreed, though it is sent until the same instant', () => {
    const friday = { precision: 'instant', at: at('2026-03-06T16:00Z') } as const;
    const chain = chainFor({ promised: friday });
    const state = chain.state([agreed(at('2026-03-04T10:00Z'), friday), late]);
    const judged = judge(chain.terms(state), state, WED);
    const [owed] = judged.owed;
    const about = (revision: number): UnfinishedNotice => ({
      ...{ id: 'row', reason: 'risk', occasion: 0, revision, claimed: false },
      notValidAfter: owed?.notValidAfter ?? null,
    });
    expect(noticeChanges(judged, state, [about(1)], WED)).toMatchObject({
      insert: [{ reason: 'risk', revision: 2, occasion: 0 }],
      drop: [{ id: 'row', key: { reason: 'risk', revision: 1, occasion: 0 }, cause: 'no_longer_due' }],
    });
    expect(noticeChanges(judged, state, [about(2)], WED)).toEqual({ insert: [], drop: [] });
  });

  it('of a confirmation stand where the same time was agreed once more', () => {
    const friday = { precision: 'instant', at: at('2026-03-06T16:00Z') } as const;
    const chain = chainFor({ promised: friday }, { notices: { promised: true } });
    const state = chain.state([agreed(at('2026-03-04T10:00Z'), friday)]);
    const changes = noticeChanges(judge(chain.terms(state), state, WED), state, [row('promised')], WED);
    expect(changes).toEqual({ insert: [], drop: [] });
  });
});

describe('the facts that staff were alerted', () => {
  const FRIDAY = at('2026-03-06T16:00Z');
  const NOW = at('2026-03-05T12:00Z');
  const chain = chainFor(
    { promised: { precision: 'instant', at: FRIDAY } },
    {
      checkpoints: [{ name: 'packed', at: '50%' }],
      escalation: { slip: ['owner', 'lead'], checkpoint: ['manager'] },
    },
  );
  const alerted = (facts: Parameters<typeof fold>[1], now = NOW) => {
    const state = chain.state(facts);
    const terms = chain.terms(state);
    return alertFacts(terms, state, judge(terms, state, now), now);
  };

  it('say why, and whom the policy names for it', () => {
    const passed = progressed(at('2026-03-04T10:00Z'), 'packed');
    expect(alerted([passed])).toEqual([
      { kind: 'escalated', factKey: 'alert:slip', occurredAt: NOW, reason: 'slip', rungs: ['owner', 'lead'] },
    ]);
  });

  it('say which checkpoint was missed', () => {
    const wednesday = at('2026-03-04T14:00Z');
    expect(alerted([], wednesday)).toEqual([
      {
        ...{ kind: 'escalated', factKey: 'alert:checkpoint:packed', occurredAt: wednesday },
        ...{ reason: 'checkpoint', rungs: ['manager'], checkpoint: 'packed' },
      },
    ]);
  });

  it('bear the key of the agreement in force, so that its ladder is climbed anew', () => {
    const again = agreed(at('2026-03-04T10:00Z'), { precision: 'instant', at: FRIDAY });
    expect(alerted([escalated(at('2026-03-03T10:00Z'), 'slip'), again])).toEqual([
      {
        ...{ kind: 'escalated', factKey: `alert:slip:${again.factKey}`, occurredAt: NOW },
        ...{ reason: 'slip', rungs: ['owner', 'lead'], ladder: again.factKey },
      },
    ]);
  });
});
