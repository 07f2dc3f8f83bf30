import { describe, expect, it } from 'vitest';
import { remedyTermsOf } from '../../../domain/calendar/remedy-offers.ts';
import type { RemedyTable } from '../../../domain/policy/policy.ts';
import { REMEDIES } from '../../../domain/policy/remedies.ts';
import { at } from '../support/build.ts';
import { reading } from '../support/reading.ts';

const PROMISED = at('2026-03-27T16:00Z');
const table = (more: Record<string, unknown> = {}): RemedyTable =>
  reading(REMEDIES, {
    currency: 'EUR',
    rows: [
      { late: 'PT0S', options: [{ voucher: '5.00' }] },
      { late: 'P2D', value: '20.00', options: [{ refund: '10%' }, { voucher: '12.5%' }] },
      { late: 'P2D', value: '100.00', options: [{ refund: '20%' }] },
    ],
    ...more,
  }) as RemedyTable;
const terms = (more?: Record<string, unknown>) =>
  remedyTermsOf(table(more), { promisedAt: PROMISED, zone: 'Europe/Tallinn' });
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const said = (offers: ReturnType<ReturnType<typeof terms>['offered']>): string =>
  offers.map(({ kind, amount, currency }) => `${kind} ${amount} ${currency}`).join(', ');

describe('what is offered for a lateness', () => {
  // The night to 29 March has 23 hours in Tallinn: two days later it is 15:00 UTC.
  it.each<readonly [name: string, lateAt: string, value: { amount: string; currency: string } | null, offered: string]>(
    [
      ['the first row at the promised instant itself', '2026-03-27T16:00Z', eur('49.90'), 'voucher 5.00 EUR'],
      ['nothing before it', '2026-03-27T15:59:59.999Z', eur('49.90'), ''],
      ['the first row up to two calendar days', '2026-03-29T14:59:59.999Z', eur('49.90'), 'voucher 5.00 EUR'],
      [
        'the last row that is reached from then on',
        '2026-03-29T15:00Z',
        eur('49.90'),
        'refund 4.99 EUR, voucher 6.24 EUR',
      ],
      ['a row from its value on', '2026-03-30T15:00Z', eur('20.00'), 'refund 2.00 EUR, voucher 2.50 EUR'],
      ['a row not below its value', '2026-03-30T15:00Z', eur('19.99'), 'voucher 5.00 EUR'],
      ['the highest value that is reached', '2026-03-30T15:00Z', eur('100.00'), 'refund 20.00 EUR'],
      [
        'by no value, where it is in another currency',
        '2026-03-30T15:00Z',
        { amount: '500.00', currency: 'USD' },
        'voucher 5.00 EUR',
      ],
      ['by no value, where none is known', '2026-03-30T15:00Z', null, 'voucher 5.00 EUR'],
    ],
  )('%s', (_, lateAt, value, offered) => {
    expect(said(terms().offered(at(lateAt), value))).toBe(offered);
  });

  it('falls back to a lower row where a share comes to nothing', () => {
    const rows = [
      { late: 'PT0S', options: [{ voucher: '5.00' }] },
      { late: 'P1D', options: [{ refund: '10%' }] },
    ];
    const nextDay = at('2026-03-28T16:00Z');
    expect(said(terms({ rows }).offered(nextDay, eur('0.04')))).toBe('voucher 5.00 EUR');
    expect(said(terms({ rows }).offered(nextDay, eur('0.05')))).toBe('refund 0.01 EUR');
    expect(said(terms({ rows }).offered(nextDay, null))).toBe('voucher 5.00 EUR');
    expect(terms({ rows: rows.slice(1) }).offered(nextDay, null)).toEqual([]);
  });

  it('keeps every hundredth of a large value', () => {
    const rows = [{ late: 'PT0S', options: [{ refund: '33.33%' }] }];
    expect(said(terms({ rows }).offered(PROMISED, eur('99999999.99')))).toBe('refund 33330000.00 EUR');
  });

  it('is more, where the policy says so, when it breaks again', () => {
    const again = terms({ secondBreak: [{ refund: '20%' }, { voucher: '7.00' }] });
    expect(said(again.offeredAgain(eur('49.90')))).toBe('refund 9.98 EUR, voucher 7.00 EUR');
    expect(said(again.offeredAgain(null))).toBe('voucher 7.00 EUR');
    expect(terms().offeredAgain(eur('49.90'))).toEqual([]);
  });

  it('goes with the bounds of the table', () => {
    const { currency, limit, month, arrives } = terms({ limit: '50.00', month: '2000.00', arrives: 'P3D' });
    expect({ currency, limit, month, arrives }).toEqual({
      currency: 'EUR',
      limit: '50.00',
      month: '2000.00',
      arrives: 'P3D',
    });
  });
});
