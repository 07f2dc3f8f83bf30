import { saveKey } from '../../db/keys.ts';
import { migrate } from '../../db/migrate.ts';
import type { Pool } from '../../db/pool.ts';
import { listPromises } from '../../db/promises.ts';
import { replayOf } from '../../db/replays.ts';
import { applyPolicies, isSampleStaff } from '../apply-policies.ts';
import type { Config } from '../config.ts';
import { hashOf, newKey } from '../key.ts';
import { bookshop } from '../import/bookshop.ts';
import { readPolicyFiles, type PolicyFiles } from '../policies.ts';
import { explained, withDatabase } from '../with-database.ts';
import { WrongUsage } from '../wrong-usage.ts';
import { endLeftDatabase } from './database.ts';
import { needExtras } from './extras.ts';
import { startParts, type Parts } from './parts.ts';
import { shown } from './progress.ts';
import { playSample } from './sample.ts';
import {
  forget,
  forgetRunning,
  lockState,
  recordChildren,
  stateFiles,
  writeAtomically,
  type StateFiles,
} from './state.ts';
import { stopSignals, type StopSignals } from './stop-signals.ts';
import { endLeftTemporal } from './temporal.ts';

export interface UpOptions {
  /** `port` and `state` as the command line says. */
  readonly config: Config;
  readonly fresh: boolean;
  /** Null: as is usual, into an embedded database that is empty or has begun it. */
  readonly sample: boolean | null;
}

/**
 * `kept up`: brings up all parts, writes the run file, plays the sample, and stops everything when told to.
 * Resolves after a clean stop.
 * @throws what stops a start, after everything that had begun is stopped again
 */
export async function up(options: UpOptions): Promise<void> {
  const { config, fresh } = options;
  if (fresh && config.databaseUrl)
    throw new WrongUsage(
      '--fresh forgets the embedded database only. With DATABASE_URL, empty that database yourself.',
    );
  needExtras(config);
  const policies = config.policies === null ? null : readPolicyFiles(config.policies);
  const files = stateFiles(config.state);
  const lock = await lockState(files, say);
  const signals = stopSignals(say);
  try {
    if (fresh) {
      await endLeftDatabase(files, say);
      await endLeftTemporal(files.engine, say);
      forget(files);
    }
    await run(options, files, policies, signals);
  } catch (error) {
    if (!signals.stopping.aborted) throw error;
    say('Stopped before everything had started.');
  } finally {
    signals.end();
    lock.release();
  }
}

async function run(
  options: UpOptions,
  files: StateFiles,
  policies: PolicyFiles | null,
  signals: StopSignals,
): Promise<void> {
  const { config } = options;
  const key = newKey();
  const parts = await startParts({
    config,
    files,
    log: say,
    stopping: signals.stopping,
    prepare: async (url) => {
      await shown('Migrating the database', say, () => explained(url, () => migrate(url)));
      await withPool(url, async (pool) => {
        await applyPolicies(pool, policies, { kinds: true, sampleStaff: true });
        await saveKey(pool, 'kept up', hashOf(key));
        if (policies && !policies.people && (await isSampleStaff(pool)))
          say(
            'KEPT_POLICIES has no people.yaml: notices name the staff of the sample until people.yaml says otherwise.',
          );
      });
    },
    changed: (now) => writeRunFile(files, key, now),
  });
  try {
    writeRunFile(files, key, parts);
    process.stdout.write(`${addresses(parts, files)}\n`);
    await Promise.all([signals.told, sample(options, parts, key, signals.stopping)]);
  } finally {
    say('Stopping …');
    await parts.stop();
    forgetRunning(files);
    say('Everything has stopped.');
  }
}

/** Never ends `kept up`: what goes wrong in the sample is said. */
async function sample(
  { config, sample: wanted }: UpOptions,
  parts: Parts,
  key: string,
  stopping: AbortSignal,
): Promise<void> {
  if (!(wanted ?? config.databaseUrl === null)) return;
  if (!parts.smtp.isSink) return say('The sample is not played: SMTP_URL is set, and its customers do not exist.');
  await withPool(parts.databaseUrl(), async (pool) => {
    const isOwn = config.databaseUrl === null;
    if (!(isOwn && wanted === true) && !(await isForSample(pool)))
      return say(
        `The sample is not played: there are promises already that are not of the sample.${isOwn ? ' --sample plays it beside them.' : ''}`,
      );
    await playSample({ api: parts.apiUrl(), key, pool, signal: stopping, log: say });
  }).catch((error: unknown) => {
    if (!stopping.aborted) say(`The sample broke off: ${error instanceof Error ? error.message : String(error)}`);
  });
}

/** Empty, or holding an earlier sample that goes on. */
const isForSample = async (pool: Pool): Promise<boolean> =>
  (await replayOf(pool, bookshop.name)) !== null || (await listPromises(pool, { limit: 1 })).length === 0;

function writeRunFile(files: StateFiles, key: string, parts: Parts): void {
  const pids = parts.pids();
  const { address, namespace, cli, ui } = parts.temporal();
  recordChildren(files, pids);
  writeAtomically(
    files.run,
    `${JSON.stringify(
      {
        pid: process.pid,
        api: parts.apiUrl(),
        key,
        mail: parts.smtp.isSink ? `${parts.apiUrl()}/dev/mail` : null,
        database: parts.databaseUrl(),
        temporal: { address, namespace, cli, ui },
        pids: { up: process.pid, ...pids },
      },
      null,
      2,
    )}\n`,
  );
}

function addresses(parts: Parts, files: StateFiles): string {
  const { ui, address } = parts.temporal();
  return [
    '',
    `  Kept runs.      ${parts.apiUrl()}`,
    ...(parts.smtp.isSink ? [`  Mails           ${parts.apiUrl()}/dev/mail`] : ['  Mails           leave by SMTP_URL']),
    `  Engine          ${ui ?? address}`,
    `  Key, addresses  ${files.run}`,
    `  Logs            ${files.logs}`,
    '  Ctrl-C stops everything; the next start goes on from here.',
    '',
  ].join('\n');
}

const withPool = <T>(url: string, work: (pool: Pool) => Promise<T>): Promise<T> =>
  withDatabase({ url, max: 4, name: 'kept up' }, work);

const say = (line: string): void => void process.stderr.write(`${line}\n`);
