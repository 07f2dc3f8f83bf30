import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { TemporalOptions } from '../temporal/connection.ts';
import type { Config } from './config.ts';
import { isTaken } from './up/processes.ts';

/** What a running `kept up` tells other commands. */
export interface RunFile {
  readonly pid: number;
  readonly api: string;
  readonly key: string;
  /** The page of the mail sink; null where mails leave the house. */
  readonly mail: string | null;
  readonly database: string;
  /** Null in what an older Kept has written. */
  readonly temporal: TemporalOptions | null;
}

const shape = z.object({
  pid: z.int().positive(),
  api: z.url(),
  key: z.string().min(1),
  mail: z.url().nullable().default(null),
  database: z.string().min(1),
  temporal: z
    .object({ address: z.string().min(1), namespace: z.string().min(1) })
    .nullable()
    .default(null),
});

/** No `kept up` runs on this state folder, or its run file cannot be used. */
export class NotRunning extends Error {
  constructor(state: string, why: string) {
    super(
      `${why} in ${state}. Start Kept with "npm start", or name the folder of one that runs by --state or KEPT_STATE.`,
    );
    this.name = 'NotRunning';
  }
}

/** @throws NotRunning saying what to do, also for a file that a killed `kept up` left behind. */
export function readRunFile(state: string): RunFile {
  const parsed = shape.safeParse(parse(read(join(state, 'run.json'), state), state));
  if (!parsed.success) throw new NotRunning(state, 'There is a run.json that is not one of Kept');
  if (!isTaken(parsed.data.pid)) throw new NotRunning(state, 'There is a run.json, but its Kept no longer runs,');
  return parsed.data;
}

/** `DATABASE_URL` wins; else the database of a running `kept up`. */
export const databaseOf = ({
  databaseUrl,
  state,
}: {
  readonly databaseUrl: string | null;
  readonly state: string;
}): string => databaseUrl ?? readRunFile(state).database;

/**
 * `TEMPORAL_ADDRESS` wins; else the Temporal of a running `kept up`, where that is whose database is meant, too.
 * @throws where there is neither
 */
export function temporalOf({ temporal, databaseUrl, state }: Where): TemporalOptions {
  if (temporal) return temporal;
  if (!existsSync(join(state, 'run.json')))
    throw new NotRunning(state, 'TEMPORAL_ADDRESS is not set, and no run.json is');
  const run = readRunFile(state);
  if (run.temporal && (databaseUrl === null || databaseUrl === run.database)) return run.temporal;
  throw new NotRunning(state, 'TEMPORAL_ADDRESS is not set, and no Temporal of this database is named');
}

type Where = Pick<Config, 'temporal' | 'databaseUrl' | 'state'>;

function read(file: string, state: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const denied = (error as NodeJS.ErrnoException).code === 'EACCES';
    throw new NotRunning(state, denied ? 'This user may not read run.json' : 'There is no run.json');
  }
}

function parse(text: string, state: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new NotRunning(state, 'There is a run.json that is not JSON');
  }
}
