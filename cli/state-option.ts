import { resolve } from 'node:path';
import { Option } from 'commander';
import { readConfig, type Config } from './config.ts';

/** `--state`, for commands that ask a running `kept up`. */
export const stateOption = (): Option =>
  new Option('--state <folder>', 'the folder of the running Kept (default: KEPT_STATE, else .kept)').argParser(
    (folder: string) => resolve(folder),
  );

/** The environment with what `--state` says: who names a Kept means its database, too, not that of DATABASE_URL, and its Temporal. */
export function configFor(state: string | undefined): Config {
  const config = readConfig();
  return state === undefined ? config : { ...config, state, databaseUrl: null, temporal: null };
}
