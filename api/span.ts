import { boundAt, type Bound, type SpanEnd } from '../domain/calendar/bounds.ts';
import type { Instant, Zone } from '../domain/promise/instant.ts';
import { problem, type Fault, type Problem } from './problem.ts';
import type { ReferenceData } from './reference-data.ts';

/** A span of promised times: `from` is inside, `to` is not; an end that is not set does not bound it. */
export interface Span {
  readonly from?: Instant;
  readonly to?: Instant;
}

/** The bounds of a query as instants; days are days of the company. */
export async function spanOf(
  bounds: { readonly [E in SpanEnd]?: Bound | undefined },
  { companyZone }: Pick<ReferenceData, 'companyZone'>,
): Promise<Span | Problem> {
  const zone = bounds.from || bounds.to ? await companyZone() : 'UTC';
  const ends = (['from', 'to'] as const).map((end) => instantOf(end, bounds[end], zone));
  const errors = ends.flatMap((read) => ('fault' in read ? [read.fault] : []));
  if (errors.length > 0) return problem('INVALID_QUERY', { errors });
  return Object.assign({}, ...ends) as Span;
}

function instantOf(end: SpanEnd, bound: Bound | undefined, zone: Zone): Span | { readonly fault: Fault } {
  if (!bound) return {};
  try {
    return { [end]: boundAt(bound, end, zone) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { fault: { pointer: `/${end}`, message: 'Must lie between the years 0001 and 9999 (UTC).' } };
  }
}
