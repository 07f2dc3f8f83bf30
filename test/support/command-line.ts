import { Command } from 'commander';
import { vi } from 'vitest';

/** `kept NAME` as the shell would run it: answers what stood on stdout, and throws what would have ended it. */
export const commandLine =
  (add: (program: Command) => void, name: string) =>
  async (...args: readonly string[]): Promise<string> => {
    const printed: string[] = [];
    const stdout = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((part: unknown): boolean => printed.push(String(part)) > 0);
    const stderr = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const program = new Command();
    add(program);
    for (const command of [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)])
      command.exitOverride().configureOutput({ writeErr: () => {} });
    try {
      await program.parseAsync(['node', 'kept', name, ...args]);
    } finally {
      stdout.mockRestore();
      stderr.mockRestore();
    }
    return printed.join('');
  };
