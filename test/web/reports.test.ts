import { describe, expect, test } from 'vitest';
import { COLUMNS } from '../../reports/columns.ts';
import { reportsPage } from '../../web/pages/reports.tsx';
import { FIGURES, group, groupedBy, histogram } from '../reports/picture-figures.ts';
import { FAULTY_REPORTS, NO_REPORTS, pageOf, REPORTS } from './reports-fixture.ts';

/** What a reader reads: no tags, single spaces. */
const read = (html: string): string =>
  html
    .replace(/<svg[^]*?<\/svg>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('\u00a0', ' ')
    .replace(/\s+/g, ' ');

/** The cells of the table with this caption, a row each. */
function tableOf(html: string, caption: string): readonly (readonly string[])[] {
  const [table] = html
    .split('<table')
    .slice(1)
    .filter((part) => part.split('</caption>')[0]?.includes(caption));
  const rows = table?.split('</table>')[0]?.split('<tr>').slice(1) ?? [];
  return rows.map((row) => [...row.matchAll(/<t[hd][^>]*>([^<]*)</g)].map(([, text = '']) => text));
}

const PAGES = { full: REPORTS, empty: NO_REPORTS, faulty: FAULTY_REPORTS };

describe('the page of the report', () => {
  test.each(Object.entries(PAGES))('%s: no inline script, style or handler, nothing from elsewhere', (_, data) => {
    const html = reportsPage(data);
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script/);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  test.each(Object.entries(PAGES))('%s: a language, a title, one main and one first heading', (_, data) => {
    const html = reportsPage(data);
    expect(html).toMatch(/^<!doctype html><html lang="en">/);
    expect(html).toMatch(/<title>[^<]+ · Kept<\/title>/);
    expect(html.match(/<main/g)).toHaveLength(1);
    expect(html.match(/<h1/g)).toHaveLength(1);
  });

  test('begins with the figures that count most, each with its definition and the goal', () => {
    const text = read(reportsPage(pageOf(FIGURES)));
    expect(text).toContain('Kept rate 70 % goal 80 %');
    expect(text).toContain('Promises 1,240');
    expect(text).toContain('Early rate 70 %');
    expect(text).toContain('Margin 5 min early median');
    for (const name of ['keptRate', 'promises', 'earlyRate', 'marginMs'])
      expect(text).toContain(COLUMNS.find((column) => column.name === name)?.definition);
  });

  test('says what it took, of all and of each group of which there is something to say, and what that means', () => {
    const html = reportsPage(pageOf(FIGURES));
    const figures = ['62.5 %', '0.33', '10 %', '90 %', 'EUR 1250.00, SEK 40.50', '3', '12'];
    expect(tableOf(html, 'What keeping the word took, by partner')).toEqual([
      [
        ...['partner', 'New times kept', 'Contacts per promise', 'Asked first', 'Solved at first contact'],
        ...['Remedy cost', 'Second breaks', 'Hand-overs'],
      ],
      ['All', ...figures],
      ['dpd', ...figures],
    ]);
    expect(read(html)).toContain(COLUMNS.find(({ name }) => name === 'newTimeKeptRate')?.definition);
  });

  test('says nothing of that where there is only history', () => {
    const silent = { newTimeKeptRate: null, contactsPerPromise: 0, askedFirst: null, firstContactRate: null };
    const total = { ...FIGURES.total, ...silent, remedyCost: {}, secondBreaks: 0, handOvers: 0 };
    expect(read(reportsPage(pageOf({ ...FIGURES, total })))).not.toContain('What it took');
  });

  test('says when it was made and how old its figures were', () => {
    expect(read(reportsPage(REPORTS))).toContain(
      'Made on Fri 27 Nov 2026, 15:00:00 (Europe/Tallinn); the figures were 120 ms old then.',
    );
  });

  test('says above each picture what is seen, and says the same to who does not see it', () => {
    const html = reportsPage(pageOf(FIGURES));
    const { pictures } = pageOf(FIGURES);
    expect(pictures).toHaveLength(3);
    for (const { title, reading } of pictures) {
      expect(read(html)).toContain(`${title} ${reading}`);
      expect(html.split(`role="img" aria-label="${title}. ${reading}"`)).toHaveLength(3);
    }
  });

  test('has beside each picture its numbers: weeks, the newest first', () => {
    expect(tableOf(reportsPage(pageOf(FIGURES)), 'by the week')).toEqual([
      ['Week of', 'Kept rate', 'Due', 'Kept', 'Not kept'],
      ['23 Nov 2026', '80 %', '10', '8', '2'],
      ['16 Nov 2026', '60.3 %', '630', '380', '250'],
      ['2 Nov 2026', '80 %', '600', '480', '120'],
    ]);
  });

  test('has beside each picture its numbers: margins, the earliest first, to the last promise', () => {
    const rows = tableOf(reportsPage(pageOf(FIGURES)), 'how early or late');
    expect(rows.slice(1).map(([name, n]) => [name, n])).toEqual([
      ['more than 30 min early', '4'],
      ['20 min to 30 min early', '60'],
      ['10 min to 20 min early', '300'],
      ['in time, less than 10 min early', '500'],
      ['up to 10 min late', '292'],
      ['10 min to 20 min late', '60'],
      ['20 min to 30 min late', '20'],
      ['more than 30 min late', '4'],
    ]);
  });

  test('tells a share that is next to nothing from none', () => {
    const margins = histogram([0, 1, 4_000], 1);
    const rows = tableOf(reportsPage(pageOf({ ...FIGURES, margins })), 'how early or late');
    expect(rows.slice(1).map(([, n, share]) => [n, share])).toEqual([
      ['4,000', '99.9 %'],
      ['1', '&lt; 0.1 %'],
      ['0', '0 %'],
    ]);
  });

  test('has beside each picture its numbers: groups, most promises first', () => {
    expect(tableOf(reportsPage(pageOf(FIGURES)), 'by partner')).toEqual([
      ['partner', 'Kept rate', 'Promises', 'Kept', 'Not kept', 'Early', 'Median margin'],
      ['omniva', '68.3 %', '820', '560', '260', '68.3 %', '5 min early'],
      ['dpd', '75 %', '400', '300', '100', '75 %', '5 min early'],
      ['(none)', '40 %', '20', '8', '12', '40 %', '–'],
    ]);
  });

  test('lists a hundred groups and says where the others are', () => {
    const groups = Array.from({ length: 130 }, (_, index) => group(`p${index}`, 1_000 - index, 500));
    const html = reportsPage(pageOf(groupedBy('owner', groups)));
    expect(tableOf(html, 'by owner')).toHaveLength(101);
    expect(read(html)).toContain('30 more groups: kept report --by owner --csv FILE has them all.');
  });

  test('lists months the newest first', () => {
    const groups = ['2026-09', '2026-10', '2026-11'].map((key) => group(key, 10, 5));
    const rows = tableOf(reportsPage(pageOf(groupedBy('month', groups))), 'by month');
    expect(rows.slice(1).map(([key]) => key)).toEqual(['2026-11', '2026-10', '2026-09']);
  });

  test('keeps what was asked for in its form, and offers the way back', () => {
    const html = reportsPage(REPORTS);
    expect(html).toMatch(/<option value="dpd" selected[^>]*>dpd/);
    expect(html).toMatch(/<option value="partner" selected/);
    expect(html).toMatch(/<input type="date" id="by-from" name="from" value="2026-01-01"/);
    expect(html).toContain('<a href="/reports">Show all promises</a>');
    expect(reportsPage(pageOf(FIGURES))).not.toContain('Show all promises');
  });

  test('proposes names while they are typed where there are too many for a list', () => {
    const owner = Array.from({ length: 61 }, (_, index) => `p${index}`);
    const html = reportsPage({ ...REPORTS, choices: { ...REPORTS.choices, owner } });
    expect(html).toMatch(/<input type="text" list="names-owner"/);
    expect(html).toMatch(/<select id="by-partner"/);
  });

  test('offers a name that is asked for though no promise has it', () => {
    expect(reportsPage({ ...REPORTS, asked: { partner: 'nobody' } })).toMatch(/<option value="nobody" selected/);
  });

  test('says how to import where there is nothing, and only that nothing matches where something was asked for', () => {
    expect(read(reportsPage(NO_REPORTS))).toContain('npx kept import FILE --mapping NAME');
    const asked = read(reportsPage({ ...NO_REPORTS, asked: { partner: 'nobody' } }));
    expect(asked).toContain('No promises match.');
    expect(asked).not.toContain('kept import');
  });

  test('says so where no promised time has come yet', () => {
    const figures = {
      total: group(null, 0, 0, { promises: 3, open: 3, marginMs: { p5: null, p10: null, p50: null, p90: null } }),
      weeks: { groups: [group('2026-W45', 0, 0, { promises: 3, open: 3 })] },
      groups: { by: 'kind' as const, groups: [group('delivery', 0, 0, { promises: 3, open: 3 })] },
      margins: null,
    };
    const text = read(reportsPage(pageOf(figures)));
    expect(text).toContain('No promised time has come yet');
    expect(text).toMatch(/Kept rate – .*Promises 3 .*Margin – /);
  });

  test('says at the field what is wrong with it, and shows no figures', () => {
    const html = reportsPage(FAULTY_REPORTS);
    expect(html).toMatch(/id="by-from"[^>]*aria-invalid="true" aria-describedby="fault-from"/);
    expect(read(html)).toContain('“2026-02-30” is no day of the calendar.');
    expect(html).not.toMatch(/No promises match|kept import/);
  });

  test.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    '</title><script>',
  ])('text from outside stays text: %j', (text) => {
    const data = pageOf(groupedBy('partner', [group(text, 40, 30), group('b', 20, 10)]));
    const html = reportsPage({
      ...data,
      asked: { owner: text },
      choices: { source: [text], kind: [text], partner: [text], owner: Array.from({ length: 70 }, (_, i) => text + i) },
    });
    expect(html).not.toMatch(/<script|<img|<svg onload/);
  });
});

test('has a scorecard of a partner: its goal, what is left of the allowance, and the checkpoints it missed', () => {
  const total = { ...FIGURES.total, kept: 90, broken: 4, overdue: 1, keptRate: 0.947, goal: 0.97, brokenAllowed: 2 };
  const page = (more: object, slips: { checkpoint: string; promises: number }[]) =>
    reportsPage(pageOf({ ...FIGURES, total: { ...total, ...more } }, { scorecard: { name: 'DPD <Eesti>', slips } }));
  const of = (...asked: Parameters<typeof page>) => read(page(...asked));
  const missed = of({}, [{ checkpoint: 'scanned', promises: 1200 }]);
  expect(missed).toContain('The scorecard of DPD &lt;Eesti&gt;');
  expect(missed).toContain('2 of them may be broken or late; 5 are. That is 3 more than allowed.');
  expect(missed).toMatch(/scanned[\s\S]*1,200/);
  expect(page({}, [])).toMatch(/<svg class="ring"[^>]*aria-label="Kept 90, Broken 4, Overdue 1"/);
  expect(missed).toContain('Kept 90 Broken 4 Overdue 1 May be broken or late 2');
  expect(of({ brokenAllowed: 7 }, [])).toContain('Left of that allowance: 2.');
  expect(of({}, [])).toContain('No checkpoint that it answers for was missed.');
  expect(of({ goal: null, brokenAllowed: null }, [])).toContain('No goal is set for them.');
  expect(reportsPage(pageOf(FIGURES))).not.toContain('scorecard');
});
