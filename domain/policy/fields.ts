import { parse as parseIso, type Duration as Parts } from 'tinyduration';
import type { BufferRule, Duration, Policy } from './policy.ts';

/** What is wrong with a policy document, and where: `pointer` is a JSON pointer into it. */
export interface PolicyFault {
  readonly pointer: string;
  readonly message: string;
}

type Read<T> = (value: unknown, pointer: string) => T | PolicyFault;

/** One policy field: how it is read, what it means, in which unit, and what holds where the document is silent. */
export interface PolicyField<T> {
  readonly read: Read<T>;
  readonly meaning: string;
  readonly unit: string;
  readonly fallback: (kind: string) => T;
}

const KIND_FORM = /^[a-z][a-z0-9-]{0,62}$/;
/** The whole text: the parser alone finds a duration inside any text, and takes a sign before each part. */
const N = String.raw`\d+([.,]\d+)?`;
const DURATION_FORM = new RegExp(`^-?P(?=.)(${N}Y)?(${N}M)?(${N}W)?(${N}D)?(T(?=.)(${N}H)?(${N}M)?(${N}S)?)?$`);
/** Longer ones lead out of the calendar. */
const MAX_YEARS = 100;
const DURATION = 'ISO 8601 duration';

/** Every field but `kind` and `buffer`, which have no default. To add one: one entry here and one in `Policy`. */
export const POLICY_FIELDS: { readonly [F in Exclude<keyof Policy, 'kind' | 'buffer'>]: PolicyField<Policy[F]> } = {
  lead: {
    read: duration,
    unit: DURATION,
    meaning: 'The customer hears at least this long before the promised time; never more than half the time promised.',
    fallback: () => 'P1D',
  },
  estimateFresh: {
    read: duration,
    unit: DURATION,
    meaning: 'An older estimate is no news.',
    fallback: () => 'P2D',
  },
  whenUnknown: {
    read: oneOf('silent', 'warn'),
    unit: 'silent | warn',
    meaning: 'At the last call without news: say nothing, or warn.',
    fallback: (kind) => (kind === 'reply' || kind === 'repair' ? 'warn' : 'silent'),
  },
  factLag: {
    read: duration,
    unit: DURATION,
    meaning: 'How late facts usually come: recovery waits this long after the deadline.',
    fallback: () => 'PT2H',
  },
  nextNews: {
    read: duration,
    unit: DURATION,
    meaning: 'When the customer hears next, where no new time can be told.',
    fallback: () => 'P1D',
  },
  notices: {
    read: noticeSwitches,
    unit: 'switches',
    meaning: 'promised: confirm to the customer at registration.',
    fallback: () => ({ promised: false }),
  },
  goal: {
    read: goal,
    unit: 'per cent',
    meaning: 'The share of promises to be kept.',
    fallback: () => null,
  },
  sendGuard: {
    read: duration,
    unit: DURATION,
    meaning:
      'No risk notice is handed over later than this before the deadline; never more than a quarter of the lead.',
    fallback: () => 'PT30S',
  },
  spread: {
    read: duration,
    unit: DURATION,
    meaning: 'Against herds: notices go up to this much earlier, recoveries up to this much later.',
    fallback: () => 'PT0S',
  },
  shortest: {
    read: duration,
    unit: DURATION,
    meaning: 'A promise shorter than this is flagged too_tight.',
    fallback: () => 'PT0S',
  },
};

/**
 * Reads a policy document (YAML or JSON, already parsed) and fills in the defaults.
 * All faults are named together; an unknown field is one, a missing buffer rule is one.
 */
export function parsePolicy(
  document: unknown,
): { readonly policy: Policy } | { readonly faults: readonly PolicyFault[] } {
  if (!isRecord(document)) return { faults: [{ pointer: '', message: 'A policy is a mapping with kind and buffer.' }] };
  const faults: PolicyFault[] = [];
  const known = new Set<string>(['kind', 'buffer', ...Object.keys(POLICY_FIELDS)]);
  for (const key of Object.keys(document))
    if (!known.has(key))
      faults.push({
        pointer: `/${escaped(key)}`,
        message: `Unknown policy field ${key}. Known: ${[...known].join(', ')}.`,
      });

  const take = <T>(read: Read<T>, key: string, fallback?: () => T): T | null => {
    const value = document[key];
    if (value === undefined && fallback) return fallback();
    const result = read(value, `/${key}`);
    if (!isFault(result)) return result;
    faults.push(result);
    return null;
  };
  const kind = take(kindName, 'kind');
  const buffer = bufferRule(document['buffer'], '/buffer', faults);
  const name = kind ?? '';
  const rest: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(POLICY_FIELDS) as [string, PolicyField<unknown>][])
    rest[key] = take(field.read, key, () => field.fallback(name));
  if (faults.length > 0 || kind === null || buffer === null) return { faults };
  return { policy: { kind, buffer, ...(rest as Omit<Policy, 'kind' | 'buffer'>) } };
}

function duration(value: unknown, pointer: string): Duration | PolicyFault {
  const wrong = { pointer, message: `Not a duration: ${show(value)}. Write ISO 8601, e.g. P1D or PT4H.` };
  if (typeof value !== 'string' || !DURATION_FORM.test(value)) return wrong;
  try {
    const parsed = parseIso(value);
    const { years = 0, months = 0, weeks = 0, days = 0 } = parsed;
    if (hoursOf(parsed) > MAX_YEARS * 366 * 24)
      return { pointer, message: `Longer than ${MAX_YEARS} years: ${value}.` };
    if (![years, months, weeks, days].every(Number.isInteger))
      return { pointer, message: `Days and longer are calendar days and come whole: ${value}.` };
    return parsed.negative ? { pointer, message: `A duration here cannot be negative: ${value}.` } : value;
  } catch {
    return wrong;
  }
}

/** At most: a month has 31 days here, a year 366. For comparing only. */
function hoursOf({ years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 }: Parts): number {
  return (years * 366 + months * 31 + weeks * 7 + days) * 24 + hours + minutes / 60 + seconds / 3600;
}

function kindName(value: unknown, pointer: string): string | PolicyFault {
  if (typeof value === 'string' && KIND_FORM.test(value)) return value;
  return { pointer, message: `kind is a short lower-case name such as delivery, not ${show(value)}.` };
}

/** Null after adding every fault of it to `faults`. */
function bufferRule(value: unknown, pointer: string, faults: PolicyFault[]): BufferRule | null {
  const before = faults.length;
  const say = (key: string, message: string): void => void faults.push({ pointer: `${pointer}${key}`, message });
  if (!isRecord(value)) {
    say('', 'A kind needs a buffer rule: { fixed: P1D } or { share: 20%, min: PT4H, max: P3D }.');
    return null;
  }
  const isFixed = 'fixed' in value;
  const keys = Object.keys(value);
  const unknown = keys.filter((key) => !['fixed', 'share', 'min', 'max'].includes(key));
  for (const key of unknown)
    say(`/${escaped(key)}`, `Unknown in a buffer rule: ${key}. Known: fixed, share, min, max.`);
  const take = <T>(read: Read<T>, key: string): T | null => {
    if (value[key] === undefined && !(isFixed && key === 'fixed')) return null;
    const result = read(value[key], `${pointer}/${key}`);
    if (!isFault(result)) return result;
    faults.push(result);
    return null;
  };
  if (isFixed && keys.some((key) => ['share', 'min', 'max'].includes(key)))
    say('', 'fixed stands alone: share, min and max do not go with it.');
  // A misspelt key is told by its own name, not also as the one it was meant to be.
  if (!isFixed && value['share'] === undefined && unknown.length === 0)
    say('/share', 'share is missing: write e.g. 20%.');
  const [fixed, part] = [take(duration, 'fixed'), take(share, 'share')];
  const [min, max] = [take(duration, 'min'), take(duration, 'max')];
  if (min !== null && max !== null && hoursOf(parseIso(min)) > hoursOf(parseIso(max)))
    say('/min', `min ${min} is longer than max ${max}.`);
  if (faults.length > before) return null;
  if (fixed !== null) return { fixed };
  return part === null ? null : { share: part, min, max };
}

function noticeSwitches(value: unknown, pointer: string): Policy['notices'] | PolicyFault {
  if (!isRecord(value)) return { pointer, message: 'notices is a mapping, e.g. { promised: true }.' };
  const unknown = Object.keys(value).find((key) => key !== 'promised');
  if (unknown) return { pointer: `${pointer}/${escaped(unknown)}`, message: `Unknown notice switch ${unknown}.` };
  const promised = value['promised'] ?? false;
  return typeof promised === 'boolean' ? { promised } : { pointer: `${pointer}/promised`, message: 'true or false.' };
}

/** `20%` or `0.2`; strictly between 0 and 1: a buffer of nothing or of all is none. */
function share(value: unknown, pointer: string): number | PolicyFault {
  const number = shareOf(value);
  if (number !== null && number < 1) return number;
  return { pointer, message: `Not a share between 0% and 100%: ${show(value)}.${meantShare(value)}` };
}

/** `95%` or `0.95`; may ask for all. */
function goal(value: unknown, pointer: string): number | PolicyFault {
  const read = shareOf(value);
  if (read !== null) return read;
  return { pointer, message: `Not a share above 0% and up to 100%: ${show(value)}.${meantShare(value)}` };
}

/** A bare number is most likely meant as per cent. */
function meantShare(value: unknown): string {
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number') return '';
  if (number > 1 && number < 100) return ` Write ${number}%.`;
  return typeof value === 'string' && number > 0 && number < 1 ? ` Write ${percentOf(number)}%.` : '';
}

const percentOf = (number: number): number => Number(`${number}e2`);

/** A number above 0 and up to 1. */
function shareOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d+(\.\d+)?%$/.test(value) ? Number(`${value.slice(0, -1)}e-2`) : value;
  return typeof number === 'number' && number > 0 && number <= 1 ? number : null;
}

function oneOf<T extends string>(...words: readonly T[]): Read<T> {
  return (value, pointer) =>
    words.find((word) => word === value) ?? { pointer, message: `One of ${words.join(', ')}, not ${show(value)}.` };
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFault = (value: unknown): value is PolicyFault => isRecord(value) && 'pointer' in value && 'message' in value;

/** A key as one step of a JSON pointer (RFC 6901). */
export const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** A value as somebody wrote it. */
export const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
