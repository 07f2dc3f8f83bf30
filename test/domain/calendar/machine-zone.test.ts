import { expect, it } from 'vitest';

it('runs in the zone its vitest project names, so that the others prove what they claim', () => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const offsets: Readonly<Record<string, number>> = { UTC: 0, 'Asia/Calcutta': -330, 'America/St_Johns': 150 };
  expect(Object.keys(offsets)).toContain(timeZone);
  expect(new Date(2026, 6, 1).getTimezoneOffset()).toBe(offsets[timeZone]);
});
