import type { Words } from '../../words/en.ts';
import { lengthText, offersText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { FactsTable } from '../parts/facts-table.tsx';
import { Field, PersonSelect } from '../parts/form.tsx';
import { Page, documentOf } from '../parts/page.tsx';
import { monthText } from '../parts/remedies-today.tsx';
import type { PageBudget, PageRemedy, RemediesPageData } from '../remedy-shapes.ts';

/** What customers get for broken promises: what waits for approval, the budgets, and what was decided. */
export function remediesPage(data: RemediesPageData): string {
  const words = wordsFor('en');
  const { page: says } = words.remedies;
  const { pending, morePending, decided, moreDecided } = data;
  return documentOf(
    <Page words={words} title={says.title} here="remedies">
      <h1>{says.title}</h1>
      <p class="lead">{says.lead}</p>
      <Decider words={words} data={data} />
      <section class="card wide" aria-labelledby="pending-title">
        <h2 id="pending-title">{says.pending}</h2>
        <Table words={words} data={data} rows={pending} none={says.noPending} />
        {morePending ? <p class="sub">{says.more(pending.length)}</p> : null}
      </section>
      <Budgets words={words} data={data} />
      <section class="card wide" aria-labelledby="decided-title">
        <h2 id="decided-title">{says.others}</h2>
        <Table words={words} data={data} rows={decided} none={says.noOthers} />
        {moreDecided ? <p class="sub">{says.more(decided.length)}</p> : null}
      </section>
    </Page>,
  );
}

interface PartProps {
  readonly words: Words;
  readonly data: RemediesPageData;
}

/** The one form of the page: the buttons of the rows below belong to it, and it says who presses them. */
const FORM = 'decide';

function Decider({ words, data: { people, by, fault } }: PartProps) {
  const { page: says } = words.remedies;
  const nobody = fault === 'unknownPerson' ? says.unknownPerson : undefined;
  return (
    <form class="form" id={FORM} method="post" action="/remedies">
      {fault === 'closed' ? (
        <p class="fault" role="alert">
          {says.closed}
        </p>
      ) : null}
      <div class="halves">
        <Field name="by" label={says.person} fault={nobody}>
          <PersonSelect
            people={people}
            chosen={by}
            nobody={says.choosePerson}
            field={{ name: 'by', ...(nobody === undefined ? {} : { fault: nobody }) }}
          />
        </Field>
      </div>
    </form>
  );
}

interface TableProps extends PartProps {
  readonly rows: readonly PageRemedy[];
  readonly none: string;
}

function Table({ words, data: { people }, rows, none }: TableProps) {
  const { page: says, reason, state } = words.remedies;
  const { promise, what, why, state: stands, decide } = says.column;
  if (rows.length === 0) return <p class="sub">{none}</p>;
  const names = new Map(people.map(({ id, name }) => [id, name]));
  return (
    <FactsTable
      columns={[promise, what, why, stands, decide]}
      rows={rows.map((row) => [
        { text: <a href={`/promises/${row.promiseId}`}>{titleOf(row)}</a> },
        offersText(words, row),
        reason[row.reason](lengthText(words.clock, row.lateMs)),
        row.by === null ? state[row.state] : says.by(state[row.state], names.get(row.by) ?? row.by),
        { text: <Buttons words={words} row={row} />, look: 'form' },
      ])}
      labelled
    />
  );
}

const titleOf = ({ subject, source, ref }: PageRemedy): string => subject ?? `${source} ${ref}`;

/** What can be decided about it, as far as it can. */
function Buttons({ words, row }: { readonly words: Words; readonly row: PageRemedy }) {
  const { page: says } = words.remedies;
  const can =
    row.state === 'pending' ? (['approve', 'refuse'] as const) : row.state === 'granted' ? (['reverse'] as const) : [];
  return (
    <span class="act">
      {can.map((decision) => (
        <button
          type="submit"
          form={FORM}
          name="decision"
          value={`${decision}:${row.id}`}
          aria-label={says.about(says[decision], offersText(words, row), titleOf(row))}
          {...(decision === 'approve' ? {} : { class: 'other' })}
        >
          {says[decision]}
        </button>
      ))}
    </span>
  );
}

function Budgets({ words, data: { budgets, month } }: PartProps) {
  if (budgets.length === 0) return null;
  const { page: says } = words.remedies;
  return (
    <section class="card wide" aria-labelledby="budgets-title">
      <h2 id="budgets-title">{says.budgets}</h2>
      {budgets.map((budget) => (
        <Budget words={words} budget={budget} month={month} />
      ))}
    </section>
  );
}

interface BudgetProps {
  readonly words: Words;
  readonly budget: PageBudget;
  readonly month: string;
}

/** The bar repeats what the line above it says. */
function Budget({ words, budget: { kind, currency, spent, all }, month }: BudgetProps) {
  const { remedies } = words;
  const width = Number(all) === 0 ? 100 : Math.min(100, (Number(spent) / Number(all)) * 100);
  const money = (amount: string): string => remedies.money(amount, currency);
  return (
    <div class="budget">
      <p>{remedies.page.budget(kind, money(spent), money(all), monthText(words, month))}</p>
      <svg class="bar" width="100%" height="10" aria-hidden="true">
        <rect class="bar-room" width="100%" height="10" rx="5" />
        <rect class="bar-fill" width={`${Math.round(width * 100) / 100}%`} height="10" rx="5" />
      </svg>
    </div>
  );
}
