import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composer } from '../../activities/compose.ts';
import { claimNotice } from '../../db/claims.ts';
import { recordSent } from '../../db/dispatches.ts';
import { DAY, HOUR, itemsOf, promiseOf, registered, soon, testApi, type Json, type TestApi } from './testing.ts';

let api: TestApi;
beforeAll(async () => void (api = await testApi()));
afterAll(() => api.database.drop());

const get = async (path: string): Promise<Json> => (await api.call('GET', path)).body;
const refsOf = (page: Json): readonly unknown[] => itemsOf(page).map((item) => item['ref']);

describe('finding promises', () => {
  const BASE = Date.parse('2031-01-01T00:00:00Z');
  const atHour = (n: number): string => new Date(BASE + n * HOUR).toISOString();

  beforeAll(async () => {
    const made = [
      {
        source: 'find',
        ref: 'c',
        promised: { at: atHour(3) },
        partner: 'dpd',
        owner: 'kati',
        customer: { ref: 'F-1' },
      },
      {
        source: 'find',
        ref: 'a',
        promised: { at: atHour(1) },
        partner: 'dpd',
        owner: 'jaan',
        customer: { ref: 'F-2' },
      },
      {
        source: 'find',
        ref: 'b',
        promised: { at: atHour(2) },
        kind: 'reply',
        owner: undefined,
        customer: { ref: 'F-1' },
      },
      { source: 'find2', ref: 'a', promised: { at: atHour(25) }, owner: 'kati', customer: { ref: 'F-3' } },
    ];
    // A day in Tallinn, the zone of the company, from one midnight to the next.
    const around = [
      { ref: 'midnight before', promised: { at: '2031-03-05T00:00:00+02:00' } },
      { ref: 'for the 5th', promised: { day: '2031-03-05', zone: 'Europe/Tallinn' } },
      { ref: 'midnight after', promised: { at: '2031-03-06T00:00:00+02:00' } },
      { ref: 'later', promised: { at: '2031-03-06T00:00:00.001+02:00' } },
      // Over at 03:00 of the 6th in UTC, and earlier than that nowhere.
      { ref: 'for the 5th in Brazil', promised: { day: '2031-03-05', zone: 'America/Sao_Paulo' } },
    ];
    for (const one of [...made, ...around.map((two) => ({ source: 'find3', ...two }))]) await registered(api.call, one);
  });

  test.each([
    ['source', 'source=find', ['a', 'b', 'c']],
    ['source and ref', 'source=find&ref=a', ['a']],
    ['ref alone', 'ref=a', ['a', 'a']],
    ['customer', 'customer=F-1', ['b', 'c']],
    ['kind', 'source=find&kind=reply', ['b']],
    // Who served a customer last has her next promise, too, where nobody is named.
    ['owner', 'source=find&owner=kati', ['b', 'c']],
    ['partner', 'partner=dpd', ['a', 'c']],
    ['phase', 'source=find&phase=open', ['a', 'b', 'c']],
    ['another phase', 'source=find&phase=kept', []],
    ['from an instant on', 'source=find&from=2031-01-01T04:00:00%2B02:00', ['b', 'c']],
    ['before an instant', 'source=find&to=2031-01-01T02:00:00Z', ['a']],
    ['from a day on', 'customer=F-3&from=2031-01-02', ['a']],
    ['not from the day after on', 'customer=F-3&from=2031-01-03', []],
    ['up to a day, itself included', 'customer=F-3&to=2031-01-02', ['a']],
    ['not up to the day before', 'customer=F-3&to=2031-01-01', []],
    [
      'a day, where it is promised for, not of UTC',
      'source=find3&from=2031-03-05&to=2031-03-05',
      ['for the 5th', 'midnight after', 'for the 5th in Brazil'],
    ],
    ['the day before it', 'source=find3&to=2031-03-04', ['midnight before']],
    [
      'from its very instant on',
      'source=find3&from=2031-03-05T22:00:00Z',
      ['for the 5th', 'midnight after', 'later', 'for the 5th in Brazil'],
    ],
    ['before its very instant', 'source=find3&to=2031-03-05T22:00:00Z', ['midnight before']],
    ['nothing of that name', 'source=nowhere', []],
  ])('by %s', async (_, query, refs) => {
    expect(refsOf(await get(`/v1/promises?${query}`))).toEqual(refs);
  });

  test('goes through them all page by page, in the order of their deadlines', async () => {
    const same = soon(20 * DAY);
    for (let n = 0; n < 7; n += 1) await registered(api.call, { source: 'pages', promised: { at: same } });
    const seen: unknown[] = [];
    const sizes: number[] = [];
    let cursor: string | null = null;
    do {
      const page: Json = await get(`/v1/promises?source=pages&limit=3${cursor === null ? '' : `&cursor=${cursor}`}`);
      seen.push(...itemsOf(page).map((item) => item['id']));
      sizes.push(itemsOf(page).length);
      cursor = page['next'] as string | null;
    } while (cursor !== null);
    expect(sizes).toEqual([3, 3, 1]);
    expect(new Set(seen).size).toBe(7);
    expect(await get('/v1/promises?source=pages&limit=7')).toMatchObject({ next: null });
  });

  test('items are the promises as they are read alone', async () => {
    const page = await get('/v1/promises?source=find&ref=a');
    const [item] = itemsOf(page);
    expect(item).toEqual(await get(`/v1/promises/${String(item?.['id'])}`));
  });
});

describe('the timeline', () => {
  test('tells every fact with its fields, ours included, oldest first', async () => {
    const madeAt = soon(-3 * HOUR);
    const id = await registered(api.call, { madeAt });
    const [progress, forecast, end] = [soon(-2 * HOUR), soon(-HOUR), soon(-1000)];
    const at = soon(6 * DAY);
    const facts = [
      { factKey: '3', kind: 'withdrawn', occurredAt: end, by: 'company', cause: 'stock' },
      { factKey: '2', kind: 'estimated', occurredAt: forecast, at },
      { factKey: '1', kind: 'progressed', occurredAt: progress, checkpoint: 'packed' },
    ];
    for (const fact of facts) await api.call('POST', `/v1/promises/${id}/facts`, fact);
    const items = itemsOf(await get(`/v1/promises/${id}/timeline`));
    const outside = items.filter((item) => !['escalated', 'notice_dropped'].includes(String(item['kind'])));
    const recordedAt = expect.any(String) as unknown;
    expect(outside).toEqual([
      { at: madeAt, recordedAt, kind: 'registered', factKey: 'registered', by: null },
      { at: progress, recordedAt, kind: 'progressed', factKey: '1', by: null, checkpoint: 'packed' },
      { at: forecast, recordedAt, kind: 'estimated', factKey: '2', by: null, estimatedAt: at },
      { at: end, recordedAt, kind: 'withdrawn', factKey: '3', by: 'company', cause: 'stock' },
    ]);
    expect(items.filter((item) => item['kind'] === 'escalated').map((item) => item['reason'])).toContain('broken');
  });
});

describe('the notices', () => {
  test('show what is owed: a warning after an estimate past the deadline', async () => {
    const id = await registered(api.call, { madeAt: soon(-HOUR) });
    const fact = { factKey: 'late', kind: 'estimated', occurredAt: soon(-1000), at: soon(9 * DAY) };
    await api.call('POST', `/v1/promises/${id}/facts`, fact);
    const items = itemsOf(await get(`/v1/promises/${id}/notices`));
    expect(items).toEqual([
      {
        id: expect.any(String) as unknown,
        reason: 'risk',
        revision: 1,
        state: 'owed',
        dueAt: expect.any(String) as unknown,
        notValidAfter: expect.any(String) as unknown,
        sentAt: null,
        channel: null,
        messageId: null,
        told: null,
        apology: false,
      },
    ]);
  });

  test('are none where nothing is owed', async () => {
    const id = await registered(api.call);
    expect(await get(`/v1/promises/${id}/notices`)).toEqual({ items: [] });
  });

  const noticesOf = async (id: string): Promise<readonly Json[]> => itemsOf(await get(`/v1/promises/${id}/notices`));
  const takeBack = async (changes: Json): Promise<string> => {
    const id = await registered(api.call, { source: 'sorry', ...changes });
    const fact = { factKey: 'end', kind: 'withdrawn', occurredAt: soon(-1000), by: 'company' };
    await api.call('POST', `/v1/promises/${id}/facts`, fact);
    return id;
  };
  /** Freezes what is owed as a worker would; what follows says what became of it. */
  async function claim(promiseId: string, text: 'a text' | 'no address'): Promise<string | null> {
    const { pool } = api.database;
    const [notice] = await noticesOf(promiseId);
    const claimed = await claimNotice(pool, {
      promiseId,
      dutyId: String(notice?.['id']),
      workerName: 'w',
      claimMs: 30_000,
      channel: 'email',
      compose: (request) =>
        text === 'no address' ? { failed: 'no_address' } : composer('Books <care@books.example>')(request),
    });
    return claimed.kind === 'send' ? claimed.dispatchId : null;
  }

  test('apologise once they were sent', async () => {
    const promiseId = await takeBack({ customer: { ref: 'S-1', email: 's1@customers.example' } });
    expect(await noticesOf(promiseId)).toMatchObject([{ reason: 'recovery', apology: false, state: 'owed' }]);
    const dispatchId = (await claim(promiseId, 'a text')) ?? '';
    expect(await noticesOf(promiseId)).toMatchObject([{ apology: false, messageId: null, state: 'claimed' }]);
    await recordSent(api.database.pool, { promiseId, dispatchId, workerName: 'w' });
    const messageId = `<${dispatchId}@books.example>`;
    expect(await noticesOf(promiseId)).toMatchObject([{ apology: true, messageId, told: null, state: 'sent' }]);
  });

  test('that never left apologise for nothing, tell nothing and have no Message-ID', async () => {
    const promiseId = await takeBack({ customer: { ref: 'S-2' } });
    expect(await claim(promiseId, 'no address')).toBeNull();
    expect(await noticesOf(promiseId)).toMatchObject([
      { reason: 'recovery', state: 'failed', apology: false, messageId: null, told: null, sentAt: null },
    ]);
  });

  test('in one mail apologise where its text does, in the first one', async () => {
    const customer = { ref: 'S-3', email: 's3@customers.example' };
    const later = await takeBack({ customer, subject: 'Later', promised: { at: soon(3 * DAY) } });
    const sooner = await takeBack({ customer, subject: 'Sooner', promised: { at: soon(2 * DAY) } });
    const dispatchId = (await claim(later, 'a text')) ?? '';
    await recordSent(api.database.pool, { promiseId: later, dispatchId, workerName: 'w' });
    const { rows } = await api.database.pool.query<{ text: string }>(
      `select content ->> 'text' as text from dispatches where id = $1`,
      [dispatchId],
    );
    const [before = '', after = ''] = (rows[0]?.text ?? '').split('We are sorry.');
    expect([before, after].map((part) => part.includes('— Later —'))).toEqual([false, true]);
    expect(await noticesOf(sooner)).toMatchObject([{ state: 'sent', apology: true }]);
    expect(await noticesOf(later)).toMatchObject([{ state: 'sent', apology: false }]);
  });
});

describe('explain', () => {
  test('gives the plan as stored, with the reason of each instant', async () => {
    const id = await registered(api.call, { kind: 'callback', promised: { from: soon(DAY), to: soon(DAY + HOUR) } });
    const promise = await get(`/v1/promises/${id}`);
    const explained = await get(`/v1/promises/${id}/explain`);
    const { promisedAt, targetAt, lastCallAt, madeAt, zone, flags } = promise;
    expect(explained).toMatchObject({ id, kind: 'callback', policyVersion: 1, precision: 'window' });
    expect(explained).toMatchObject({ promisedAt, targetAt, riskAt: null, lastCallAt, madeAt, zone, flags });
    const reasons = explained['reasons'] as readonly Json[];
    expect(reasons.map((reason) => [reason['instant'], reason['at']])).toEqual(
      ['promisedAt', 'targetAt', 'riskAt', 'lastCallAt', 'sendBy', 'recoveryAt'].map((name) => [name, explained[name]]),
    );
    expect(reasons.map((reason) => reason['text'])).toContain('The promised time less the fixed buffer of 10 minutes.');
  });
});

describe('the report', () => {
  test('counts what was promised, by kind unless asked otherwise', async () => {
    const at = soon(DAY);
    const ids = [1, 2, 3].map(() => promiseOf({ source: 'counted', promised: { at } }));
    for (const body of ids) await api.call('POST', '/v1/promises', body);
    const [first] = itemsOf(await get('/v1/promises?source=counted'));
    const fact = { factKey: 'end', kind: 'fulfilled', occurredAt: soon(-1000) };
    await api.call('POST', `/v1/promises/${String(first?.['id'])}/facts`, fact);
    const report = await get('/v1/reports/word-kept?source=counted');
    expect(report).toMatchObject({
      by: 'kind',
      groups: [{ key: 'delivery', promises: 3, kept: 1, open: 2, keptRate: 1 }],
    });
    const bySource = await get(`/v1/reports/word-kept?by=source&source=counted&to=${encodeURIComponent(at)}`);
    expect(bySource).toMatchObject({ by: 'source', groups: [] });
  });

  test.each([
    ['whole days of the company', 'from=2031-07-05&to=2031-07-05', 2],
    ['days on one side', 'to=2031-07-04', 1],
    ['instants as they are', 'from=2031-07-04T21:00:00Z&to=2031-07-05T21:00:00Z', 1],
  ])('takes %s', async (_, query, count) => {
    if (itemsOf(await get('/v1/promises?source=spans')).length === 0)
      for (const promised of [
        { at: '2031-07-05T00:00:00+03:00' },
        { day: '2031-07-05', zone: 'Europe/Tallinn' },
        { at: '2031-07-06T00:00:00+03:00' },
        { at: '2031-07-06T00:00:00.001+03:00' },
      ])
        await registered(api.call, { source: 'spans', promised });
    expect(await get(`/v1/reports/word-kept?source=spans&${query}`)).toMatchObject({ groups: [{ promises: count }] });
  });
});
