import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** What is written between the digits of a number; a trunk `(0)` is a matter of the country. */
const SEPARATORS = /[\s().\-/\u2010-\u2015\u00a0]/g;
const E164 = /^\+[1-9]\d{4,14}$/;

/**
 * A phone number in any notation as E.164, so that one number is one text: `+372 600 0001`, `00372 600-0001`, and, for a
 * company at home in EE, `600 0001`. Null for what is no number, or lacks a prefix where no country is known.
 * Whether anybody has the number is not asked.
 */
export function readPhone(typed: string, country: string | null): string | null {
  const bare = typed.trim().replace(/^tel:/i, '');
  const international = bare.replace(/^00/, '+');
  // As the country dials first: from some, another country is not reached by 00.
  for (const text of new Set([bare, international])) {
    const read = parsePhoneNumberFromString(text, {
      ...(country !== null && isSupportedCountry(country) ? { defaultCountry: country } : {}),
      extract: false,
    });
    // An extension is part of how to reach somebody: without it, two people would be one.
    if (read?.isPossible() && read.ext === undefined) return read.number;
  }
  const digits = international.replace(SEPARATORS, '');
  return E164.test(digits) ? digits : null;
}

/** A stored phone as people write it: `+372 600 0001`; what is no E.164 as it is. */
export const phoneText = (phone: string): string =>
  E164.test(phone) ? (parsePhoneNumberFromString(phone)?.formatInternational() ?? phone) : phone;
