import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { benchCalendar } from './calendar.ts';
import { benchEvents } from './events.ts';
import { print, type Bench } from './figures.ts';
import { benchImport } from './import.ts';
import { benchLaptop } from './laptop.ts';
import { benchReplan } from './replan.ts';
import { benchReplay } from './replay.ts';
import { benchReport } from './report.ts';
import { benchSlips } from './slips.ts';
import { benchStarts } from './starts.ts';

/**
 * `npm run bench [-- events starts laptop replan replay report slips]`: prints figures with their settings and writes them to
 * docs/proof/bench.json. Times are compared within one run, since machines differ; nothing here is part of `npm test`.
 */
const BENCHES = {
  calendar: benchCalendar,
  events: benchEvents,
  starts: benchStarts,
  laptop: benchLaptop,
  import: benchImport,
  replan: benchReplan,
  replay: benchReplay,
  report: benchReport,
  slips: benchSlips,
} as const;
type Name = keyof typeof BENCHES;

const PROOF = fileURLToPath(new URL('../../docs/proof/bench.json', import.meta.url));
const isName = (name: string): name is Name => name in BENCHES;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !isName(name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
let held = true;
for (const name of asked.length > 0 ? asked.filter(isName) : (Object.keys(BENCHES) as Name[])) {
  console.log(`\n== ${name}`);
  const bench = await BENCHES[name]();
  print(bench);
  held = held && bench.figures.every((figure) => figure.held !== false);
  remember(name, bench);
}
process.exit(held ? 0 : 1);

/** Each bench keeps its last run beside those of the others. */
function remember(name: Name, bench: Bench): void {
  const before = ((): Record<string, unknown> => {
    try {
      return JSON.parse(readFileSync(PROOF, 'utf8')) as Record<string, unknown>;
    } catch {
      return {};
    }
  })();
  mkdirSync(fileURLToPath(new URL('../../docs/proof', import.meta.url)), { recursive: true });
  const proof = { ...before, [name]: { at: new Date().toISOString(), machine, ...bench } };
  writeFileSync(PROOF, `${JSON.stringify(proof, null, 2)}\n`);
}
