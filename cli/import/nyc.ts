import { atWall, type WallMs } from '../../domain/calendar/zones.ts';
import { plusMs, type Instant } from '../../domain/promise/instant.ts';
import { isFault, MISSING_REF, readCells, type Cells, type Fault, type Reader } from './cells.ts';
import { LABELS } from './labels.ts';
import type { HistoryRow, Mapping } from './mapping.ts';
import { wallOfParts } from './wall-time.ts';

const ZONE = 'America/New_York';
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/** Airlines call 15 minutes late on time; a target as far on the safe side is our own choice. */
const BUFFER_MS = 15 * MINUTE_MS;

/**
 * Departures from New York in 2013. Actual is the local arrival, read in New York whatever the destination; promised is
 * actual − delay in elapsed minutes. `year`, `month`, `day` are those of the scheduled departure: what was due at 23:50
 * and left at 00:20 left on the next day.
 */
export const nyc: Mapping = {
  name: 'nyc',
  zone: ZONE,
  columns: [
    ...['year', 'month', 'day', 'dep_time', 'dep_delay', 'arr_time', 'arr_delay'],
    ...['carrier', 'flight', 'origin', 'dest'],
  ],
  notes: [
    'The local time of arrival is read in New York, and the promised one is that time less the delay; when it was promised is not known.',
    'A flight without an arrival delay counts as withdrawn, by whom is not known, and as promised for its day of departure, also where a time of arrival is given.',
    'The target is 15 minutes before the promised time: our own choice.',
  ],
  read: (row) => readCells(row, { promised: 'arr_delay', fulfilled: 'arr_time' }, readFlight),
};

function readFlight(cells: Cells): Omit<HistoryRow, 'ignored'> {
  const departureDay = dayOfDeparture(cells);
  const day = new Date(departureDay).toISOString().slice(0, 10);
  const carrier = cells.required('carrier', LABELS.partner, MISSING_REF);
  const flight = cells.required('flight', LABELS.kind, MISSING_REF);
  const origin = cells.required('origin', LABELS.kind, MISSING_REF);
  return {
    ref: `${day}-${carrier}-${flight}-${origin}`,
    kind: 'delivery',
    madeAt: null,
    ...flownOf(cells, departureDay, day),
    owner: null,
    partner: carrier,
    region: origin,
    product: cells.optional('dest', LABELS.product),
    subject: null,
    customer: null,
  };
}

function flownOf(cells: Cells, departureDay: WallMs, day: string): Pick<HistoryRow, 'promised' | 'target' | 'facts'> {
  const delay = cells.judged('arr_delay', minutes);
  if (delay === null)
    return {
      promised: { precision: 'day', day, zone: ZONE },
      target: null,
      facts: [
        { factKey: 'withdrawn', kind: 'withdrawn', by: 'unknown', occurredAt: atWall(departureDay, ZONE, 'earlier') },
      ],
    };
  const arrivedAt = arrivalOf(cells, departureDay);
  const at = plusMs(arrivedAt, -delay * MINUTE_MS);
  return {
    promised: { precision: 'instant', at },
    target: plusMs(at, -BUFFER_MS),
    facts: [{ factKey: 'arrived', kind: 'fulfilled', occurredAt: arrivedAt }],
  };
}

/** The first time after the departure at which a clock showed `arr_time`. */
function arrivalOf(cells: Cells, departureDay: WallMs): Instant {
  const departed = cells.required('dep_time', clock);
  const delay = cells.required('dep_delay', minutes);
  const arrived = cells.required('arr_time', clock);
  const leftAt = modulo(departed - delay) + delay;
  const wall = departureDay + (leftAt + modulo(arrived - leftAt)) * MINUTE_MS;
  return atWall(wall, ZONE, 'earlier');
}

function dayOfDeparture(cells: Cells): WallMs {
  const [year, month, day] = ['year', 'month', 'day'].map((column) => cells.required(column, minutes));
  const wall = wallOfParts(year ?? NaN, month ?? NaN, day ?? NaN, 0, 0, 0, 0);
  return isFault(wall) ? cells.refuse('day', wall) : wall;
}

const modulo = (minute: number): number => ((minute % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;

/** A clock's `HHMM` without leading zeros as minutes since midnight; 2400 is its end. */
const clock: Reader<number> = (text) => {
  if (!/^\d{1,4}$/.test(text)) return NO_CLOCK;
  const [hour, minute] = [Math.floor(Number(text) / 100), Number(text) % 100];
  return minute < 60 && hour * 60 + minute <= DAY_MINUTES ? hour * 60 + minute : NO_CLOCK;
};

const minutes: Reader<number> = (text) => (/^-?\d{1,5}$/.test(text) ? Number(text) : NO_NUMBER);

const NO_CLOCK: Fault = { code: 'UNREADABLE_TIME', message: 'Not a time of day as HHMM, from 0 to 2400.' };
const NO_NUMBER: Fault = { code: 'UNREADABLE_TIME', message: 'Not a whole number.' };
