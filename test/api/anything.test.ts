import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registered, testApi, type TestApi } from './testing.ts';

let api: TestApi;
beforeAll(async () => void (api = await testApi()));
afterAll(() => api.database.drop());

const RUNS = { numRuns: 300 };

const NASTY = ['\0', '\ud800', '__proto__', 'constructor', '\u202e', '\r\nX: y', "'; drop table promises; --", '{{x}}'];
const instants = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const anything = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' }), fc.jsonValue(), instants);
const mostly = (good: unknown): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: anything });
const zones = mostly('America/St_Johns');
const days = instants.map((at) => at.slice(0, 10));

const promises = fc.record(
  {
    source: mostly('shop'),
    ref: fc.oneof(fc.uuid(), anything),
    kind: mostly('delivery'),
    promised: fc.oneof(
      fc.record({ at: instants }),
      fc.record({ day: days, zone: zones }),
      fc.record({ from: instants, to: instants }),
      anything,
    ),
    madeAt: fc.oneof(instants, fc.constant(undefined), anything),
    target: fc.oneof(fc.record({ at: instants }), fc.constant(undefined)),
    customer: fc.oneof(fc.record({ ref: mostly('C-1'), zone: zones }), anything),
    subject: mostly('3 books'),
  },
  { requiredKeys: ['source', 'ref', 'kind', 'promised', 'customer'] },
);

const facts = fc.record(
  {
    factKey: fc.oneof(fc.uuid(), anything),
    kind: fc.constantFrom('progressed', 'estimated', 'fulfilled', 'withdrawn', 'paused'),
    occurredAt: fc.oneof(
      fc.integer({ min: -3_600_000, max: 60_000 }).map((ms) => new Date(Date.now() + ms).toISOString()),
      anything,
    ),
    at: fc.oneof(instants, anything),
    by: mostly('customer'),
    checkpoint: mostly('packed'),
  },
  { requiredKeys: ['kind', 'factKey', 'occurredAt'] },
);

test('whatever is promised, no answer is a fault of ours', async () => {
  await fc.assert(
    fc.asyncProperty(promises, fc.constantFrom('/v1/promises', '/v1/promises:plan'), async (body, path) => {
      const { status, body: made } = await api.call('POST', path, body);
      expect([200, 201, 409, 422]).toContain(status);
      if (status !== 201) return;
      for (const part of ['', '/timeline', '/notices', '/explain'])
        expect((await api.call('GET', `/v1/promises/${String(made['id'])}${part}`)).status).toBe(200);
    }),
    RUNS,
  );
});

test('whatever is told of a promise, no answer is a fault of ours', async () => {
  const id = await registered(api.call);
  await fc.assert(
    fc.asyncProperty(facts, async (fact) => {
      const { status } = await api.call('POST', `/v1/promises/${id}/facts`, fact);
      expect([202, 409, 422]).toContain(status);
    }),
    RUNS,
  );
});

const calendars = fc.record(
  {
    calendar: mostly('fuzzed'),
    zone: zones,
    week: mostly({ mon: ['09:00-17:00'] }),
    holidays: fc.oneof(
      fc.record({ country: mostly('EE'), add: fc.array(fc.oneof(days, anything)), remove: fc.array(days) }),
      anything,
    ),
  },
  { requiredKeys: ['zone', 'week'] },
);

test('whatever calendar is stored, no answer is a fault of ours', async () => {
  const ids = fc.constantFrom('fuzzed', 'constructor', '__proto__', 'fuzzed:close', "fuzzed'--");
  await fc.assert(
    fc.asyncProperty(fc.oneof(calendars, anything), ids, async (body, id) => {
      const path = `/v1/calendars/${encodeURIComponent(id)}`;
      expect([200, 404, 422]).toContain((await api.call('PUT', path, JSON.stringify(body))).status);
      expect([200, 404]).toContain((await api.call('GET', path)).status);
    }),
    RUNS,
  );
});

test('whatever is asked for, no answer is a fault of ours', async () => {
  const names = fc.constantFrom('source', 'ref', 'customer', 'phase', 'from', 'to', 'limit', 'cursor', 'stray');
  await fc.assert(
    fc.asyncProperty(fc.dictionary(names, anything), async (query) => {
      const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(JSON.stringify(value))}`);
      expect([200, 422]).toContain((await api.call('GET', `/v1/promises?${text.join('&')}`)).status);
    }),
    RUNS,
  );
});
