import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY, HOUR, pointersOf, promiseOf, registered, soon, testApi, type Json, type TestApi } from './testing.ts';

let api: TestApi;
let id: string;
beforeAll(async () => {
  api = await testApi();
  id = await registered(api.call);
});
afterAll(() => api.database.drop());

const LONG = (length: number): string => 'x'.repeat(length);
const at = '2031-11-27T15:00:00+02:00';
const customer = { ref: 'C-1' };

/** What is changed in a good body, and where that is wrong. */
const WRONG_PROMISES: readonly (readonly [string, Json, string])[] = [
  ['no source', { source: undefined }, '/source'],
  ['an empty source', { source: '' }, '/source'],
  ['a number as source', { source: 5 }, '/source'],
  ['our own name as source', { source: 'kept' }, '/source'],
  ['a source too long', { source: LONG(65) }, '/source'],
  ['U+0000 in the source', { source: 'a\0b' }, '/source'],
  ['no ref', { ref: undefined }, '/ref'],
  ['U+0000 in the ref', { ref: '\0' }, '/ref'],
  ['half a surrogate pair in the ref', { ref: 'a\ud800' }, '/ref'],
  ['a ref too long', { ref: LONG(201) }, '/ref'],
  ['no kind', { kind: undefined }, '/kind'],
  ['a kind without a policy', { kind: 'teleport' }, '/kind'],
  ['U+0000 in the kind', { kind: 'delivery\0' }, '/kind'],
  ['no promised time', { promised: undefined }, '/promised'],
  ['null as promised time', { promised: null }, '/promised'],
  ['a text as promised time', { promised: at }, '/promised'],
  ['an empty promised time', { promised: {} }, '/promised'],
  ['a duration of nothing', { promised: { within: 'PT0S' } }, '/promised/within'],
  ['days of working time', { promised: { within: 'P2D', calendar: 'office' } }, '/promised/within'],
  ['a calendar that nobody stored', { promised: { within: 'PT4H', calendar: 'nowhere' } }, '/promised/calendar'],
  ['a quote', { promised: { quoteId: 'q-1' } }, '/promised'],
  ['two forms in one', { promised: { at, day: '2031-11-27', zone: 'UTC' } }, '/promised'],
  ['an instant and a stray field', { promised: { at, zone: undefined, extra: 1 } }, '/promised/extra'],
  ['a wall-clock time', { promised: { at: '2031-11-27T15:00:00' } }, '/promised/at'],
  ['a wall-clock time with a space', { promised: { at: '2031-11-27 15:00' } }, '/promised/at'],
  ['a day as instant', { promised: { at: '2031-11-27' } }, '/promised/at'],
  ['no time at all', { promised: { at: 'tomorrow' } }, '/promised/at'],
  ['a number as instant', { promised: { at: 1_900_000_000 } }, '/promised/at'],
  ['30 February', { promised: { at: '2031-02-30T12:00:00Z' } }, '/promised/at'],
  ['25 o’clock', { promised: { at: '2031-02-20T25:00:00Z' } }, '/promised/at'],
  ['24 o’clock', { promised: { at: '2031-02-20T24:00:00Z' } }, '/promised/at'],
  ['a leap second', { promised: { at: '2031-06-30T23:59:60Z' } }, '/promised/at'],
  ['an offset that is none', { promised: { at: '2031-02-20T12:00:00+25:00' } }, '/promised/at'],
  ['the year 0000', { promised: { at: '0000-06-30T00:00:00Z' } }, '/promised/at'],
  ['the year 10000', { promised: { at: '+010000-01-01T00:00:00Z' } }, '/promised/at'],
  ['before the year 0001 by its offset', { promised: { at: '0001-01-01T00:00:00+02:00' } }, '/promised/at'],
  ['after the year 9999 by its offset', { promised: { at: '9999-12-31T23:30:00-02:00' } }, '/promised/at'],
  ['after the year 9999 by its fact lag', { promised: { at: '9999-12-31T23:30:00Z' } }, '/promised'],
  ['after the year 9999 by its last day', { promised: { day: '9999-12-31', zone: 'UTC' } }, '/promised'],
  ['a day that is none', { promised: { day: '2031-02-29', zone: 'UTC' } }, '/promised/day'],
  ['a day that is a time', { promised: { day: at, zone: 'UTC' } }, '/promised/day'],
  ['a day without zone', { promised: { day: '2031-11-27' } }, '/promised/zone'],
  ['a zone that is an offset', { promised: { day: '2031-11-27', zone: '+02:00' } }, '/promised/zone'],
  ['a zone that nobody knows', { promised: { day: '2031-11-27', zone: 'Mars/Base' } }, '/promised/zone'],
  ['a zone that hides an offset', { promised: { day: '2031-11-27', zone: 'foo+03:00' } }, '/promised/zone'],
  ['a zone that every object knows', { promised: { day: '2031-11-27', zone: 'constructor' } }, '/promised/zone'],
  ['a window without end', { promised: { from: at } }, '/promised/to'],
  ['a window that ends as it begins', { promised: { from: at, to: at } }, '/promised/to'],
  ['a window backwards', { promised: { from: at, to: '2031-11-27T14:59:00+02:00' } }, '/promised/to'],
  ['a promise for the past', { promised: { at: soon(-HOUR) } }, '/promised'],
  ['a promise for madeAt', { madeAt: soon(-HOUR), promised: { at: soon(-HOUR) } }, '/promised'],
  [
    'a day that was over when it was said',
    { madeAt: '2026-01-10T00:00:00Z', promised: { day: '2026-01-09', zone: 'UTC' } },
    '/promised',
  ],
  ['a target that is no object', { target: at }, '/target'],
  ['a target without offset', { target: { at: '2031-11-27T15:00:00' } }, '/target/at'],
  ['an empty target', { target: {} }, '/target/at'],
  ['a madeAt without offset', { madeAt: '2026-01-10T00:00:00' }, '/madeAt'],
  ['a madeAt ahead of now', { madeAt: soon(6 * 60_000) }, '/madeAt'],
  ['no customer', { customer: undefined }, '/customer'],
  ['a customer by whom nobody is found', { customer: { name: 'Mari' } }, '/customer/ref'],
  ['U+0000 in a name', { customer: { ...customer, name: 'M\0' } }, '/customer/name'],
  ['a name too long', { customer: { ...customer, name: LONG(201) } }, '/customer/name'],
  ['an e-mail that is none', { customer: { ...customer, email: 'mari' } }, '/customer/email'],
  ['two e-mails', { customer: { ...customer, email: 'a@b.example,c@d.example' } }, '/customer/email'],
  [
    'an e-mail with a line break',
    { customer: { ...customer, email: 'a@b.example\r\nBcc: c@d.example' } },
    '/customer/email',
  ],
  ['an e-mail too long', { customer: { ...customer, email: `${LONG(250)}@b.example` } }, '/customer/email'],
  ['a phone too long', { customer: { ...customer, phone: LONG(65) } }, '/customer/phone'],
  ['a language that is none', { customer: { ...customer, language: 'estonian language' } }, '/customer/language'],
  ['a zone that nobody knows', { customer: { ...customer, zone: 'Europe/Nowhere' } }, '/customer/zone'],
  ['a stray field of the customer', { customer: { ...customer, vip: true } }, '/customer/vip'],
  ['null as owner', { owner: null }, '/owner'],
  ['U+0000 in the owner', { owner: '\0' }, '/owner'],
  ['a partner too long', { partner: LONG(201) }, '/partner'],
  ['a region too long', { region: LONG(201) }, '/region'],
  ['a product too long', { product: LONG(201) }, '/product'],
  ['a subject too long', { subject: LONG(301) }, '/subject'],
  ['U+0000 in the subject', { subject: '3 books\0' }, '/subject'],
  ['a value as a number', { value: { amount: 49.9, currency: 'EUR' } }, '/value/amount'],
  ['a stray field', { promisedAt: at }, '/promisedAt'],
  ['a stray field with a slash and a tilde', { 'a/b~c': 1 }, '/a~1b~0c'],
];

describe('POST /v1/promises refuses', () => {
  test.each(WRONG_PROMISES)('%s', async (_, changes, pointer) => {
    const { status, body } = await api.call('POST', '/v1/promises', promiseOf(changes));
    expect([status, body['code'], pointersOf(body)]).toEqual([422, 'INVALID_BODY', [pointer]]);
  });

  test('the prototype as a field', async () => {
    const body = JSON.stringify(promiseOf()).replace('{', '{"__proto__":{"source":"x"},');
    const { status, body: answer } = await api.call('POST', '/v1/promises', body);
    expect([status, pointersOf(answer)]).toEqual([422, ['/__proto__']]);
  });

  test('all that is wrong, together', async () => {
    const wrong = promiseOf({ source: '', ref: undefined, promised: { day: 'x', zone: 'y' }, stray: 1 });
    const { body } = await api.call('POST', '/v1/promises', wrong);
    expect([...pointersOf(body)].sort()).toEqual(['/promised/day', '/promised/zone', '/ref', '/source', '/stray']);
  });

  test.each([[[]], ['text'], [5], [null], [true]])('%j as a body', async (sent) => {
    const { status, body } = await api.call('POST', '/v1/promises', JSON.stringify(sent));
    expect([status, pointersOf(body)]).toEqual([422, ['']]);
  });

  test('and says what to do about a time without offset', async () => {
    const { body } = await api.call('POST', '/v1/promises', promiseOf({ promised: { at: '2031-11-27T15:00:00' } }));
    expect(body['errors']).toEqual([
      {
        pointer: '/promised/at',
        message: 'A time without offset means another instant in every zone. Add Z or an offset such as +02:00.',
      },
    ]);
  });

  test('and names the kinds there are', async () => {
    const { body } = await api.call('POST', '/v1/promises', promiseOf({ kind: 'teleport' }));
    expect(body['errors']).toEqual([
      { pointer: '/kind', message: 'No policy for this kind. Known: callback, delivery, refund, repair, reply.' },
    ]);
  });

  test('and stores nothing of what it refused', async () => {
    const body = promiseOf({ kind: 'teleport' });
    await api.call('POST', '/v1/promises', body);
    expect((await api.call('GET', `/v1/promises?ref=${String(body['ref'])}`)).body['items']).toEqual([]);
  });
});

test.each([
  ['2031-11-27T15:00:00+02:00', '2031-11-27T13:00:00.000Z'],
  ['2031-11-27t15:00:00z', '2031-11-27T15:00:00.000Z'],
  ['2031-11-27T15:00:00.5-03:30', '2031-11-27T18:30:00.500Z'],
  ['2031-11-27T15:00:00.123999999Z', '2031-11-27T15:00:00.123Z'],
  ['2031-11-27T00:30:00-00:00', '2031-11-27T00:30:00.000Z'],
  ['2032-02-29T23:59:59Z', '2032-02-29T23:59:59.000Z'],
])('the instant %s is %s', async (given, read) => {
  const { body } = await api.call('POST', '/v1/promises:plan', promiseOf({ promised: { at: given } }));
  expect(body['promisedAt']).toBe(read);
});

describe('POST /v1/promises:plan refuses the same, but for a madeAt ahead of now', () => {
  const same = WRONG_PROMISES.filter(([name]) => name !== 'a madeAt ahead of now');
  test.each(same)('%s', async (_, changes, pointer) => {
    const { status, body } = await api.call('POST', '/v1/promises:plan', promiseOf(changes));
    expect([status, body['code'], pointersOf(body)]).toEqual([422, 'INVALID_BODY', [pointer]]);
  });
});

const factOf = (changes: Json): Json => ({ factKey: 'f-1', kind: 'fulfilled', occurredAt: soon(0), ...changes });
const estimate = (time: unknown): Json => factOf({ kind: 'estimated', at: time });

const WRONG_FACTS: readonly (readonly [string, Json, string])[] = [
  ['no key', factOf({ factKey: undefined }), '/factKey'],
  ['an empty key', factOf({ factKey: '' }), '/factKey'],
  ['U+0000 in the key', factOf({ factKey: '\0' }), '/factKey'],
  ['a key too long', factOf({ factKey: LONG(201) }), '/factKey'],
  ['the key of our first fact', factOf({ factKey: 'registered' }), '/factKey'],
  ['the key of an alert', factOf({ factKey: 'alert:slip' }), '/factKey'],
  ['the key of a notice', factOf({ factKey: 'notice:risk:1:0:sent' }), '/factKey'],
  ['no kind', factOf({ kind: undefined }), '/kind'],
  ...['registered', 'escalated', 'notice_sent', 'notice_dropped', 'notice_failed'].map(
    (kind) => [`our own kind ${kind}`, factOf({ kind }), '/kind'] as const,
  ),
  ...['chosen', 'handed_over', 'policy_applied', 'notice_sent', 'nonsense'].map(
    (kind) => [`the kind ${kind}`, factOf({ kind }), '/kind'] as const,
  ),
  ['no occurredAt', factOf({ occurredAt: undefined }), '/occurredAt'],
  ['an occurredAt without offset', factOf({ occurredAt: '2026-11-27T15:00:00' }), '/occurredAt'],
  ['progress without checkpoint', factOf({ kind: 'progressed' }), '/checkpoint'],
  ['a checkpoint too long', factOf({ kind: 'progressed', checkpoint: LONG(101) }), '/checkpoint'],
  ['U+0000 in the checkpoint', factOf({ kind: 'progressed', checkpoint: '\0' }), '/checkpoint'],
  ['an estimate without time', estimate(undefined), '/at'],
  ['an estimate without offset', estimate('2031-11-27T15:00:00'), '/at'],
  ['an estimate at the end of all years', estimate('9999-12-31T00:00:00Z'), '/at'],
  ['a withdrawal by nobody', factOf({ kind: 'withdrawn' }), '/by'],
  ['a withdrawal by somebody', factOf({ kind: 'withdrawn', by: 'kati' }), '/by'],
  ['a cause that is not on the list', factOf({ kind: 'withdrawn', by: 'company', cause: 'bad mood' }), '/cause'],
  ['U+0000 in the cause', factOf({ kind: 'withdrawn', by: 'company', cause: '\0' }), '/cause'],
  ['inFull that is no yes or no', factOf({ inFull: 'yes' }), '/inFull'],
  ['a field of another kind', factOf({ at }), '/at'],
  ['a stray field', factOf({ note: 'call Mari' }), '/note'],
];

describe('POST /v1/promises/{id}/facts refuses', () => {
  test.each(WRONG_FACTS)('%s', async (_, fact, pointer) => {
    const { status, body } = await api.call('POST', `/v1/promises/${id}/facts`, fact);
    expect([status, body['code'], pointersOf(body)]).toEqual([422, 'INVALID_BODY', [pointer]]);
  });

  test.each([
    ['more than 5 minutes ahead', () => soon(5 * 60_000 + 5_000)],
    ['more than a day before the promise was made', () => soon(-DAY - 5_000)],
    ['in the first year', () => '0001-01-01T00:00:00Z'],
    ['in the last year', () => '9999-12-31T23:59:59Z'],
  ])('an occurredAt %s', async (_, occurredAt) => {
    const { status, body } = await api.call('POST', `/v1/promises/${id}/facts`, factOf({ occurredAt: occurredAt() }));
    expect([status, body['code'], pointersOf(body)]).toEqual([422, 'OCCURRED_AT_IMPLAUSIBLE', ['/occurredAt']]);
  });

  test('and says which kinds it knows', async () => {
    const { body } = await api.call('POST', `/v1/promises/${id}/facts`, factOf({ kind: 'nonsense' }));
    expect(body['errors']).toEqual([
      {
        pointer: '/kind',
        message:
          'Must be one of: progressed, estimated, fulfilled, fulfilment_reversed, paused, resumed, repromised, attempted, contacted, rated, withdrawn.',
      },
    ]);
  });

  test('and leaves the promise as it was', async () => {
    const { body } = await api.call('GET', `/v1/promises/${id}/timeline`);
    expect((body['items'] as readonly Json[]).map((item) => item['kind'])).toEqual(['registered']);
  });
});

const WRONG_QUERIES: readonly (readonly [string, string, string])[] = [
  ['a limit of nothing', 'limit=0', '/limit'],
  ['a limit too high', 'limit=501', '/limit'],
  ['a limit below nothing', 'limit=-1', '/limit'],
  ['half a limit', 'limit=1.5', '/limit'],
  ['an empty limit', 'limit=', '/limit'],
  ['a phase that is none', 'phase=late', '/phase'],
  ['a from without offset', 'from=2026-01-01T00:00:00', '/from'],
  ['a to that is no time', 'to=tomorrow', '/to'],
  ['a day that is none', 'from=2026-02-30', '/from'],
  ['a cursor of somebody else', 'cursor=abc', '/cursor'],
  ['a cursor that is JSON', `cursor=${Buffer.from('{"a":1}').toString('base64url')}`, '/cursor'],
  [
    'a cursor with a wrong id',
    `cursor=${Buffer.from('["2026-01-01T00:00:00.000Z","x"]').toString('base64url')}`,
    '/cursor',
  ],
  ['an empty source', 'source=', '/source'],
  ['U+0000 in the ref', 'ref=%00', '/ref'],
  ['a filter that is none', 'custmer=C-1', '/custmer'],
  ['the prototype as a filter', '__proto__=1', '/__proto__'],
  ['a filter given twice', 'kind=delivery&kind=reply', '/kind'],
];

describe('GET /v1/promises refuses', () => {
  test.each(WRONG_QUERIES)('%s', async (_, query, pointer) => {
    const { status, body } = await api.call('GET', `/v1/promises?${query}`);
    expect([status, body['code'], pointersOf(body)]).toEqual([422, 'INVALID_QUERY', [pointer]]);
  });
});

describe('GET /v1/reports/word-kept refuses', () => {
  test.each([
    ['a grouping that is none', 'by=weather', '/by'],
    ['a filter that is none', 'region=tartu', '/region'],
    ['a from without offset', 'from=2026-01-01T00:00:00', '/from'],
  ])('%s', async (_, query, pointer) => {
    const { status, body } = await api.call('GET', `/v1/reports/word-kept?${query}`);
    expect([status, body['code'], pointersOf(body)]).toEqual([422, 'INVALID_QUERY', [pointer]]);
  });
});
