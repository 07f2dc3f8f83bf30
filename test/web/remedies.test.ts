import { describe, expect, test } from 'vitest';
import { remediesPage } from '../../web/pages/remedies.tsx';
import { todayPage } from '../../web/pages/today.tsx';
import { EMPTY, TODAY } from '../browser/fixtures.ts';
import { NO_REMEDIES, REMEDIES } from '../browser/remedy-fixtures.ts';

const read = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('the page of remedies', () => {
  test('shows what waits first, with all that may be chosen among, why, and what can be done', () => {
    const html = remediesPage(REMEDIES);
    expect(read(html)).toContain(
      'refund of 62.40 EUR or voucher of 74.90 EUR second break, 2 days late waits for approval Approve Refuse',
    );
    expect(html).toContain('&lt;b&gt;islands&lt;/b&gt;');
    expect(html).toContain('aria-label="Approve: refund of 62.40 EUR or voucher of 74.90 EUR, An atlas of');
  });

  test('shows of what was granted the option that holds, by whom, and the way back', () => {
    expect(read(remediesPage(REMEDIES))).toContain(
      'shop A-2 voucher of 74.90 EUR 2 days late granted, on its way (Mall Saar) Take back',
    );
    expect(remediesPage(REMEDIES).match(/value="reverse:/g)).toHaveLength(1);
    expect(read(remediesPage(REMEDIES))).toContain('refused (left)');
  });

  test('says how much of a budget is granted; a bar that is full stays inside its frame', () => {
    const html = remediesPage(REMEDIES);
    expect(read(html)).toContain('delivery: 460.00 EUR of 500.00 EUR granted in Nov 2026');
    expect([...html.matchAll(/class="bar-fill" width="([^"]+)"/g)].map(([, width]) => width)).toEqual(['92%', '100%']);
  });

  test('says where there is nothing, and why a press changed nothing', () => {
    const text = read(remediesPage(NO_REMEDIES));
    expect(text).toContain('Nothing waits for approval.');
    expect(text).toContain('Choose who decides. Nothing was changed.');
    expect(read(remediesPage({ ...REMEDIES, fault: 'closed' }))).toContain('decided otherwise already');
  });
});

describe('the first page', () => {
  test('says how many wait for approval, and what the month has left', () => {
    expect(read(todayPage(TODAY))).toContain(
      'Remedies 1 waits for approval delivery: 40.00 EUR of 500.00 EUR left in Nov 2026 ' +
        'repair: nothing of 100.00 EUR left in Nov 2026 All remedies',
    );
    expect(read(todayPage({ ...TODAY, remedies: { ...TODAY.remedies, pending: 0 } }))).toContain(
      'Remedies Nothing waits for approval. delivery',
    );
    expect(todayPage({ ...EMPTY, remedies: { ...EMPTY.remedies, pending: 2 } })).toContain('2 wait for approval');
  });

  test('is silent about remedies where there are none', () => {
    expect(todayPage(EMPTY)).toContain('<div data-live="remedies"></div>');
  });
});
