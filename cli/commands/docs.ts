import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { openApiText } from '../../api/openapi.ts';

const FILE = 'api/openapi.json';

/** `kept docs`, for who changes Kept: writes the reference pages that come from the code. Run in the clone. */
export function docsCommand(program: Command): void {
  program
    .command('docs', { hidden: true })
    .description(`write ${FILE} from the code; run it in the clone`)
    .action(async () => {
      const file = resolve(FILE);
      await writeFile(file, openApiText());
      process.stdout.write(`${file}\n`);
    });
}
