import type { Absence } from '../../domain/calendar/absences.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';
import { promiseName } from '../../words/alert-texts.ts';
import { dayText, shortTimeText, timeText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { AbsenceForms } from '../parts/absence-form.tsx';
import { Legend } from '../parts/bar.tsx';
import { HandOverTo, PersonLink } from '../parts/hand-over.tsx';
import { Page, documentOf } from '../parts/page.tsx';
import { Rows } from '../parts/rows.tsx';
import { Act, AlertTasks } from '../parts/tasks.tsx';
import type { PageHandOver, PersonPageData, ShownPerson } from '../people-shapes.ts';

/** One of the staff: whether they are there, what waits for them, what they answer for, and how it goes to somebody else. */
export function personPage(data: PersonPageData): string {
  const words = wordsFor('en');
  const { people: says, page } = words;
  const { id, person, open, rows, now, zone, form } = data;
  const name = person?.name ?? id;
  return documentOf(
    <Page words={words} title={name} here={null}>
      <p class="back">
        <a href="/">{page.promise.back}</a>
      </p>
      <h1>{name}</h1>
      <p class="lead">{person === null ? says.unknown : dutyText(words, data, person)}</p>
      <Went words={words} data={data} />
      {person === null ? null : <Who words={words} data={data} person={person} />}
      <HandOvers words={words} data={data} />
      <Alerts words={words} data={data} />
      <section aria-labelledby="rows-title" class="wide">
        <div class="board-head">
          <h2 id="rows-title">{says.promises(open)}</h2>
          <p class="sub">{page.zone(zone)}</p>
        </div>
        {rows.length === 0 ? (
          <p class="sub">{says.noPromises}</p>
        ) : (
          <>
            <Legend words={words} />
            <Rows words={words} board={{ rows, now, zone }} open={open} owners={false} />
          </>
        )}
      </section>
      {person === null ? null : (
        <AbsenceForms words={words} form={data.absence} action={`${pathOf(id)}/absences`} zone={person.zone} />
      )}
      {open === 0 ? null : (
        <HandOverTo
          words={words}
          form={form}
          action={`${pathOf(id)}/hand-over`}
          title={says.form.all(open)}
          hint={says.form.allHint}
          nobody={{ text: says.form.byRule, hint: says.form.byRuleHint }}
        />
      )}
    </Page>,
  );
}

/** For an id that nobody has and no promise names; to be sent with status 404. */
export function missingPersonPage(): string {
  const words = wordsFor('en');
  const { missing, missingHint } = words.people;
  return documentOf(
    <Page words={words} title={missing} here={null}>
      <h1>{missing}</h1>
      <p>{missingHint}</p>
      <p>
        <a href="/">{words.page.promise.back}</a>
      </p>
    </Page>,
  );
}

const pathOf = (id: string): string => `/people/${encodeURIComponent(id)}`;

interface PartProps {
  readonly words: Words;
  readonly data: PersonPageData;
}

const timeIn =
  ({ clock }: Words, { now, zone }: PersonPageData) =>
  (at: Instant): string =>
    shortTimeText(clock, at, zone, now);

function dutyText(words: Words, data: PersonPageData, { onDuty, away, changesAt }: ShownPerson): string {
  const { people: says } = words;
  const time = changesAt === null ? null : timeIn(words, data)(changesAt);
  if (onDuty) return time === null ? says.onDuty : says.onDutyUntil(time);
  const state = away ? says.away : says.offDuty;
  return time === null ? state : says.backAt(state, time);
}

function Went({ words: { people: says }, data: { went } }: PartProps) {
  if (went === null) return null;
  const parts = went.map(({ name, count }) => says.wentTo(count, name));
  return (
    <p class="wide" role="status">
      {parts.length === 0 ? says.wentNowhere : says.went(parts)}
    </p>
  );
}

function Who({ words, data, person }: PartProps & { readonly person: ShownPerson }) {
  const { people: says } = words;
  const { email, phone, team, hours, lead, manager, deputy, absences, zone } = person;
  const link = (other: ShownPerson['lead']) => (other === null ? null : <PersonLink {...other} />);
  const lines = [
    { name: says.phone, value: phone },
    { name: says.email, value: email },
    { name: says.team, value: team },
    { name: says.hours, value: hours === null ? says.always : says.hoursOf(hours) },
    { name: says.deputy, value: link(deputy) ?? says.noDeputy },
    { name: says.lead, value: link(lead) },
    { name: says.manager, value: link(manager) },
    {
      name: says.absences,
      value:
        absences.length === 0 ? (
          says.noAbsences
        ) : (
          <ul class="absences">
            {absences.map((absence) => (
              <li>
                {absenceText(words, absence, zone, data.zone)}{' '}
                <Act
                  action={`${pathOf(data.id)}/absences/remove`}
                  name="absence"
                  value={absence.id}
                  text={says.absence.remove}
                >
                  {says.takeCareOf(absenceText(words, absence, zone, data.zone))}
                </Act>
              </li>
            ))}
          </ul>
        ),
    },
  ];
  return (
    <dl class="card summary wide">
      {lines.map(({ name, value }) =>
        value === null ? null : (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** As it was said; an instant in the zone of the company. */
function absenceText(words: Words, absence: Absence, zone: string, companyZone: string): string {
  const { people: says, clock } = words;
  if ('every' in absence) return says.everyWeek(says.weekday[absence.every], absence.from, absence.to);
  const bound = (text: string): string => {
    if (text.endsWith('Z')) return timeText(clock, text as Instant, companyZone);
    const [day = '', time] = text.split('T');
    if (time === undefined) return dayText(clock, day);
    return clock.inZone(clock.dateTime(dayText(clock, day), time), zone);
  };
  return says.absent(bound(absence.from), bound(absence.to));
}

function HandOvers({ words, data }: PartProps) {
  const { people: says, page } = words;
  const { handOvers, id } = data;
  if (handOvers.length === 0) return null;
  const time = timeIn(words, data);
  return (
    <section aria-labelledby="handed-over-title" class="card wide">
      <h2 id="handed-over-title">{says.handedOver(handOvers.length)}</h2>
      <ul class="tasks">
        {handOvers.map((each) => (
          <li>
            <div>
              <Promise promise={each} />
              <span class="sub">
                {[page.promise.of(each.kind, each.source, each.ref), says.handedOverBy(each.from, time(each.at))].map(
                  (label) => (
                    <span class="label">{label}</span>
                  ),
                )}
              </span>
              {each.note === null ? null : <p class="note-text">{each.note}</p>}
              <p>{says.dueAt(time(each.dueAt))}</p>
            </div>
            <Act action={`${pathOf(id)}/acknowledge`} name="promise" value={each.promiseId} text={says.acknowledge}>
              {says.takeCareOf(promiseName(each))}
            </Act>
          </li>
        ))}
      </ul>
    </section>
  );
}

const Promise = ({ promise }: { readonly promise: Pick<PageHandOver, 'promiseId' | 'source' | 'ref' | 'subject'> }) => (
  <a href={`/promises/${promise.promiseId}`}>{promiseName(promise)}</a>
);

function Alerts({ words, data }: PartProps) {
  const { people: says } = words;
  const { id } = data;
  const { lines, count } = data.alerts;
  return (
    <section aria-labelledby="alerts-title" class="card wide">
      <h2 id="alerts-title">{says.alerts(count)}</h2>
      {count === 0 ? <p class="sub">{says.noAlerts}</p> : null}
      <AlertTasks words={words} lines={lines} action={`${pathOf(id)}/acknowledge`} pages />
      {count > lines.length ? <p class="sub">{says.moreAlerts(count - lines.length)}</p> : null}
    </section>
  );
}
