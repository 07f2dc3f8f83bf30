import { beforeAll, describe, expect, it } from 'vitest';
import { loadPainter, type Painter } from '../../reports/charts/draw.ts';
import { picturesOf } from '../../reports/charts/figures.ts';
import { groupsPicture } from '../../reports/charts/groups.ts';
import { marginsPicture } from '../../reports/charts/margins.ts';
import { PAGE_PAINT, PAPER_PAINT, type Picture } from '../../reports/charts/picture.ts';
import { MOST_WEEKS, mondayMs, quarterRates, weekPoints, weekTicks } from '../../reports/charts/week-points.ts';
import { weeksPicture } from '../../reports/charts/weeks.ts';
import { writeSvg } from '../../reports/writers/svg.ts';
import { instant } from '../../domain/promise/instant.ts';
import { en } from '../../words/en.ts';
import { DAY, FIGURES, group, groupedBy, histogram, HOUR, MINUTE } from './picture-figures.ts';

let painter: Painter;
beforeAll(async () => {
  painter = await loadPainter();
});

const WIDTHS = [880, 640, 280];
const PICTURES = picturesOf(FIGURES, en).map((picture) => [picture.name, picture] as const);
const drawn = (picture: Picture | null, width = 640): string =>
  picture ? painter.draw(picture, { width }, PAPER_PAINT) : '';

/** Every text with the place it begins and ends at, by letters that are rather too wide. */
function textsOf(svg: string): readonly { readonly text: string; readonly left: number; readonly right: number }[] {
  return [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)].flatMap(([, attributes = '', text = '']) => {
    const attribute = (name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
    const moved = Number(/translate\((-?[\d.]+)/.exec(attribute('transform'))?.[1] ?? 0);
    const isUpright = attribute('transform').includes('rotate') || attribute('transform').includes('matrix');
    const x = Number(attribute('x') || 0) + moved;
    const size = parseFloat(attribute('font-size')) * 0.5 * text.replace(/&\w+;/g, '?').length;
    const shift = { start: 0, middle: 0.5, end: 1 }[attribute('text-anchor') || 'start'] ?? 0;
    return isUpright ? [] : [{ text, left: x - shift * size, right: x + (1 - shift) * size }];
  });
}
const said = (svg: string): readonly string[] => textsOf(svg).map(({ text }) => text);

describe('every picture', () => {
  it.each(PICTURES)(
    '%s holds nothing that a page may not hold: no style, script, handler, link or foreign name',
    (_, picture) => {
      const svg = painter.draw(picture, { width: 640 }, PAGE_PAINT);
      expect(svg).toMatch(/^<svg /);
      expect(svg).not.toMatch(
        /<style|<script|<a |<image|<foreignObject| style=| class=| on\w+=|href|ecmeta|url\((?!#)/,
      );
    },
  );

  it.each(PICTURES)('%s is the same text when it is drawn again', (_, picture) => {
    expect(drawn(picture)).toBe(drawn(picture));
  });

  it.each(PICTURES)('%s takes its colours from the ground it is drawn for', (_, picture) => {
    expect(painter.draw(picture, { width: 640 }, PAGE_PAINT)).not.toMatch(/#[0-9a-f]{3,8}|rgb/i);
    expect(drawn(picture)).not.toContain('var(');
  });

  it.each(PICTURES.flatMap(([name, picture]) => WIDTHS.map((width) => [name, width, picture] as const)))(
    '%s at %d px cuts no text at its sides',
    (_, width, picture) => {
      const texts = textsOf(drawn(picture, width));
      expect(texts.length).toBeGreaterThan(3);
      expect(texts.filter(({ left, right }) => !(left >= 0 && right <= width))).toEqual([]);
    },
  );

  it('two widths of one picture share no identifier', () => {
    const [picture] = picturesOf(FIGURES, en);
    const ids = [640, 280].flatMap((width) =>
      [...drawn(picture ?? null, width).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the kept rate by week', () => {
  it('says the rate, the best and the worst week of enough promises, and how often the goal was reached', () => {
    expect(weeksPicture(FIGURES, en)?.reading).toBe(
      '70 % were kept over 3 weeks. The best week, that of 2 Nov 2026, reached 80 %; the worst, that of 16 Nov 2026, 60.3 %. The goal of 80 % was reached in 2 of 3 weeks.',
    );
  });

  it('explains a point of few promises only where there is one', () => {
    const many = weeksPicture({ ...FIGURES, weeks: { groups: FIGURES.weeks.groups.slice(0, 2) } }, en);
    expect(weeksPicture(FIGURES, en)?.notes.join()).toContain('fewer than 30 promises');
    expect(many?.notes).toEqual([]);
  });

  it('leaves the place of a week without promises free, and says no rate for it', () => {
    expect(weekPoints(FIGURES.weeks.groups)).toEqual([
      { monday: '2026-11-02', due: 600, kept: 480, rate: 0.8 },
      { monday: '2026-11-09', due: 0, kept: 0, rate: null },
      { monday: '2026-11-16', due: 630, kept: 380, rate: 380 / 630 },
      { monday: '2026-11-23', due: 10, kept: 8, rate: 0.8 },
    ]);
  });

  it.each([
    ['2013-W01', '2012-12-31'],
    ['2013-W07', '2013-02-11'],
    ['2020-W53', '2020-12-28'],
    ['2021-W01', '2021-01-04'],
    ['0001-W02', '0001-01-08'],
  ])('%s begins on %s', (week, monday) => {
    expect(new Date(mondayMs(week)).toISOString().slice(0, 10)).toBe(monday);
  });

  it('draws twenty years where weeks lie further apart, those with most promises, and says how many it leaves out', () => {
    const groups = [
      group('0001-W02', 10, 10),
      group('2006-W20', 5_000, 4_000),
      group('2026-W20', 3_000, 2_000),
      group('2026-W21', 10, 10),
      group('9998-W01', 10, 10),
    ];
    const points = weekPoints(groups);
    expect([points[0]?.monday, points.at(-1)?.monday]).toEqual(['2006-05-15', '2026-05-11']);
    expect(points).toHaveLength(MOST_WEEKS);
    const notes = weeksPicture({ ...FIGURES, weeks: { groups } }, en)?.notes.join();
    expect(notes).toContain('3 weeks lie years away');
  });

  it('of spans with equally many promises draws the newest', () => {
    expect(weekPoints([group('1999-W01', 10, 10), group('2026-W01', 10, 10)]).map(({ monday }) => monday)).toEqual([
      '2025-12-29',
    ]);
  });

  it('compares no weeks of few promises', () => {
    const groups = [group('2026-W45', 29, 29), group('2026-W46', 29, 0), group('2026-W47', 30, 15)];
    const reading = weeksPicture({ ...FIGURES, weeks: { groups } }, en)?.reading;
    expect(reading).toContain('were kept over 3 weeks.');
    expect(reading).not.toMatch(/best|worst/);
  });

  it('takes a quarter together once there are more than two years', () => {
    const groups = Array.from({ length: 3 }, (_, year) =>
      Array.from({ length: 52 }, (__, week) =>
        group(`${2023 + year}-W${String(week + 1).padStart(2, '0')}`, 10, week % 10),
      ),
    ).flat();
    const points = weekPoints(groups);
    expect(weeksPicture({ ...FIGURES, weeks: { groups } }, en)?.notes.join()).toContain('13 weeks');
    const rates = quarterRates(points);
    expect(rates.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => null));
    const [due, kept] = points.slice(20, 33).reduce(([d, k], point) => [d + point.due, k + point.kept], [0, 0]);
    expect(rates[32]).toBeCloseTo(kept / due, 12);
    expect(weeksPicture({ ...FIGURES, weeks: { groups } }, en)?.reading).toMatch(
      /Taken 13 weeks together, those up to/,
    );
  });

  it('takes no quarter together that has few promises', () => {
    const points = weekPoints(
      Array.from({ length: 14 }, (_, week) => group(`2026-W${week + 10}`, week === 13 ? 20 : 1, 1)),
    );
    expect(quarterRates(points).slice(-2)).toEqual([null, 13 / 32]);
  });

  it.each([
    [3, 9, 3],
    [12, 9, 6],
    [12, 3, 3],
    [37, 9, 9],
    [37, 3, 3],
    [104, 9, 9],
    [377, 9, 9],
    [522, 3, 3],
  ])('names %d weeks at most %d times, as often as there is room for', (weeks, most, least) => {
    const first = mondayMs('2006-W18');
    const points = Array.from({ length: weeks }, (_, index) => ({
      monday: new Date(first + index * 7 * DAY).toISOString().slice(0, 10),
      due: 1,
      kept: 1,
      rate: 1,
    }));
    const ticks = weekTicks(points, most);
    expect(ticks.length).toBeLessThanOrEqual(most);
    expect(ticks.length).toBeGreaterThanOrEqual(Math.ceil(least / 2));
    expect(ticks[0]?.saysYear).toBe(true);
  });

  it('has room for counts in millions', () => {
    const groups = [group('2026-W45', 1_234_567, 1_000_000), group('2026-W46', 2_345_678, 1_000_000)];
    for (const width of WIDTHS) {
      const texts = textsOf(drawn(weeksPicture({ ...FIGURES, weeks: { groups } }, en), width));
      expect(texts.filter(({ left, right }) => !(left >= 0 && right <= width))).toEqual([]);
    }
  });

  it('is no picture where nothing was due yet', () => {
    expect(weeksPicture({ ...FIGURES, weeks: { groups: [group('2026-W45', 0, 0, { open: 3 })] } }, en)).toBeNull();
  });
});

describe('the margins', () => {
  it('say how many came in time, the half and the tenth', () => {
    expect(marginsPicture(FIGURES, en)?.reading).toBe(
      '70 % of 1,240 fulfilled promises came in time. Half came at least 5 min early; one in ten came at least 1 h late.',
    );
  });

  it.each([
    [0, 0, 'Half came at the promised time or before; one in ten came at the promised time or after.'],
    [999, -999, 'Half came at the promised time or before; one in ten came at the promised time or after.'],
    [-999, -DAY, 'Half came at the promised time or after; one in ten came at least 1 day late.'],
    [-DAY, -3 * DAY, 'Half came at least 1 day late; one in ten came at least 3 days late.'],
    [DAY, 2 * HOUR, 'Half came at least 1 day early; one in ten came at most 2 h early, or late.'],
  ])('with a median of %d ms and a tenth of %d ms read: %s %s', (p50, p10, text) => {
    const total = { ...FIGURES.total, marginMs: { p5: null, p10, p50, p90: null } };
    expect(marginsPicture({ ...FIGURES, total }, en)?.reading).toContain(text);
  });

  it('draw the promised time and the target with their names, early left of it and late right', () => {
    const svg = drawn(marginsPicture(FIGURES, en));
    expect(said(svg)).toEqual(
      expect.arrayContaining(['promised time', 'our target', 'in time 70 %', 'late 30 %', 'promised']),
    );
    const place = (text: string) => textsOf(svg).find((one) => one.text === text)?.left ?? NaN;
    expect(place('30 min')).toBeLessThan(place('promised'));
    expect(said(svg).filter((text) => text === '30 min')).toHaveLength(2);
  });

  it('name no target where there is none, where it lies outside, or where it would cover the promised time', () => {
    for (const targetMs of [null, 5 * DAY, 1_000]) {
      const picture = marginsPicture({ ...FIGURES, margins: histogram([1, 2, 3], 1, { targetMs }) }, en);
      expect(said(drawn(picture))).not.toContain('our target');
    }
  });

  it('tell what the bars at the ends gather, where there are any', () => {
    expect(marginsPicture(FIGURES, en)?.notes.join()).toContain(
      '4 came more than 30 min early, 4 came more than 30 min late',
    );
    expect(marginsPicture({ ...FIGURES, margins: histogram([1, 2], 1, { targetMs: null }) }, en)?.notes).toEqual([]);
  });

  it.each([
    [723, 'in time 58.3 %', 'late 41.7 %'],
    [1_148, 'in time 92.6 %', 'late 7.4 %'],
  ])('share 100 %% between in time and late, as the table does, with %i kept', (kept, ...texts) => {
    const total = { ...FIGURES.total, kept };
    expect(said(drawn(marginsPicture({ ...FIGURES, total }, en)))).toEqual(expect.arrayContaining(texts));
  });

  it.each([
    ['only late ones', histogram([10, 20, 30, 0], 3, { binMs: DAY, targetMs: 2 * HOUR })],
    ['only early ones', histogram([10, 20, 30, 5, 5, 5], 0, { binMs: DAY, targetMs: 3 * DAY })],
    ['one bin of a minute', histogram([3], 0, { binMs: MINUTE, targetMs: null })],
    [
      'sixty bins',
      histogram(
        Array.from({ length: 60 }, (_, i) => i),
        50,
        { binMs: 2 * HOUR },
      ),
    ],
  ])('find room for their texts with %s', (_, margins) => {
    for (const width of WIDTHS) {
      const texts = textsOf(drawn(marginsPicture({ ...FIGURES, margins }, en), width));
      expect(texts.map(({ text }) => text)).toContain('promised');
      expect(texts.filter(({ left, right }) => !(left >= 0 && right <= width))).toEqual([]);
    }
  });

  it('are no picture where nothing was fulfilled', () => {
    expect(marginsPicture({ ...FIGURES, margins: null }, en)).toBeNull();
  });
});

describe('the kept rate by group', () => {
  it('shows most promises first, with rate and number as text, and promises without a group by a word', () => {
    const texts = said(drawn(groupsPicture(FIGURES, en)));
    expect(texts.slice(0, 20)).toEqual(
      expect.arrayContaining(['omniva', '68.3 % of 820', 'dpd', '75 % of 400', '(none)', '40 % of 20']),
    );
    expect(texts.indexOf('omniva')).toBeLessThan(texts.indexOf('dpd'));
    expect(texts.indexOf('dpd')).toBeLessThan(texts.indexOf('(none)'));
  });

  it('names the largest, the best and the worst of enough promises', () => {
    expect(groupsPicture(FIGURES, en)?.reading).toBe(
      'omniva has the most promises, 820 due, and kept 68.3 % of them. Best is dpd with 75 %, worst omniva with 68.3 %.',
    );
  });

  it('draws fifteen and says how many it does not', () => {
    const groups = Array.from({ length: 17 }, (_, i) => group(`p${i}`, 100 - i, 50));
    const picture = groupsPicture(groupedBy('partner', groups), en);
    expect(picture?.notes).toContain('Not drawn: 2 more groups.');
    expect(said(drawn(picture)).filter((text) => /^p\d/.test(text))).toEqual(groups.slice(0, 15).map(({ key }) => key));
  });

  it('keeps months in their order and shows the last ones', () => {
    const groups = Array.from({ length: 17 }, (_, i) => group(`20${10 + i}-01`, 100 + i, 50));
    const months = said(drawn(groupsPicture(groupedBy('month', groups), en))).filter((text) => text.endsWith('-01'));
    expect(months).toEqual(groups.slice(2).map(({ key }) => key));
  });

  it.each([
    ['words', 'Tanzania, United Republic of, and a name that is as long as any'],
    ['one word', 'x'.repeat(64)],
    ['wide letters', 'W'.repeat(64)],
  ])('cuts no name of 64 letters in %s, but breaks it into lines', (_, key) => {
    for (const width of WIDTHS) {
      const svg = drawn(groupsPicture(groupedBy('region', [group(key, 40, 30), group('b', 30, 20)]), en), width);
      const lines = said(svg).filter((text) => key.includes(text) && !/^\d/.test(text) && text !== 'b');
      expect(lines.join('').replaceAll(' ', '')).toBe(key.replaceAll(' ', ''));
      expect(textsOf(svg).filter(({ left, right }) => !(left >= 0 && right <= width))).toEqual([]);
    }
  });

  it.each(['<script>alert(1)</script>', '"/><image href="x"', '{b|x}', '{value}', '&amp;', ']]>'])(
    'shows the hostile name %j as the text it is',
    (key) => {
      const svg = drawn(groupsPicture(groupedBy('owner', [group(key, 40, 30), group('b', 30, 20)]), en), 880);
      const read = (text: string) =>
        text
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&#39;', "'")
          .replaceAll('&amp;', '&');
      expect(said(svg).map(read).join('')).toContain(key);
      expect(svg).not.toMatch(/<script|<image/);
    },
  );

  it('shows no mark that moves a cursor, turns a line around or may not stand in XML', () => {
    const svg = drawn(groupsPicture(groupedBy('owner', [group('a\u001b\u202e\u0000\ud800b', 40, 30)]), en));
    expect(said(svg)).toContain('a????b');
  });

  it('says of a group whose time has not come that none was due', () => {
    const groups = [group('dpd', 40, 30), group('new', 0, 0, { open: 3, promises: 3 })];
    expect(said(drawn(groupsPicture(groupedBy('partner', groups), en)))).toContain('none due yet');
  });
});

describe('the file of pictures', () => {
  const report = { generatedAt: instant(Date.UTC(2026, 10, 27, 13)), readLagMs: 120, figures: FIGURES, chosen: [] };

  it('holds every picture with its title, its reading and its notes, and when it was made', () => {
    const svg = writeSvg(report, painter);
    const text = said(svg).join(' ');
    for (const picture of picturesOf(FIGURES, en))
      for (const sentence of [picture.title, picture.reading, ...picture.notes]) expect(text).toContain(sentence);
    expect(text).toContain('Fri 27 Nov 2026, 13:00:00 (UTC); the figures were 120 ms old');
    expect(text).toContain('70 % kept · 1,240 promises');
    expect(svg.match(/<svg /g)).toHaveLength(4);
  });

  it('names what it was narrowed to, as text', () => {
    const svg = writeSvg({ ...report, chosen: ['partner <b>"&'] }, painter);
    expect(said(svg).join(' ')).toContain('Only partner &lt;b&gt;&quot;&amp;.');
  });

  it('says so where nothing matches, and where nothing was due yet', () => {
    expect(said(writeSvg({ ...report, figures: null }, painter))).toContain('No promises match.');
    const figures = {
      total: group(null, 0, 0),
      weeks: { groups: [] },
      groups: { by: 'kind' as const, groups: [] },
      margins: null,
    };
    expect(said(writeSvg({ ...report, figures }, painter)).join(' ')).toContain('No promised time has come yet');
  });

  it('refers to nothing outside and closes what it opens', () => {
    const svg = writeSvg(report, painter);
    expect(svg.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|var\(/);
    const open: string[] = [];
    for (const [, close, name = '', attributes = ''] of svg.matchAll(/<(\/?)(\w+)([^>]*)>/g)) {
      if (close) expect(open.pop()).toBe(name);
      else if (!attributes.endsWith('/')) open.push(name);
    }
    expect(open).toEqual([]);
  });
});
