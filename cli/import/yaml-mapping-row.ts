import { deadlineOf } from '../../domain/calendar/deadline.ts';
import type { Promised } from '../../domain/promise/plan.ts';
import { startOfDay } from '../../domain/calendar/zones.ts';
import { byOccurrence } from '../../domain/promise/facts.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { isFault, MISSING_KIND, MISSING_REF, NO_DEADLINE, readCells, type Cells, type Reader } from './cells.ts';
import { LABELS } from './labels.ts';
import type { HistoryCustomer, HistoryRow, Mapping } from './mapping.ts';
import { dayOfWritten, dayReader, endOfDay, instantOf, instantReader } from './wall-time.ts';
import { endingsOf, milestonesOf, writtenBy } from './yaml-mapping-facts.ts';
import type { Field, MappingSpec, ValueField } from './yaml-mapping-spec.ts';

/** The mapping that a checked file describes. Everything that does not hang on the row is made ready once. */
export function promiseMapping(spec: MappingSpec): Mapping {
  const { name, zone, columns, checkpoints, separator } = spec;
  const shape = { empty: spec.empty, promised: columns.promised ?? '', fulfilled: columns.fulfilled ?? '' };
  const parts = partsOf(spec);
  return {
    name,
    zone,
    columns: [...new Set([...Object.values(columns), ...Object.values(checkpoints)])],
    ...(separator === null ? {} : { separator }),
    notes: notesOf(spec),
    read: (row) => readCells(row, shape, (cells) => readPromise(cells, parts)),
  };
}

/** Reads one thing of a row. */
type Get<T> = (cells: Cells) => T;

interface Parts {
  readonly ref: Get<string>;
  readonly kind: Get<string>;
  readonly promised: Get<Promised>;
  readonly madeAt: Get<Instant | null>;
  readonly target: Get<Instant | null>;
  readonly milestones: ReturnType<typeof milestonesOf>;
  readonly endings: ReturnType<typeof endingsOf>;
  readonly labels: Get<Pick<HistoryRow, 'owner' | 'partner' | 'region' | 'product' | 'subject'>>;
  readonly customer: Get<HistoryCustomer | null>;
}

function readPromise(cells: Cells, parts: Parts): Omit<HistoryRow, 'ignored'> {
  const ref = parts.ref(cells);
  const kind = parts.kind(cells);
  const promised = parts.promised(cells);
  const madeAt = parts.madeAt(cells);
  const milestones = parts.milestones(cells);
  const latest = milestones.at(-1)?.occurredAt ?? madeAt ?? startOf(promised);
  return {
    ref,
    kind,
    madeAt,
    promised,
    target: parts.target(cells),
    facts: [...milestones, ...parts.endings(cells, latest)].sort(byOccurrence),
    ...parts.labels(cells),
    customer: parts.customer(cells),
  };
}

function partsOf(spec: MappingSpec): Parts {
  const { columns, values, zone } = spec;
  const optional = <T>(field: Field, read: Reader<T>): Get<T | null> => {
    const column = columns[field];
    return column === undefined ? () => null : (cells) => cells.optional(column, read);
  };
  const text = (field: ValueField): Get<string | null> => {
    const value = values[field];
    return value === undefined ? optional(field, LABELS[field]) : () => value;
  };
  const [owner, partner, region] = [text('owner'), text('partner'), text('region')];
  const [product, subject] = [text('product'), text('subject')];
  return {
    ref: (cells) => cells.required(columns.ref ?? '', LABELS.ref, MISSING_REF),
    kind: kindOf(spec),
    promised: promisedOf(spec),
    madeAt: optional('madeAt', instantReader(writtenBy(spec, 'madeAt'), zone, 'earlier', 'begin')),
    target: optional('target', targetReader(spec)),
    milestones: milestonesOf(spec),
    endings: endingsOf(spec),
    labels: (cells) => ({
      owner: owner(cells),
      partner: partner(cells),
      region: region(cells),
      product: product(cells),
      subject: subject(cells),
    }),
    customer: customerOf(text, optional),
  };
}

function kindOf({ columns, values }: MappingSpec): Get<string> {
  const { kind } = values;
  if (kind !== undefined) return () => kind;
  return (cells) => cells.required(columns.kind ?? '', LABELS.kind, MISSING_KIND);
}

function promisedOf(spec: MappingSpec): Get<Promised> {
  const { zone, precision } = spec;
  const [from, to] = [spec.columns.promisedFrom ?? '', spec.columns.promised ?? ''];
  const written = writtenBy(spec, 'promised');
  const end = instantReader(written, zone, 'later');
  if (precision === 'instant') return (cells) => ({ precision, at: cells.required(to, end, NO_DEADLINE) });
  if (precision === 'day') {
    const day = dayReader(written, zone);
    return (cells) => ({ precision, day: cells.required(to, day, NO_DEADLINE), zone });
  }
  const begin = instantReader(writtenBy(spec, 'promisedFrom'), zone, 'later');
  return (cells) => ({
    precision,
    to: cells.required(to, end, NO_DEADLINE),
    from: cells.required(from, begin),
  });
}

/** A day as a target is held until it is over, as a promised one is. */
function targetReader(spec: MappingSpec): Reader<Instant> {
  const written = writtenBy(spec, 'target');
  return (text) => {
    const time = written(text);
    if (isFault(time)) return time;
    return time.dateOnly ? endOfDay(dayOfWritten(time, spec.zone), spec.zone) : instantOf(time, spec.zone, 'earlier');
  };
}

function customerOf(
  text: (field: ValueField) => Get<string | null>,
  optional: (field: Field, read: Reader<string>) => Get<string | null>,
): Get<HistoryCustomer | null> {
  const ref = optional('customer', LABELS.customer);
  const name = optional('customerName', LABELS.customerName);
  const address = optional('customerEmail', LABELS.customerEmail);
  const phone = optional('customerPhone', LABELS.customerPhone);
  const [speaks, lives] = [text('customerLanguage'), text('customerZone')];
  return (cells) => {
    const known = ref(cells);
    if (known === null) return null;
    return {
      ref: known,
      name: name(cells),
      email: address(cells),
      phone: phone(cells),
      language: speaks(cells),
      zone: lives(cells),
    };
  };
}

const startOf = (promised: Promised): Instant =>
  promised.precision === 'day' ? startOfDay(promised.day, promised.zone) : deadlineOf(promised);

function notesOf({ zone, columns, status }: MappingSpec): readonly string[] {
  return [
    `Times without an offset are read in ${zone}.`,
    ...(columns.withdrawn !== undefined && !status
      ? ['A row with a time of withdrawal counts as withdrawn, by whom is not known.']
      : []),
    ...(columns.fulfilled === undefined && columns.withdrawn === undefined && !status
      ? [
          'No column says what became of the promises: all of them stay open, and count as overdue when their time has passed.',
        ]
      : []),
  ];
}
