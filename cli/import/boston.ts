import { atWall, type Repeated } from '../../domain/calendar/zones.ts';
import { msOf, type Instant } from '../../domain/promise/instant.ts';
import { isFault, MISSING_REF, NO_DEADLINE, readCells, type Cells, type Reader } from './cells.ts';
import { LABELS } from './labels.ts';
import type { HistoryRow, Mapping } from './mapping.ts';
import { instantReader, readIso } from './wall-time.ts';

const ZONE = 'America/New_York';
const PROMISED = 'TARGET_DT';
const CLOSED = 'CLOSED_DT';

/**
 * Service requests to the City of Boston with the city's own deadline.
 *
 * The published clock is the local one shifted a second time by the zone's offset: the standard deadline 08:30 stands
 * there as 04:30 in summer and 03:30 in winter. It is shifted back: 04:30 in July, read in New York, is 08:30 UTC; that
 * 08:30 is what Boston's clocks showed, and means 12:30 UTC. 03:30 in January is 08:30 UTC, again 08:30 in Boston.
 */
export const boston: Mapping = {
  name: 'boston',
  zone: ZONE,
  columns: ['CASE_ENQUIRY_ID', 'OPEN_DT', PROMISED, CLOSED, 'TYPE', 'Department', 'neighborhood'],
  notes: [
    'The published times are 4 hours (summer) or 5 (winter) behind the clocks of Boston and are put right: 04:30 in July is 08:30 there.',
    'The publisher of this sample had taken out what was worst: its kept rate is not the city’s.',
  ],
  read: (row) => readCells(row, { promised: PROMISED, fulfilled: CLOSED }, readCase),
};

const happened = shiftedBack('earlier');
const told = shiftedBack('later');

function readCase(cells: Cells): Omit<HistoryRow, 'ignored'> {
  const ref = cells.required('CASE_ENQUIRY_ID', LABELS.ref, MISSING_REF);
  const at = cells.required(PROMISED, told, NO_DEADLINE);
  const closedAt = cells.judged(CLOSED, happened);
  return {
    ref,
    kind: 'reply',
    madeAt: cells.optional('OPEN_DT', happened),
    promised: { precision: 'instant', at },
    target: null,
    facts: closedAt ? [{ factKey: 'closed', kind: 'fulfilled', occurredAt: closedAt }] : [],
    owner: null,
    partner: cells.optional('Department', LABELS.partner),
    region: cells.optional('neighborhood', LABELS.region),
    product: cells.optional('TYPE', LABELS.product),
    subject: null,
    customer: null,
  };
}

function shiftedBack(repeated: Repeated): Reader<Instant> {
  const stored = instantReader(readIso, ZONE, repeated);
  return (text) => {
    const at = stored(text);
    return isFault(at) ? at : atWall(msOf(at), ZONE, repeated);
  };
}
