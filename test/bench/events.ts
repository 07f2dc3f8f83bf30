import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { figure, type Bench } from './figures.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
/** Where vitest.config.ts has every run write its results. */
const RESULTS = fileURLToPath(new URL('../../node_modules/.kept/test-results.json', import.meta.url));

interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/** P5: the history of each life on the real dev server has exactly the events of the budget; the test asserts it. */
export async function benchEvents(): Promise<Bench> {
  rmSync(RESULTS, { force: true });
  const args = ['vitest', 'run', '--project', 'UTC', 'test/temporal/event-budget.test.ts'];
  spawnSync('npx', args, { cwd: REPOSITORY, stdio: 'ignore' });
  const { testResults } = JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;
  const lives = testResults.flatMap((file) => file.assertionResults);
  return {
    settings:
      'histories fetched from a dev server, PostgreSQL, policies in seconds; 1 = exactly the budget of the life',
    figures: lives.map(({ title, status }) => figure(title, status === 'passed' ? 1 : 0, '', { exactly: 1 })),
  };
}
