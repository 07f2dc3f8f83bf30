import { spawnSync } from 'node:child_process';

/** Something that a command needs and this machine lacks. */
export class Lacking extends Error {}

/** The machine lacks something; 1 says that something went wrong. */
const LACKING = 3;

/** Whether a program is on PATH. */
export const isThere = (name: string): boolean => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;

/**
 * @param programs by name, and what brings each
 * @throws Lacking naming all that are not on PATH
 */
export function needs(programs: Readonly<Record<string, string>>): void {
  const missing = Object.entries(programs).filter(([name]) => !isThere(name));
  if (missing.length === 0) return;
  const lines = missing.map(([name, from]) => `  ${name}: ${from}`);
  throw new Lacking(`This machine lacks what is needed:\n${lines.join('\n')}`);
}

/** Runs `main` to its end: exit 0; 3 where the machine lacks something; 1 where anything else is not as it should be. */
export async function asCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.exitCode = error instanceof Lacking ? LACKING : 1;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}

const GIVE_UP_MS = 180_000;

/** Looks until there is something. @throws after three minutes */
export async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (const from = Date.now(); Date.now() - from < GIVE_UP_MS;) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`It did not come to this in ${GIVE_UP_MS / 1_000} s.`);
}
