import { benchLaptop } from './laptop.ts';
import { benchReplay } from './replay.ts';
import { benchStarts } from './starts.ts';

/**
 * `npm run bench [-- starts laptop replay]`: prints figures with their settings. Times are compared within one run
 * only, since machines differ; nothing here is part of `npm test`.
 */
const benches = { starts: benchStarts, laptop: benchLaptop, replay: benchReplay } as const;
type Name = keyof typeof benches;

const isName = (name: string): name is Name => name in benches;
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !isName(name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
let held = true;
for (const name of wanted.length > 0 ? wanted.filter(isName) : (Object.keys(benches) as Name[])) {
  console.log(`\n== ${name}`);
  held = (await benches[name]()) && held;
}
process.exit(held ? 0 : 1);
