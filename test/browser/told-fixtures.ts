import type { Told } from '../../domain/promise/facts.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import type { Plan, Promised } from '../../domain/promise/plan.ts';

/** A promise that nothing has moved. */
export const first = (promised: Promised, { promisedAt: firstPromisedAt }: Plan) =>
  ({ basis: { promised }, firstPromisedAt, agreedRevision: 1, attempts: 0 }) as const;

/** The time first promised, and the later one that a notice told at `toldAt`. */
export const twice = ({ madeAt, promisedAt, day }: Plan, later: Told, factKey: string, toldAt: Instant) => [
  { revision: 1, at: madeAt ?? toldAt, factKey: 'registered', agreed: true, promisedAt, day, cause: null },
  { revision: 2, at: toldAt, factKey, agreed: false, promisedAt: later.at, day: later.day, cause: null },
];

/** What the staff have open. */
export const OPEN_ALERTS = [
  { personId: 'kati', person: 'Kati Kask', count: 12 },
  { personId: null, person: null, count: 1 },
];
