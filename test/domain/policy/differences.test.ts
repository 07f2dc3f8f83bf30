import { expect, it } from 'vitest';
import { planOf } from '../../../domain/calendar/plan.ts';
import {
  COMPARED_FLAGS,
  COMPARED_INSTANTS,
  differencesOf,
  fieldChanges,
  firstMove,
  isDifferent,
  NO_DIFFERENCES,
  plusDifferences,
  type Differences,
} from '../../../domain/policy/differences.ts';
import { IDLE, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import { policy } from '../support/build.ts';

const at = (text: string): Instant => text as Instant;
const ruled = (rules: object) => policy({ kind: 'delivery', buffer: { fixed: 'P1D' }, quiet: 'none', ...rules });
const planned = (rules: object) =>
  planOf(
    {
      promised: { precision: 'instant', at: at('2026-11-27T12:00:00.000Z') },
      madeAt: at('2026-11-20T12:00:00.000Z'),
      ...{ target: null, customerZone: 'UTC', companyZone: 'UTC', place: 0 },
    },
    ruled(rules),
  );
const { escalation } = ruled({});
const A = { plan: planned({ buffer: { fixed: 'P1D' } }), wakeAt: at('2026-11-26T12:00:00.000Z'), escalation };
const B = {
  escalation,
  plan: planned({ buffer: { fixed: 'P8D' }, checkpoints: [{ name: 'packed', at: '40%' }] }),
  wakeAt: null,
};

it('a promise differs from itself in nothing', () => {
  expect(differencesOf(A, A)).toEqual(NO_DIFFERENCES);
  expect([isDifferent(differencesOf(A, A)), firstMove(A, A)]).toEqual([false, null]);
});

it('what moves earlier or is gained one way is later or lost the other way', () => {
  const [there, back] = [differencesOf(A, B), differencesOf(B, A)];
  expect(there.instants.targetAt).toEqual({ earlier: 1, later: 0 });
  expect(back.instants.targetAt).toEqual({ earlier: 0, later: 1 });
  expect([there.wakeAt, back.wakeAt]).toEqual([
    { earlier: 0, later: 1 },
    { earlier: 1, later: 0 },
  ]);
  expect([there.flags.no_buffer, back.flags.no_buffer]).toEqual([
    { gained: 1, lost: 0 },
    { gained: 0, lost: 1 },
  ]);
  expect([there.checkpoints, back.checkpoints]).toEqual([
    { gained: 1, lost: 0 },
    { gained: 0, lost: 1 },
  ]);
  expect(plusDifferences(there, back).instants.targetAt).toEqual({ earlier: 1, later: 1 });
});

const CHECKED = { checkpoints: [{ name: 'packed', at: '40%' }] };
const partners = { checkpoints: [{ name: 'packed', at: '40%', partner: true }] };
it.each([
  ['tries', { tries: { max: 3, every: 'PT1H' } }, { tries: { max: 1, every: 'PT1H' } }],
  ['tries', { tries: { max: 3, every: 'PT1H' } }, { tries: { max: 3, every: 'PT2H' } }],
  ['tries', { tries: 'none' }, { tries: { max: 3, every: 'PT2H' } }],
  ['partners', CHECKED, partners],
  ['alerts', {}, { escalation: { broken: [] } }],
  ['alerts', {}, { escalation: { slip: ['owner', 'lead'] } }],
  ['alerts', {}, { escalation: { at_risk: ['owner'] } }],
  ['alerts', {}, { escalation: { checkpoint: ['lead'] } }],
  ['alerts', {}, { escalation: { repeat: 'PT4H' } }],
  ['alerts', { escalation: { repeat: 'PT4H', times: 3 } }, { escalation: { repeat: 'PT4H', times: 4 } }],
] as const)('%s may be otherwise though no instant moves', (what, from, to) => {
  const [before, after] = [from, to].map((rules) => ({ ...A, plan: planned(rules), ...ruled(rules) }));
  if (!before || !after) throw new Error('Two were asked for.');
  const otherwise = { ...NO_DIFFERENCES.otherwise, [what]: 1 };
  expect(differencesOf(before, after)).toEqual({ ...NO_DIFFERENCES, otherwise });
  expect(differencesOf(after, before)).toEqual({ ...NO_DIFFERENCES, otherwise });
  expect(isDifferent(differencesOf(before, after))).toBe(true);
});

it.each([
  ['tries', { tries: { max: 3, every: 'PT1H' } }, {}],
  ['partners', partners, {}],
  [
    'a checkpoint of a partner beside one of ours',
    { checkpoints: [...partners.checkpoints, { name: 'sent', at: '60%' }] },
    {},
  ],
  ['how often nothing is repeated', { escalation: { times: 3 } }, { escalation: { times: 4 } }],
])('%s are the same as they are', (_, from, to) => {
  const [before, after] = [from, { ...from, ...to }].map((rules) => ({ ...A, plan: planned(rules), ...ruled(rules) }));
  expect(before && after && differencesOf(before, after)).toEqual(NO_DIFFERENCES);
});

it('an example is the most telling instant; one without time is null', () => {
  expect(firstMove(A, B)?.instant).toBe('targetAt');
  const standing = { ...A, plan: { ...A.plan, promisedAt: IDLE } };
  expect(firstMove(A, standing)).toEqual({ instant: 'promisedAt', from: A.plan.promisedAt, to: null });
  expect(firstMove(A, { ...A, wakeAt: null })).toEqual({ instant: 'wakeAt', from: A.wakeAt, to: null });
});

it('policies differ in the fields that a file would say differently', () => {
  expect(fieldChanges(ruled({ lead: 'P1D' }), ruled({ lead: 'P2D' }))).toEqual([
    { field: 'lead', from: 'P1D', to: 'P2D' },
  ]);
});

/** As A, but for what is said of its plan. */
const instead = (plan: Partial<typeof A.plan>) => ({ ...A, plan: { ...A.plan, ...plan } });
const LATER = at('2026-12-24T12:00:00.000Z');
const named = (name: string, time: Instant) => ({ name, at: time, partner: false, value: 'P1D' });

it.each(COMPARED_INSTANTS)('%s alone that moves is counted, and is the example', (instant) => {
  const moved = instead({ [instant]: LATER });
  expect(differencesOf(A, moved)).toEqual({
    ...NO_DIFFERENCES,
    instants: { ...NO_DIFFERENCES.instants, [instant]: { earlier: 0, later: 1 } },
  });
  expect(firstMove(moved, A)).toEqual({ instant, from: LATER, to: A.plan[instant] });
});

it.each(COMPARED_FLAGS)('%s alone that is raised is counted', (flag) => {
  const flagged = instead({ flags: ['zone_assumed', flag] });
  const flags = (turns: object) => ({ ...NO_DIFFERENCES, flags: { ...NO_DIFFERENCES.flags, [flag]: turns } });
  expect(differencesOf(A, flagged)).toEqual(flags({ gained: 1, lost: 0 }));
  expect(differencesOf(flagged, A)).toEqual(flags({ gained: 0, lost: 1 }));
  expect(differencesOf(flagged, flagged)).toEqual(NO_DIFFERENCES);
});

it('checkpoints are compared by name: which moved, and which one of the two plans has alone', () => {
  const put = (name: string, ms: number) => named(name, plusMs(LATER, ms));
  const had = instead({ checkpoints: [put('a', 10), put('b', 20), put('c', 30), put('gone', 0)] });
  const has = instead({ checkpoints: [put('c', 30), put('b', 21), put('a', 9), put('new', 40), put('newer', 50)] });
  expect(differencesOf(had, has)).toEqual({
    ...NO_DIFFERENCES,
    instants: { ...NO_DIFFERENCES.instants, checkpoints: { earlier: 1, later: 1 } },
    checkpoints: { gained: 2, lost: 1 },
  });
});

it('no time is later than any', () => {
  expect(differencesOf(A, instead({ targetAt: IDLE })).instants.targetAt).toEqual({ earlier: 0, later: 1 });
  expect(differencesOf({ ...A, wakeAt: null }, A).wakeAt).toEqual({ earlier: 1, later: 0 });
  expect(firstMove(instead({ targetAt: IDLE }), A)).toEqual({ instant: 'targetAt', from: null, to: A.plan.targetAt });
});

it('differences add up, count by count', () => {
  const one = differencesOf(A, B);
  expect(plusDifferences(one, NO_DIFFERENCES)).toEqual(one);
  const three = plusDifferences(one, plusDifferences(one, one));
  expect(three.instants.targetAt).toEqual({ earlier: 3, later: 0 });
  expect([three.wakeAt, three.flags.no_buffer, three.checkpoints]).toEqual([
    { earlier: 0, later: 3 },
    { gained: 3, lost: 0 },
    { gained: 3, lost: 0 },
  ]);
});

it.each<readonly [name: string, differences: Partial<Differences>]>([
  ['an instant', { instants: { ...NO_DIFFERENCES.instants, sendBy: { earlier: 0, later: 1 } } }],
  ['a checkpoint', { checkpoints: { gained: 0, lost: 1 } }],
  ['the next look', { wakeAt: { earlier: 1, later: 0 } }],
  ['a flag', { flags: { ...NO_DIFFERENCES.flags, too_tight: { gained: 1, lost: 0 } } }],
])('%s alone makes a difference', (_, differences) => {
  expect(isDifferent({ ...NO_DIFFERENCES, ...differences })).toBe(true);
});

it('fields are compared as a file would say them, lists and mappings whole', () => {
  const twice = (document: object) => fieldChanges(ruled({}), ruled(document)).map(({ field }) => field);
  expect(twice({})).toEqual([]);
  expect(twice({ checkpoints: [{ name: 'packed', at: '40%' }], buffer: { fixed: 'P2D' } })).toEqual([
    'buffer',
    'checkpoints',
  ]);
});
