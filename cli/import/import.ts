import { learnSizes } from '../../db/import.ts';
import { newestCalendars } from '../../db/calendars.ts';
import { newestPartners } from '../../db/partners.ts';
import { newestPolicies } from '../../db/policies.ts';
import { replayOf } from '../../db/replays.ts';
import type { Pool } from '../../db/pool.ts';
import { refreshRollup } from '../../db/rollup.ts';
import { readPhones } from '../read-phones.ts';
import { importBatch, type Candidate, type Outcome } from './batch.ts';
import type { ErrorFile } from './error-file.ts';
import type { FileRecord } from './file-record.ts';
import { inTwos } from './in-twos.ts';
import { databaseLedger, rehearsal, type Ledger } from './ledger.ts';
import { isRejected, type Mapping } from './mapping.ts';
import type { Frame } from './new-promise.ts';
import type { ProgressShown } from './progress.ts';
import { fileRecords } from './records.ts';
import { createTally, type Examples, type ImportResult, type Tally } from './tally.ts';
import { UnreadableFile } from './unreadable-file.ts';

export interface ImportOptions {
  readonly pool: Pool;
  readonly file: string;
  readonly mapping: Mapping;
  /** Rows that have not ended become promises that live, instead of history. */
  readonly live: boolean;
  readonly dryRun: boolean;
  /** Null: the rejected rows are counted only. */
  readonly errors: ErrorFile | null;
  readonly progress: ProgressShown;
}

/** This source is not for imports; the message says what to do. */
export class ImportRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImportRefused';
  }
}

/**
 * Brings the promises of a file in. Again is safe, and goes on where a former run ended: what is there counts as
 * existing, and is told what it does not know yet.
 * @throws ImportRefused; UnreadableFile where nothing of the file can be read. One that is damaged later is a result.
 */
export async function importFile(
  options: ImportOptions,
): Promise<{ readonly result: ImportResult; readonly examples: Examples }> {
  const { pool, mapping, dryRun, errors } = options;
  const { name: source } = mapping;
  await refuseForeign(pool, source);
  const policies = new Map((await newestPolicies(pool)).map((stored) => [stored.policy.kind, stored]));
  const calendars = new Map((await newestCalendars(pool)).map((stored) => [stored.calendar.id, stored]));
  const partners = new Map((await newestPartners(pool)).map((stored) => [stored.partner.id, stored]));
  const frame: Frame = { source, zone: mapping.zone, policies, calendars, partners, live: options.live };
  const tally = createTally();
  const ledger = dryRun ? rehearsal(pool, source) : databaseLedger(pool, source);
  const unreadable = await readAll(options, ledger, frame, tally);
  if (!dryRun) await finish(pool, tally.counts().imported);
  const result = {
    source,
    ...tally.counts(),
    dryRun,
    errorFile: errors?.path() ?? null,
    unreadable: unreadable?.message ?? null,
  };
  return { result, examples: tally.examples() };
}

async function finish(pool: Pool, imported: number): Promise<void> {
  if (imported > 0) await learnSizes(pool);
  await readPhones(pool);
  await refreshRollup(pool);
}

/** Kept's own promises, and those whose clock is not the world's. */
async function refuseForeign(pool: Pool, source: string): Promise<void> {
  if (source === 'kept')
    throw new ImportRefused('Promises of the source kept are those of Kept itself. Give the mapping another name.');
  if (await replayOf(pool, source))
    throw new ImportRefused(
      `The source ${source} was played here by "kept replay", on a clock of its own: real times beside it would mislead. Import into another database, or forget the play with "npx kept up --fresh".`,
    );
}

/** Reads and stores the file. Answers why it ended before the end of the file; null where it did not. */
async function readAll(
  options: ImportOptions,
  ledger: Ledger,
  frame: Frame,
  tally: Tally,
): Promise<UnreadableFile | null> {
  const { errors, progress } = options;
  const work = inTwos<ReadRows, readonly Outcome[]>({
    keys: ({ rows }) => rows.map(({ row }) => row.ref),
    work: ({ rows }) => importBatch(rows, ledger, frame),
    done: async ({ rejected }, stored) => {
      const outcomes = [...rejected, ...stored].sort((a, b) => a.line - b.line);
      tally.add(outcomes);
      await errors?.add(outcomes.flatMap((one) => (one.kind === 'rejected' ? [{ line: one.line, ...one.why }] : [])));
      progress.rows(tally.rows());
    },
  });
  try {
    for await (const read of batches(options)) await work.begin(read);
    await work.ended();
    return null;
  } catch (error) {
    await work.ended();
    if (error instanceof UnreadableFile && tally.rows() > 0) return error;
    throw error;
  }
}

interface ReadRows {
  readonly rows: readonly Candidate[];
  readonly rejected: readonly Outcome[];
}

/** More at once are no faster, and cost memory: what a batch needs outlives the first collections of garbage. */
const BATCH = 250;

async function* batches({ file, mapping, progress }: ImportOptions): AsyncGenerator<ReadRows> {
  const records = fileRecords(file, {
    columns: mapping.columns,
    mappingName: mapping.name,
    ...(mapping.separator === undefined ? {} : { separator: mapping.separator }),
    onProgress: progress.read,
  });
  for await (const chunk of records)
    for (let at = 0; at < chunk.length; at += BATCH) yield readRows(chunk.slice(at, at + BATCH), mapping);
}

function readRows(records: readonly FileRecord[], mapping: Mapping): ReadRows {
  const rows: Candidate[] = [];
  const rejected: Outcome[] = [];
  for (const record of records) {
    const { line } = record;
    const row = 'fault' in record ? record.fault : mapping.read(record.row);
    if (isRejected(row)) rejected.push({ line, kind: 'rejected', why: row });
    else rows.push({ line, row });
  }
  return { rows, rejected };
}
