import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The tests of the pure core alone, as Stryker runs them against each mutant. Needs no server. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/domain/**/*.test.ts'],
    setupFiles: ['test/mutate/repeatable.ts'],
    // Stryker has a limit of its own, measured: a slow moment of the machine is no failure.
    testTimeout: 600_000,
  },
});
