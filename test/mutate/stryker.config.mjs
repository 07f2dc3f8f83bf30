/** How Stryker changes the pure core; `npm run mutate` says which part of it, and judges. */
export default {
  mutate: ['domain/promise/**/*.ts', 'domain/policy/**/*.ts', 'domain/calendar/**/*.ts'],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', './test/mutate/as-it-comes.mjs'],
  vitest: { configFile: 'test/mutate/vitest.config.ts', related: false },
  // A mutant meets only the tests that ran through it.
  coverageAnalysis: 'perTest',
  // What runs only while a module loads is a list or a bound: for each of its words all tests would run.
  ignoreStatic: true,
  // What runs for ever counts as noticed; what the machine is slow with must not.
  timeoutFactor: 1.5,
  timeoutMS: 8_000,
  concurrency: 2,
  // The first run counts what each test goes through: minutes where the machine has other work, too.
  dryRunTimeoutMinutes: 30,
  // All the tests need; a copy of it is changed, never the code itself.
  ignorePatterns: [
    ...['**', '!domain/**', '!test/domain/**', '!test/mutate/**', '!package.json', '!tsconfig.json'],
    // What customers read is tried against the ladder.
    ...['!notices/**', '!words/**', '!test/notices/**'],
  ],
  tempDirName: '.kept/mutate',
  logLevel: 'warn',
  reporters: ['progress-append-only', 'as-it-comes', 'clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: 'node_modules/.kept/mutation.json' },
};
