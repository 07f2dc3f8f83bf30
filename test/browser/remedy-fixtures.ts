import { instant } from '../../domain/promise/instant.ts';
import type { PageRemedy, RemediesPageData, RemediesToday } from '../../web/remedy-shapes.ts';

const id = (n: number): string => `0199c0de-0000-7000-8000-${String(n).padStart(12, '0')}`;

const remedy = (n: number, changes: Partial<PageRemedy>): PageRemedy => ({
  ...{ id: id(n), promiseId: id(100 + n), source: 'shop', ref: `A-${n}`, subject: null, reason: 'late' },
  ...{ state: 'granted', lateMs: 2 * 86_400_000, chosen: 0, by: null, at: instant(Date.parse('2026-11-26T09:12:00Z')) },
  options: [{ kind: 'voucher', amount: '5.00', currency: 'EUR' }],
  ...changes,
});

const TWO = [
  { kind: 'refund', amount: '62.40', currency: 'EUR' },
  { kind: 'voucher', amount: '74.90', currency: 'EUR' },
] as const;

/** One that waits, one of every other state, a budget that is nearly spent and one that is overdrawn by approval. */
export const REMEDIES: RemediesPageData = {
  ...{ month: '2026-11-01', by: 'mall', fault: null, morePending: true, moreDecided: true },
  people: [{ id: 'mall', name: 'Mall Saar' }],
  budgets: [
    { kind: 'delivery', currency: 'EUR', spent: '460.00', all: '500.00' },
    { kind: 'repair', currency: 'EUR', spent: '120.00', all: '100.00' },
  ],
  pending: [
    remedy(1, { state: 'pending', reason: 'second_break', options: TWO, subject: 'An atlas of <b>islands</b>' }),
  ],
  decided: [
    remedy(2, { options: TWO, chosen: 1, by: 'mall' }),
    remedy(3, { state: 'arrived' }),
    remedy(4, { state: 'refused', by: 'left' }),
    remedy(5, { state: 'reversed', by: 'mall' }),
  ],
};

export const NO_REMEDIES: RemediesPageData = {
  ...REMEDIES,
  ...{ budgets: [], pending: [], morePending: false, decided: [], moreDecided: false },
  ...{ by: '', fault: 'unknownPerson' },
};

/** The same as the first page shows it. */
export const ONE_WAITS: RemediesToday = { month: REMEDIES.month, budgets: REMEDIES.budgets, pending: 1 };
export const NONE_WAITS: RemediesToday = { month: REMEDIES.month, budgets: [], pending: 0 };
