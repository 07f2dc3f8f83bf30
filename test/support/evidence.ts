import { afterEach } from 'vitest';

const marks = globalThis as { keptTestFailed?: boolean };

/** True once a test of this file has failed: what it left behind is then kept. */
export const hasFailed = (): boolean => marks.keptTestFailed === true;

// A setup file: the hook is of every test file.
afterEach(({ task }) => {
  if (task.result?.state === 'fail') marks.keptTestFailed = true;
});
