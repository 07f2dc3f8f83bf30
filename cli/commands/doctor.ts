import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { examinePromises, mendPromises, promisesAsleep, startAgain, type Findings } from '../../db/doctor.ts';
import type { Pool } from '../../db/pool.ts';
import { recountRollup, rollUpDays } from '../../db/rollup.ts';
import { createEngineClient, type EngineClient } from '../../temporal/connection.ts';
import { ATTRIBUTES, unknownAttributes, withoutWorkflow } from '../../temporal/doctor.ts';
import { ensureSearchAttributes } from '../../temporal/search-attributes.ts';
import { databaseOf, temporalOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';

interface DoctorOptions {
  readonly fix?: true;
  readonly json?: true;
  readonly state?: string;
}

/** What is looked after, in this order. */
const CHECKS = {
  folds: 'promises that are not what their facts say',
  pokes: 'promises whose workflow would look too late, or is woken for nothing',
  duties: 'notices that do not stand as the facts say',
  rollup: 'days of reports that are not what their promises say',
  engine: 'sleeping promises without a workflow',
  attributes: 'search attributes that the engine does not know',
} as const;
type CheckName = keyof typeof CHECKS;

/** One check, as `--json` prints it. */
interface Check {
  readonly name: CheckName;
  readonly looked: number;
  readonly found: number;
  readonly fixed: number;
  /** Ids of promises, days, or names: the first ten. */
  readonly examples: readonly string[];
}

const EXAMPLES = 10;
/** What is on its way has come by then: only what is still found is wrong. */
const SETTLING_MS = 2_000;
/** So long the starter may take for what it is to start again. */
const STARTING_MS = 30_000;

/** Adds `kept doctor`. */
export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('Holds every row against the facts, and every sleeping promise against the engine.')
    .option('--fix', 'mends what is found')
    .option('--json', 'as JSON, with the first ids of what was found')
    .addOption(stateOption())
    .action(run);
}

async function run({ fix, json, state }: DoctorOptions): Promise<void> {
  const config = configFor(state);
  const temporal = temporalOf(config);
  const checks = await withDatabase({ url: databaseOf(config), name: 'kept doctor', max: 4 }, async (pool) => {
    const engine = createEngineClient(temporal);
    try {
      return await examined(pool, engine, fix === true);
    } finally {
      await engine.close();
    }
  });
  const ok = checks.every(({ found, fixed }) => found === fixed);
  process.stdout.write(json ? `${JSON.stringify({ ok, checks })}\n` : textOf(checks));
  if (!ok) process.exitCode = 1;
}

/** Everything that was looked at, and what was wrong by check: ids of promises, days, or names. */
interface Look {
  readonly findings: Findings;
  readonly looked: Readonly<Record<CheckName, number>>;
  readonly found: Readonly<Record<CheckName, readonly string[]>>;
}

async function examined(pool: Pool, engine: EngineClient, fix: boolean): Promise<readonly Check[]> {
  const before = await look(pool, engine);
  const isWell = Object.values(before.found).every((ids) => ids.length === 0);
  if (fix && !isWell) await mend(pool, engine, before);
  const after = fix && !isWell ? await afterMending(pool, engine, before) : before;
  return (Object.keys(CHECKS) as CheckName[]).map((name) => {
    const [found, left] = [before.found[name], after.found[name]];
    const fixed = fix ? found.length - Math.min(found.length, left.length) : 0;
    return { name, looked: before.looked[name], found: found.length, fixed, examples: found.slice(0, EXAMPLES) };
  });
}

async function look(pool: Pool, engine: EngineClient): Promise<Look> {
  const findings = await standing(pool, await examinePromises(pool));
  const days = new Set(findings.folds.map(({ day }) => day));
  const rollup = await recountRollup(pool, days);
  const asleep = await promisesAsleep(pool);
  const lost = await asked(() => withoutWorkflow(engine, asleep));
  const unknown = await asked(() => unknownAttributes(engine));
  return {
    findings,
    looked: {
      ...{ folds: findings.promises, pokes: findings.promises + findings.pokes, duties: findings.notices },
      ...{ rollup: rollup.looked, engine: asleep.length, attributes: ATTRIBUTES.length },
    },
    found: {
      folds: findings.folds.map(({ promiseId }) => promiseId),
      pokes: findings.engaged.map(({ promiseId }) => promiseId),
      duties: [...findings.ends.map(({ promiseId }) => promiseId), ...findings.unsettled],
      ...{ rollup: rollup.wrong, engine: lost, attributes: unknown },
    },
  };
}

/** Of what was found, what is still found a moment later. */
async function standing(pool: Pool, first: Findings): Promise<Findings> {
  const ids = [
    ...[...first.folds, ...first.engaged, ...first.ends].map(({ promiseId }) => promiseId),
    ...first.unsettled,
  ];
  if (ids.length === 0) return first;
  await sleep(SETTLING_MS);
  const second = await examinePromises(pool, [...new Set(ids)]);
  return { ...second, promises: first.promises, notices: first.notices, pokes: first.pokes };
}

async function mend(pool: Pool, engine: EngineClient, { findings, found }: Look): Promise<void> {
  await mendPromises(pool, findings);
  await rollUpDays(pool, [...new Set(found.rollup)]);
  await startAgain(pool, found.engine);
  if (found.attributes.length > 0) await ensureSearchAttributes(engine.connection, engine.namespace);
}

/** Looks again; what is to be started gets the time of a running worker. */
async function afterMending(pool: Pool, engine: EngineClient, before: Look): Promise<Look> {
  const deadlineMs = performance.now() + STARTING_MS;
  let lost = before.found.engine;
  while (lost.length > 0 && performance.now() < deadlineMs) {
    await sleep(SETTLING_MS);
    lost = await asked(() => withoutWorkflow(engine, lost));
  }
  const after = await look(pool, engine);
  return { ...after, found: { ...after.found, engine: lost } };
}

/** @throws a sentence that says what to do where Temporal is not there */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error('Temporal cannot be asked which promises sleep. Is it running, and is TEMPORAL_ADDRESS right?', {
      cause: error,
    });
  }
}

function textOf(checks: readonly Check[]): string {
  const looked = (name: CheckName): number => checks.find((check) => check.name === name)?.looked ?? 0;
  const wrong = checks.filter(({ found }) => found > 0);
  if (wrong.length === 0)
    return `All is well: ${looked('folds')} promises, ${looked('duties')} notices, ${looked('rollup')} days of reports, ${looked('engine')} asleep.\n`;
  return wrong
    .map(({ name, looked: of, found, fixed, examples }) => {
      const more = found > examples.length ? ', …' : '';
      return `${name}: ${found} of ${of}: ${CHECKS[name]}${fixed > 0 ? `; ${fixed} mended` : ''}\n  ${examples.join(', ')}${more}\n`;
    })
    .join('');
}
