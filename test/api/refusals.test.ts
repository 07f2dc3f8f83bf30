import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { savePolicies } from '../../db/policies.ts';
import { policy } from '../support/registrations.ts';
import { DAY, HOUR, pointersOf, promiseOf, soon, testApi, type Answer, type Json, type TestApi } from './testing.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
  const roomy = { buffer: { fixed: 'P1D' }, lead: 'PT1H', shortest: 'P2D', longest: 'P30D' };
  await savePolicies(api.database.pool, [
    policy({ kind: 'strict', ...roomy, tooTight: 'refuse' }),
    policy({ kind: 'lenient', ...roomy, tooTight: 'flag' }),
  ]);
});
afterAll(() => api.database.drop());

const plan = (body: Json): Promise<Answer> => api.call('POST', '/v1/promises:plan', body);
const make = (body: Json): Promise<Answer> => api.call('POST', '/v1/promises', body);
const MADE = '2026-05-04T08:00:00.000Z';

/** Promised too short, in each precision and as a duration. */
const SHORT: readonly (readonly [string, Json, string, (at: string) => Json])[] = [
  ['an instant', { at: '2026-05-05T12:00:00Z' }, '2026-05-06T08:00:00.000Z', (at) => ({ at })],
  [
    'a day',
    { day: '2026-05-05', zone: 'Europe/Tallinn' },
    // The end of the 6th, in Tallinn.
    '2026-05-06T21:00:00.000Z',
    () => ({ day: '2026-05-06', zone: 'Europe/Tallinn' }),
  ],
  [
    'a window',
    { from: '2026-05-05T10:00:00Z', to: '2026-05-05T12:00:00Z' },
    '2026-05-06T08:00:00.000Z',
    (to) => ({ from: new Date(Date.parse(to) - 2 * HOUR).toISOString(), to }),
  ],
  ['a duration', { within: 'PT5H' }, '2026-05-06T08:00:00.000Z', () => ({ within: 'PT48H' })],
];

describe('a promise shorter than the policy holds', () => {
  test.each(SHORT)(
    'is refused with what could be held, which is then accepted: %s',
    async (_, promised, earliest, asked) => {
      const body = promiseOf({ kind: 'strict', promised, madeAt: MADE });
      const refused = await make(body);
      expect([refused.status, refused.body]).toMatchObject([
        422,
        { code: 'CANNOT_BE_PROMISED', reason: 'too_tight', earliest, errors: [{ pointer: '/promised' }] },
      ]);
      const planned = await plan(body);
      expect([planned.status, planned.body['refusal']]).toEqual([200, { reason: 'too_tight', earliest, latest: null }]);
      const held = { ...body, promised: asked(earliest) };
      const made = await make(held);
      expect([made.status, made.body['promisedAt'], made.body['flags']]).toEqual([201, earliest, []]);
    },
  );

  test('is made and flagged where the policy says so', async () => {
    const body = promiseOf({ kind: 'lenient', promised: { at: '2026-05-05T12:00:00Z' }, madeAt: MADE });
    expect((await plan(body)).body).toMatchObject({ refusal: null, flags: ['too_tight'] });
    const { status, body: made } = await make(body);
    expect([status, made['flags']]).toEqual([201, ['too_tight']]);
  });

  test('names no time where the target that was sent leaves none', async () => {
    const body = promiseOf({
      kind: 'strict',
      promised: { at: '2026-05-08T12:00:00Z' },
      target: { at: '2026-05-03T12:00:00Z' },
      madeAt: MADE,
    });
    const { status, body: answer } = await make(body);
    expect([status, answer['reason'], 'earliest' in answer]).toEqual([422, 'too_tight', false]);
    expect((await plan(body)).body['refusal']).toEqual({ reason: 'too_tight', earliest: null, latest: null });
  });
});

describe('a promise longer than the policy holds', () => {
  test.each(['strict', 'lenient'])('is refused with the latest that could be held: %s', async (kind) => {
    const body = promiseOf({ kind, promised: { at: '2026-07-04T08:00:00Z' }, madeAt: MADE });
    const latest = '2026-06-03T08:00:00.000Z';
    const { status, body: answer } = await make(body);
    expect([status, answer]).toMatchObject([422, { code: 'CANNOT_BE_PROMISED', reason: 'too_long', latest }]);
    expect(pointersOf(answer)).toEqual(['/promised']);
    expect((await plan(body)).body['refusal']).toEqual({ reason: 'too_long', earliest: null, latest });
    expect((await make({ ...body, promised: { at: latest } })).status).toBe(201);
  });
});

test('a promise that has room and is not too long is not refused', async () => {
  const { status, body } = await make(promiseOf({ kind: 'strict', promised: { at: soon(5 * DAY) } }));
  expect([status, body['flags']]).toEqual([201, []]);
});
