import { describe, expect, test } from 'vitest';
import { remediesPage } from '../../web/pages/remedies.tsx';
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
