import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { acknowledgeAlert, standingAlerts } from '../../db/alerts.ts';
import { urgentRows } from '../../db/board.ts';
import { membersOf, type StaffMember } from '../../db/duty.ts';
import { acknowledge, handOver, handOverAll, openCounts, waitingHandOvers } from '../../db/hand-over.ts';
import { staffNames } from '../../db/people.ts';
import { databaseNow } from '../../db/pool.ts';
import { getPromise } from '../../db/promises.ts';
import { absencesWithin } from '../../domain/calendar/absences.ts';
import { dutyChangesAt, isAway, isOnDuty } from '../../domain/calendar/duty.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { missingPersonPage, personPage } from '../../web/pages/person.tsx';
import type { AbsenceForm, HandOverForm, PersonPageData, ShownPerson } from '../../web/people-shapes.ts';
import type { PagePerson } from '../../web/spoken-shapes.ts';
import { wordsFor } from '../../words/languages.ts';
import type { ApiDeps } from '../deps.ts';
import { MAX, text } from '../fields.ts';
import { onlyOwnForms, readForm, seeOther } from '../forms.ts';
import { onlyOwnNames, pageResponse } from '../page-response.ts';
import { rememberedPerson, rememberPerson } from '../remembered-person.ts';
import { BLANK_ABSENCE, mountAbsencePages } from './absence-pages.ts';
import { unknownPeople } from './hand-over.ts';
import { noteText } from './notes.ts';
import { promisePath } from './promise-path.ts';

/** What was typed; the people to choose from come when the page is made. */
export type TypedHandOver = Omit<HandOverForm, 'people'>;

/** A form that nobody has filled in, but for who probably says so. */
export const blankHandOver = (c: Context): TypedHandOver => ({ to: '', note: '', by: rememberedPerson(c), faults: {} });

/**
 * The page of one of the staff, and the forms that hand over and acknowledge; `answer` shows the page of a promise, again,
 * where something is wrong with what was typed there. Under `kept up` only.
 */
export function mountPersonPages(
  app: OpenAPIHono,
  deps: ApiDeps,
  answer: (id: string, c: Context, typed: TypedHandOver) => Promise<Response>,
): void {
  const ownNames = onlyOwnNames(deps);
  const ownForms = onlyOwnForms(deps);
  app.get('/people/:id', ownNames, async (c) =>
    personAnswer(idOf(c), blankHandOver(c), c.req.queries('went') ?? null, deps),
  );
  app.post('/people/:id/hand-over', ownNames, ownForms, async (c) => {
    const id = idOf(c);
    const typed = await typedIn(c);
    const faults = await faultsOf(typed, { isTo: typed.to !== '', owner: id }, deps);
    if (Object.keys(faults).length > 0) return personAnswer(id, { ...typed, faults }, null, deps);
    const { to } = await handOverAll(deps.pool, id, { ...saidIn(typed), to: typed.to === '' ? null : typed.to });
    rememberPerson(c, typed.by);
    const went = Object.entries(to).map(([person, count]) => `${count}:${person}`);
    const asked = (went.length > 0 ? went : ['']).map((part) => `went=${encodeURIComponent(part)}`).join('&');
    return c.redirect(`${personPath(id)}?${asked}`, 303);
  });
  mountAbsencePages(app, deps, (id, c, absence) => personAnswer(id, blankHandOver(c), null, deps, absence));
  app.post('/people/:id/acknowledge', ownNames, ownForms, async (c) => {
    const id = idOf(c);
    const form = await readForm(c);
    const promise = promisePath.safeParse({ id: form.value('promise') });
    const alert = promisePath.safeParse({ id: form.value('alert') });
    if (promise.success) await acknowledge(deps.pool, promise.data.id, id);
    if (alert.success) await acknowledgeAlert(deps.pool, alert.data.id, id);
    return seeOther(personPath(id));
  });
  app.post('/promises/:id/hand-over', ownNames, ownForms, async (c) => {
    const typed = await typedIn(c);
    const path = promisePath.safeParse({ id: c.req.param('id') });
    const promise = path.success ? await getPromise(deps.pool, path.data.id) : null;
    if (!promise) return answer(idOf(c), c, typed);
    const faults = await faultsOf(typed, { isTo: true, owner: promise.owner }, deps);
    if (Object.keys(faults).length > 0) return answer(promise.id, c, { ...typed, faults });
    const { result } = await handOver(deps.pool, promise.id, { ...saidIn(typed), to: typed.to });
    if (result === 'not_theirs')
      return answer(promise.id, c, { ...typed, faults: { to: wordsFor('en').people.form.notTheirs } });
    rememberPerson(c, typed.by);
    return c.redirect(`/promises/${promise.id}`, 303);
  });
  app.post('/promises/:id/acknowledge', ownNames, ownForms, async (c) => {
    const path = promisePath.safeParse({ id: c.req.param('id') });
    if (!path.success) return answer(idOf(c), c, blankHandOver(c));
    await acknowledge(deps.pool, path.data.id, (await readForm(c)).value('by'));
    return seeOther(`/promises/${path.data.id}`);
  });
}

/** Whose page it is; '' is nobody's, as is what PostgreSQL cannot be asked for. */
function idOf(c: Context): string {
  const id = text(MAX.name).safeParse(c.req.param('id'));
  return id.success ? id.data : '';
}

const personPath = (id: string): string => `/people/${encodeURIComponent(id)}`;

async function typedIn(c: Context): Promise<TypedHandOver> {
  const form = await readForm(c);
  return { to: form.value('to'), note: form.value('note'), by: form.value('handed-by'), faults: {} };
}

const saidIn = ({ by, note }: TypedHandOver) => ({ by, ...(note === '' ? {} : { note }) });

/** `isTo`: somebody must be named; `owner`: who has it already. */
async function faultsOf(
  { to, note, by }: TypedHandOver,
  { isTo, owner }: { readonly isTo: boolean; readonly owner: string | null },
  deps: ApiDeps,
): Promise<HandOverForm['faults']> {
  const says = wordsFor('en').people.form;
  const unknown = new Set((await unknownPeople({ to, by }, deps)).map(({ pointer }) => pointer));
  const isLong = note !== '' && !noteText.safeParse(note).success;
  return {
    ...(isTo && unknown.has('to') ? { to: says.noTo } : to === owner ? { to: says.hasIt } : {}),
    ...(isLong ? { note: says.tooLong(MAX.note) } : {}),
    ...(unknown.has('by') ? { by: says.noBy } : {}),
  };
}

/** `went`: how many went to whom, as `2:jaan`; null: nobody asks. */
async function personAnswer(
  id: string,
  typed: TypedHandOver,
  went: readonly string[] | null,
  { pool, reference }: ApiDeps,
  absence: AbsenceForm = BLANK_ABSENCE,
): Promise<Response> {
  const [now, zone, people, members, counts] = await Promise.all([
    databaseNow(pool),
    reference.companyZone(),
    staffNames(pool),
    membersOf(pool, [id]),
    openCounts(pool, [id]),
  ]);
  const member = members.get(id);
  const open = counts.get(id) ?? 0;
  if (!member && open === 0 && went === null) return pageResponse(missingPersonPage(), 404);
  const [handOvers, alerts, rows] = await Promise.all([
    waitingHandOvers(pool, id),
    standingAlerts(pool, id, now),
    urgentRows(pool, now, id),
  ]);
  const person = member ? shown(member, members, now) : null;
  const form = { ...typed, people };
  const data = { now, zone, id, person, handOvers, alerts: others(alerts, handOvers), rows, open, form, absence };
  const isFaulty = [typed.faults, absence.faults].some((faults) => Object.keys(faults).length > 0);
  return pageResponse(personPage({ ...data, went: wentTo(went, people) }), isFaulty ? 422 : 200);
}

/** What was handed over stands once on the page: where it is acknowledged. */
function others({ lines, count }: PersonPageData['alerts'], handOvers: PersonPageData['handOvers']) {
  const said = new Set(handOvers.map(({ promiseId }) => promiseId));
  const left = lines.filter(({ reason, promiseId }) => reason !== 'handed_over' || !said.has(promiseId));
  return { lines: left, count: count - lines.length + left.length };
}

function shown(member: StaffMember, members: ReadonlyMap<string, StaffMember>, now: Instant): ShownPerson {
  const { name, email, phone, team, hours, duty } = member;
  const named = (id: string | null): PagePerson | null => {
    const other = id === null ? undefined : members.get(id);
    return other ? { id: other.id, name: other.name } : null;
  };
  return {
    ...{ name, email, phone, team, hours, zone: duty.zone },
    lead: named(member.lead),
    manager: named(member.manager),
    deputy: named(member.deputy),
    absences: member.absences.filter(
      (each) => 'every' in each || absencesWithin(each, now, AFTER_ALL, duty.zone).length > 0,
    ),
    onDuty: isOnDuty(duty, now),
    away: isAway(duty, now),
    changesAt: dutyChangesAt(duty, now),
  };
}

const AFTER_ALL = '9999-12-31T00:00:00.000Z' as Instant;

function wentTo(went: readonly string[] | null, people: readonly PagePerson[]): PersonPageData['went'] {
  if (went === null) return null;
  return went.flatMap((part) => {
    const [, count = '', id = ''] = /^(\d{1,6}):(.+)$/.exec(part) ?? [];
    const person = people.find((each) => each.id === id);
    return person ? [{ name: person.name, count: Number(count) }] : [];
  });
}
