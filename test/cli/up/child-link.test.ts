import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import type { WorkerSettings } from '../../../cli/up/child-link.ts';

const MAIN = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** As `kept up` starts them. */
function begun(name: string): ChildProcess {
  const child = fork(MAIN, [name], {
    ...{ execArgv: ['--import', 'tsx'], serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  });
  children.push(child);
  return child;
}

/** Of a database that never answers: whoever waits for it waits until it is told to end. */
const settings: WorkerSettings = {
  databaseUrl: 'postgres://nobody@127.0.0.1:1/nothing',
  temporal: { address: '127.0.0.1:1', namespace: 'default' },
  smtpUrl: 'smtp://127.0.0.1:1',
  links: null,
  policies: null,
  logLevel: 'silent',
};

it.each(['api', 'worker'])(
  'a kept %s ends whenever its parent goes while it begins',
  { timeout: 60_000 },
  async (name) => {
    for (const afterMs of [0, 900, 1_400]) {
      const child = begun(name);
      const exit = once(child, 'exit');
      child.send({ settings: { ...settings, port: 0, host: '127.0.0.1', baseUrl: null, laptop: null } });
      await sleep(afterMs);
      child.disconnect();
      const [code, signal] = (await exit) as [number | null, string | null];
      expect([[0, 1].includes(code ?? -1), signal], `${afterMs} ms`).toEqual([true, null]);
    }
  },
);

it('a kept worker ends where its parent went before it had sent the settings', async () => {
  const child = begun('worker');
  const exit = once(child, 'exit');
  child.disconnect();
  expect(await exit).toEqual([1, null]);
});
