import type { Command } from 'commander';
import { dossierViews } from '../../api/dossier-view.ts';
import { soughtBy } from '../../api/sought.ts';
import { companyRules, companyZone } from '../../db/company.ts';
import { dossiersOf } from '../../db/dossiers.ts';
import { databaseNow, type Pool } from '../../db/pool.ts';
import { dossierLines } from '../../words/dossier.en.ts';
import { databaseOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';

interface FindOptions {
  readonly json?: true;
  readonly state?: string;
}

/** Adds `kept find`. */
export function findCommand(program: Command): void {
  program
    .command('find')
    .description('A customer by reference, order, phone or e-mail address, with all that is known of them.')
    .argument('<q>', 'whatever they name; a phone in any notation, in quotes (required)')
    .option('--json', 'as JSON, as POST /v1/customers:find answers it')
    .addOption(stateOption())
    .action(find);
}

async function find(q: string, { json, state }: FindOptions): Promise<void> {
  const config = configFor(state);
  const url = databaseOf(config);
  const text = await withDatabase({ url, name: 'kept find' }, (pool) =>
    json ? asJson(pool, q, config.baseUrl ?? '') : asText(pool, q),
  );
  process.stdout.write(text);
}

async function asJson(pool: Pool, q: string, baseUrl: string): Promise<string> {
  const found = await foundBy(pool, q);
  const items = await dossierViews(pool, found, { baseUrl, now: await databaseNow(pool) });
  return `${JSON.stringify({ items })}\n`;
}

async function asText(pool: Pool, q: string): Promise<string> {
  const found = await foundBy(pool, q);
  if (found.length === 0) throw new Error('Nobody and nothing is called so. References must be whole.');
  const at = { now: await databaseNow(pool), zone: await companyZone(pool) };
  return `${found.map((dossier) => dossierLines(dossier, at).join('\n')).join('\n\n')}\n`;
}

async function foundBy(pool: Pool, q: string) {
  const { country } = await companyRules(pool);
  return dossiersOf(pool, soughtBy(q, country));
}
