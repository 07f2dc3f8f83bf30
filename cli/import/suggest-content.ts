import { isFault } from './cells.ts';
import { LABELS } from './labels.ts';

/** What the texts of a column look like, whatever its name; each is a share of the texts, 0 where there are none. */
export interface Looks {
  readonly emails: number;
  readonly phones: number;
  /** Names of people, or other words that begin with a capital. */
  readonly names: number;
  /** Numbers and other short codes with a digit, as people and orders are given. */
  readonly numbers: number;
}

export function looksOf(texts: readonly string[]): Looks {
  const share = (is: (text: string) => boolean): number =>
    texts.length === 0 ? 0 : texts.filter(is).length / texts.length;
  return { emails: share(isEmail), phones: share(isPhone), names: share(isName), numbers: share(isNumber) };
}

const isEmail = (text: string): boolean => !isFault(LABELS.customerEmail(text));

/** With a country code, or an area code in brackets or set apart; plain digits may be anything. */
const isPhone = (text: string): boolean =>
  /^(\+|00)\d[\d ()/.-]{5,}$|^\(?0\d{1,5}\)?[ /-]+\d[\d /-]{3,}$|^\(\d{2,5}\) ?\d[\d -]{4,}$/.test(text);

/** Several words of letters, or one with a capital. */
const isName = (text: string): boolean =>
  /^\p{L}[\p{L}.'’-]*(,? +\p{L}[\p{L}.'’-]*)+$/u.test(text) || /^\p{Lu}\p{Ll}[\p{L}'’-]*$/u.test(text);

/** No price and no weight, which every row may have of its own, too. */
const isNumber = (text: string): boolean =>
  /^(?=.*\d)[\p{L}\d#/_.:-]+$/u.test(text) && !/^-?[\d.,]*[.,]\d+$/.test(text) && !isPhone(text);
