import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PLANTS, type Plant } from './decisions.ts';
import { FAULTS, noFaults } from './faults.ts';
import { run, type Run } from './run.ts';

/**
 * `npm run test:sim [-- --seeds 10000 --days 90 --seed 1 --plant NAME --json]`: lives so many seeds, each so many days with
 * faults, and looks after every step whether the guarantees hold. A seed is always the same; one that breaks a guarantee is
 * printed with the command that lives it again. Exits with 1 where one does.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    days: { type: 'string', default: '90' },
    seed: { type: 'string', default: '1' },
    plant: { type: 'string' },
    json: { type: 'boolean', default: false },
    part: { type: 'string' },
  },
});
const [seeds, days, first] = [values.seeds, values.days, values.seed].map(whole) as [number, number, number];
const plant = values.plant === undefined ? undefined : plantOf(values.plant);

/** What every seed of so many days has to hold, or it shows too little. */
const LEAST = { days: 90, promises: 20, steps: 1_000, kinds: 5, share: 0.01 };

if (values.part !== undefined) livePart(values.part);
else await liveAll();

/** Every n-th seed, in a process of its own. */
function livePart(part: string): void {
  const [at, of] = part.split('/').map(Number) as [number, number];
  for (let seed = first + at; seed < first + seeds; seed += of) process.send?.(run(seed, { days, plant }));
}

async function liveAll(): Promise<void> {
  const beganMs = performance.now();
  const sum = { seeds: 0, promises: 0, steps: 0, faults: noFaults() };
  const violations: { seed: number; step: number; invariant: string; command: string }[] = [];
  const short: string[] = [];
  const add = ({ seed, steps, promises, kinds, faults, breach }: Run): void => {
    sum.seeds += 1;
    if (!breach && (promises < LEAST.promises || steps < LEAST.steps || kinds.length < LEAST.kinds))
      short.push(`Seed ${seed} lived only ${promises} promises of ${kinds.length} kinds in ${steps} steps.`);
    sum.promises += promises;
    sum.steps += steps;
    for (const fault of FAULTS) sum.faults[fault] += faults[fault];
    if (!breach) return;
    const command = `npm run test:sim -- --seeds 1 --days ${days} --seed ${seed}${plant ? ` --plant ${plant}` : ''}`;
    violations.push({ seed, step: breach.step, invariant: breach.invariant, command });
    if (!values.json)
      console.log(`${breach.invariant} at step ${breach.step} of seed ${seed}: ${breach.detail}\n  ${command}`);
  };
  const parts = Math.min(seeds, availableParallelism());
  await Promise.all(Array.from({ length: parts }, (_, at) => livePartElsewhere(`${at}/${parts}`, add)));
  violations.sort((a, b) => a.seed - b.seed);
  if (sum.seeds !== seeds) throw new Error(`Only ${sum.seeds} of ${seeds} seeds were heard of.`);
  for (const fault of FAULTS)
    if (violations.length === 0 && sum.faults[fault] < LEAST.share * sum.steps)
      short.push(`Only ${sum.faults[fault]} of ${sum.steps} steps were of the kind ${fault}.`);
  // A few days are for looking at a seed.
  const isShort = short.length > 0 && days >= LEAST.days;
  if (isShort) console.error(short.join('\n'));
  if (values.json) console.log(JSON.stringify({ ...sum, violations }));
  else {
    const seconds = (performance.now() - beganMs) / 1_000;
    const share = FAULTS.map((fault) => `${fault} ${((100 * sum.faults[fault]) / sum.steps).toFixed(1)} %`).join(', ');
    console.log(
      `${sum.seeds} seeds, ${sum.promises} promises, ${sum.steps} steps in ${seconds.toFixed(1)} s; of them ${share}`,
    );
    console.log(
      violations.length === 0 ? 'Every guarantee held after every step.' : `${violations.length} seeds broke one.`,
    );
  }
  process.exitCode = violations.length > 0 || isShort ? 1 : 0;
}

function livePartElsewhere(part: string, add: (run: Run) => void): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--part', part]);
  child.on('message', (message) => add(message as Run));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    // Not at its exit: what it has told may still be on its way then.
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`Part ${part} ended with ${code}.`))));
  });
}

function whole(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  console.error(`${text} is no whole number from 1 on.`);
  process.exit(2);
}

function plantOf(name: string): Plant {
  if (Object.hasOwn(PLANTS, name)) return name as Plant;
  console.error(`There is no plant ${name}. There are: ${Object.keys(PLANTS).join(', ')}.`);
  process.exit(2);
}
