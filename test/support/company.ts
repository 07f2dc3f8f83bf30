import { saveCompany } from '../../db/company.ts';
import type { Queryable } from '../../db/pool.ts';
import { parseCompanyRules } from '../../domain/policy/company.ts';

/** Stores rules as `company.yaml` would; what is left out gets its default. */
export async function companySays(q: Queryable, document: object): Promise<void> {
  const read = parseCompanyRules(document);
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  await saveCompany(q, { rules: read.rules });
}
