import { z } from '@hono/zod-openapi';
import type { ReportBound } from '../domain/metrics/word-kept.ts';
import { isDay, isZone } from '../domain/calendar/zones.ts';
import { DURATION, isNothing } from '../domain/policy/durations.ts';
import { instant, type Instant } from '../domain/promise/instant.ts';

/** The fields that several routes read and write. Texts come in as they are and are never trimmed. */

const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** A text of 1 to `max` characters (UTF-16 units). PostgreSQL stores neither U+0000 nor half a surrogate pair. */
export const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !UNSTORABLE.test(value), 'Must not contain U+0000 or half a surrogate pair.');

/** Longest texts, in characters. */
export const MAX = {
  slot: 100,
  name: 64,
  ref: 200,
  /** Partner, region, product: histories bring the full names of firms. */
  label: 200,
  subject: 300,
  factKey: 200,
  note: 4_000,
  personName: 200,
  email: 254,
  phone: 64,
  language: 35,
} as const;

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const NO_SUCH_DAY = 'This day is not in the calendar of the years 0001 to 9999.';
const WALL_CLOCK = /^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$/;

/** RFC 3339 with offset, read to the millisecond; digits beyond are cut. Leap seconds are not taken. */
export const instantField = z
  .string()
  .max(40)
  .transform((value, context): Instant => {
    const read = readInstant(value);
    if (typeof read === 'string') return read;
    context.addIssue({ code: 'custom', message: read.message });
    return z.NEVER;
  })
  .openapi({ type: 'string', format: 'date-time', example: '2026-11-27T15:00:00+02:00' });

/** Said of times too near the ends of what an instant can name. */
export const YEARS = 'The times around it must lie between the years 0002 and 9998.';

/** A year is left on either side, for what a page or a mail says around such a time. */
export const isWithinYears = (from: Instant, to: Instant): boolean => from >= '0002' && to < '9999';

/** A day around which times can be named: those of the first and the last year are refused. */
export const isDayWithinYears = (day: string): boolean => isDay(day) && day >= '0002' && day < '9999';

/** A day of the calendar, `YYYY-MM-DD`. */
export const dayField = z
  .string()
  .refine(isDay, 'Must be a day of the calendar as YYYY-MM-DD, between the years 0001 and 9999.')
  .openapi({ format: 'date', example: '2026-11-27' });

/** An ISO 8601 duration longer than nothing. */
export const durationField = z
  .string()
  .max(40)
  .transform((value, context): string => {
    const faults: string[] = [];
    const read = DURATION.read(value, (_, message) => void faults.push(message));
    if (read !== undefined && !isNothing(read)) return read;
    context.addIssue({ code: 'custom', message: faults[0] ?? 'A duration of nothing promises nothing.' });
    return z.NEVER;
  })
  .openapi({ type: 'string', format: 'duration', example: 'PT4H' });

/** An IANA zone, e.g. `Europe/Tallinn`. */
export const zoneField = z
  .string()
  .max(64)
  .refine(isKnownZone, 'Must be an IANA time zone such as Europe/Tallinn.')
  .openapi({ example: 'Europe/Tallinn' });

/** BCP 47, e.g. `et` or `pt-BR`. */
export const languageField = z
  .string()
  .max(MAX.language)
  .refine(isLanguage, 'Must be a language tag such as et or pt-BR (BCP 47).')
  .openapi({ example: 'et' });

/** One end of a span of promises in a query. */
export const boundField = (end: 'from' | 'to') =>
  z
    .string()
    .max(40)
    .transform((value, context): ReportBound => {
      const read = readBound(value);
      if (!('message' in read)) return read;
      context.addIssue({ code: 'custom', message: read.message });
      return z.NEVER;
    })
    .openapi({
      type: 'string',
      description:
        end === 'from'
          ? 'From this instant of promisedAt (RFC 3339 with offset) on, itself included; or from this day (YYYY-MM-DD) on: the one, in the zone of each promise, on which it falls due.'
          : 'Before this instant of promisedAt (RFC 3339 with offset), itself left out; or up to and including this day (YYYY-MM-DD): the one, in the zone of each promise, on which it falls due.',
    });

/** A bound as it is written in a query or on the command line; `message` says why it is none. */
export function readBound(value: string): ReportBound | { readonly message: string } {
  if (isDay(value)) return { day: value };
  if (DAY.test(value)) return { message: NO_SUCH_DAY };
  const read = readInstant(value);
  return typeof read === 'string' ? { at: read } : { message: `${read.message} A day (YYYY-MM-DD) is taken, too.` };
}

/** An instant in answers: UTC with milliseconds and Z. */
export const instantAnswer = z.string().openapi({ format: 'date-time', example: '2026-11-27T13:00:00.000Z' });

function readInstant(value: string): Instant | { readonly message: string } {
  const parts = RFC_3339.exec(value);
  if (!parts) {
    return WALL_CLOCK.test(value)
      ? { message: 'A time without offset means another instant in every zone. Add Z or an offset such as +02:00.' }
      : { message: 'Must be an instant with offset (RFC 3339), e.g. 2026-11-27T15:00:00+02:00.' };
  }
  if (!isDay(parts[1] ?? '')) return { message: NO_SUCH_DAY };
  // Only milliseconds have a defined reading in Date.parse.
  const ms = Date.parse(value.toUpperCase().replace(/(\.\d{3})\d+/, '$1'));
  try {
    return instant(ms);
  } catch (error) {
    if (error instanceof RangeError) return { message: 'Must lie between the years 0001 and 9999 (UTC).' };
    throw error;
  }
}

/** Zones already found good: asking Intl costs more than the rest of the request. */
const knownZones = new Set<string>();
const MAX_KNOWN_ZONES = 5_000;

function isKnownZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  if (!isZone(name)) return false;
  if (knownZones.size < MAX_KNOWN_ZONES) knownZones.add(name);
  return true;
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

const MAX_VERSION = 2_147_483_647;

/** Which version of a document is asked for. */
export const versionQuery = z.strictObject({
  version: z
    .string()
    .regex(/^[1-9]\d{0,9}$/, 'Must be a whole number from 1.')
    .transform(Number)
    .refine((number) => number <= MAX_VERSION, `Must be at most ${MAX_VERSION}.`)
    .optional()
    .openapi({ type: 'integer', minimum: 1, maximum: MAX_VERSION, description: 'Left out, the newest.' }),
});
