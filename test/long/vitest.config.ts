import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What takes minutes: the whole of which `npm test` takes seeded samples. Needs no server. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/long/**/*.long.ts'],
    maxWorkers: 2,
    pool: 'forks',
    testTimeout: 600_000,
    env: { TZ: 'UTC' },
  },
});
