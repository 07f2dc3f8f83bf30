import { serve, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { AddressInfo } from 'node:net';
import { PAGE_CSP, asset } from '../../web/assets.ts';
import { callbacksPage } from '../../web/pages/callbacks.tsx';
import { explainPage } from '../../web/pages/explain.tsx';
import { mailPage } from '../../web/pages/mail.tsx';
import { personPage } from '../../web/pages/person.tsx';
import { remediesPage } from '../../web/pages/remedies.tsx';
import { missingPage, promisePage } from '../../web/pages/promise.tsx';
import { renderRows, todayPage } from '../../web/pages/today.tsx';
import type { ExplainPageData, PromisePageData, TodayData } from '../../web/shapes.ts';
import { CALLS, NO_CALLS } from './call-fixtures.ts';
import { NO_REMEDIES, REMEDIES } from './remedy-fixtures.ts';
import { BOARD, EMPTY, MAILS, OVERDUE_DAY, PROMISE, TODAY } from './fixtures.ts';
import { LEAVER, PERSON } from './person-fixtures.ts';
import * as moving from './moving-fixtures.ts';

export interface Site {
  readonly url: string;
  /** Resolves once `/events` has this many listeners. */
  listening(count?: number): Promise<void>;
  /** Sends a state to every listener of `/events`. */
  tell(data: TodayData): void;
  close(): Promise<void>;
}

const PAGES: Readonly<Record<string, PromisePageData>> = {
  day: OVERDUE_DAY,
  standing: moving.STANDING.page,
  until: moving.UNTIL.page,
  slipped: moving.SLIPPED.page,
  chain: moving.CHAIN.page,
  unreached: moving.UNREACHED.page,
};

const EXPLAINED: Readonly<Record<string, ExplainPageData>> = {
  weekend: moving.WEEKEND.explain,
  standing: moving.STANDING.explain,
  dated: moving.DATED.explain,
  chain: moving.CHAIN.explain,
  long: moving.LONG.explain,
};

/** The pages on loopback, made from fixtures, under the same content security policy as in Kept. */
export async function startSite(): Promise<Site> {
  const listeners = new Set<(data: TodayData) => void>();
  const waiting = new Set<() => void>();
  const changed = (): void => waiting.forEach((check) => check());
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('Content-Security-Policy', PAGE_CSP);
  });
  app.get('/', (c) => c.html(todayPage(TODAY)));
  app.get('/empty', (c) => c.html(todayPage(EMPTY)));
  app.get('/missing', (c) => c.html(missingPage('promise')));
  app.get('/moving', (c) => c.html(todayPage(moving.MOVING_TODAY)));
  app.get('/promises/:id', (c) => c.html(promisePage(PAGES[c.req.param('id')] ?? PROMISE)));
  app.get('/people/:id', (c) => c.html(personPage(c.req.param('id') === 'left' ? LEAVER : PERSON)));
  app.get('/promises/:id/explain', (c) => {
    const data = EXPLAINED[c.req.param('id')];
    return data ? c.html(explainPage(data)) : c.notFound();
  });
  app.get('/callbacks', (c) => c.html(callbacksPage(c.req.query('day') === undefined ? CALLS : NO_CALLS)));
  app.get('/remedies', (c) => c.html(remediesPage(c.req.query('none') === undefined ? REMEDIES : NO_REMEDIES)));
  app.get('/dev/mail', (c) => c.html(mailPage({ zone: BOARD.zone, mails: MAILS })));
  app.get('/assets/:name', (c) => {
    const found = asset(c.req.param('name'));
    return found ? c.body(found.body, 200, { 'Content-Type': found.type }) : c.notFound();
  });
  app.get('/events', (c) =>
    streamSSE(c, async (stream) => {
      const listener = (data: TodayData): void => void stream.writeSSE({ event: 'rows', data: renderRows(data) });
      listeners.add(listener);
      changed();
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      listeners.delete(listener);
      changed();
    }),
  );
  const server = await new Promise<ServerType>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(started));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    listening: (count = 1) =>
      new Promise<void>((resolve) => {
        const check = (): void => {
          if (listeners.size !== count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    tell: (data) => listeners.forEach((listener) => listener(data)),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
