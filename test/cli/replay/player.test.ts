import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ApiRefusal, type ApiClient } from '../../../cli/replay/api-client.ts';
import { play, registrationOf, type PlayOptions } from '../../../cli/replay/player.ts';
import type { PlayedRow } from '../../../cli/replay/shrink.ts';
import type { OutsideFact } from '../../../domain/promise/facts.ts';
import { instant } from '../../../domain/promise/instant.ts';
import { historyRow } from '../../support/history.ts';

const NOW = Date.now();
const at = (ms: number) => instant(NOW + ms);
const fact = (factKey: string, ms: number): OutsideFact => ({
  kind: 'progressed',
  checkpoint: 'x',
  factKey,
  occurredAt: at(ms),
});

const row = (ref: string, madeMs: number, facts: readonly OutsideFact[] = []): PlayedRow => ({
  ...historyRow(),
  ref,
  kind: 'delivery-replay',
  madeAt: at(madeMs),
  promised: { precision: 'instant', at: at(60_000) },
  facts,
  expected: 'overdue',
});

interface Recorder extends ApiClient {
  readonly calls: string[];
  most: number;
}

/** Writes down what was called; every call takes a turn of the event loop, those of `slow` promises longer. */
function recorder(slow: readonly string[] = []): Recorder {
  let under = 0;
  const turn = async (ref: string): Promise<void> => {
    under += 1;
    api.most = Math.max(api.most, under);
    await sleep(slow.includes(ref) ? 30 : 0);
    under -= 1;
  };
  const api: Recorder = {
    calls: [],
    most: 0,
    register: async ({ ref }) => {
      await turn(String(ref));
      api.calls.push(String(ref));
      return `id-${String(ref)}`;
    },
    reportFact: async (id, { factKey }) => {
      await turn(id.slice(3));
      api.calls.push(`${id}/${factKey}`);
    },
  };
  return api;
}

const playing = (api: ApiClient, rows: readonly PlayedRow[], more: Partial<PlayOptions> = {}) =>
  play({ api, source: 'olist', zone: 'Europe/Tallinn', rows, now: () => Date.now(), ...more });

describe('the player', () => {
  it('registers each promise and reports its facts, and counts what was answered', async () => {
    const api = recorder();
    const progress: number[] = [];
    const rows = [row('a', -20, [fact('one', -10), fact('two', 10)]), row('b', 5)];
    const sent = await playing(api, rows, { onCall: ({ registered, facts }) => progress.push(registered + facts) });
    expect(sent).toEqual({ registered: 2, facts: 2 });
    expect(api.calls.filter((call) => call !== 'b')).toEqual(['a', 'id-a/one', 'id-a/two']);
    expect(api.calls).toContain('b');
    expect(progress).toEqual([1, 2, 3, 4]);
  });

  it('calls nothing before its moment', async () => {
    const api = recorder();
    const moments: number[] = [];
    const watching: ApiClient = { ...api, register: (body) => (moments.push(Date.now()), api.register(body)) };
    await playing(watching, [row('a', -5), row('b', Date.now() - NOW + 80)]);
    expect(moments.length).toBe(2);
    expect(moments[1]).toBeGreaterThanOrEqual(NOW + 80);
  });

  it('keeps the facts of a promise in order behind a slow registration, and lets others pass', async () => {
    const api = recorder(['a']);
    await playing(api, [row('a', -20, [fact('one', -10), fact('two', -9)]), row('b', -5)]);
    expect(api.calls).toEqual(['b', 'a', 'id-a/one', 'id-a/two']);
  });

  it('reports only the facts of promises that are registered already', async () => {
    const api = recorder();
    const known = new Map([['old', 'id-old']]);
    const rows = [row('new', -20, [fact('done', -10)]), row('old', -30, [fact('done', -5)])];
    const sent = await playing(api, rows, { known });
    expect(api.calls.toSorted()).toEqual(['id-new/done', 'id-old/done', 'new']);
    expect(sent).toEqual({ registered: 1, facts: 2 });
  });

  it('has at most 32 calls under way', async () => {
    const refs = Array.from({ length: 100 }, (_, n) => `r${n}`);
    const api = recorder(refs);
    await playing(
      api,
      refs.map((ref) => row(ref, -5)),
    );
    expect(api.most).toBe(32);
  });

  it('stops at the first call that is refused, and says which', async () => {
    const api = recorder();
    const refusing: ApiClient = { ...api, reportFact: () => Promise.reject(new ApiRefusal('no')) };
    const rows = [row('a', -20, [fact('one', -10)]), row('b', 60_000)];
    await expect(playing(refusing, rows)).rejects.toThrow('no');
    expect(api.calls).toEqual(['a']);
  });

  it('stops when the signal says so, in the middle of waiting', async () => {
    const api = recorder();
    const stop = new AbortController();
    const done = playing(api, [row('a', -20), row('b', 60_000)], { signal: stop.signal, onCall: () => stop.abort() });
    await expect(done).rejects.toThrow(/abort/i);
    expect(api.calls).toEqual(['a']);
  });

  it('registers for a customer of its own at replay.example', () => {
    const customer = {
      ref: '17',
      name: 'Mari Tamm',
      email: 'mari@example.com',
      phone: '+372 5000000',
      language: 'et',
      zone: null,
    };
    const named = { ...row('a', 0), customer, owner: 'kati', partner: 'dpd', subject: 'Emma' };
    expect(registrationOf(named, 'bookshop', 'Europe/Tallinn')).toEqual({
      source: 'bookshop',
      ref: 'a',
      kind: 'delivery-replay',
      promised: { at: at(60_000) },
      madeAt: at(0),
      customer: {
        ref: 'a@replay.example',
        email: 'a@replay.example',
        zone: 'Europe/Tallinn',
        name: 'Mari Tamm',
        language: 'et',
      },
      owner: 'kati',
      partner: 'dpd',
      subject: 'Emma',
    });
  });

  it('registers with the zone of the customer, region, product and our own earlier deadline where they are known', () => {
    const customer = { ref: '17', name: null, email: null, phone: null, language: null, zone: 'America/Manaus' };
    const known = { ...row('a', 0), customer, region: 'EWR', product: 'IAH', target: at(50_000) };
    expect(registrationOf(known, 'nyc', 'America/New_York')).toMatchObject({
      customer: { ref: 'a@replay.example', email: 'a@replay.example', zone: 'America/Manaus' },
      region: 'EWR',
      product: 'IAH',
      target: { at: at(50_000) },
    });
  });

  it('makes an address of any reference', () => {
    const body = registrationOf(row(`A 1/2 "ä" ${'x'.repeat(100)}`, 0), 'shop', 'UTC');
    expect(body['customer']).toMatchObject({ email: expect.stringMatching(/^A-1-2[\w-]{59}@replay\.example$/) });
  });
});
