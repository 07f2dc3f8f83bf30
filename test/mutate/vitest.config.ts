import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { QuickFirst } from './quick-first.ts';

/** The examples of the pure core, as Stryker runs them against each mutant, without the properties. Needs no server. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/domain/**/*.test.ts'],
    // They take most of the time, and what they alone would notice is an example that is missing.
    exclude: ['test/domain/metrics/**', '**/*.{properties,oracle}.test.ts'],
    sequence: { sequencer: QuickFirst },
    setupFiles: ['test/mutate/repeatable.ts'],
    isolate: false,
    // Stryker has a limit of its own, measured: a slow moment of the machine is no failure.
    testTimeout: 600_000,
  },
});
