import { didYouMean, isRecord, sayUnknown, show, within, type Say } from './documents.ts';
import { nearest } from './nearest.ts';

/** A fragment of JSON Schema, draft 2020-12. */
export type Schema = Readonly<Record<string, unknown>>;

/** How a value is written in a policy file: read from it, written back into it, and described to people and editors. */
export interface Form<T> {
  /** Undefined: it is faulty, and every fault of it has been said. */
  readonly read: (value: unknown, say: Say) => T | undefined;
  /** What a file would say; reading it gives the same value. */
  readonly write: (value: T) => unknown;
  /** What an editor may check by itself: never more than `read` does. */
  readonly schema: Schema;
  /** For people: what stands here. */
  readonly unit: string;
  /** What stands inside it, for a reference; nothing but inside mappings. */
  readonly parts: readonly Part[];
}

/** One key inside a form. */
export interface Part {
  /** From the form inwards, e.g. `rows.late`. */
  readonly path: string;
  readonly unit: string;
  readonly meaning: string;
  /** As a file would say it; undefined: it must be said. */
  readonly fallback?: unknown;
}

/** One key of a mapping; without a fallback it must be said. */
export interface Key<T> {
  readonly form: Form<T>;
  readonly meaning: string;
  readonly fallback?: T;
}

/** A mapping of these keys and no others. `example`: how one is written. */
export function mapping<T extends object>(example: string, keys: { readonly [K in keyof T]-?: Key<T[K]> }): Form<T> {
  const entries = Object.entries(keys) as readonly (readonly [string, Key<unknown>])[];
  const known = entries.map(([key]) => key);
  return {
    read: (value, say) => {
      if (!isRecord(value)) return say('', `Write a mapping such as ${example}, not ${show(value)}.`);
      sayUnknown(value, known, '', say);
      const read = entries.map(([key, { form, fallback }]): readonly [string, unknown] => {
        if (value[key] !== undefined) return [key, form.read(value[key], within(say, key))];
        if (fallback === undefined && !isMisspelt(key, value, known))
          say(`/${key}`, `${key} is missing. Write e.g. ${example}.`);
        return [key, fallback];
      });
      const isWhole =
        read.every(([, each]) => each !== undefined) && Object.keys(value).every((key) => known.includes(key));
      return isWhole ? (Object.fromEntries(read) as T) : undefined;
    },
    write: (value) =>
      Object.fromEntries(entries.map(([key, { form }]) => [key, form.write((value as Record<string, unknown>)[key])])),
    schema: {
      type: 'object',
      properties: Object.fromEntries(entries.map(([key, each]) => [key, describedKey(each)])),
      required: entries.filter(([, { fallback }]) => fallback === undefined).map(([key]) => key),
      additionalProperties: false,
    },
    unit: 'mapping',
    parts: entries.flatMap(([key, { form, meaning, fallback }]) => [
      { path: key, unit: form.unit, meaning, fallback: fallback === undefined ? undefined : form.write(fallback) },
      ...form.parts.map((part) => ({ ...part, path: `${key}.${part.path}` })),
    ]),
  };
}

/** A misspelt key is told by its own name, not also as the one it was meant to be. */
const isMisspelt = (key: string, value: Record<string, unknown>, known: readonly string[]): boolean =>
  Object.keys(value).some((said) => !known.includes(said) && nearest(said, known) === key);

const describedKey = ({ form, meaning, fallback }: Key<unknown>): Schema => ({
  ...form.schema,
  description: meaning,
  ...(fallback === undefined ? {} : { default: form.write(fallback) }),
});

/** A list of up to `most`. `example`: how one is written. */
export const listOf = <T>(form: Form<T>, most: number, example: string): Form<readonly T[]> => ({
  read: (value, say) => {
    if (!Array.isArray(value) || value.length > most)
      return say('', `Write a list of up to ${most} such as ${example}.`);
    const read = value.map((each: unknown, index) => form.read(each, within(say, index)));
    const whole = read.filter((each) => each !== undefined);
    return whole.length === read.length ? whole : undefined;
  },
  write: (list) => list.map((each) => form.write(each)),
  schema: { type: 'array', items: form.schema, maxItems: most },
  unit: form.unit === 'mapping' ? 'list of mappings' : `list of ${form.unit}`,
  parts: form.parts,
});

/** A mapping with any keys of a form. `key`: what stands for them in a reference. `example`: how one is written. */
export const mappingOf = <T>(
  key: string,
  keys: Form<string>,
  form: Form<T>,
  example: string,
): Form<Readonly<Record<string, T>>> => ({
  read: (value, say) => {
    if (!isRecord(value)) return say('', `Write a mapping such as ${example}, not ${show(value)}.`);
    const read = Object.entries(value).map(([name, each]) => {
      const isKey = keys.read(name, within(say, name)) !== undefined;
      return { name, value: form.read(each, within(say, name)), isKey };
    });
    const whole = read.flatMap((each) => (each.isKey && each.value !== undefined ? [[each.name, each.value]] : []));
    return whole.length === read.length ? (Object.fromEntries(whole) as Record<string, T>) : undefined;
  },
  write: (value) => Object.fromEntries(Object.entries(value).map(([name, each]) => [name, form.write(each)])),
  schema: { type: 'object', propertyNames: keys.schema, additionalProperties: form.schema },
  unit: 'mapping',
  parts: [
    { path: key, unit: form.unit, meaning: '' },
    ...form.parts.map((part) => ({ ...part, path: `${key}.${part.path}` })),
  ],
});

/** The form itself, or `none`: null. */
export const orNone = <T>(form: Form<T>): Form<T | null> => ({
  ...form,
  read: (value, say) => (value === 'none' ? null : form.read(value, say)),
  write: (value) => (value === null ? 'none' : form.write(value)),
  schema: { anyOf: [{ const: 'none' }, form.schema] },
  unit: `${form.unit}, or none`,
});

/** The form, but for values that make no sense: `check` says why not and what to write. */
export const checked = <T>(form: Form<T>, check: (value: T, say: Say) => void): Form<T> => ({
  ...form,
  read: (value, say) => {
    const read = form.read(value, say);
    if (read === undefined) return undefined;
    let isGood = true;
    check(read, (pointer, message) => {
      isGood = false;
      say(pointer, message);
    });
    return isGood ? read : undefined;
  },
});

/** One of these words. */
export const oneOf = <T extends string>(words: readonly T[]): Form<T> => ({
  read: (value, say) => {
    const known = words.find((word) => word === value);
    if (known !== undefined) return known;
    const meant = typeof value === 'string' ? didYouMean(value, words) : '';
    return say('', `One of ${words.join(', ')}, not ${show(value)}.${meant}`);
  },
  write: (word) => word,
  schema: { enum: words },
  unit: words.join(' | '),
  parts: [],
});

/** A text of this form. `wanted` ends the sentence "Not …: what was written." */
export const textLike = (form: RegExp, unit: string, wanted: string): Form<string> => ({
  read: (value, say) =>
    typeof value === 'string' && form.test(value) ? value : say('', `${wanted}, not ${show(value)}.`),
  write: (text) => text,
  schema: { type: 'string', pattern: form.source },
  unit,
  parts: [],
});

/** `true` or `false`. */
export const YES_NO: Form<boolean> = {
  read: (value, say) => (typeof value === 'boolean' ? value : say('', `true or false, not ${show(value)}.`)),
  write: (value) => value,
  schema: { type: 'boolean' },
  unit: 'true | false',
  parts: [],
};

/** A whole number within bounds. */
export const wholeNumber = (least: number, most: number): Form<number> => ({
  read: (value, say) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : say('', `A whole number from ${least} to ${most}, not ${show(value)}.`),
  write: (value) => value,
  schema: { type: 'integer', minimum: least, maximum: most },
  unit: 'number',
  parts: [],
});
