import { byOccurrence, type OutsideFact } from '../../domain/promise/facts.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import type { Withdrawer } from '../../domain/promise/words.ts';
import { isFault, type Cells, type Fault, type Reader } from './cells.ts';
import { dayOfWritten, endOfDay, instantOf, instantReader, readIso, type WrittenTime } from './wall-time.ts';
import type { MappingSpec, Meaning } from './yaml-mapping-spec.ts';

/** How a field or a checkpoint is written: by its format, else ISO. */
export const writtenBy = ({ formats }: MappingSpec, key: string): Reader<WrittenTime> =>
  (Object.hasOwn(formats, key) ? formats[key]?.read : null) ?? readIso;

/** Reads the checkpoints passed and the estimate, in the order of their occurrence. */
export function milestonesOf(spec: MappingSpec): (cells: Cells) => OutsideFact[] {
  const { columns, zone } = spec;
  const time = (key: string): Reader<Instant> => instantReader(writtenBy(spec, key), zone, 'earlier', 'begin');
  const checkpoints = Object.entries(spec.checkpoints).map(([name, column]) => ({ name, column, read: time(name) }));
  const [made, forecast] = [time('estimateMade'), time('estimated')];
  const { estimateMade, estimated } = columns;
  return (cells) => {
    const facts: OutsideFact[] = [];
    for (const { name, column, read } of checkpoints) {
      const occurredAt = cells.optional(column, read);
      if (occurredAt) facts.push({ factKey: `checkpoint ${name}`, kind: 'progressed', checkpoint: name, occurredAt });
    }
    if (estimateMade === undefined || estimated === undefined) return facts.sort(byOccurrence);
    const [occurredAt, at] = [cells.optional(estimateMade, made), cells.optional(estimated, forecast)];
    // A later export may have a later estimate: another fact, under a key of its own.
    if (occurredAt && at) facts.push({ factKey: `estimate ${occurredAt}`, kind: 'estimated', occurredAt, at });
    return facts.sort(byOccurrence);
  };
}

/** Reads how the promise ended; `latest` is the last time known before that. */
export function endingsOf(spec: MappingSpec): (cells: Cells, latest: Instant) => readonly OutsideFact[] {
  const { status } = spec;
  const { status: column, fulfilled, withdrawn } = spec.columns;
  const [done, called] = [
    fulfilledReader(spec),
    instantReader(writtenBy(spec, 'withdrawn'), spec.zone, 'earlier', 'begin'),
  ];
  if (column === undefined || !status)
    return (cells) => {
      const [end, withdrawnAt] = [
        fulfilled === undefined ? null : cells.judged(fulfilled, done),
        withdrawn === undefined ? null : cells.judged(withdrawn, called),
      ];
      return [...(end ? [end] : []), ...(withdrawnAt ? [withdrawal('unknown', withdrawnAt)] : [])];
    };
  return (cells, latest) => {
    const meaning = status.get(cells.text(column).toLowerCase()) ?? cells.refuse(column, UNKNOWN_STATUS);
    if (meaning === 'fulfilled') return [cells.required(fulfilled ?? '', done)];
    if (fulfilled !== undefined && cells.text(fulfilled) !== '') cells.ignore(fulfilled, OTHERWISE);
    if (meaning === 'open') return [];
    const by = WITHDRAWN_BY[meaning];
    // Only of a customer does the time decide: too late is a broken promise.
    const at =
      by === 'customer'
        ? cells.required(withdrawn ?? '', called)
        : withdrawn === undefined
          ? null
          : cells.optional(withdrawn, called);
    return [withdrawal(by, at ?? latest)];
  };
}

type Fulfilled = OutsideFact & { readonly kind: 'fulfilled' };

/** A day without a time of day is compared as a day, and only where a day was promised. */
function fulfilledReader(spec: MappingSpec): Reader<Fulfilled> {
  const { zone, precision } = spec;
  const written = writtenBy(spec, 'fulfilled');
  return (text) => {
    const time = written(text);
    if (isFault(time)) return time;
    if (!time.dateOnly)
      return { factKey: 'fulfilled', kind: 'fulfilled', occurredAt: instantOf(time, zone, 'earlier') };
    if (precision !== 'day') return DAY_ONLY;
    return {
      factKey: 'fulfilled',
      kind: 'fulfilled',
      asDay: true,
      occurredAt: endOfDay(dayOfWritten(time, zone), zone),
    };
  };
}

const withdrawal = (by: Withdrawer, occurredAt: Instant): OutsideFact => ({
  factKey: 'withdrawn',
  kind: 'withdrawn',
  by,
  occurredAt,
});

const WITHDRAWN_BY: Readonly<Record<Exclude<Meaning, 'open' | 'fulfilled'>, Withdrawer>> = {
  withdrawn: 'unknown',
  'withdrawn by unknown': 'unknown',
  'withdrawn by customer': 'customer',
  'withdrawn by company': 'company',
};

const UNKNOWN_STATUS: Fault = {
  code: 'UNKNOWN_STATUS',
  message: 'Not among the words under status. Add it to the mapping with what it means.',
};
const OTHERWISE: Fault = {
  code: 'STATUS_SAYS_OTHERWISE',
  message: 'Not read: by its status the promise is not fulfilled.',
};
const DAY_ONLY: Fault = {
  code: 'UNREADABLE_TIME',
  message: 'A day without a time of day cannot be judged against an instant or a window.',
};
