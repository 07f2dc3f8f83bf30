import { completedRules, type CompanyRules } from '../domain/policy/company.ts';
import type { Queryable } from './pool.ts';

/** The one row of `company`: what `company.yaml` says. What is not given stays as it is stored. */
export interface CompanyChange {
  /** Counts days where neither promise nor customer has a zone. */
  readonly zone?: string | null;
  /** The causes that a withdrawal may name. */
  readonly causes?: readonly string[] | null;
  readonly rules?: CompanyRules | null;
}

/** Stores what is given; the zone is UTC where none was ever given. */
export async function saveCompany(
  q: Queryable,
  { zone = null, causes = null, rules = null }: CompanyChange,
): Promise<void> {
  await q.query(
    `insert into company as c (zone, causes, rules)
     values (coalesce($1, 'UTC'), coalesce($2::text[], $4::text[]), coalesce($3::jsonb, '{}'))
     on conflict (id) do update set zone = coalesce($1, c.zone), causes = coalesce($2, c.causes),
       rules = coalesce($3, c.rules)`,
    [zone, causes, rules && JSON.stringify(rules), DEFAULT_CAUSES],
  );
}

/** Stores a zone and a country where nothing is stored. */
export async function proposeCompany(
  q: Queryable,
  { zone, country }: { readonly zone: string; readonly country: string },
): Promise<void> {
  await q.query(
    `insert into company (zone, rules) values ($1, jsonb_build_object('country', $2::text)) on conflict (id) do nothing`,
    [zone, country],
  );
}

/** The zone of `company.yaml`; UTC where none was saved. */
export async function companyZone(q: Queryable): Promise<string> {
  const { rows } = await q.query<{ zone: string }>('select zone from company limit 1');
  return rows[0]?.zone ?? 'UTC';
}

/** The causes that a withdrawal may name; those of the column's default where none were saved. */
export async function causesOf(q: Queryable): Promise<readonly string[]> {
  const { rows } = await q.query<{ causes: readonly string[] }>('select causes from company limit 1');
  return rows[0]?.causes ?? DEFAULT_CAUSES;
}

/** The rules in force; defaults where none were saved. */
export async function companyRules(q: Queryable): Promise<CompanyRules> {
  const { rows } = await q.query<{ rules: unknown }>({
    name: 'company_rules',
    text: 'select rules from company limit 1',
  });
  return completedRules(rows[0]?.rules);
}

/** What `company.yaml` means where it names none. */
const DEFAULT_CAUSES = ['stock', 'carrier', 'weather', 'other'] as const;
