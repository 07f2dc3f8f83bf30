import { TIME_FIELDS, VALUE_FIELDS, type MappingSpec } from './yaml-mapping-spec.ts';

/** What does not go together, at the key to change. */
export interface Contradiction {
  readonly path: readonly string[];
  readonly message: string;
}

/** What each key by itself may say, but not together with the others. `hasStatus`: the key status is there. */
export function contradictions(spec: MappingSpec, hasStatus: boolean): readonly Contradiction[] {
  const { columns, values, precision } = spec;
  return [...missingColumns(spec), ...statusFaults(spec, hasStatus), ...dateOnlyFaults(spec)].concat(
    VALUE_FIELDS.filter((field) => columns[field] !== undefined && values[field] !== undefined).map((field) => ({
      path: ['values', field],
      message: 'Stands under columns, too. Leave one of the two out.',
    })),
    columns.promisedFrom !== undefined && precision !== 'window'
      ? [{ path: ['columns', 'promisedFrom'], message: 'Only a window has a beginning: write precision: window.' }]
      : [],
    Object.keys(spec.checkpoints)
      .filter((name) => TIME_FIELDS.some((field) => field === name))
      .map((name) => ({
        path: ['checkpoints', name],
        message: 'This is the name of a column: name the checkpoint otherwise.',
      })),
  );
}

function missingColumns({ columns, values, precision }: MappingSpec): readonly Contradiction[] {
  const needs = (missing: boolean, path: readonly string[], message: string): readonly Contradiction[] =>
    missing ? [{ path, message }] : [];
  const person = (['customerName', 'customerEmail', 'customerPhone', 'customerLanguage', 'customerZone'] as const).find(
    (field) => columns[field] !== undefined,
  );
  return [
    ...needs(columns.ref === undefined, ['columns', 'ref'], 'Missing: the column whose value each row has alone.'),
    ...needs(columns.promised === undefined, ['columns', 'promised'], 'Missing: the column of the promised time.'),
    ...needs(
      columns.kind === undefined && values.kind === undefined,
      ['values', 'kind'],
      'Missing: write values: { kind: delivery }, or columns: { kind: … } where it differs.',
    ),
    ...needs(
      precision === 'window' && columns.promisedFrom === undefined,
      ['columns', 'promisedFrom'],
      'Missing: the column in which a window begins.',
    ),
    ...needs(
      columns.estimated !== undefined && columns.estimateMade === undefined,
      ['columns', 'estimated'],
      'An estimate says nothing without the time at which it was made: name estimateMade, too.',
    ),
    ...needs(
      columns.estimateMade !== undefined && columns.estimated === undefined,
      ['columns', 'estimateMade'],
      'Without the column estimated there is nothing it could be of.',
    ),
    ...needs(
      person !== undefined && columns.customer === undefined,
      ['columns', person ?? 'customer'],
      "Needs the column customer: the customer's number, by which the same person is known again.",
    ),
  ];
}

function statusFaults({ columns, status }: MappingSpec, hasStatus: boolean): readonly Contradiction[] {
  if (columns.status === undefined)
    return hasStatus
      ? [{ path: ['status'], message: 'There is no column for it: name it as columns: { status: … }.' }]
      : [];
  if (!status || status.size === 0)
    return [
      { path: ['columns', 'status'], message: 'Needs status: { word: meaning }, which says what its words mean.' },
    ];
  const meanings = [...status.values()];
  return [
    ...(meanings.includes('fulfilled') && columns.fulfilled === undefined
      ? [
          {
            path: ['status'],
            message: 'fulfilled needs the column fulfilled: its time decides between kept and broken.',
          },
        ]
      : []),
    ...(meanings.includes('withdrawn by customer') && columns.withdrawn === undefined
      ? [
          {
            path: ['status'],
            message:
              'withdrawn by customer needs the column withdrawn: too late counts as broken. Without it write withdrawn.',
          },
        ]
      : []),
  ];
}

/** A time of day decides where an instant or a window was promised. */
function dateOnlyFaults({ precision, formats }: MappingSpec): readonly Contradiction[] {
  if (precision === 'day') return [];
  return (['promised', 'promisedFrom', 'fulfilled'] as const)
    .filter((field) => formats[field]?.dateOnly === true)
    .map((field) => ({
      path: ['formats', field],
      message: `A day without a time of day cannot be judged against ${precision === 'window' ? 'a window' : 'an instant'}. Add the time, or write precision: day.`,
    }));
}
