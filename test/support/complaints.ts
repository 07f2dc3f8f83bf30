import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { saveKey } from '../../db/keys.ts';
import type { Pool } from '../../db/pool.ts';
import { caller, promiseOf, soon, type Answer, type Call, type Json } from '../api/testing.ts';
import { policy } from './registrations.ts';

// What test/complaints.test.ts and test/complaints.engine.test.ts ask with.

export const quiet = { buffer: { fixed: 'PT1H' }, lead: 'PT1H', whenUnknown: 'silent', factLag: 'PT1H' };
export const POLICIES = [
  policy({ kind: 'reply', ...quiet }),
  policy({ kind: 'delivery', ...quiet, goal: '90%' }),
  policy({ kind: 'warned', ...quiet, whenUnknown: 'warn' }),
];

/** Friday of a January in Tallinn, at 15:00. */
export const FRIDAY = '2026-01-16T13:00:00.000Z';
export const waits = { kind: 'paused', waitingFor: 'customer' } as const;

/** Every day of the week. */
export const daily = (...times: readonly string[]): Json =>
  Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, times]));

export const later = (at: unknown, ms: number): string => new Date(Date.parse(String(at)) + ms).toISOString();

/** Everything is asked of the HTTP API. */
export interface Asking {
  readonly call: Call;
  calendar(id: string, week: Json, more?: Json): Promise<void>;
  plan(changes: Json): Promise<Answer>;
  /** When a promise made at `madeAt` would be due. */
  due(madeAt: string, promised: Json): Promise<unknown>;
  read(id: string): Promise<Json>;
  /** The promise as it stands after a fact. */
  tell(id: string, fact: Json): Promise<Json>;
  noticesOf(id: string): Promise<readonly Json[]>;
}

let keys = 0;

/** An API on a seeded database, with the calendar of an office in Tallinn. */
export async function asking(pool: Pool): Promise<Asking> {
  const key = `kept_${randomBytes(32).toString('base64url')}`;
  await saveKey(pool, 'admin', createHash('sha256').update(key).digest());
  const call = caller(pool, key);
  const plan = (changes: Json): Promise<Answer> => call('POST', '/v1/promises:plan', promiseOf(changes));
  const asks: Asking = {
    call,
    plan,
    calendar: async (id, week, more = {}) => {
      const { status, body } = await call('PUT', `/v1/calendars/${id}`, { zone: 'Europe/Tallinn', week, ...more });
      expect(status, JSON.stringify(body)).toBe(200);
    },
    due: async (madeAt, promised) => (await plan({ kind: 'reply', madeAt, promised })).body['promisedAt'],
    read: async (id) => (await call('GET', `/v1/promises/${id}`)).body,
    tell: async (id, fact) => {
      const sent = { factKey: `f-${(keys += 1)}`, occurredAt: soon(-1000), ...fact };
      const { status, body } = await call('POST', `/v1/promises/${id}/facts`, sent);
      expect(status, JSON.stringify(body)).toBe(202);
      return body['promise'] as Json;
    },
    noticesOf: async (id) => (await call('GET', `/v1/promises/${id}/notices`)).body['items'] as readonly Json[],
  };
  const day = ['09:00-12:30', '13:00-17:00'];
  await asks.calendar('office', { mon: day, tue: day, wed: day, thu: day, fri: day }, { holidays: { country: 'EE' } });
  return asks;
}
