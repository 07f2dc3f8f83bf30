import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { addAbsence, membersOf, removeAbsence } from '../../db/duty.ts';
import { HOTLINE } from '../../db/people.ts';
import { ABSENCE, type Absence } from '../../domain/calendar/absences.ts';
import type { AbsenceForm } from '../../web/people-shapes.ts';
import { wordsFor } from '../../words/languages.ts';
import type { ApiDeps } from '../deps.ts';
import { onlyOwnForms, readForm, seeOther, type Form } from '../forms.ts';
import { onlyOwnNames } from '../page-response.ts';
import { promisePath } from './promise-path.ts';

/** Forms in which nobody has typed anything. */
export const BLANK_ABSENCE: AbsenceForm = {
  typed: { fromDay: '', fromTime: '', toDay: '', toTime: '', every: 'mon', from: '', to: '' },
  faults: {},
};

/** The forms of `/people/{id}` that say when somebody is away, and take it back; `answer` shows that page. */
export function mountAbsencePages(
  app: OpenAPIHono,
  deps: ApiDeps,
  answer: (id: string, c: Context, absence: AbsenceForm) => Promise<Response>,
): void {
  const ownNames = onlyOwnNames(deps);
  const ownForms = onlyOwnForms(deps);
  const back = (id: string): Response => seeOther(`/people/${encodeURIComponent(id)}`);
  app.post('/people/:id/absences', ownNames, ownForms, async (c) => {
    const id = c.req.param('id') ?? '';
    const { typed, absence, isWeekly } = read(await readForm(c));
    const isKnown = id !== HOTLINE && (await membersOf(deps.pool, [id])).has(id);
    if (!isKnown) return answer(id, c, BLANK_ABSENCE);
    if (!absence) {
      const { wrongOnce, wrongWeekly } = wordsFor('en').people.absence;
      return answer(id, c, { typed, faults: isWeekly ? { weekly: wrongWeekly } : { once: wrongOnce } });
    }
    await addAbsence(deps.pool, id, absence);
    deps.reference.forget();
    return back(id);
  });
  app.post('/people/:id/absences/remove', ownNames, ownForms, async (c) => {
    const id = c.req.param('id') ?? '';
    const asked = promisePath.safeParse({ id: (await readForm(c)).value('absence') });
    if (asked.success) await removeAbsence(deps.pool, id, asked.data.id);
    deps.reference.forget();
    return back(id);
  });
}

/** What was typed, and the absence that it says; undefined: it says none. */
function read(form: Form): {
  readonly typed: AbsenceForm['typed'];
  readonly absence: Absence | undefined;
  readonly isWeekly: boolean;
} {
  const { value } = form;
  const isWeekly = value('every') !== '';
  const typed = {
    ...{ fromDay: value('from-day'), fromTime: value('from-time'), toDay: value('to-day'), toTime: value('to-time') },
    ...{ every: isWeekly ? value('every') : BLANK_ABSENCE.typed.every, from: value('week-from'), to: value('week-to') },
  };
  // Where one of the days is cut, both are told to the minute: the whole one from its first.
  const isWhole = typed.fromTime === '' && typed.toTime === '';
  const bound = (day: string, time: string): string => (isWhole ? day : `${day}T${time || '00:00'}`);
  const said = isWeekly
    ? // The end of a day is its last minute's end, which no clock shows.
      { every: typed.every, from: typed.from, to: typed.to === '00:00' ? '24:00' : typed.to }
    : { from: bound(typed.fromDay, typed.fromTime), to: bound(typed.toDay, typed.toTime) };
  return { typed, absence: ABSENCE.read(said, () => undefined), isWeekly };
}
