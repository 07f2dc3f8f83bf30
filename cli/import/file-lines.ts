import { fileBytes, type ReadProgress } from './file-bytes.ts';

/** A physical line of a file, without its line feed; a carriage return before it still stands. */
export interface Line {
  /** The first line being 1. */
  readonly number: number;
  /** Of a line that is too long only the beginning. */
  readonly text: string;
  readonly tooLong: boolean;
}

/** Some lines that follow one another. */
export interface Lines {
  readonly lines: readonly Line[];
  /** Nothing comes after these. */
  readonly atEnd: boolean;
}

/** The longest line, and the longest record, in characters (UTF-16 units). */
export const MAX_CHARS = 1_000_000;

/** The file is in a form that is not read; the message says which and what to do. */
export class ForeignForm extends Error {}

/**
 * The lines of a UTF-8 file, plain or gzipped, without its byte order mark. Bytes that are no UTF-8, and
 * U+0000, which no database stores, become U+FFFD. A line that is too long is not kept.
 * @throws ForeignForm, and what `fileBytes` throws; an unfinished line before a fault is not given out
 */
export async function* fileLines(file: string, onProgress?: (progress: ReadProgress) => void): AsyncGenerator<Lines> {
  const decoder = new TextDecoder();
  const lines = createLineCutter();
  let begun = false;
  for await (const bytes of fileBytes(file, onProgress)) {
    if (!begun) refuseForeign(bytes);
    begun = true;
    yield { lines: lines.cut(decoder.decode(bytes, { stream: true })), atEnd: false };
  }
  yield { lines: lines.last(decoder.decode()), atEnd: true };
}

const FOREIGN: readonly { readonly begins: readonly number[]; readonly why: string }[] = [
  { begins: [0xff, 0xfe], why: 'it is in UTF-16. Save it as UTF-8.' },
  { begins: [0xfe, 0xff], why: 'it is in UTF-16. Save it as UTF-8.' },
  {
    begins: [0x50, 0x4b, 0x03, 0x04],
    why: 'it is a zip archive, as Excel workbooks are. Unpack it, or save the sheet as CSV in UTF-8.',
  },
];

function refuseForeign(bytes: Buffer): void {
  const found = FOREIGN.find(({ begins }) => begins.every((byte, place) => bytes[place] === byte));
  if (found) throw new ForeignForm(found.why);
}

interface LineCutter {
  /** The lines that end within `text`, together with what was left over from before. */
  readonly cut: (text: string) => readonly Line[];
  /** What is left at the end of the file: no line where nothing is. */
  readonly last: (text: string) => readonly Line[];
}

function createLineCutter(): LineCutter {
  let number = 1;
  let open = '';
  const take = (): Line => {
    const tooLong = open.length > MAX_CHARS;
    const line = { number, text: tooLong ? open.slice(0, 1_000) : open, tooLong };
    number += 1;
    open = '';
    return line;
  };
  const cut = (text: string): readonly Line[] => {
    const lines: Line[] = [];
    for (const [place, part] of text.replaceAll('\0', '\uFFFD').split('\n').entries()) {
      if (place > 0) lines.push(take());
      if (open.length <= MAX_CHARS) open += part;
    }
    return lines;
  };
  return {
    cut,
    last: (text) => {
      const lines = cut(text);
      return open === '' ? lines : [...lines, take()];
    },
  };
}
