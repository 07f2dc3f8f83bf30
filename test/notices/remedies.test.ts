import { describe, expect, test } from 'vitest';
import { compose } from '../../notices/compose.ts';
import type { Content, Member, Remedy } from '../../notices/notice.ts';
import { AFTER, at, FROM, KATI, MARI, member } from './fixtures.ts';

function contentOf(...members: readonly Member[]): Content {
  const content = compose({ recipient: MARI, members, now: AFTER, from: FROM });
  if ('failed' in content) throw new Error(content.failed);
  return content;
}

/** The text of the mail about these promises. */
const textOf = (...members: readonly Member[]): string => contentOf(...members).text;

const remedy = (changes: Partial<Remedy> = {}): Remedy => ({
  options: [
    { kind: 'refund', amount: '6.24', currency: 'EUR' },
    { kind: 'voucher', amount: '7.49', currency: 'EUR' },
  ],
  chosen: 0,
  arrivesAt: at('2026-12-02T15:00:00Z'),
  isFurther: false,
  ...changes,
});
const alone = { kind: 'voucher', amount: '5.00', currency: 'EUR' } as const;

describe('what a customer gets for a broken promise', () => {
  test('stands in the apology: what, by when it comes, and what she may have instead', () => {
    const told = { at: at('2026-11-28T10:00:00Z'), day: null };
    expect(textOf(member({ reason: 'recovery', told, remedies: [remedy()] }))).toBe(
      `Hello Mari Tamm,

We promised to deliver 3 books, order A-1001, by Fri 27 Nov 2026, 15:00 (Europe/Tallinn). That time has passed, and we have not kept our promise. We are sorry.

The new time is Sat 28 Nov 2026, 12:00 (Europe/Tallinn).

To make up for it, you get a refund of 6.24 EUR. It will reach you by Wed 2 Dec 2026, 17:00 (Europe/Tallinn). If you would rather have a voucher of 7.49 EUR, just reply to this mail.

Kati Kask looks after this and can be reached directly:
  +372 600 0001
  kati@books.example

A reply to this mail reaches Kati Kask.

Kati Kask
Bookshop
`,
    );
  });

  test('names the option that the customer chose as the one she gets', () => {
    const text = textOf(member({ reason: 'recovery', remedies: [remedy({ chosen: 1 })] }));
    expect(text).toContain('To make up for it, you get a voucher of 7.49 EUR.');
    expect(text).toContain('If you would rather have a refund of 6.24 EUR,');
  });

  test('offers nothing instead where there is nothing else, and no time where none is known', () => {
    const text = textOf(member({ reason: 'recovery', remedies: [remedy({ options: [alone], arrivesAt: null })] }));
    expect(text).toContain('To make up for it, you get a voucher of 5.00 EUR.\n');
    expect(text).not.toMatch(/rather|will reach you/);
  });

  test('is told to somebody who cannot be written to by name', () => {
    const contact = { ...KATI, email: null };
    expect(textOf(member({ reason: 'recovery', contact, remedies: [remedy()] }))).toContain(
      'If you would rather have a voucher of 7.49 EUR, tell Kati Kask.',
    );
  });

  test('alone comes without an apology, and a second one is a further one', () => {
    const text = textOf(member({ reason: 'remedy', remedies: [remedy({ options: [alone], isFurther: true })] }));
    expect(text).toContain(
      'We have not kept that promise.\n\nTo make up for it, you get a further voucher of 5.00 EUR.',
    );
    expect(text).not.toContain('sorry');
  });

  test('after all kept in time, nothing is called broken', () => {
    const after = member({ reason: 'remedy', keptAfterAll: true, remedies: [remedy()] });
    expect(contentOf(after).subject).toBe('News about our promise: 3 books, order A-1001');
    const kept = textOf(after);
    expect(kept).not.toMatch(/not kept|make up/);
    expect(kept).toContain('\n\nYou get a refund of 6.24 EUR.');
  });

  test('is in no notice that waits for approval', () => {
    expect(textOf(member({ reason: 'recovery', remedies: [] }))).not.toMatch(/EUR|voucher|refund|get/);
  });

  test('is promised by its own words where it is late itself', () => {
    const brings = { kind: 'refund', amount: '6.24', currency: 'EUR' } as const;
    const refund = { kind: 'refund', subject: '3 books' } as const;
    expect(textOf(member({ ...refund, brings }))).toContain('We promised to pay you 6.24 EUR back by Fri 27 Nov 2026');
    const voucher = textOf(member({ ...refund, brings: alone }));
    expect(voucher).toContain('We promised to send you a voucher of 5.00 EUR by Fri 27 Nov 2026');
    expect(voucher).not.toContain('pay you');
  });

  test('late itself is named in the subject, not the promise that it makes good', () => {
    const late = member({ reason: 'recovery', kind: 'refund', subject: '3 books', brings: alone, follows: true });
    expect(compose({ recipient: MARI, members: [late], now: AFTER, from: FROM })).toMatchObject({
      subject: 'We have not kept our promise: voucher of 5.00 EUR',
    });
  });
});
