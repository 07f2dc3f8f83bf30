import { later, msOf } from '../../domain/promise/instant.ts';
import type { PlayedRow } from './shrink.ts';

/** One call: the registration of a row (`fact` null) or one of its facts. */
export interface Moment {
  readonly atMs: number;
  readonly index: number;
  /** Place among the row's facts. */
  readonly fact: number | null;
}

/** What is to be called next. */
export interface Agenda {
  /** Takes the next call from the list, given the time; null when there is none left. */
  next(nowMs: number): Moment | null;
}

/**
 * All calls of a history, each at its moment. What is overdue, after a stop or a stall, does not simply go by time: facts
 * of promises that are registered already come first, and a promise that is registered late has its past told at once.
 * Otherwise promises would stand past their deadline whose fulfilment only waits to be told, and customers would get
 * apologies for nothing. `known`: rows that are registered already.
 */
export function agendaOf(rows: readonly PlayedRow[], known: ReadonlySet<number>): Agenda {
  const indices = rows.map((_, index) => index);
  const registrations = sorted(indices.filter((i) => !known.has(i)).flatMap((i) => momentOf(rows, i, null)));
  let facts = sorted(indices.filter((i) => known.has(i)).flatMap((i) => factsOf(rows, i)));
  let registered = 0;
  return {
    next: (nowMs) => {
      const [fact] = facts;
      const registration = registrations[registered];
      if (fact && (!registration || fact.atMs <= Math.max(nowMs, registration.atMs))) {
        facts = facts.slice(1);
        return fact;
      }
      if (!registration) return null;
      registered += 1;
      facts = sorted([...facts, ...factsOf(rows, registration.index)]);
      return registration;
    },
  };
}

const factsOf = (rows: readonly PlayedRow[], index: number): readonly Moment[] =>
  (rows[index]?.facts ?? []).flatMap((_, fact) => momentOf(rows, index, fact));

/** Nothing is told of a promise before it is made. */
function momentOf(rows: readonly PlayedRow[], index: number, fact: number | null): readonly Moment[] {
  const row = rows[index];
  if (!row) return [];
  const told = fact === null ? undefined : row.facts[fact];
  return [{ atMs: msOf(told ? later(told.occurredAt, row.madeAt) : row.madeAt), index, fact }];
}

const sorted = (moments: readonly Moment[]): readonly Moment[] =>
  moments.toSorted((a, b) => a.atMs - b.atMs || a.index - b.index || (a.fact ?? 0) - (b.fact ?? 0));
