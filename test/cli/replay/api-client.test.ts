import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiRefusal, createApiClient, type ApiClient } from '../../../cli/replay/api-client.ts';
import { instant } from '../../../domain/promise/instant.ts';

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}
interface Asked {
  readonly path: string;
  readonly key: string;
  readonly body: unknown;
}

let server: Server | null = null;
afterEach(async () => {
  await new Promise((done) => (server ? server.close(done) : done(null)));
  server = null;
});

/** Answers in turn, the last one for ever; `cut` closes the connection without an answer, `hang` keeps it open. */
async function api(
  answers: readonly (Answer | 'cut' | 'hang')[],
  port = 0,
): Promise<{ readonly url: string; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const serving = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      asked.push({ path: request.url ?? '', key: request.headers.authorization ?? '', body: JSON.parse(text) });
      const answer = answers[Math.min(asked.length, answers.length) - 1] ?? 'cut';
      if (answer === 'hang') return;
      if (answer === 'cut') {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status, { connection: 'close', ...answer.headers });
      response.end(JSON.stringify(answer.body ?? {}));
    });
  });
  server = serving;
  await new Promise<void>((done) => serving.listen(port, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(serving.address() as AddressInfo).port}`, asked };
}

const client = (url: string, patienceMs = 30_000): ApiClient => createApiClient({ url, key: 'kept_x', patienceMs });
const FACT = { kind: 'fulfilled', factKey: 'done', occurredAt: instant(0) } as const;

describe('a call to the API', () => {
  it('brings the key and the body, and answers the id', async () => {
    const { url, asked } = await api([{ status: 201, body: { id: 'p-1', phase: 'open' } }]);
    expect(await client(url).register({ ref: 'A-1' })).toBe('p-1');
    expect(asked).toEqual([{ path: '/v1/promises', key: 'Bearer kept_x', body: { ref: 'A-1' } }]);
  });

  it('is repeated with the same body while the API is away, busy or starting', async () => {
    const busy = { status: 503, headers: { 'retry-after': '0' } };
    const { url, asked } = await api(['cut', busy, { status: 500 }, { status: 429 }, { status: 202 }]);
    await client(url).reportFact('p-1', FACT);
    expect(asked.map((one) => one.path)).toEqual(Array(5).fill('/v1/promises/p-1/facts'));
    expect(asked.every((one) => JSON.stringify(one.body) === JSON.stringify(FACT))).toBe(true);
  });

  it('is repeated when it gets no answer at all', async () => {
    const { url, asked } = await api(['hang', { status: 201, body: { id: 'p-1' } }]);
    const impatient = createApiClient({ url, key: 'k', patienceMs: 30_000, attemptMs: 100 });
    expect(await impatient.register({ ref: 'A-1' })).toBe('p-1');
    expect(asked.length).toBe(2);
  });

  it('says that there was no answer when its patience is over', async () => {
    const { url } = await api(['hang']);
    const impatient = createApiClient({ url, key: 'k', patienceMs: 60, attemptMs: 50 });
    await expect(impatient.register({})).rejects.toThrow(/not answered for 0.06 s \(no answer within 0.05 s\)/);
  });

  it('is repeated until the API listens at all', async () => {
    const { url } = await api([{ status: 201, body: { id: 'p-1' } }]);
    const port = Number(new URL(url).port);
    await new Promise((done) => server?.close(done));
    const calling = client(url).register({ ref: 'A-1' });
    const late = await api([{ status: 201, body: { id: 'p-2' } }], port);
    expect(await calling).toBe('p-2');
    expect(late.asked.length).toBe(1);
  });

  it('is given up when its patience is over, saying what to look at', async () => {
    const { url, asked } = await api([{ status: 503 }]);
    await expect(client(url, 120).register({})).rejects.toThrow(
      /not answered for 0.12 s \(HTTP 503\). Is the API running\?/,
    );
    expect(asked.length).toBeGreaterThan(1);
  });

  it('is not repeated when it is refused; the error names code and pointers', async () => {
    const problem = {
      code: 'INVALID_BODY',
      title: 'Not valid',
      errors: [{ pointer: '/promised', message: 'is missing' }],
    };
    const { url, asked } = await api([{ status: 422, body: problem }]);
    const calling = client(url).register({ customer: { name: 'Mari Tamm' } });
    await expect(calling).rejects.toBeInstanceOf(ApiRefusal);
    await expect(calling).rejects.toThrow(
      'POST /v1/promises was refused: HTTP 422, INVALID_BODY, Not valid, /promised is missing',
    );
    expect(asked.length).toBe(1);
  });

  it('ends at once when the signal says stop', async () => {
    const { url } = await api([{ status: 503 }]);
    const stop = new AbortController();
    const calling = createApiClient({ url, key: 'k', patienceMs: 60_000, signal: stop.signal }).register({});
    stop.abort();
    await expect(calling).rejects.toThrow(/abort/i);
  });
});
