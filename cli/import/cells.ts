import { deadlineOf } from '../../domain/calendar/deadline.ts';
import { startOfDay } from '../../domain/calendar/zones.ts';
import { msBetween, type Instant } from '../../domain/promise/instant.ts';
import type { BadCell, FileRow, HistoryRow, Rejected } from './mapping.ts';

/** What is wrong with a text; where it stands is added by who reads the row. */
export interface Fault {
  readonly code: string;
  /** What is wrong and what to do, in a sentence. */
  readonly message: string;
}

/** Reads a text that is not empty. Pure. */
export type Reader<T> = (text: string) => T | Fault;

/** What holds for every row of a file. */
export interface RowShape {
  /** Words that stand where nothing is known; the empty text is one always. */
  readonly empty?: ReadonlySet<string>;
  /** The columns to name when the times of a row contradict each other. */
  readonly promised: string;
  readonly fulfilled: string;
}

/** The cells of one row. The outcome hangs on a judged cell; an optional one only says more. */
export interface Cells {
  /** Without blanks around it; '' where nothing is known. */
  readonly text: (column: string) => string;
  /** Null where empty. One that cannot be read ends the row. */
  readonly judged: <T>(column: string, read: Reader<T>) => T | null;
  /** Ends the row where the cell is empty, too. */
  readonly required: <T>(column: string, read: Reader<T>, missing?: Fault) => T;
  /** Null where empty, and where it cannot be read: then it is named in `ignored`. */
  readonly optional: <T>(column: string, read: Reader<T>) => T | null;
  /** Takes a cell that can be read as empty all the same. */
  readonly ignore: (column: string, fault: Fault) => void;
  /** Ends the row. */
  readonly refuse: (column: string, fault: Fault) => never;
}

const DAY_MS = 86_400_000;
const NOTHING: ReadonlySet<string> = new Set();
const UNSTORABLE = /[\0\uFFFD\p{Surrogate}]/u;

export const MISSING_TIME: Fault = { code: 'MISSING_TIME', message: 'Empty, but the outcome hangs on this time.' };
export const MISSING_REF: Fault = {
  code: 'MISSING_REF',
  message: 'Empty. Every promise needs a reference of its own.',
};
export const MISSING_KIND: Fault = {
  code: 'MISSING_KIND',
  message: 'Empty. Every promise is of a kind, such as delivery.',
};
export const NO_DEADLINE: Fault = { code: 'NO_DEADLINE', message: 'Empty: nothing was promised by a time.' };

/** Reads a row by its cells; what ends the reading becomes the reason why the row is left out. */
export function readCells(
  row: FileRow,
  shape: RowShape,
  read: (cells: Cells) => Omit<HistoryRow, 'ignored'>,
): HistoryRow | Rejected {
  const ignored: BadCell[] = [];
  try {
    const promise = read(cellsOf(row, shape.empty ?? NOTHING, ignored));
    const contradiction = contradictionOf(promise, shape, row);
    return contradiction ? { ...contradiction, rejected: true } : { ...promise, ignored };
  } catch (error) {
    if (error instanceof UnreadableRow) return { ...error.cell, rejected: true };
    throw error;
  }
}

export const isFault = (value: unknown): value is Fault =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value;

/** Ends the reading of a row; never leaves this file. */
class UnreadableRow extends Error {
  readonly cell: BadCell;
  constructor(cell: BadCell) {
    super(cell.message);
    this.cell = cell;
  }
}

function cellsOf(row: FileRow, empty: ReadonlySet<string>, ignored: BadCell[]): Cells {
  const text = (column: string): string => {
    const cell = (Object.hasOwn(row, column) ? row[column]?.trim() : null) ?? '';
    return empty.has(cell) ? '' : cell;
  };
  const ignore = (column: string, fault: Fault): void => void ignored.push(badCell(row, column, fault));
  const refuse = (column: string, fault: Fault): never => {
    throw new UnreadableRow(badCell(row, column, fault));
  };
  const judged = <T>(column: string, read: Reader<T>): T | null => {
    const cell = text(column);
    if (cell === '') return null;
    const value = UNSTORABLE.test(cell) ? unstorable(cell) : read(cell);
    return isFault(value) ? refuse(column, value) : value;
  };
  return {
    text,
    judged,
    required: (column, read, missing = MISSING_TIME) => judged(column, read) ?? refuse(column, missing),
    optional: (column, read) => {
      const cell = text(column);
      if (cell === '') return null;
      const value = UNSTORABLE.test(cell) ? unstorable(cell) : read(cell);
      if (!isFault(value)) return value;
      ignore(column, value);
      return null;
    },
    ignore,
    refuse,
  };
}

/** A time that makes no sense beside another one; each by itself can be read. */
function contradictionOf(
  { promised, madeAt, facts }: Omit<HistoryRow, 'ignored'>,
  shape: RowShape,
  row: FileRow,
): BadCell | null {
  const promisedAt = deadlineOf(promised);
  if (promised.precision === 'window' && promised.from >= promised.to)
    return badCell(row, shape.promised, EMPTY_WINDOW);
  if (promised.precision === 'day' && startOfDay(promised.day, promised.zone) >= promisedAt)
    return badCell(row, shape.promised, { code: 'UNREADABLE_TIME', message: `${promised.zone} never had this day.` });
  if (madeAt === null) return null;
  if (isOver(promised.precision, promisedAt, madeAt)) return badCell(row, shape.promised, PROMISED_BEFORE_MADE);
  const fulfilled = facts.find((fact) => fact.kind === 'fulfilled');
  return fulfilled && msBetween(fulfilled.occurredAt, madeAt) > DAY_MS
    ? badCell(row, shape.fulfilled, FULFILLED_BEFORE_MADE)
    : null;
}

/** The end of a day or a window lies outside of it. */
const isOver = (precision: HistoryRow['promised']['precision'], promisedAt: Instant, madeAt: Instant): boolean =>
  precision === 'instant' ? promisedAt < madeAt : promisedAt <= madeAt;

const EMPTY_WINDOW: Fault = { code: 'EMPTY_WINDOW', message: 'The window does not end later than it begins.' };

const PROMISED_BEFORE_MADE: Fault = {
  code: 'PROMISED_BEFORE_MADE',
  message: 'The promised time lies before the promise was made. Correct one of the two.',
};

const FULFILLED_BEFORE_MADE: Fault = {
  code: 'FULFILLED_BEFORE_MADE',
  message: 'Fulfilled more than a day before the promise was made. Correct one of the two.',
};

const unstorable = (text: string): Fault =>
  text.includes('\uFFFD')
    ? { code: 'INVALID_UTF8', message: 'Contains bytes that are no UTF-8. Save the file as UTF-8.' }
    : { code: 'UNSTORABLE_TEXT', message: 'Contains U+0000 or half a surrogate pair, which no database text holds.' };

const badCell = (row: FileRow, column: string, fault: Fault): BadCell => ({
  code: fault.code,
  column,
  value: ((Object.hasOwn(row, column) ? row[column] : null) ?? '').slice(0, 200),
  message: fault.message,
});
