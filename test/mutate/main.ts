import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { scoresOf } from './scores.ts';

/**
 * `npm run mutate [-- --mutate domain/calendar/week.ts --concurrency 1]`: changes the pure core in every way Stryker
 * knows, one change at a time, and expects a test to fail. Prints the changes that no test noticed and the score of each
 * folder; exits with 1 where one is too low. Not part of `npm test`: it takes most of an hour.
 */
const FOLDERS = ['domain/promise', 'domain/policy', 'domain/calendar'] as const;
const LEAST_PERCENT = 85;

const { values } = parseArgs({
  options: { mutate: { type: 'string', multiple: true }, concurrency: { type: 'string' } },
});

const mutants = await new Stryker({
  configFile: 'test/mutate/stryker.config.mjs',
  ...(values.mutate && { mutate: values.mutate }),
  ...(values.concurrency && { concurrency: Number(values.concurrency) }),
}).runMutationTest();

const scores = scoresOf(mutants, FOLDERS);
for (const { folder, noticed, counted, percent } of scores)
  console.log(`${folder.padEnd(16)} ${percent.toFixed(2).padStart(6)} %: ${noticed} of ${counted} changes noticed`);
const low = scores.filter(({ percent }) => percent < LEAST_PERCENT).map(({ folder }) => folder);
if (low.length > 0) {
  console.error(`Below ${LEAST_PERCENT} %: ${low.join(', ')}. What no test noticed is listed above.`);
  process.exitCode = 1;
}
if (scores.length === 0) {
  console.error('Nothing was changed: --mutate names no file of domain/promise, domain/policy or domain/calendar.');
  process.exitCode = 1;
}
