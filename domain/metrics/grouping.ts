import type { Codes } from './measures.ts';

/** Which group each promise is of. */
export interface Groups {
  /** In order, none last. */
  readonly keys: readonly (string | null)[];
  /** Of each promise its group, a place in `keys`. */
  readonly of: Uint16Array | Uint32Array;
  /** How many promises each group has. */
  readonly sizes: Int32Array;
}

/** The groups that have promises, in the order of their keys. */
export function groupsOf({ places, keys }: Codes): Groups {
  const used = usedPlaces(places, keys.length).sort((a, b) => inOrder(keys[a] ?? null, keys[b] ?? null));
  const groupAt = new Uint32Array(keys.length);
  for (const [group, place] of used.entries()) groupAt[place] = group;
  // Half the memory to walk through, millions of times, where it will do.
  const of = used.length <= 65_535 ? new Uint16Array(places.length) : new Uint32Array(places.length);
  const sizes = new Int32Array(used.length);
  for (let i = 0; i < places.length; i += 1) {
    const group = groupAt[places[i] ?? 0] ?? 0;
    of[i] = group;
    sizes[group] = (sizes[group] ?? 0) + 1;
  }
  return { keys: used.map((place) => keys[place] ?? null), of, sizes };
}

function usedPlaces(places: Int32Array, count: number): number[] {
  const used = new Uint8Array(count);
  for (let i = 0; i < places.length; i += 1) used[places[i] ?? 0] = 1;
  return [...used.keys()].filter((place) => used[place] === 1);
}

function inOrder(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
