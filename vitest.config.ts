import { defineConfig } from 'vitest/config';

const files = ['test/**/*.test.ts', 'test/**/*.test.tsx'];

const pure = ['test/domain/**/*.test.ts'];

/** The pure core where the machine has this zone: none of it may depend on that. Needs no server, and keeps nothing. */
const core = (zone: string) => ({
  test: {
    name: `core, ${zone}`,
    include: pure,
    pool: 'forks' as const,
    isolate: false,
    testTimeout: 30_000,
    env: { TZ: zone },
  },
});

export default defineConfig({
  test: {
    // Servers of several test files share two cores.
    maxWorkers: 2,
    // The second is for .ci/run, which counts.
    reporters: ['default', ['json', { outputFile: 'node_modules/.kept/test-results.json' }]],
    projects: [
      {
        test: {
          name: 'UTC',
          include: files,
          exclude: pure,
          // Temporal's worker does not run in worker threads.
          pool: 'forks',
          globalSetup: ['test/support/global-setup.ts'],
          setupFiles: ['test/support/evidence.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          env: { TZ: 'UTC' },
        },
      },
      ...['UTC', 'Asia/Kolkata', 'America/St_Johns'].map(core),
    ],
  },
});
