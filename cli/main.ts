#!/usr/bin/env node
import { CommanderError } from 'commander';
import { ConfigError } from './config.ts';
import { createProgram } from './program.ts';
import { WrongUsage } from './wrong-usage.ts';

const FAILED = 1;
const WRONG_USAGE = 2;

try {
  await (await createProgram(process.argv[2])).parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has already said what is wrong; asked-for help is not wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof ConfigError || error instanceof WrongUsage ? WRONG_USAGE : FAILED;
}
