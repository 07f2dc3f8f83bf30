import { expect, it } from 'vitest';
import { planOf } from '../../../domain/calendar/plan.ts';
import {
  differencesOf,
  fieldChanges,
  firstMove,
  isDifferent,
  NO_DIFFERENCES,
  plusDifferences,
} from '../../../domain/policy/differences.ts';
import { IDLE, type Instant } from '../../../domain/promise/instant.ts';
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
const A = { plan: planned({ buffer: { fixed: 'P1D' } }), wakeAt: at('2026-11-26T12:00:00.000Z') };
const B = {
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
