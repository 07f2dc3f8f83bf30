import type { DatedRow } from '../../cli/import/read-history.ts';
import { instant } from '../../domain/promise/instant.ts';

/** A row of a history of which nothing is known but what is given. */
export const historyRow = (known: Partial<DatedRow> = {}): DatedRow => ({
  ref: 'a1',
  kind: 'delivery',
  madeAt: instant(Date.UTC(2017, 10, 1, 14)),
  promised: { precision: 'day', day: '2017-11-06', zone: 'America/Sao_Paulo' },
  target: null,
  facts: [],
  owner: null,
  partner: null,
  region: null,
  product: null,
  subject: null,
  customer: null,
  ignored: [],
  ...known,
});
