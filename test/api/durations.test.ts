import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { savePolicies } from '../../db/policies.ts';
import { policy } from '../support/registrations.ts';
import { HOUR, pointersOf, promiseOf, registered, testApi, type Answer, type Json, type TestApi } from './testing.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
  await savePolicies(api.database.pool, [
    policy({ kind: 'helped', buffer: { working: 'PT1H', calendar: 'office' }, lead: 'PT30M' }),
    policy({
      kind: 'scanned',
      buffer: { fixed: 'PT1H' },
      checkpoints: [
        { name: 'scanned', at: '50%', partner: true },
        { name: 'paid', at: { fixed: 'PT1H' } },
      ],
    }),
  ]);
  const week = { mon: ['09:00-12:30', '13:00-17:00'], fri: ['09:00-12:30', '13:00-17:00'] };
  await api.call('PUT', '/v1/calendars/office', { zone: 'Europe/Tallinn', week });
});
afterAll(() => api.database.drop());

/** A Friday of winter in Tallinn, at 15:00; the next working day is Monday. */
const FRIDAY = '2026-01-16T13:00:00.000Z';

const plan = (changes: Json): Promise<Answer> => api.call('POST', '/v1/promises:plan', promiseOf(changes));
const make = (changes: Json): Promise<Answer> => api.call('POST', '/v1/promises', promiseOf(changes));
const office = (within: string): Json => ({ promised: { within, calendar: 'office' }, madeAt: FRIDAY });

describe('a promise of a duration', () => {
  test('is due when its calendar has worked so long, through the night, the week-end and lunch', async () => {
    const { status, body } = await make({ kind: 'reply', ...office('PT6H') });
    expect([status, body]).toMatchObject([
      201,
      {
        precision: 'instant',
        promisedAt: '2026-01-19T11:30:00.000Z',
        firstPromisedAt: '2026-01-19T11:30:00.000Z',
        clock: { calendar: 'office', calendarVersion: 1, withinMs: 6 * HOUR, leftMs: null },
        waiting: null,
        zone: 'Europe/Tallinn',
        agreedRevision: 1,
      },
    ]);
  });

  test('without a calendar counts every hour, and days as the days of the customer', async () => {
    const hours = await make({ kind: 'reply', promised: { within: 'PT4H' }, madeAt: FRIDAY });
    expect(hours.body).toMatchObject({
      promisedAt: '2026-01-16T17:00:00.000Z',
      clock: { calendar: null, calendarVersion: null, withinMs: 4 * HOUR },
    });
    // The last Sunday of March has 23 hours in Tallinn.
    const days = await make({ kind: 'reply', promised: { within: 'P2D' }, madeAt: '2026-03-28T10:00:00+02:00' });
    expect(days.body).toMatchObject({ promisedAt: '2026-03-30T07:00:00.000Z', clock: { withinMs: 47 * HOUR } });
  });

  test('sent again is the same promise, another duration under its ref is a clash', async () => {
    const body = promiseOf({ kind: 'reply', ...office('PT6H') });
    const [first, again] = [await api.call('POST', '/v1/promises', body), await api.call('POST', '/v1/promises', body)];
    expect([first.status, again.status, again.body['id']]).toEqual([201, 200, first.body['id']]);
    const other = await api.call('POST', '/v1/promises', { ...body, promised: { within: 'PT7H', calendar: 'office' } });
    expect([other.status, other.body['code']]).toEqual([409, 'PROMISE_CLASH']);
  });

  test.each([
    ['a calendar that nobody stored', { within: 'PT4H', calendar: 'shop' }, '/promised/calendar'],
    ['days of a calendar, which have no one length', { within: 'P2D', calendar: 'office' }, '/promised/within'],
    ['nothing', { within: 'PT0S' }, '/promised/within'],
    ['nothing of a calendar', { within: 'PT0S', calendar: 'office' }, '/promised/within'],
    ['less than nothing', { within: '-PT4H' }, '/promised/within'],
    ['words', { within: '4 hours' }, '/promised/within'],
    ['a number', { within: 4 }, '/promised/within'],
    ['a calendar alone', { calendar: 'office' }, '/promised/within'],
    ['both a duration and a time', { within: 'PT4H', at: FRIDAY }, '/promised'],
  ])('cannot be %s', async (_, promised, pointer) => {
    for (const ask of [make, plan]) {
      const { status, body } = await ask({ kind: 'reply', promised });
      expect([status, body['code'], pointersOf(body)[0]]).toEqual([422, 'INVALID_BODY', pointer]);
    }
  });

  test('cannot be longer than any duration may be', async () => {
    const { status, body } = await make({ kind: 'reply', promised: { within: 'PT90000000H' } });
    expect([status, pointersOf(body)]).toEqual([422, ['/promised/within']]);
  });
});

describe('POST /v1/promises:plan', () => {
  test('names the versions of the policy and the calendar it planned by', async () => {
    const own = await plan({ kind: 'reply', ...office('PT6H') });
    expect(own.body).toMatchObject({ calendarVersion: 1, policyVersion: 1, refusal: null });
    const none = await plan({ kind: 'reply', promised: { within: 'PT6H' } });
    expect(none.body).toMatchObject({ calendarVersion: null });
  });

  test('counts the buffer in the working time of its calendar', async () => {
    const promised = { at: '2026-01-19T07:30:00.000Z' };
    const { body } = await plan({ kind: 'helped', promised, madeAt: FRIDAY });
    // Half an hour of Monday morning, and the last one of Friday.
    expect(body).toMatchObject({ targetAt: '2026-01-16T14:30:00.000Z', calendarVersion: 1 });
  });

  test('says the version of every calendar that it was planned by', async () => {
    for (const mon of [['08:00-20:00'], ['08:00-21:00']])
      await api.call('PUT', '/v1/calendars/shop', { zone: 'UTC', week: { mon, fri: mon } });
    const made = { kind: 'helped', promised: { within: 'PT6H', calendar: 'shop' }, madeAt: FRIDAY };
    const { body } = await plan(made);
    expect(body).toMatchObject({ calendarVersion: 2, calendars: { office: 1, shop: 2 } });
    const { body: explained } = await api.call('GET', `/v1/promises/${await registered(api.call, made)}/explain`);
    expect(explained).toMatchObject({ calendar: { id: 'shop', version: 2 }, calendars: { office: 1, shop: 2 } });
  });

  test('counts in the zone that is known of the customer where none is sent', async () => {
    const ref = 'C-knows-her-zone';
    const promised = { within: 'P1D' };
    await registered(api.call, { customer: { ref, zone: 'America/New_York' } });
    const sent = promiseOf({ kind: 'reply', promised, customer: { ref } });
    const { body } = await api.call('POST', '/v1/promises', sent);
    expect(body).toMatchObject({ zone: 'America/New_York' });
    expect(body['flags']).not.toContain('zone_assumed');
    const rehearsed = await api.call('POST', '/v1/promises:plan', sent);
    expect(rehearsed.body['flags']).not.toContain('zone_assumed');
    const unknown = await api.call('POST', '/v1/promises:plan', { ...sent, customer: { ref: 'C-new' } });
    expect(unknown.body['flags']).toContain('zone_assumed');
  });

  test('says when each checkpoint is to be passed', async () => {
    const madeAt = '2026-05-04T08:00:00.000Z';
    const { body } = await plan({ kind: 'scanned', promised: { at: '2026-05-04T18:00:00.000Z' }, madeAt });
    expect(body['checkpoints']).toEqual([
      { name: 'paid', at: '2026-05-04T09:00:00.000Z', partner: false },
      { name: 'scanned', at: '2026-05-04T13:00:00.000Z', partner: true },
    ]);
  });

  test('plans as the promise is then made, and stores nothing', async () => {
    const body = promiseOf({ kind: 'reply', ...office('PT13H') });
    const planned = await api.call('POST', '/v1/promises:plan', body);
    const made = await api.call('POST', '/v1/promises', body);
    expect(made.status).toBe(201);
    for (const field of ['promisedAt', 'targetAt', 'lastCallAt', 'flags', 'policyVersion'])
      expect(made.body[field], field).toEqual(planned.body[field]);
  });
});

test('a changed calendar is the next version: a promise keeps its own, a new one takes the newest', async () => {
  const week = { sat: ['10:00-11:00'] };
  await api.call('PUT', '/v1/calendars/kiosk', { zone: 'UTC', week });
  const wish = { kind: 'reply', promised: { within: 'PT30M', calendar: 'kiosk' }, madeAt: FRIDAY };
  const before = await registered(api.call, wish);
  await api.call('PUT', '/v1/calendars/kiosk', { zone: 'UTC', week: { sun: ['10:00-11:00'] } });
  const after = await registered(api.call, wish);
  const read = async (id: string): Promise<Json> => (await api.call('GET', `/v1/promises/${id}`)).body;
  expect(await read(before)).toMatchObject({
    promisedAt: '2026-01-17T10:30:00.000Z',
    clock: { calendarVersion: 1 },
  });
  expect(await read(after)).toMatchObject({ promisedAt: '2026-01-18T10:30:00.000Z', clock: { calendarVersion: 2 } });
});
