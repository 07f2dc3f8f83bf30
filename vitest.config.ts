import { defineConfig } from 'vitest/config';

const files = ['test/**/*.test.ts', 'test/**/*.test.tsx'];

/** The pure core once more with another zone on the machine: none of it may depend on that. Needs no server. */
const elsewhere = (zone: string) => ({
  test: {
    name: zone,
    include: ['test/domain/**/*.test.ts'],
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
          // Temporal's worker does not run in worker threads.
          pool: 'forks',
          globalSetup: ['test/support/global-setup.ts'],
          setupFiles: ['test/support/evidence.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          env: { TZ: 'UTC' },
        },
      },
      elsewhere('Asia/Kolkata'),
      elsewhere('America/St_Johns'),
    ],
  },
});
