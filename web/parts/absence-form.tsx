import { WEEKDAYS } from '../../domain/calendar/week.ts';
import type { Words } from '../../words/en.ts';
import type { AbsenceForm } from '../people-shapes.ts';
import { Fault, Field, Faults, controlProps, idOf } from './form.tsx';

interface FormProps {
  readonly words: Words;
  readonly form: AbsenceForm;
  /** Where both are sent. */
  readonly action: string;
  /** The zone in which the times are meant. */
  readonly zone: string;
}

/** When somebody is away: once, or every week. Two forms, so that none needs a script to hide what does not belong to it. */
export function AbsenceForms({ words, form, action, zone }: FormProps) {
  const { absence: says, weekday } = words.people;
  const { typed, faults } = form;
  const every = { name: 'every' };
  return (
    <section aria-labelledby="absence-title" class="card wide" id="absence">
      <h2 id="absence-title">{says.title}</h2>
      <p class="sub">{says.hint(zone)}</p>
      <form class="form" method="post" action={action}>
        <Faults title={says.faults} faults={[['from-day', faults.once]]} />
        <fieldset>
          <legend>{says.once}</legend>
          <div class="halves">
            <Half type="date" name="from-day" label={says.fromDay} value={typed.fromDay} fault={faults.once} />
            <Half type="time" name="from-time" label={says.fromTime} value={typed.fromTime} />
            <Half type="date" name="to-day" label={says.toDay} value={typed.toDay} />
            <Half type="time" name="to-time" label={says.toTime} value={typed.toTime} />
          </div>
          <Fault name="from-day" fault={faults.once} />
        </fieldset>
        <p class="act">
          <button type="submit">{says.submitOnce}</button>
        </p>
      </form>
      <form class="form" method="post" action={action}>
        <Faults title={says.faults} faults={[['week-from', faults.weekly]]} />
        <fieldset>
          <legend>{says.weekly}</legend>
          <div class="halves">
            <Field {...every} label={says.weekday}>
              <select {...controlProps(every)}>
                {WEEKDAYS.map((day) => (
                  <option value={day} selected={day === typed.every}>
                    {weekday[day]}
                  </option>
                ))}
              </select>
            </Field>
            <Half type="time" name="week-from" label={says.from} value={typed.from} fault={faults.weekly} />
            <Half type="time" name="week-to" label={says.to} value={typed.to} />
          </div>
          <Fault name="week-from" fault={faults.weekly} />
        </fieldset>
        <p class="act">
          <button type="submit">{says.submitWeekly}</button>
        </p>
      </form>
    </section>
  );
}

interface HalfProps {
  readonly type: 'date' | 'time';
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly fault?: string | undefined;
}

const Half = ({ type, name, label, value, fault }: HalfProps) => (
  <div>
    <label for={idOf(name)}>{label}</label>
    <input type={type} {...controlProps({ name, fault })} value={value} />
  </div>
);
