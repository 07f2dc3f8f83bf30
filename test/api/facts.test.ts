import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveCompany } from '../../db/company.ts';
import { DAY, HOUR, itemsOf, registered, soon, testApi, type Answer, type Json, type TestApi } from './testing.ts';

let api: TestApi;
beforeAll(async () => void (api = await testApi()));
afterAll(() => api.database.drop());

const tell = (id: string, fact: Json): Promise<Answer> => api.call('POST', `/v1/promises/${id}/facts`, fact);
const promiseIn = (answer: Answer): Json => answer.body['promise'] as Json;

describe('a fact', () => {
  test('is stored and changes the promise at once', async () => {
    const id = await registered(api.call);
    const at = soon(9 * DAY);
    const told = await tell(id, { factKey: 'e-1', kind: 'estimated', occurredAt: soon(-1000), at });
    expect([told.status, told.body['applied']]).toEqual([202, true]);
    expect(promiseIn(told)).toMatchObject({ id, estimatedAt: at, phase: 'at_risk' });
    expect((await api.call('GET', `/v1/promises/${id}`)).body).toEqual(promiseIn(told));
  });

  test('told twice is known and changes nothing', async () => {
    const id = await registered(api.call);
    const fact = { factKey: 'e-1', kind: 'fulfilled', occurredAt: '2026-01-01T00:00:00+02:00' };
    const madeLong = { ...fact, occurredAt: soon(-1000) };
    expect((await tell(id, madeLong)).body['applied']).toBe(true);
    const again = await tell(id, madeLong);
    expect([again.status, again.body['applied']]).toEqual([202, false]);
    expect(promiseIn(again)['phase']).toBe('kept');
  });

  test('that estimates a time before the promise was made is a slip of the pen', async () => {
    const id = await registered(api.call);
    const { status, body } = await tell(id, {
      factKey: 'e-1',
      kind: 'estimated',
      occurredAt: soon(-1000),
      at: soon(-400 * DAY),
    });
    expect([status, body['errors']]).toMatchObject([422, [{ pointer: '/at' }]]);
  });

  test('of the same key and another content is a clash', async () => {
    const id = await registered(api.call);
    const fact = { factKey: 'p-1', kind: 'progressed', occurredAt: soon(-1000), checkpoint: 'packed' };
    await tell(id, fact);
    for (const other of [
      { ...fact, checkpoint: 'sent' },
      { ...fact, occurredAt: soon(-5000) },
    ]) {
      const { status, body } = await tell(id, other);
      expect([status, body['code']]).toEqual([409, 'FACT_CLASH']);
    }
  });

  test('of the same key belongs to each promise alone', async () => {
    const fact = { factKey: 'p-1', kind: 'progressed', occurredAt: soon(-1000), checkpoint: 'packed' };
    const [a, b] = [await registered(api.call), await registered(api.call)];
    expect((await tell(a, fact)).body['applied']).toBe(true);
    expect((await tell(b, { ...fact, checkpoint: 'sent' })).body['applied']).toBe(true);
  });

  test('of a promise nobody knows is refused', async () => {
    const fact = { factKey: 'p-1', kind: 'progressed', occurredAt: soon(-1000), checkpoint: 'packed' };
    for (const id of ['0199c0de-0000-7000-8000-000000000000', 'A-1001']) {
      const { status, body } = await tell(id, fact);
      expect([status, body['code']]).toEqual([404, 'PROMISE_UNKNOWN']);
    }
  });

  test.each([
    ['fulfilled in time', { kind: 'fulfilled', inFull: true, firstContact: false }, 'kept'],
    ['taken back by the company', { kind: 'withdrawn', by: 'company', cause: 'stock' }, 'broken'],
    ['taken back by the customer', { kind: 'withdrawn', by: 'customer' }, 'withdrawn'],
    ['taken back by nobody known', { kind: 'withdrawn', by: 'unknown' }, 'withdrawn'],
  ])('%s ends the promise', async (_, fact, phase) => {
    const id = await registered(api.call);
    const occurredAt = soon(-1000);
    const told = await tell(id, { factKey: 'end', occurredAt, ...fact });
    expect(promiseIn(told)).toMatchObject({ phase, closedAt: occurredAt, wakeAt: null });
  });

  test('may be up to 5 minutes ahead and up to a day before the promise was made', async () => {
    const id = await registered(api.call);
    const progress = { kind: 'progressed', checkpoint: 'packed' };
    expect((await tell(id, { ...progress, factKey: 'a', occurredAt: soon(4 * 60_000) })).status).toBe(202);
    expect((await tell(id, { ...progress, factKey: 'b', occurredAt: soon(-DAY + 60_000) })).status).toBe(202);
  });

  test.each(['packed', 'Handed_over.to-DPD', '7', 'a'.repeat(63)])('passes the checkpoint %s', async (checkpoint) => {
    const id = await registered(api.call);
    const told = await tell(id, { factKey: 'p', kind: 'progressed', occurredAt: soon(-1000), checkpoint });
    expect(told.status).toBe(202);
  });

  test.each(['', 'left with Mari Tamm', 'mari@customers.example', '-packed', 'pakitud!', 'tõstetud', 'a'.repeat(64)])(
    'keeps no free text as a checkpoint: %j',
    async (checkpoint) => {
      const id = await registered(api.call);
      const told = await tell(id, { factKey: 'p', kind: 'progressed', occurredAt: soon(-1000), checkpoint });
      expect([told.status, told.body['errors']]).toEqual([
        422,
        [{ pointer: '/checkpoint', message: expect.stringContaining('Must be a code') as unknown }],
      ]);
    },
  );

  test('counts by when it occurred, not by when it arrived', async () => {
    const id = await registered(api.call, { madeAt: soon(-3 * HOUR) });
    const [early, late] = [soon(6 * DAY), soon(7 * DAY)];
    await tell(id, { factKey: 'new', kind: 'estimated', occurredAt: soon(-HOUR), at: late });
    const told = await tell(id, { factKey: 'old', kind: 'estimated', occurredAt: soon(-2 * HOUR), at: early });
    expect(promiseIn(told)['estimatedAt']).toBe(late);
  });
});

describe('the cause of a withdrawal', () => {
  const withdraw = async (cause: string): Promise<Answer> =>
    tell(await registered(api.call), {
      factKey: 'end',
      kind: 'withdrawn',
      by: 'company',
      occurredAt: soon(-1000),
      cause,
    });

  test('is one of the usual ones where the company names none', async () => {
    for (const cause of ['stock', 'carrier', 'weather', 'other']) expect((await withdraw(cause)).status).toBe(202);
    const { status, body } = await withdraw('bad-mood');
    expect([status, body['code'], body['errors']]).toEqual([
      422,
      'INVALID_BODY',
      [{ pointer: '/cause', message: 'Must be one of: stock, carrier, weather, other.' }],
    ]);
  });

  test('is one of those that the company names, and no other', async () => {
    const own = await testApi();
    try {
      await saveCompany(own.database.pool, { causes: ['strike', 'stock'] });
      const id = await registered(own.call);
      const fact = { kind: 'withdrawn', by: 'customer', occurredAt: soon(-1000) };
      const path = `/v1/promises/${id}/facts`;
      const refused = await own.call('POST', path, { ...fact, factKey: 'a', cause: 'weather' });
      expect([refused.status, refused.body['errors']]).toEqual([
        422,
        [{ pointer: '/cause', message: 'Must be one of: strike, stock.' }],
      ]);
      expect((await own.call('POST', path, { ...fact, factKey: 'b', cause: 'strike' })).status).toBe(202);
      expect((await own.call('POST', path, { ...fact, factKey: 'c' })).status).toBe(202);
    } finally {
      await own.database.drop();
    }
  });
});

describe('two who write to one promise', () => {
  test('wait for each other and lose nothing', async () => {
    const id = await registered(api.call);
    const facts = Array.from({ length: 40 }, (_, n) => ({
      factKey: `f-${n}`,
      kind: n % 2 === 0 ? 'progressed' : 'estimated',
      occurredAt: soon(-60_000 + n * 1000),
      ...(n % 2 === 0 ? { checkpoint: `step-${n}` } : { at: soon(4 * DAY + n * 1000) }),
    }));
    const answers = await Promise.all(facts.map((fact) => tell(id, fact)));
    expect(answers.map((answer) => answer.body['applied'])).toEqual(facts.map(() => true));
    const { body } = await api.call('GET', `/v1/promises/${id}/timeline`);
    const keys = itemsOf(body).map((item) => item['factKey']);
    expect(keys).toEqual(expect.arrayContaining(facts.map((fact) => fact.factKey)));
    const last = facts[39];
    expect((await api.call('GET', `/v1/promises/${id}`)).body['estimatedAt']).toBe(
      last && 'at' in last ? last.at : null,
    );
  });

  test('with the same fact at once store it once', async () => {
    const id = await registered(api.call);
    const fact = { factKey: 'end', kind: 'fulfilled', occurredAt: soon(-1000) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => tell(id, fact)));
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 202));
    expect(answers.filter((answer) => answer.body['applied'] === true)).toHaveLength(1);
  });

  test('with two ends at once agree on the one that occurred first', async () => {
    const id = await registered(api.call);
    const [first, second] = [soon(-20_000), soon(-10_000)];
    await Promise.all([
      tell(id, { factKey: 'b', kind: 'withdrawn', by: 'company', occurredAt: second }),
      tell(id, { factKey: 'a', kind: 'fulfilled', occurredAt: first }),
    ]);
    expect((await api.call('GET', `/v1/promises/${id}`)).body).toMatchObject({ phase: 'kept', closedAt: first });
  });
});
