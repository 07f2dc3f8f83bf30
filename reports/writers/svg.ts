import type { WordKept } from '../../domain/metrics/word-kept.ts';
import { countText, shareText, timeText } from '../../words/format.ts';
import type { Words } from '../../words/en.ts';
import { wordsFor } from '../../words/languages.ts';
import type { Painter } from '../charts/draw.ts';
import { picturesOf } from '../charts/figures.ts';
import { keyText } from '../charts/groups.ts';
import { marginText } from '../charts/margin-texts.ts';
import { PAPER_PAINT, textPx, type Picture, type ReportFigures } from '../charts/picture.ts';

/** What the pictures are of. */
export interface SvgReport extends Pick<WordKept, 'generatedAt' | 'readLagMs'> {
  /** Null where no promise matches. */
  readonly figures: ReportFigures | null;
  /** What it was narrowed to, as `partner dpd`; empty: all promises. */
  readonly chosen: readonly string[];
}

const WIDTH = 960;
const SIDE = 40;
const INNER = WIDTH - 2 * SIDE;
const FONTS = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', 'DejaVu Sans', Arial, sans-serif";

/** The pictures of the page in one file of their own, black on white, each under what it says. */
export function writeSvg(report: SvgReport, { draw }: Painter): string {
  const words = wordsFor('en');
  const says = words.reports;
  const { figures } = report;
  const sheet = newSheet();
  sheet.lines(says.title, { size: 26, weight: 'bold' });
  sheet.lines([says.only(report.chosen.map(shown)), says.lead].join(' '), SOFT);
  sheet.lines(
    says.asOf(timeText(words.clock, report.generatedAt, 'UTC', true), `${Math.round(report.readLagMs)} ms`),
    SOFT,
  );
  if (!figures) sheet.lines(says.empty.noMatch, PLAIN);
  else {
    sheet.room(8);
    sheet.lines(headline(figures, words), { size: 18, weight: 'bold' });
    const pictures = picturesOf(figures, words);
    if (pictures.length === 0) sheet.lines(says.empty.noneDue, PLAIN);
    for (const picture of pictures) addPicture(sheet, picture, draw);
  }
  return sheet.end(says.title);
}

function addPicture(sheet: Sheet, picture: Picture, draw: Painter['draw']): void {
  const frame = { width: INNER };
  sheet.room(28);
  sheet.lines(picture.title, { size: 18, weight: 'bold' });
  sheet.lines(picture.reading, PLAIN);
  sheet.room(6);
  sheet.picture(draw(picture, frame, PAPER_PAINT), picture.heightOf(frame));
  for (const note of picture.notes) sheet.lines(note, SOFT);
}

function headline({ total }: ReportFigures, { language, ...words }: Words): string {
  const says = words.reports.short;
  return [
    says.kept(shareText(total.keptRate)),
    says.promises(countText(language, total.promises)),
    says.early(shareText(total.earlyRate)),
    says.median(marginText(total.marginMs.p50, { language, ...words })),
  ].join(' · ');
}

const shown = (text: string): string => keyText({ key: text }, wordsFor('en'));

interface Type {
  readonly size: number;
  readonly weight?: 'bold';
  readonly fill?: string;
}

const PLAIN: Type = { size: 15 };
const SOFT: Type = { size: 13, fill: PAPER_PAINT.soft };

type Sheet = ReturnType<typeof newSheet>;

/** What is added stands below what is there. */
function newSheet() {
  const parts: string[] = [];
  let y = SIDE;
  return {
    room: (px: number) => void (y += px),
    lines: (text: string, { size, weight, fill = PAPER_PAINT.ink }: Type) => {
      for (const line of wrapped(text, size)) {
        y += Math.round(size * 1.45);
        const bold = weight ? ` font-weight="${weight}"` : '';
        parts.push(`<text x="${SIDE}" y="${y}" font-size="${size}" fill="${fill}"${bold}>${escaped(line)}</text>`);
      }
      y += 4;
    },
    picture: (svg: string, height: number) => {
      parts.push(svg.replace('<svg ', `<svg x="${SIDE}" y="${y}" `));
      y += height + 4;
    },
    end: (title: string): string =>
      [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y + SIDE}" viewBox="0 0 ${WIDTH} ${y + SIDE}" font-family="${FONTS}">`,
        `<title>${escaped(title)}</title>`,
        `<rect width="100%" height="100%" fill="${PAPER_PAINT.ground}"/>`,
        ...parts,
        '</svg>\n',
      ].join('\n'),
  };
}

/** Lines as long as the sheet is wide. */
function wrapped(text: string, size: number): readonly string[] {
  const letters = Math.floor(INNER / ((textPx('x') / 12) * size));
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? '');
