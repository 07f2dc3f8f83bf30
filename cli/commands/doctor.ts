import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  examineAll,
  examineThese,
  knownNamespace,
  mendPromises,
  openOf,
  promisesAsleep,
  startAgain,
  type Findings,
} from '../../db/doctor.ts';
import type { Pool } from '../../db/pool.ts';
import { recountRollup, refreshRollup, rollUpDays } from '../../db/rollup.ts';
import { createEngineClient, type EngineClient } from '../../temporal/connection.ts';
import {
  ATTRIBUTES,
  doings,
  isKnownEngine,
  unknownAttributes,
  withoutWorkflow,
  type Doing,
} from '../../temporal/doctor.ts';
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
const NAMES = Object.keys(CHECKS) as readonly CheckName[];

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
    .description(
      'Holds promises, notices, pokes and reports against the facts, and sleeping promises against Temporal.',
    )
    .option('--fix', 'mends what is found')
    .option('--json', 'as JSON, with the first ids of what was found')
    .addOption(stateOption())
    .action(run);
}

async function run({ fix, json, state }: DoctorOptions): Promise<void> {
  const config = configFor(state);
  const temporal = temporalOf(config);
  const { checks, ok, engineFault } = await withDatabase(
    { url: databaseOf(config), name: 'kept doctor', max: 4 },
    async (pool) => {
      const engine = createEngineClient(temporal);
      try {
        return await examined(pool, engine, fix === true);
      } finally {
        await engine.close();
      }
    },
  );
  process.stdout.write(json ? `${JSON.stringify({ ok, checks })}\n` : textOf(checks, engineFault === null));
  if (engineFault !== null) process.stderr.write(`${engineFault}\n`);
  if (!ok) process.exitCode = 1;
}

/** Everything that was looked at, and what was wrong by check: ids of promises, days, or names. */
interface Look {
  readonly findings: Findings;
  readonly looked: Readonly<Record<CheckName, number>>;
  readonly found: Readonly<Record<CheckName, readonly string[]>>;
}

interface Report {
  readonly checks: readonly Check[];
  readonly ok: boolean;
  /** Why the engine was not looked at; null: it was. */
  readonly engineFault: string | null;
}

async function examined(pool: Pool, engine: EngineClient, fix: boolean): Promise<Report> {
  const engineFault = await faultOf(pool, engine);
  const asked = engineFault === null ? engine : null;
  const before = await look(pool, asked);
  const isWell = NAMES.every((name) => before.found[name].length === 0);
  if (fix && !isWell) await mend(pool, asked, before);
  const after = fix && !isWell ? await afterMending(pool, asked, before) : before;
  const checks = NAMES.map((name) => {
    const [found, left] = [before.found[name], new Set(after.found[name])];
    const fixed = fix ? found.filter((id) => !left.has(id)).length : 0;
    return { name, looked: before.looked[name], found: found.length, fixed, examples: found.slice(0, EXAMPLES) };
  });
  return { checks, ok: engineFault === null && NAMES.every((name) => after.found[name].length === 0), engineFault };
}

/** Why Temporal cannot be asked; null: it can. */
async function faultOf(pool: Pool, engine: EngineClient): Promise<string | null> {
  try {
    if (await isKnownEngine(engine, await knownNamespace(pool))) return null;
    return 'This Temporal is not the one in which promises sleep, or was emptied since. Start a worker, and ask again.';
  } catch {
    return 'Temporal cannot be asked which promises sleep. Is it running, and is TEMPORAL_ADDRESS right?';
  }
}

async function look(pool: Pool, engine: EngineClient | null): Promise<Look> {
  const findings = await unlessHeard(pool, engine, await standing(pool, await examineAll(pool)));
  const rollup = await recountRollup(pool, new Set(findings.folds.flatMap(({ day }) => day ?? [])));
  const asleep = engine ? await promisesAsleep(pool) : [];
  const lost = engine ? await lostOf(pool, engine, asleep) : [];
  // A server may refuse to tell; then promises start without them, too.
  const unknown = engine ? await unknownAttributes(engine).catch(() => null) : null;
  return {
    findings,
    looked: {
      ...{ folds: findings.promises, pokes: findings.promises + findings.pokes, duties: findings.notices },
      ...{ rollup: rollup.looked, engine: asleep.length, attributes: unknown === null ? 0 : ATTRIBUTES.length },
    },
    found: {
      folds: findings.folds.map(({ promiseId }) => promiseId),
      pokes: findings.engaged.map(({ promiseId }) => promiseId),
      duties: [...findings.ends.map(({ promiseId }) => promiseId), ...findings.unsettled],
      ...{ rollup: rollup.wrong, engine: lost, attributes: unknown ?? [] },
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
  const second = await examineThese(pool, ids);
  return { ...second, promises: first.promises, notices: first.notices, pokes: first.pokes };
}

/**
 * Without those whose workflow looks anew by itself. Where the engine cannot be asked, all are thought to have heard of what
 * is due. Where no workflow runs, that is found by itself.
 */
async function unlessHeard(pool: Pool, engine: EngineClient | null, findings: Findings): Promise<Findings> {
  const told = findings.engaged.filter(({ mend: by }) => by === 'poke' || by === 'poke_unless_heard');
  if (told.length === 0) return findings;
  const ids = told.map(({ promiseId }) => promiseId);
  const does = engine ? await doings(engine, ids) : new Map<string, Doing>();
  // A workflow that had its turn between the two looks rests, too.
  const still = new Set((await examineThese(pool, ids)).engaged.map(({ promiseId }) => promiseId));
  const engaged = findings.engaged.filter(({ promiseId: id, mend: by }) => {
    if (by === 'poke') return still.has(id) && does.get(id) !== 'busy';
    return by !== 'poke_unless_heard' || (still.has(id) && does.get(id) === 'idle');
  });
  return { ...findings, engaged };
}

/** Those without a workflow that should still have one a moment later. */
async function lostOf(pool: Pool, engine: EngineClient, asleep: readonly string[]): Promise<readonly string[]> {
  const first = await withoutWorkflow(engine, asleep);
  if (first.length === 0) return [];
  await sleep(SETTLING_MS);
  return withoutWorkflow(engine, await promisesAsleep(pool, first));
}

async function mend(pool: Pool, engine: EngineClient | null, { findings, found }: Look): Promise<void> {
  await mendPromises(pool, findings);
  await rollUpDays(pool, [...new Set(found.rollup)]);
  // Those of promises that were settled anew, too.
  await refreshRollup(pool);
  await startAgain(pool, found.engine);
  if (engine && found.attributes.length > 0) await ensureSearchAttributes(engine.connection, engine.namespace);
}

/** Looks again; what is to be started gets the time of a running worker. */
async function afterMending(pool: Pool, engine: EngineClient | null, before: Look): Promise<Look> {
  const deadlineMs = performance.now() + STARTING_MS;
  let waiting = before.found.engine;
  while (engine && waiting.length > 0 && performance.now() < deadlineMs) {
    await sleep(SETTLING_MS);
    waiting = await withoutWorkflow(engine, await openOf(pool, waiting));
  }
  const after = await look(pool, engine);
  // What nobody has started yet is asleep nowhere, and so in no check.
  return { ...after, found: { ...after.found, engine: [...new Set([...waiting, ...after.found.engine])] } };
}

function textOf(checks: readonly Check[], isWhole: boolean): string {
  const looked = (name: CheckName): number => checks.find((check) => check.name === name)?.looked ?? 0;
  const wrong = checks.filter(({ found }) => found > 0);
  if (wrong.length === 0)
    return `${isWhole ? 'All is well' : 'PostgreSQL is well'}: ${looked('folds')} promises, ${looked('duties')} notices, ${looked('rollup')} days of reports, ${looked('engine')} asleep.\n`;
  return wrong
    .map(({ name, looked: of, found, fixed, examples }) => {
      const more = found > examples.length ? ', …' : '';
      return `${name}: ${found} of ${of}: ${CHECKS[name]}${fixed > 0 ? `; ${fixed} mended` : ''}\n  ${examples.join(', ')}${more}\n`;
    })
    .join('');
}
