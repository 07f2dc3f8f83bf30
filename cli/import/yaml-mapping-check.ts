import { isZone } from '../../domain/calendar/zones.ts';
import { nearest } from '../../domain/policy/nearest.ts';
import type { Zone } from '../../domain/promise/instant.ts';
import { PRECISIONS, type Precision } from '../../domain/promise/words.ts';
import type { Report } from '../yaml-file.ts';
import { isFault } from './cells.ts';
import { LABELS } from './labels.ts';
import { timeFormat, type TimeFormat } from './time-format.ts';
import { contradictions } from './yaml-mapping-contradictions.ts';
import {
  FIELDS,
  KEYS,
  MEANINGS,
  TIME_FIELDS,
  VALUE_FIELDS,
  type MappingSpec,
  type Meaning,
  type Texts,
  type ValueField,
} from './yaml-mapping-spec.ts';

/** Checks a mapping file; all faults are reported together. Null: there are some. */
export function mappingSpec(value: unknown, report: Report, shipped: readonly string[]): MappingSpec | null {
  let faults = 0;
  const say: Report = (path, message) => {
    faults += 1;
    report(path, message);
  };
  if (!isRecord(value)) {
    say([], 'A mapping (key: value) stands here. "kept import --suggest FILE" drafts one.');
    return null;
  }
  knownKeys(value, [], KEYS, say);
  const columns = fields(value, 'columns', FIELDS, say);
  const values = fields(value, 'values', VALUE_FIELDS, say);
  const checkpoints = texts(value, 'checkpoints', say);
  constantFaults(values, say);
  const spec = {
    name: nameOf(value['name'], shipped, say),
    zone: zoneOf(value['zone'], say),
    precision: precisionOf(value['precision'], say),
    separator: separatorOf(value['separator'], say),
    columns,
    values,
    checkpoints,
    formats: formatsOf(value, [...TIME_FIELDS, ...Object.keys(checkpoints)], { ...columns, ...checkpoints }, say),
    status: statusOf(value['status'], say),
    empty: emptyOf(value['empty'], say),
  };
  for (const { path, message } of contradictions(spec, 'status' in value)) say(path, message);
  return faults === 0 ? spec : null;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text as somebody wrote it in YAML; a number is one, too. Null: none, or nothing in it. */
function textOf(value: unknown): string | null {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text : null;
}

function knownKeys(value: object, path: readonly string[], known: readonly string[], say: Report): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const meant = nearest(key, known);
    say([...path, key], `Unknown key. ${meant ? `Do you mean ${meant}?` : `There are ${known.join(', ')}.`}`);
  }
}

/** A part of the file whose keys, any at all, stand for texts. */
function texts(file: Readonly<Record<string, unknown>>, part: string, say: Report): Readonly<Record<string, string>> {
  const value = file[part];
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) {
    say([part], 'A mapping (key: value) stands here.');
    return {};
  }
  const read: Record<string, string> = {};
  for (const [key, each] of Object.entries(value)) {
    const text = textOf(each);
    if (text === null) say([part, key], 'A text stands here, or leave the key out.');
    else read[key] = text;
  }
  return read;
}

/** The same, where only some keys are known. */
function fields<Key extends string>(
  file: Readonly<Record<string, unknown>>,
  part: string,
  known: readonly Key[],
  say: Report,
): Texts<Key> {
  const read = texts(file, part, say);
  knownKeys(read, [part], known, say);
  return Object.fromEntries(known.flatMap((key) => (read[key] === undefined ? [] : [[key, read[key]]]))) as Texts<Key>;
}

/** A constant has the form that a cell must have. */
function constantFaults(values: Texts<ValueField>, say: Report): void {
  for (const field of VALUE_FIELDS) {
    const text = values[field];
    const read = text === undefined ? text : LABELS[field](text);
    if (isFault(read)) say(['values', field], read.message);
  }
}

function nameOf(value: unknown, shipped: readonly string[], say: Report): string {
  const name = textOf(value) ?? '';
  if (name === '') say(['name'], 'Missing: a short name such as shop. It is the source of the promises.');
  else if (!/^[a-z][a-z0-9_-]{0,62}$/.test(name))
    say(['name'], 'Not a name: lower-case letters, digits, - and _, at most 63, beginning with a letter.');
  else if (name === 'kept' || shipped.includes(name)) say(['name'], `${name} is taken. Name your own system.`);
  return name;
}

function zoneOf(value: unknown, say: Report): Zone {
  const zone = textOf(value) ?? '';
  if (zone === '') say(['zone'], 'Missing: the IANA time zone the times are in, such as Europe/Tallinn, or UTC.');
  else if (!isZone(zone)) say(['zone'], `${zone} is no IANA time zone. Write one such as Europe/Tallinn, or UTC.`);
  return zone;
}

function precisionOf(value: unknown, say: Report): Precision {
  const precision = PRECISIONS.find((each) => each === value);
  if (!precision)
    say(['precision'], `${value === undefined ? 'Missing: o' : 'O'}ne of day, instant, window stands here.`);
  return precision ?? 'instant';
}

function separatorOf(value: unknown, say: Report): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && /^[^"\r\n]$/.test(value)) return value;
  say(['separator'], 'One character stands here, such as ";" or "\\t"; without the key it is found by itself.');
  return null;
}

function formatsOf(
  file: Readonly<Record<string, unknown>>,
  known: readonly string[],
  columns: Readonly<Record<string, string | undefined>>,
  say: Report,
): Readonly<Record<string, TimeFormat>> {
  const formats: Record<string, TimeFormat> = {};
  for (const [key, text] of Object.entries(fields(file, 'formats', known, say))) {
    if (text === undefined) continue;
    const format = timeFormat(text);
    if ('problem' in format) say(['formats', key], format.problem);
    else if (columns[key] === undefined) say(['formats', key], `There is no column for ${key}: name it under columns.`);
    else formats[key] = format;
  }
  return formats;
}

function statusOf(value: unknown, say: Report): ReadonlyMap<string, Meaning> | null {
  if (value === undefined || value === null) return null;
  const words = new Map<string, Meaning>();
  if (!isRecord(value)) {
    say(['status'], 'Words and what they mean stand here: status: { delivered: fulfilled, new: open }.');
    return words;
  }
  for (const [word, text] of Object.entries(value)) {
    const meaning = MEANINGS.find((each) => each === text);
    const key = word.trim().toLowerCase();
    if (!meaning) say(['status', word], `One of ${MEANINGS.join(', ')} stands here.`);
    else if (words.has(key)) say(['status', word], 'This word stands here twice; capitals make no difference.');
    else words.set(key, meaning);
  }
  return words;
}

function emptyOf(value: unknown, say: Report): ReadonlySet<string> {
  if (value === undefined || value === null) return new Set();
  if (Array.isArray(value)) {
    const words = value.map((each) => (each === null ? '' : (textOf(each) ?? (each === '' ? '' : null))));
    if (words.every((word) => word !== null)) return new Set(words);
  }
  say(['empty'], 'A list of words stands here: empty: ["", "N/A", "-"].');
  return new Set();
}
