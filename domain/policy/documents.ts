import { nearest } from './nearest.ts';

/** What is wrong with a document, and where: `pointer` is a JSON pointer (RFC 6901) into it. */
export interface DocumentFault {
  readonly pointer: string;
  readonly message: string;
}

/** Says what is wrong at a place. Gives nothing, so that a reader can end with it. */
export type Say = (pointer: string, message: string) => undefined;

/** Says it of something inside, `step` further in. */
export const within =
  (say: Say, step: string | number): Say =>
  (pointer, message) =>
    say(`/${typeof step === 'number' ? step : escaped(step)}${pointer}`, message);

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

/** True for what YAML and JSON call a mapping or an object. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A key as one step of a JSON pointer (RFC 6901). */
export const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** A value as somebody wrote it. */
export const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
