import { dayOf, isDay, plusDays } from '../../domain/calendar/zones.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';
import { dayText, shortDayText, timeText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { Fault, Faults, Field, PersonSelect, controlProps, idOf } from '../parts/form.tsx';
import { Page, documentOf } from '../parts/page.tsx';
import { NEXT_CALL, SPOKEN_FIELDS, WITHIN_HOURS, type SpokenPageData } from '../spoken-shapes.ts';

/** A form for a promise that somebody has just made by word of mouth: four fields, and who sees to it. */
export function spokenPage(data: SpokenPageData): string {
  const words = wordsFor('en');
  const { spoken: says } = words;
  return documentOf(
    <Page words={words} title={says.title} here="spoken">
      <h1>{says.title}</h1>
      <p class="lead">{says.lead}</p>
      <form class="form card" method="post" action="/promises/new" autocomplete="off">
        <Faults title={says.faults} faults={SPOKEN_FIELDS.map((name) => [name, data.faults[name]])} />
        <input type="hidden" name="token" value={data.token} />
        <CustomerField words={words} data={data} />
        <Field name="kind" label={says.kind} fault={data.faults.kind}>
          <select {...controlProps({ name: 'kind', fault: data.faults.kind })}>
            {data.kinds.map((kind) => (
              <option value={kind} selected={kind === data.typed.kind}>
                {kind}
              </option>
            ))}
          </select>
        </Field>
        <WhenField words={words} data={data} />
        <Field name="what" label={says.what} hint={says.whatHint} fault={data.faults.what}>
          <input
            type="text"
            {...controlProps({ name: 'what', hint: says.whatHint, fault: data.faults.what })}
            value={data.typed.what}
          />
        </Field>
        <Field name="owner" label={says.owner} fault={data.faults.owner}>
          <PersonSelect
            people={data.people}
            chosen={data.typed.owner}
            nobody={says.ownerNobody}
            field={{ name: 'owner', fault: data.faults.owner }}
          />
        </Field>
        <p class="act">
          <button type="submit">{says.submit}</button>
        </p>
      </form>
    </Page>,
  );
}

interface PartProps {
  readonly words: Words;
  readonly data: SpokenPageData;
}

/** Where several are meant, each is one click: it sends the form with the one who is chosen. */
function CustomerField({ words: { spoken: says }, data: { typed, faults, customers } }: PartProps) {
  const field = { name: 'customer', hint: says.customerHint, fault: faults.customer };
  return (
    <div>
      <Field {...field} label={says.customer}>
        <input type="text" {...controlProps(field)} value={typed.customer} autofocus required />
      </Field>
      {customers.length === 0 ? null : (
        <p class="offer">
          {customers.map(({ id, ref, name }) => (
            <button class="other" type="submit" name="chosen" value={id}>
              {says.choose(name, ref)}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}

/** A few times that are said often, and any other. The first choice is what the label of the field leads to. */
function WhenField({ words, data }: PartProps) {
  const { spoken: says } = words;
  const { typed, faults, zone, now } = data;
  const hint = says.whenHint(zone);
  const choices = whenChoices(words, data);
  // A day that is not among them any more is another day.
  const chosen = choices.some(({ value }) => value === typed.when) ? typed.when : isDay(typed.when) ? 'day' : '';
  const described = `${idOf('when')}-hint${faults.when === undefined ? '' : ` ${idOf('when')}-fault`}`;
  return (
    <fieldset class="when" aria-describedby={described}>
      <legend>{says.when}</legend>
      <p class="hint" id={`${idOf('when')}-hint`}>
        {hint}
      </p>
      <div class="choices">
        {choices.map(({ value, label }, index) => (
          <label>
            <input
              type="radio"
              name="when"
              value={value}
              checked={value === chosen}
              {...(index === 0 ? { id: idOf('when') } : {})}
            />
            {label}
          </label>
        ))}
      </div>
      <div class="halves">
        <div class="on-day">
          <label for={idOf('day')}>{says.day}</label>
          <input
            type="date"
            id={idOf('day')}
            name="day"
            min={dayOf(now, zone)}
            value={chosen === 'day' && isDay(typed.when) ? typed.when : typed.day}
          />
        </div>
        <div class="at-time">
          <label for={idOf('time')}>{says.timeOptional}</label>
          <input type="time" id={idOf('time')} name="time" value={typed.time} />
        </div>
      </div>
      <Fault name="when" fault={faults.when} />
      <OfferLine words={words} data={data} />
    </fieldset>
  );
}

/** As they are sent: a length, a day, or `day` for the one in the field beside. */
function whenChoices({ spoken: says, clock }: Words, { now, zone }: SpokenPageData) {
  const today = dayOf(now, zone);
  const tomorrow = plusDays(today, 1);
  const short = (day: string): string => shortDayText(clock, day, today.slice(0, 4));
  return [
    ...WITHIN_HOURS.map((hours) => ({ value: `PT${hours}H`, label: says.within(hours) })),
    { value: today, label: says.today(short(today)) },
    { value: tomorrow, label: says.tomorrow(short(tomorrow)) },
    { value: 'day', label: says.another },
    { value: NEXT_CALL, label: says.nextCall },
  ];
}

/** What the policy would take instead, as one click. */
function OfferLine({ words, data: { offer, zone } }: PartProps) {
  const { spoken: says, clock } = words;
  if (offer === null) return null;
  if (offer.time === null) return <p class="hint">{says.noOffer}</p>;
  const time = isDay(offer.time) ? dayText(clock, offer.time) : timeText(clock, offer.time as Instant, zone);
  return (
    <p class="offer">
      {says.couldBe[offer.reason]}
      <button class="other" type="submit" name="offer" value={offer.time}>
        {says.offer(time)}
      </button>
    </p>
  );
}
