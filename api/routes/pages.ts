import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { board } from '../../db/board.ts';
import { callbacksOf, callsAhead } from '../../db/callbacks.ts';
import { faultFields } from '../../db/fault-fields.ts';
import { explainedRows } from '../../db/explain.ts';
import { explanationOf } from '../../domain/promise/explanation.ts';
import { notesOf } from '../../db/notes.ts';
import { staffNames } from '../../db/people.ts';
import { getPromise, noticesOf, promisesById, timelineOf } from '../../db/promises.ts';
import type { PromiseRow } from '../../db/shapes.ts';
import { explainPage } from '../../web/pages/explain.tsx';
import { missingPage, promisePage } from '../../web/pages/promise.tsx';
import { renderRows, todayPage } from '../../web/pages/today.tsx';
import type { RelatedPromise, TodayData } from '../../web/shapes.ts';
import { explainReason } from '../../words/explain.en.ts';
import type { ApiDeps, DevParts } from '../deps.ts';
import { engineState } from '../engine-state.ts';
import { createLive } from '../live.ts';
import { onlyOwnNames, pageResponse } from '../page-response.ts';
import { rememberedFor } from '../remembered.ts';
import { rememberedPerson } from '../remembered-person.ts';
import { mountCallbackPages } from './callback-pages.ts';
import { mountFindPages } from './find-pages.ts';
import { mountNotePages, type TypedNote } from './note-pages.ts';
import { blankHandOver, mountPersonPages, type TypedHandOver } from './person-pages.ts';
import { promisePath } from './promise-path.ts';
import { mountRemedyPages, remediesToday } from './remedy-pages.ts';
import { mountReportPages } from './report-pages.ts';
import { mountSpokenPages } from './spoken-pages.ts';

/** The pages of `web/` and the stream that keeps the first one live. Under `kept up` only. */
export function mountPages(app: OpenAPIHono, deps: ApiDeps, dev: DevParts): void {
  const ownNames = onlyOwnNames(deps);
  const today = createToday(deps, dev);
  const live = createLive(
    async () => renderRows(await today()),
    (error) => deps.log.warn(faultFields(error), 'The first page could not be kept live for a moment.'),
  );
  app.get('/', ownNames, async () => pageResponse(todayPage(await today())));
  mountSpokenPages(app, deps);
  mountFindPages(app, deps);
  mountCallbackPages(app, deps);
  mountRemedyPages(app, deps);
  app.get('/promises/:id', ownNames, async (c) =>
    promiseAnswer(c.req.param('id') ?? '', { note: blankNote(c), handOver: blankHandOver(c) }, deps),
  );
  mountNotePages(app, deps, (id, c, note) => promiseAnswer(id, { note, handOver: blankHandOver(c) }, deps));
  mountPersonPages(app, deps, (id, c, handOver) => promiseAnswer(id, { note: blankNote(c), handOver }, deps));
  app.get('/promises/:id/explain', ownNames, async (c) => explainAnswer(c.req.param('id') ?? '', deps));
  mountReportPages(app, deps);
  app.get('/events', ownNames, (c) =>
    streamSSE(c, async (stream) => {
      const gone = new AbortController();
      stream.onAbort(() => gone.abort());
      const signal = deps.closing ? AbortSignal.any([gone.signal, deps.closing]) : gone.signal;
      let seen: string | null = null;
      for (;;) {
        seen = await live.after(seen, signal);
        if (seen === null) return;
        // Waits for a slow reader: nothing piles up, it gets the newest line when it is ready.
        await stream.writeSSE({ event: 'rows', data: seen });
      }
    }),
  );
}

/** For how many calls nobody is free follows from everybody's hours: reckoned when the calls change, else this seldom. */
const OVERFLOW_MS = 30_000;

function createToday(deps: ApiDeps, dev: DevParts): () => Promise<TodayData> {
  const { pool } = deps;
  const overflows = rememberedFor(OVERFLOW_MS, async () => (await callbacksOf(pool, null, null)).overflow.length);
  const callsToday = async (): Promise<TodayData['calls']> => {
    const ahead = await callsAhead(pool);
    const shown = [ahead.open, ...ahead.next.map(({ id }) => id)].join();
    return { ...ahead, overflow: ahead.open === 0 ? 0 : await overflows.get(shown) };
  };
  return async () => {
    const [rows, calls, remedies, mails, engine] = await Promise.all([
      board(pool),
      callsToday(),
      remediesToday(deps),
      dev.mails(),
      engineState(deps),
    ]);
    return { board: rows, calls, remedies, mails, engine };
  };
}

/** A promise and how it was computed; null where no promise has this id. */
async function explained(id: string, { pool }: ApiDeps) {
  if (!promisePath.safeParse({ id }).success) return null;
  const [promise, rows] = await Promise.all([getPromise(pool, id), explainedRows(pool, id)]);
  if (!promise || !rows) return null;
  const { now } = rows;
  return { now, promise, explanation: explanationOf(rows.promise, rows.facts, now, explainReason) };
}

const blankNote = (c: Context): TypedNote => ({ text: '', by: rememberedPerson(c), faults: {} });

/** What was typed into the forms of the page; where one has faults, what it asks for was not done. */
interface TypedForms {
  readonly note: TypedNote;
  readonly handOver: TypedHandOver;
}

async function promiseAnswer(id: string, { note, handOver }: TypedForms, deps: ApiDeps): Promise<Response> {
  const known = await explained(id, deps);
  if (!known) return pageResponse(missingPage('promise'), 404);
  const { now, promise, explanation } = known;
  const [timeline, related, notices, notes, people, staff] = await Promise.all([
    timelineOf(deps.pool, id),
    relatedTo(promise, deps),
    noticesOf(deps.pool, id),
    notesOf(deps.pool, id),
    staffNames(deps.pool),
    deps.reference.staff(promise.owner),
  ]);
  const ownerName = promise.owner === null ? null : (staff.get(promise.owner)?.name ?? null);
  const { revisions } = explanation;
  const forms = { noteForm: { ...note, people }, handOverForm: { ...handOver, people } };
  const page = promisePage({ now, promise, ownerName, timeline, related, notices, notes, ...forms, revisions });
  const isFaulty = [note.faults, handOver.faults].some((faults) => Object.keys(faults).length > 0);
  return pageResponse(page, isFaulty ? 422 : 200);
}

/** The promise that it was made because of, and those that were made because of it, oldest first. */
async function relatedTo({ parent, children }: PromiseRow, { pool }: ApiDeps): Promise<readonly RelatedPromise[]> {
  const ids = [...(parent === null ? [] : [parent]), ...children];
  if (ids.length === 0) return [];
  const known = new Map((await promisesById(pool, ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = known.get(id);
    return row ? [{ ...row, is: id === parent ? ('parent' as const) : ('child' as const) }] : [];
  });
}

async function explainAnswer(id: string, deps: ApiDeps): Promise<Response> {
  const known = await explained(id, deps);
  if (!known) return pageResponse(missingPage('promise'), 404);
  return pageResponse(explainPage({ ...known, timeline: await timelineOf(deps.pool, id) }));
}
