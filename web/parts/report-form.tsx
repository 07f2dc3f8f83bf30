import { GROUPINGS } from '../../domain/metrics/word-kept.ts';
import type { Words } from '../../words/en.ts';
import { REPORT_FILTERS, type ReportField, type ReportFilter, type ReportsPageData } from '../shapes.ts';

interface FormProps {
  readonly words: Words;
  readonly data: ReportsPageData;
}

/** More names than these are typed, with proposals, instead of being searched for in a list. */
const MOST_OPTIONS = 60;

/** What to count: a plain form, whose answer is the address of the page. */
export function ReportForm({ words, data }: FormProps) {
  const says = words.reports.filter;
  const isNarrowed = Object.keys({ ...data.asked, ...data.faults }).length > 0;
  return (
    <form class="card filter" method="get" action="/reports" aria-label={says.label}>
      {REPORT_FILTERS.map((name) => (
        <Field words={words} data={data} name={name}>
          <NameField words={words} data={data} name={name} />
        </Field>
      ))}
      {(['from', 'to'] as const).map((name) => (
        <Field words={words} data={data} name={name}>
          <input type="date" {...fieldProps(name, data)} value={data.asked[name] ?? ''} />
        </Field>
      ))}
      <Field words={words} data={data} name="by">
        <select {...fieldProps('by', data)}>
          {GROUPINGS.map((by) => (
            <option value={by} selected={by === data.by}>
              {words.reports.grouping[by]}
            </option>
          ))}
        </select>
      </Field>
      <p class="act">
        <button type="submit">{says.apply}</button>
        {isNarrowed ? <a href="/reports">{says.reset}</a> : null}
      </p>
    </form>
  );
}

interface FieldProps extends FormProps {
  readonly name: ReportField;
  readonly children: unknown;
}

const Field = ({ words, data, name, children }: FieldProps) => (
  <div>
    <label for={`by-${name}`}>{words.reports.filter[name]}</label>
    {children}
    {data.faults[name] === undefined ? null : (
      <p class="bad" id={`fault-${name}`}>
        {data.faults[name]}
      </p>
    )}
  </div>
);

const fieldProps = (name: ReportField, { faults }: ReportsPageData) => ({
  id: `by-${name}`,
  name,
  ...(faults[name] === undefined ? {} : { 'aria-invalid': 'true' as const, 'aria-describedby': `fault-${name}` }),
});

function NameField({ words, data, name }: FormProps & { readonly name: ReportFilter }) {
  const asked = data.asked[name];
  const names = data.choices[name];
  const all = asked === undefined || names.includes(asked) ? names : [asked, ...names];
  const says = words.reports.filter;
  if (all.length > MOST_OPTIONS)
    return (
      <>
        <input
          type="text"
          list={`names-${name}`}
          placeholder={says.all}
          {...fieldProps(name, data)}
          value={asked ?? ''}
        />
        <datalist id={`names-${name}`}>
          {all.map((each) => (
            <option value={each}></option>
          ))}
        </datalist>
      </>
    );
  return (
    <select {...fieldProps(name, data)}>
      <option value="">{says.all}</option>
      {all.map((each) => (
        <option value={each} selected={each === asked}>
          {each}
        </option>
      ))}
    </select>
  );
}
