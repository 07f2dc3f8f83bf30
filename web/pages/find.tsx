import type { Instant } from '../../domain/promise/instant.ts';
import { stands } from '../../domain/promise/plan.ts';
import type { Words } from '../../words/en.ts';
import { shortTimeText, shortWhenText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { FactsTable } from '../parts/facts-table.tsx';
import { PersonLink } from '../parts/hand-over.tsx';
import { NoteList } from '../parts/notes.tsx';
import { Page, documentOf } from '../parts/page.tsx';
import { PhaseTag } from '../parts/phase.tsx';
import { Search } from '../parts/search.tsx';
import { withinText } from '../parts/waiting.tsx';
import type { FindPageData, FoundCustomer, FoundPromise } from '../spoken-shapes.ts';

/** Customers by whatever they name, each with all that whoever answers them needs. */
export function findPage(data: FindPageData): string {
  const words = wordsFor('en');
  const { find: says } = words;
  const { found, q, fault } = data;
  return documentOf(
    <Page words={words} title={says.title} here="find">
      <h1>{says.title}</h1>
      <p class="lead">{says.qHint}</p>
      <div class="wide">
        <Search words={words} q={q} fault={fault ?? undefined} focus={found === null || found.length === 0} />
      </div>
      {found === null ? null : found.length === 0 ? (
        <div class="wide" role="status">
          <p>
            <strong>{says.none(q)}</strong>
          </p>
          <p class="sub">{says.noneHint}</p>
        </div>
      ) : (
        <>
          {found.length === 1 ? null : <p class="wide">{says.count(found.length)}</p>}
          {found.map((each, index) => (
            <Dossier words={words} data={data} found={each} number={index + 1} />
          ))}
        </>
      )}
    </Page>,
  );
}

interface PartProps {
  readonly words: Words;
  readonly data: FindPageData;
  readonly found: FoundCustomer;
}

function Dossier({ words, data, found, number }: PartProps & { readonly number: number }) {
  const { find: says } = words;
  const { customer } = found;
  const lines: readonly (readonly [string, string | null])[] = [
    [says.ref, customer?.ref ?? null],
    [says.phone, customer?.phone ?? null],
    [says.email, customer?.email ?? null],
  ];
  return (
    <section class="dossier wide" aria-labelledby={`customer-${number}`}>
      <h2 id={`customer-${number}`}>{customer === null ? says.nobody : (customer.name ?? customer.ref)}</h2>
      <p class="sub">
        {lines.map(([name, value]) =>
          value === null ? null : (
            <span class="label">
              {name} {value}
            </span>
          ),
        )}
      </p>
      {customer === null ? null : (
        <p class="more">
          <a class="button" href={`/promises/new?customer=${customer.id}`}>
            {says.promise}
          </a>
        </p>
      )}
      <Promises words={words} data={data} found={found} />
      <Notices words={words} data={data} found={found} />
      <div class="halves">
        <Contacts words={words} data={data} found={found} />
        <NotesOf words={words} data={data} found={found} />
      </div>
    </section>
  );
}

function Promises({ words, data: { now, zone, people }, found: { promises } }: PartProps) {
  const { find: says, page } = words;
  const { promise, state, promised, owner } = says.column;
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const when = ({ promisedAt, plan }: FoundPromise): string =>
    stands({ promisedAt }) && plan.clock
      ? withinText(words, plan.clock)
      : shortWhenText(words.clock, { at: promisedAt, day: plan.day, from: plan.windowFrom, zone }, now);
  return (
    <section class="card">
      <h3>{says.promises(promises.length)}</h3>
      {promises.length === 0 ? (
        <p class="sub">{says.noPromises}</p>
      ) : (
        <FactsTable
          columns={[promise, state, promised, owner]}
          rows={promises.map((each) => [
            {
              text: (
                <>
                  <a href={`/promises/${each.id}`}>{titleOf(each)}</a>
                  <span class="sub">{page.promise.of(each.kind, each.source, each.ref)}</span>
                </>
              ),
            },
            { text: <PhaseTag words={words} phase={each.phase} /> },
            when(each),
            each.owner === null
              ? page.none
              : { text: <PersonLink id={each.owner} name={names.get(each.owner) ?? each.owner} /> },
          ])}
          labelled
        />
      )}
    </section>
  );
}

const titleOf = ({ subject, source, ref }: FoundPromise): string => subject ?? `${source} ${ref}`;

/** Which promise something is about, as a link. */
function About({ promises, promiseId }: Pick<FoundCustomer, 'promises'> & { readonly promiseId: string }) {
  const about = promises.find(({ id }) => id === promiseId);
  return <a href={`/promises/${promiseId}`}>{about ? titleOf(about) : promiseId}</a>;
}

const timeIn =
  ({ clock }: Words, { now, zone }: FindPageData) =>
  (at: Instant): string =>
    shortTimeText(clock, at, zone, now);

function Notices({ words, data, found: { notices, promises } }: PartProps) {
  const { find: says, names } = words;
  const { notice, state, about, when } = says.column;
  const time = timeIn(words, data);
  return (
    <section class="card">
      <h3>{says.notices(notices.length)}</h3>
      {notices.length === 0 ? (
        <p class="sub">{says.noNotices}</p>
      ) : (
        <FactsTable
          columns={[notice, state, about, when]}
          rows={notices.map((each) => [
            names.reason[each.reason],
            { text: names.state[each.state], look: each.state === 'failed' ? 'bad' : '' },
            { text: <About promises={promises} promiseId={each.promiseId} /> },
            time(each.sentAt ?? each.dueAt),
          ])}
          labelled
        />
      )}
    </section>
  );
}

function Contacts({ words, data, found: { contacts, promises } }: PartProps) {
  const { find: says, names } = words;
  const { contact, when, about } = says.column;
  const time = timeIn(words, data);
  return (
    <section class="card">
      <h3>{says.contacts(contacts.length)}</h3>
      {contacts.length === 0 ? (
        <p class="sub">{says.noContacts}</p>
      ) : (
        <FactsTable
          columns={[contact, when, about]}
          rows={contacts.map(({ fact, promiseId }) => [
            `${names.contactAbout[fact.about]} ${says.channel[fact.channel]}`,
            time(fact.occurredAt),
            { text: <About promises={promises} promiseId={promiseId} /> },
          ])}
          labelled
        />
      )}
    </section>
  );
}

function NotesOf({ words, data, found: { notes } }: PartProps) {
  const { find: says } = words;
  return (
    <section class="card">
      <h3>{says.notes(notes.length)}</h3>
      {notes.length === 0 ? (
        <p class="sub">{says.noNotes}</p>
      ) : (
        <NoteList notes={notes} people={data.people} time={timeIn(words, data)} />
      )}
    </section>
  );
}
