import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binaryPath, cacheFolder } from '../../cli/config.ts';
import { findBinary, TEMPORAL_CLI, TEST_SERVER } from '../../cli/up/binaries.ts';
import { startTemporal } from '../../cli/up/temporal.ts';
import { hasFailed } from './evidence.ts';

export interface DevServer {
  readonly address: string;
  readonly namespace: string;
  readonly cli: string;
  readonly pid: number;
  /** The engine's file; gone after `stop`, unless a test of this file has failed. */
  readonly dbFile: string;
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

export interface DevServerOptions {
  /** 0 or absent: any free one. */
  readonly port?: number;
  /** A folder of the caller's for the engine's file; absent: a temporary one. */
  readonly folder?: string;
}

/** A dev server of its own on a free port. For a whole test file: `const server = await devServer(); afterAll(server.stop)`. */
export async function devServer({ port = 0, folder }: DevServerOptions = {}): Promise<DevServer> {
  const cli = await find(TEMPORAL_CLI);
  const home = folder ?? mkdtempSync(join(tmpdir(), 'kept-temporal-'));
  const dbFile = join(home, 'temporal.db');
  const logFile = join(home, 'temporal.log');
  const server = await startTemporal({ cli, dbFile, port, uiPort: null, logFile, log: () => {} });
  const { address, namespace, pid, exited } = server;
  const stop = async (): Promise<void> => {
    await server.stop();
    if (hasFailed()) console.error(`Kept for a look: ${home}`);
    else if (!folder) rmSync(home, { recursive: true, force: true });
  };
  return { address, namespace, cli, pid, dbFile, exited, stop };
}

/** Path of the time-skipping server, for `createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`. */
export const timeSkipping = (): Promise<string> => find(TEST_SERVER);

function find(binary: typeof TEMPORAL_CLI | typeof TEST_SERVER): Promise<string> {
  const { given, searchPath } = binaryPath(binary.variable);
  return findBinary(binary, { given, searchPath, cache: cacheFolder(), log: (line) => console.error(line) });
}

/** Path of the CLI. */
export const temporalCli = (): Promise<string> => find(TEMPORAL_CLI);
