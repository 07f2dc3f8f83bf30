import { ATTEMPT_RESULTS } from '../../domain/promise/words.ts';
import type { Words } from '../../words/en.ts';
import { clockText, dayText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import type { CallsPageData, CallToMake } from '../call-shapes.ts';
import { callTime, callTitle, TO_MAKE, whoCalls } from '../parts/calls-today.tsx';
import { Field, PersonSelect, controlProps } from '../parts/form.tsx';
import { Page, documentOf } from '../parts/page.tsx';
import { PhaseTag } from '../parts/phase.tsx';

/** The calls of a day: whom to call when, and a button for each thing that may come of it. */
export function callbacksPage(data: CallsPageData): string {
  const words = wordsFor('en');
  const { calls: says, clock } = words;
  const { items, day, zone } = data;
  return documentOf(
    <Page words={words} title={says.title} here="calls">
      <h1>{says.title}</h1>
      <p class="lead">{says.lead}</p>
      <Filter words={words} data={data} />
      <Overflow words={words} data={data} />
      <section class="card wide" aria-labelledby="calls-title">
        <h2 id="calls-title">{says.day(items.length, dayText(clock, day), zone)}</h2>
        {items.length === 0 ? (
          <p class="sub">{says.none}</p>
        ) : (
          <ol class="calls">
            {items.map((call) => (
              <Call words={words} data={data} call={call} />
            ))}
          </ol>
        )}
      </section>
    </Page>,
  );
}

interface PartProps {
  readonly words: Words;
  readonly data: CallsPageData;
}

function Filter({ words: { calls: says }, data: { day, owner, people, fault } }: PartProps) {
  const { filter } = says;
  return (
    <form class="form call-filter" method="get" action="/callbacks" aria-label={filter.title}>
      <div class="halves">
        <Field name="day" label={filter.day} fault={fault ?? undefined}>
          <input type="date" {...controlProps({ name: 'day', fault: fault ?? undefined })} value={day} />
        </Field>
        <Field name="owner" label={filter.owner}>
          <PersonSelect people={people} chosen={owner} nobody={filter.all} field={{ name: 'owner' }} />
        </Field>
      </div>
      <p class="act">
        <button type="submit" class="other">
          {filter.submit}
        </button>
      </p>
    </form>
  );
}

/** The same day's calls that need somebody: each leads to its place below. */
function Overflow({ words: { calls: says, clock }, data: { items, overflow, zone } }: PartProps) {
  if (overflow.length === 0) return null;
  const without = items.filter(({ id }) => overflow.includes(id));
  return (
    <section class="flags wide" aria-labelledby="overflow-title">
      <h2 id="overflow-title">{says.overflow(without.length)}</h2>
      <p>{says.overflowHint}</p>
      <ul>
        {without.map((call) => (
          <li>
            <a href={`#call-${call.id}`}>
              {callTime({ calls: says, clock }, call, zone)}, {whoOf(call)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

const whoOf = ({ customer, ...call }: CallToMake): string => customer?.name ?? customer?.ref ?? callTitle(call);

function Call({ words, data, call }: PartProps & { readonly call: CallToMake }) {
  const { calls: says, names } = words;
  const { zone, day, owner, overflow } = data;
  const { id, customer, phase, attempts, tries, token } = call;
  const time = callTime(words, call, zone);
  return (
    <li id={`call-${id}`} class={phase}>
      <div class="call-when">
        <strong>{time}</strong>
        <PhaseTag words={words} phase={phase} />
      </div>
      <div>
        <strong>{whoOf(call)}</strong>{' '}
        {customer?.phone ? (
          <a href={`tel:${customer.phone.replaceAll(' ', '')}`}>{customer.phone}</a>
        ) : (
          <span class="sub">{says.noPhone}</span>
        )}
        <p>
          <a href={`/promises/${id}`}>{callTitle(call)}</a>
        </p>
      </div>
      <div>
        {whoCalls(words, call)}
        {overflow.includes(id) ? <strong class="alarm">{says.nobodyFree}</strong> : null}
        {TO_MAKE.has(phase) || attempts.counted > 0 ? (
          <span class="sub">{says.tries(attempts.counted, attempts.max)}</span>
        ) : null}
        {tries.map(({ at, result }) => (
          <span class="sub">{says.tried(names.attempt[result], clockText(at, zone))}</span>
        ))}
      </div>
      {TO_MAKE.has(phase) ? (
        <form class="form" method="post" action={`/callbacks/${id}`}>
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="day" value={day} />
          <input type="hidden" name="owner" value={owner} />
          <p class="act">
            {ATTEMPT_RESULTS.map((result) => (
              <button
                type="submit"
                name="result"
                value={result}
                {...(result === 'reached' ? {} : { class: 'other' })}
                aria-label={says.pressFor(says.press[result], whoOf(call), time)}
              >
                {says.press[result]}
              </button>
            ))}
          </p>
        </form>
      ) : null}
    </li>
  );
}
