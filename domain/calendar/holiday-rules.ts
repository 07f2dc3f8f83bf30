import { isRecord, sayUnknown, show, type Say } from '../policy/documents.ts';
import { countries, regionsOf } from './holidays.ts';
import { isDay } from './zones.ts';

/** Which days a calendar takes for holidays. */
export interface HolidayRules {
  /** ISO 3166 code whose public holidays count, e.g. `EE`; null: none but those added. */
  readonly country: string | null;
  /** A part of the country with holidays of its own: `BY`, or with a part of that, `BY-A`; null: the whole country's. */
  readonly region: string | null;
  /** Further holidays, `YYYY-MM-DD`. */
  readonly add: readonly string[];
  /** Days that are none here, though they are in the country. */
  readonly remove: readonly string[];
}

/** The `holidays` of a calendar document; what is wrong is said. */
export function holidayRulesOf(value: unknown, say: Say): HolidayRules {
  const rules = value === undefined ? {} : value;
  if (!isRecord(rules)) {
    say('/holidays', 'holidays is a mapping, e.g. { country: EE, add: ["2026-05-02"] }.');
    return { country: null, region: null, add: [], remove: [] };
  }
  sayUnknown(rules, ['country', 'region', 'add', 'remove'], '/holidays', say);
  const country = countryOf(rules['country'], say);
  const region = regionOf(rules['region'], country, rules['country'] === undefined, say);
  const [add, remove] = [daysOf(rules['add'], '/holidays/add', say), daysOf(rules['remove'], '/holidays/remove', say)];
  if (remove.length > 0 && rules['country'] === undefined)
    say('/holidays/remove', 'Only holidays of a country can be removed, and none is named.');
  for (const [index, day] of remove.entries())
    if (add.includes(day)) say(`/holidays/remove/${index}`, `${day} is both added and removed.`);
  return { country, region, add, remove };
}

/** `HolidayRules` as a calendar document writes them: without what they do not have. */
export interface HolidaysDocument {
  readonly country?: string;
  readonly region?: string;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** The `holidays` of a calendar document that `holidayRulesOf` reads as these. */
export const holidaysDocument = ({ country, region, add, remove }: HolidayRules): HolidaysDocument => ({
  ...(country === null ? {} : { country }),
  ...(region === null ? {} : { region }),
  ...(add.length === 0 ? {} : { add }),
  ...(remove.length === 0 ? {} : { remove }),
});

function countryOf(value: unknown, say: Say): string | null {
  if (value === undefined) return null;
  const known = countries();
  if (typeof value === 'string' && known.includes(value)) return value;
  // Of two letters most are near: only the case of them is a clear mistake.
  const meant =
    typeof value === 'string' && known.includes(value.toUpperCase()) ? ` Write ${value.toUpperCase()}.` : '';
  say(
    '/holidays/country',
    `No country whose holidays are known: ${show(value)}.${meant || ' Write its ISO code, e.g. EE.'}`,
  );
  return null;
}

/** `country` is null also where it is faulty, which has been said. */
function regionOf(value: unknown, country: string | null, isNoneNamed: boolean, say: Say): string | null {
  if (value === undefined) return null;
  const known = country === null ? [] : regionsOf(country);
  if (typeof value === 'string' && known.includes(value)) return value;
  if (isNoneNamed) say('/holidays/region', 'A region needs its country.');
  else if (known.length === 0 && country !== null)
    say('/holidays/region', `${country} has no regions with holidays of their own.`);
  else if (country !== null)
    say(
      '/holidays/region',
      `Not a region of ${country}: ${show(value)}. Known: ${known.filter((each) => !each.includes('-')).join(', ')}.`,
    );
  return null;
}

const MAX_DAYS = 1_000;

function daysOf(value: unknown, pointer: string, say: Say): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > MAX_DAYS) {
    say(pointer, `A list of up to ${MAX_DAYS} days such as ["2026-05-02"].`);
    return [];
  }
  return value.flatMap((day: unknown, index) => {
    if (typeof day === 'string' && isDay(day)) return [day];
    say(`${pointer}/${index}`, `Not a day: ${show(day)}. Write it as 2026-05-02.`);
    return [];
  });
}
