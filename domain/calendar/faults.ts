import { escaped } from '../policy/fields.ts';
import { nearest } from '../policy/nearest.ts';

/** What is wrong with a calendar document, and where: `pointer` is a JSON pointer into it. */
export interface CalendarFault {
  readonly pointer: string;
  readonly message: string;
}

/** Says what is wrong at a place. */
export type Say = (pointer: string, message: string) => void;

/** Says every key that is not known, with the one that may have been meant. */
export function sayUnknown(record: Record<string, unknown>, known: readonly string[], pointer: string, say: Say): void {
  for (const key of Object.keys(record))
    if (!known.includes(key))
      say(`${pointer}/${escaped(key)}`, `Unknown: ${key}.${didYouMean(key, known) || ` Known: ${known.join(', ')}.`}`);
}

/** Nobody means a known word by a longer one, and to compare one of many thousand letters takes seconds. */
const MAX_LETTERS = 64;

/** The end of a message, with a space before it; empty where no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = word.length > MAX_LETTERS ? null : nearest(word, known);
  return meant === null ? '' : ` Did you mean ${meant}?`;
}
