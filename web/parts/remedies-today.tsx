import { centsOf, moneyText } from '../../domain/promise/remedies.ts';
import type { Words } from '../../words/en.ts';
import type { PageBudget, RemediesToday as Shown } from '../remedy-shapes.ts';

/** How many remedies wait for approval, and what the month has left. Nothing where there are neither. */
export function RemediesToday({ words, remedies }: { readonly words: Words; readonly remedies: Shown }) {
  const { pending, budgets, month } = remedies;
  if (pending === 0 && budgets.length === 0) return <></>;
  const { page: says, today } = words.remedies;
  return (
    <section aria-labelledby="remedies-title" class="card">
      <h2 id="remedies-title">{says.title}</h2>
      <p class={pending === 0 ? 'sub' : ''}>{pending === 0 ? says.noPending : today.pending(pending)}</p>
      {budgets.map((budget) => (
        <p class="sub">{leftText(words, budget, monthText(words, month))}</p>
      ))}
      <p>
        <a href="/remedies">{today.all}</a>
      </p>
    </section>
  );
}

function leftText({ remedies }: Words, { kind, currency, spent, all }: PageBudget, month: string): string {
  const left = centsOf(all) - centsOf(spent);
  const money = (cents: bigint): string => remedies.money(moneyText(cents), currency);
  // Approval may overdraw it.
  return remedies.today.left(kind, left > 0n ? money(left) : null, money(centsOf(all)), month);
}

/** `2026-11-01` as `Nov 2026`. */
export function monthText({ clock, remedies }: Words, month: string): string {
  const [year = '', number = ''] = month.split('-');
  return remedies.page.month(clock.months[Number(number) - 1] ?? '', year);
}
