import type { Command } from 'commander';

/** Adds `kept docs`, for who changes Kept: writes the files that come from the code. Run in the clone. */
export function docsCommand(program: Command): void {
  program
    .command('docs', { hidden: true })
    .description('Writes api/openapi.json and the tables of docs/reference/ from the code.')
    .action(async () => {
      const { referencePages } = await import('../docs/reference-pages.ts');
      const { writePages } = await import('../docs/write-pages.ts');
      await writePages(await referencePages());
    });
}
