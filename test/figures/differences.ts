import type { Counted } from './ledger.ts';

/** One figure that the report and the count do not agree on; undefined: one of them has no such group or figure. */
export interface Difference {
  readonly key: string | null;
  readonly figure: string;
  readonly reported: unknown;
  readonly counted: unknown;
}

/** Rates are quotients and may differ in the last bits; counts and milliseconds may not. */
const RATE_TOLERANCE = 1e-12;

/** Compares every figure of every group, also for being there at all. Empty: the same. */
export function differences(report: unknown, counted: readonly Counted[]): readonly Difference[] {
  const here = tableOf(groupsOf(report).map(({ key, ...figures }) => ({ key, figures })));
  const there = tableOf(counted);
  return [...new Set([...here.keys(), ...there.keys()])].flatMap((name) => {
    const [reported, count] = [here.get(name), there.get(name)];
    return isSame(reported, count) ? [] : [{ ...nameOf(name), reported, counted: count }];
  });
}

interface Group {
  readonly key: string | null;
  readonly [figure: string]: unknown;
}

const groupsOf = (report: unknown): readonly Group[] => (report as { readonly groups: readonly Group[] }).groups;

/** By group and path: `["UA","marginMs.p50"]`. */
function tableOf(groups: readonly Counted[]): ReadonlyMap<string, unknown> {
  return new Map(
    groups.flatMap(({ key, figures }) =>
      leavesOf('', figures).map(([path, value]) => [JSON.stringify([key, path]), value] as const),
    ),
  );
}

const nameOf = (name: string): Pick<Difference, 'key' | 'figure'> => {
  const [key, figure] = JSON.parse(name) as [string | null, string];
  return { key, figure };
};

function leavesOf(path: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(path === '' ? name : `${path}.${name}`, inner));
}

const isSame = (a: unknown, b: unknown): boolean =>
  typeof a === 'number' && typeof b === 'number' && !(Number.isInteger(a) && Number.isInteger(b))
    ? Math.abs(a - b) <= RATE_TOLERANCE
    : a === b;
