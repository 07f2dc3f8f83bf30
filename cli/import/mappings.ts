import type { Mapping } from './mapping.ts';
import { bookshop } from './bookshop.ts';
import { olist } from './olist.ts';

/** Every mapping by hand; `--mapping` takes their names. */
export const MAPPINGS: readonly Mapping[] = [bookshop, olist];

export const mappingNamed = (name: string): Mapping | null => MAPPINGS.find((mapping) => mapping.name === name) ?? null;
