import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CASES, type CaseName } from './cases.ts';
import { prove, type Proof } from './run.ts';

/**
 * `npm run test:faults [-- R1 … --seed N --times N]`: does harm to real processes, prints what it showed and writes it to
 * docs/proof/faults.json, each case beside the last run of the others. Ends with 1 unless all is well.
 */
const PROOF = fileURLToPath(new URL('../../docs/proof/faults.json', import.meta.url));
const isCase = (name: string): name is CaseName => name in CASES;

const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, times: { type: 'string' } },
});
const unknown = asked.filter((name) => !isCase(name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${Object.keys(CASES).join(', ')}.`);
  process.exit(2);
}

let ok = true;
for (const name of asked.length > 0 ? asked.filter(isCase) : (Object.keys(CASES) as CaseName[])) {
  console.log(`\n== ${name}: ${CASES[name].title}`);
  const times = values.times === undefined ? {} : { times: { [name]: Number(values.times) } };
  const seed = Number(values.seed);
  const proof = await prove(name, { seed, ...times, say: (line) => console.log(line) }).catch((error: unknown) => {
    console.error(error);
    return null;
  });
  ok = ok && proof?.ok === true;
  if (proof === null) {
    // What an earlier run showed is shown no more.
    if (values.times === undefined) remember(name, null);
    continue;
  }
  const { moments: _, ...figures } = proof;
  console.log(JSON.stringify(figures, null, 2));
  // A run with fewer faults proves less than it says.
  if (values.times === undefined) remember(name, proof);
}
process.exit(ok ? 0 : 1);

function remember(name: CaseName, proof: Proof | null): void {
  const before = ((): readonly Proof[] => {
    try {
      return JSON.parse(readFileSync(PROOF, 'utf8')) as readonly Proof[];
    } catch {
      return [];
    }
  })();
  const order = Object.keys(CASES);
  const all = [...before.filter(({ id }) => id !== name), ...(proof ? [proof] : [])];
  mkdirSync(dirname(PROOF), { recursive: true });
  writeFileSync(
    PROOF,
    `${JSON.stringify(
      all.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id)),
      null,
      2,
    )}\n`,
  );
}
