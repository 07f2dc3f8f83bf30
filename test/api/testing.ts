import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { createApp } from '../../api/server.ts';
import type { ApiLog, ApiOptions } from '../../api/deps.ts';
import { problemSchema } from '../../api/problem.ts';
import { ROUTES } from '../../api/routes/index.ts';
import { saveKey } from '../../db/keys.ts';
import type { Pool } from '../../db/pool.ts';
import { DEFAULT_POLICIES } from '../../domain/policy/defaults.ts';
import { instant, type Instant } from '../../domain/promise/instant.ts';
import { seed } from '../support/registrations.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

export type Json = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into answers of many shapes; each of them has been checked against its schema by then.
  readonly body: Json;
}

export type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

export interface TestApi {
  readonly database: TestDatabase;
  readonly key: string;
  readonly lines: string[];
  readonly call: Call;
}

/** An API on a database of its own with the default policies and a small staff. */
export async function testApi(options: Partial<ApiOptions> = {}): Promise<TestApi> {
  const database = await testDatabase();
  // Promises of these tests lie far ahead, so that no run of them comes too late.
  await seed(
    database.pool,
    DEFAULT_POLICIES.map((policy) => ({ ...policy, longest: 'P50Y' })),
  );
  const key = `kept_${randomBytes(32).toString('base64url')}`;
  await saveKey(database.pool, 'admin', createHash('sha256').update(key).digest());
  const lines: string[] = [];
  return { database, key, lines, call: caller(database.pool, key, { log: logInto(lines), ...options }) };
}

/**
 * Calls an API over `pool`. Every answer is held against what the OpenAPI document says of it: a refusal is
 * problem+json of its own status, anything else has exactly the schema of its route.
 */
export function caller(pool: Pool, key: string | null, options: Partial<ApiOptions> = {}): Call {
  const app = createApp({
    pool,
    baseUrl: 'http://kept.example',
    log: logInto([]),
    engineUp: () => true,
    now: () => instant(Date.now()),
    ...options,
  });
  return async (method, path, body, headers = {}) => {
    const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    const response = await app.request(path, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const text = await response.text();
    const json = (text === '' ? {} : JSON.parse(text)) as Json;
    if (method !== 'HEAD') checkAnswer(method, path, response, json);
    return { status: response.status, headers: response.headers, body: json };
  };
}

function checkAnswer(method: string, path: string, response: Response, json: Json): void {
  if (response.status >= 400) {
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(problemSchema.parse(json).status).toBe(response.status);
    return;
  }
  const bare = path.replace(/\?.*$/, '');
  const route = ROUTES.find((one) => one.method === method.toLowerCase() && shapeOf(one.path).test(bare));
  if (!route) return;
  // 204 has no body.
  if (response.status !== 204) route.spec.answers[response.status]?.schema.parse(json);
  for (const text of instantsIn(json)) expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
}

const shapeOf = (path: string): RegExp => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);

/** Everything in an answer that looks like a time of day; absences are told on the wall clock of whom they are of. */
function instantsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => (key === 'absences' ? [] : instantsIn(each)));
}

export function logInto(lines: string[]): ApiLog {
  const write = (fields: object, message: string): void => void lines.push(JSON.stringify({ ...fields, message }));
  return { info: write, warn: write, error: write };
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** `ms` from now, to the whole second. */
export const soon = (ms: number): Instant => instant(Math.round((Date.now() + ms) / 1000) * 1000);

let refs = 0;

/** A good body of POST /v1/promises; `changes` replaces fields, `undefined` leaves them out. */
export const promiseOf = (changes: Json = {}): Json => ({
  source: 'shop',
  ref: `A-${(refs += 1)}`,
  kind: 'delivery',
  promised: { at: soon(5 * DAY) },
  customer: { ref: 'C-17', name: 'Mari Tamm', email: 'mari@customers.example', zone: 'Europe/Tallinn' },
  owner: 'kati',
  ...changes,
});

/** Registers a promise and answers its id. */
export async function registered(call: Call, changes: Json = {}): Promise<string> {
  const { status, body } = await call('POST', '/v1/promises', promiseOf(changes));
  expect(status).toBe(201);
  return String(body['id']);
}

/** Where an answer says something is wrong. */
export const pointersOf = (body: Json): readonly string[] =>
  ((body['errors'] ?? []) as readonly { pointer: string }[]).map((error) => error.pointer);

export const itemsOf = (body: Json): readonly Json[] => body['items'] as readonly Json[];
