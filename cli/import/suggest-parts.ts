import type { Column } from './suggest-columns.ts';
import type { DraftLine } from './suggest-draft.ts';
import { swapped } from './suggest-times.ts';
import { meaningOf, plain, pointsOf } from './suggest-words.ts';
import { TIME_FIELDS, type Field, type Meaning } from './yaml-mapping-spec.ts';

/** Which column seems to be which field. */
export type Fields = ReadonlyMap<Field, Column>;

export function precisionLine(fields: Fields): DraftLine {
  const promised = fields.get('promised')?.times;
  if (fields.has('promisedFrom')) return { key: 'precision', value: 'window' };
  if (!promised) return { key: 'precision', value: 'instant', doubt: 'No promised time was found.' };
  if (promised.dayFormat === null) return { key: 'precision', value: 'instant', doubt: daysAmong(fields) };
  const midnight = promised.dayFormat.includes("'");
  return {
    key: 'precision',
    value: 'day',
    doubt: midnight ? 'Every promised time is midnight, so the whole day is taken as promised.' : undefined,
  };
}

/** A file has one precision. */
function daysAmong(fields: Fields): string | undefined {
  const days = (fields.get('promised')?.values ?? []).filter((value) => /^\d{4}-\d\d-\d\d$/.test(value)).length;
  return days > 0 ? `In ${days} rows a day without a time is promised; these would be left out.` : undefined;
}

/** One line per field; those without which nothing can be judged also where no column was found. */
export function columnLines(fields: Fields, columns: readonly Column[], rows: number): readonly DraftLine[] {
  const found = [...fields].map(([key, column]) => ({
    key,
    value: column.name,
    doubt: columnDoubt(key, column, fields, rows),
  }));
  const times = columns.filter(({ times: guess }) => guess).map(({ name }) => name);
  return [
    ...(fields.has('ref') ? [] : [{ key: 'ref', value: null, doubt: 'No column has a value of its own in each row.' }]),
    ...(fields.has('promised')
      ? []
      : [
          {
            key: 'promised',
            value: null,
            doubt: `No column looks like a promised time, and without a deadline nothing can be judged. ${times.length > 0 ? `Times stand in ${times.join(', ')}.` : 'No column holds whole times.'}`,
          },
        ]),
    ...found,
    ...nobodyLine(fields, columns),
  ];
}

/** Names are there, and nothing by which those who bear them could be known again. */
function nobodyLine(fields: Fields, columns: readonly Column[]): readonly DraftLine[] {
  const names = columns.filter(({ name, looks }) => pointsOf('customerName', name) > 0 && looks.names > 0);
  if (fields.has('customer') || names.length === 0) return [];
  const doubt = `Never a name, which several people share: ${names.map(({ name }) => name).join(', ')} is not used. Name a column of customer numbers or e-mail addresses; without one nobody is stored.`;
  return [{ key: 'customer', value: null, doubt }];
}

function columnDoubt(field: Field, column: Column, fields: Fields, rows: number): string | undefined {
  if (field === 'customer' && column === fields.get('customerEmail'))
    return 'No column of customer numbers was found, so the address tells customers apart.';
  const doubts = [
    pointsOf(field, column.name) > 0 ? undefined : 'Chosen by what stands in it; its name does not say so.',
    contentDoubt(field, column, fields, rows),
  ];
  return doubts.filter((doubt) => doubt !== undefined).join(' ') || undefined;
}

function contentDoubt(field: Field, column: Column, fields: Fields, rows: number): string | undefined {
  if (field === 'customerEmail' && column.looks.emails < 1)
    return `${Math.round((1 - column.looks.emails) * column.words.length)} of its values cannot be read as an e-mail address.`;
  if (column.times && column.times.unreadable > 0)
    return `${column.times.unreadable} of its values cannot be read as ${column.times.formats[0]}.`;
  if (field === 'ref' && !column.unique)
    return `${column.words.length} different values in ${rows} rows: each row must be a promise of its own.`;
  if (field === 'promised' && /estimat|eta\b|expect/.test(plain(column.name)))
    return 'Right only if this is what the customer was told, and not a forecast that moves.';
  if (field === 'madeAt' && column.values.some((value) => value === '' || column.noValues.includes(value)))
    return 'Not known in every row; where it is empty, the promise has no length.';
  if (field === 'fulfilled' && hasDays(column) && !hasDays(fields.get('promised')))
    return 'Holds days only, but the promised times are exact.';
  return undefined;
}

/** Every time of the column is a day or a midnight. */
const hasDays = (column: Column | undefined): boolean => typeof column?.times?.dayFormat === 'string';

/** The formats of all times that are not ISO. */
export function formatLines(
  named: Iterable<readonly [string, Column]>,
  fields: Fields,
  columns: readonly Column[],
): readonly DraftLine[] {
  const byDay = hasDays(fields.get('promised'));
  return [...named].flatMap(([key, { times }]) => {
    if (!times) return [];
    const settled = settledFormat(times.formats, columns);
    const asDay = key === 'fulfilled' && byDay ? times.dayFormat : null;
    const day = asDay !== null && settled.format !== times.formats[0] ? swapped(asDay) : asDay;
    const value = day ?? settled.format;
    return value === 'iso' || value === 'yyyy-MM-dd' ? [] : [{ key, value, doubt: settled.doubt }];
  });
}

/** Where day and month could change places, another column of the file may know. */
function settledFormat(
  formats: readonly [string, ...string[]],
  columns: readonly Column[],
): { readonly format: string; readonly doubt?: string } {
  const [first, second] = formats;
  if (second === undefined) return { format: first };
  const sure = columns.flatMap(({ times }) => (times?.formats.length === 1 ? [times.formats[0]] : []));
  const like = (format: string): boolean => sure.some((each) => each.slice(0, 3) === format.slice(0, 3));
  if (like(first) !== like(second)) return { format: like(first) ? first : second };
  return { format: first, doubt: `Day and month could also stand the other way round: ${second}.` };
}

/** Left-over times that lie between making and keeping the promise in nine rows of ten. */
export function checkpointsOf(columns: readonly Column[], fields: Fields): ReadonlyMap<string, Column> {
  const taken = new Set(fields.values());
  const made = fields.get('madeAt')?.times?.walls;
  const done = fields.get('fulfilled')?.times?.walls;
  const found = new Map<string, Column>();
  if (!made || !done || !fields.has('promised')) return found;
  for (const column of columns) {
    if (taken.has(column) || !column.times || /updat|modif|chang|sync|export|record/.test(plain(column.name))) continue;
    const rows = column.times.walls.flatMap((wall, index) => {
      const [from, to] = [made[index] ?? null, done[index] ?? null];
      return wall === null || from === null || to === null ? [] : [from <= wall && wall <= to];
    });
    const name = checkpointName(column.name);
    if (rows.length >= column.values.length / 2 && rows.filter(Boolean).length >= rows.length * 0.9 && !found.has(name))
      found.set(name, column);
  }
  return found;
}

function checkpointName(column: string): string {
  const words = plain(column)
    .split(' ')
    .filter((word) => !/^(order|date|datetime|at|on|time|timestamp|dt|am|datum|um|kuupaev|aeg)$/.test(word));
  const name = words.join('-') || plain(column).replaceAll(' ', '-');
  return TIME_FIELDS.some((field) => field === name) ? `${name}-time` : name;
}

/** The words of the status column, where they say more than the times do: that a promise was taken back. */
export function statusLine(fields: Fields): DraftLine | null {
  const status = fields.get('status');
  // Capitals make no difference to a mapping.
  const words = new Map((status?.words ?? []).map((word) => [word.toLowerCase(), word]));
  const meanings = [...words.values()].map((word) => ({ word, meaning: meaningOf(word) }));
  if (!status || !meanings.some(({ meaning }) => meaning?.startsWith('withdrawn'))) return null;
  const lines = meanings.map(({ word, meaning }) => statusWord(word, meaning, status, fields.get('fulfilled') ?? null));
  return {
    key: 'status',
    value: { lines },
    doubt: 'Only the words of these rows; any other word leaves its row out.',
  };
}

function statusWord(word: string, meaning: Meaning | null, status: Column, fulfilled: Column | null): DraftLine {
  if (meaning === null) return { key: word, value: 'open', doubt: 'Guessed.' };
  if (meaning !== 'fulfilled')
    return {
      key: word,
      value: meaning,
      doubt: meaning === 'open' ? undefined : 'By whom? customer, company, or unknown as it stands.',
    };
  if (!fulfilled) return { key: word, value: 'open', doubt: 'Fulfilled, but no column tells when.' };
  const empty = status.values.filter(
    (value, row) => value.toLowerCase() === word.toLowerCase() && (fulfilled.times?.walls[row] ?? null) === null,
  );
  return {
    key: word,
    value: meaning,
    doubt:
      empty.length > 0
        ? `In ${empty.length} of these rows no time stands in ${fulfilled.name}; they would be left out.`
        : undefined,
  };
}
