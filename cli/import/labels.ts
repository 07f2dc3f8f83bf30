import { isZone } from '../../domain/calendar/zones.ts';
import type { Fault, Reader } from './cells.ts';

/** Longest texts, in characters, as the API has them. */
export const LONGEST = {
  ref: 200,
  kind: 64,
  owner: 64,
  partner: 200,
  region: 200,
  product: 200,
  subject: 300,
  customer: 200,
  customerName: 200,
  customerEmail: 254,
  customerPhone: 64,
  customerLanguage: 35,
  customerZone: 64,
} as const;

/** A text as it stands, no longer than texts of this name may be. */
function label(name: keyof typeof LONGEST): Reader<string> {
  const max = LONGEST[name];
  const tooLong: Fault = { code: 'TOO_LONG', message: `Longer than ${max} characters.` };
  return (text) => (text.length <= max ? text : tooLong);
}

/** A label that has a form, too. */
function formed(name: keyof typeof LONGEST, isFormed: (text: string) => boolean, form: string): Reader<string> {
  const short = label(name);
  const other: Fault = { code: 'UNREADABLE_CONTACT', message: form };
  return (text) => (isFormed(text) ? short(text) : other);
}

/** Zones already found good: a file has few, and asking takes longer than the rest of its row. */
const known = new Set<string>();

function isKnownZone(text: string): boolean {
  if (!known.has(text) && isZone(text)) known.add(text);
  return known.has(text);
}

const isEmail = (text: string): boolean => /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text);
const isLanguage = (text: string): boolean => /^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(text);

/** How every text of a promise is read. */
export const LABELS = {
  ref: label('ref'),
  kind: label('kind'),
  owner: label('owner'),
  partner: label('partner'),
  region: label('region'),
  product: label('product'),
  subject: label('subject'),
  customer: label('customer'),
  customerName: label('customerName'),
  customerEmail: formed('customerEmail', isEmail, 'Not an e-mail address.'),
  customerPhone: label('customerPhone'),
  customerLanguage: formed('customerLanguage', isLanguage, 'Not a language tag such as et or pt-BR.'),
  customerZone: formed('customerZone', isKnownZone, 'Not an IANA time zone such as Europe/Tallinn.'),
} as const satisfies Readonly<Record<keyof typeof LONGEST, Reader<string>>>;
