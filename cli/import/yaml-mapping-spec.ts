import type { Zone } from '../../domain/promise/instant.ts';
import type { Precision } from '../../domain/promise/words.ts';
import type { TimeFormat } from './time-format.ts';

/** A mapping as its file says, checked. */
export interface MappingSpec {
  readonly name: string;
  readonly zone: Zone;
  readonly precision: Precision;
  readonly separator: string | null;
  readonly columns: Texts<Field>;
  readonly values: Texts<ValueField>;
  /** Columns of milestones, by the name of the checkpoint. */
  readonly checkpoints: Readonly<Record<string, string>>;
  /** By field or checkpoint. */
  readonly formats: Readonly<Record<string, TimeFormat>>;
  /** By the word in lower case; null: there is no status column. */
  readonly status: ReadonlyMap<string, Meaning> | null;
  readonly empty: ReadonlySet<string>;
}

/** Texts by key, as far as there are some. */
export type Texts<Key extends string> = { readonly [key in Key]?: string };

/** What the columns of a file may be. Times can have a format. */
export const TIME_FIELDS = [
  'madeAt',
  'promised',
  'promisedFrom',
  'target',
  'fulfilled',
  'withdrawn',
  'estimated',
  'estimateMade',
] as const;
/** May be the same for the whole file. */
export const VALUE_FIELDS = [
  'kind',
  'partner',
  'region',
  'product',
  'owner',
  'subject',
  'customerLanguage',
  'customerZone',
] as const;
const OTHER_FIELDS = ['ref', 'status', 'customer', 'customerName', 'customerEmail', 'customerPhone'] as const;

type TimeField = (typeof TIME_FIELDS)[number];
export type ValueField = (typeof VALUE_FIELDS)[number];
export type Field = TimeField | ValueField | (typeof OTHER_FIELDS)[number];

export const FIELDS: readonly Field[] = ['ref', ...TIME_FIELDS, ...VALUE_FIELDS, ...OTHER_FIELDS.slice(1)];

/** What a word of the status column says. */
export const MEANINGS = [
  'open',
  'fulfilled',
  'withdrawn',
  'withdrawn by customer',
  'withdrawn by company',
  'withdrawn by unknown',
] as const;
export type Meaning = (typeof MEANINGS)[number];

/** The keys of the file itself. */
export const KEYS = [
  'name',
  'zone',
  'precision',
  'separator',
  'columns',
  'checkpoints',
  'values',
  'formats',
  'status',
  'empty',
] as const;
