import { serve } from '@hono/node-server';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { faultFields } from '../db/fault-fields.ts';
import { instant } from '../domain/promise/instant.ts';
import { createApp } from './app.ts';
import type { ApiOptions } from './deps.ts';

export { createApp } from './app.ts';

export interface StartOptions extends Omit<ApiOptions, 'now' | 'baseUrl'> {
  /** Null: where it then listens; for every address of the machine (0.0.0.0, ::) that is loopback. */
  readonly baseUrl: ApiOptions['baseUrl'] | null;
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  readonly now?: ApiOptions['now'];
}

export interface RunningApi {
  readonly url: string;
  /** Takes no new requests, lets those under way finish for a while, then cuts what is left. */
  close(): Promise<void>;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);
/** How long requests under way may still take when the API is closed, in milliseconds. */
const CLOSE_GRACE_MS = 5_000;
/** Against callers that send a request byte by byte, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Serves the API. Rejects when the address is taken. What nobody awaited is logged and does not end the process. */
export async function startApi({ port, host, now, baseUrl, ...options }: StartOptions): Promise<RunningApi> {
  if (options.dev && !LOOPBACK.has(host))
    throw new Error(`The pages of a laptop ask for no key: ${host} is no loopback address.`);
  const closing = new AbortController();
  const appAt = (url: string): ReturnType<typeof createApp> =>
    createApp({
      ...options,
      baseUrl: baseUrl ?? url,
      now: now ?? (() => instant(Date.now())),
      closing: closing.signal,
    });
  const logRejection = (reason: unknown): void =>
    options.log.error(faultFields(reason), 'Something failed that nobody waited for.');
  process.on('unhandledRejection', logRejection);
  try {
    const { server, url } = await listen(appAt, port, host);
    const lastAnswers = answersOf(server);
    return {
      url,
      close: async () => {
        closing.abort();
        lastAnswers();
        await closed(server);
        process.off('unhandledRejection', logRejection);
      },
    };
  } catch (error) {
    process.off('unhandledRejection', logRejection);
    throw error;
  }
}

/** The app is made when the port is known, which is before anybody can have connected to it. */
function listen(
  appAt: (url: string) => { fetch(request: Request): Response | Promise<Response> },
  port: number,
  hostname: string,
): Promise<{ server: Server; url: string }> {
  return new Promise((resolve, reject) => {
    const serverOptions = { requestTimeout: REQUEST_TIMEOUT_MS };
    let app: ReturnType<typeof appAt> | null = null;
    const fetch = (request: Request): Response | Promise<Response> =>
      app?.fetch(request) ?? new Response(null, { status: 503 });
    const server = serve({ fetch, port, hostname, serverOptions }, (address) => {
      server.off('error', reject);
      server.on('error', () => {});
      const url = urlOf(address);
      app = appAt(url);
      resolve({ server, url });
    }) as Server;
    server.once('error', reject);
  });
}

/** Of an address that somebody on this machine can open: "every address" is none. */
function urlOf({ address, port, family }: AddressInfo): string {
  if (address === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (address === '::') return `http://[::1]:${port}`;
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}

/**
 * From when the returned function is called on, each answer is the last of its connection and says so: a caller who keeps a
 * connection would send the next request on it, which would be cut off sooner or later.
 */
function answersOf(server: Server): () => void {
  const open = new Set<ServerResponse>();
  let areLast = false;
  server.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    if (areLast) response.shouldKeepAlive = false;
  });
  return () => {
    areLast = true;
    for (const response of open) response.shouldKeepAlive = false;
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
