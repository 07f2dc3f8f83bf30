import { afterAll, beforeAll, expect, it } from 'vitest';
import { FACT_KINDS } from '../../domain/promise/facts.ts';
import {
  ALERT_REASONS,
  CHANNELS,
  ESCALATION,
  FLAGS,
  NOTICE_REASONS,
  NOTICE_STATES,
  PHASES,
  PRECISIONS,
  RUNGS,
  WITHDRAWERS,
} from '../../domain/promise/words.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

/** The closed sets of the domain, and the columns that hold their words. */
const CLOSED_SETS: Readonly<Record<string, readonly string[]>> = {
  'promises.flags': FLAGS,
  'promises.precision': PRECISIONS,
  'promises.phase': PHASES,
  'promises.withdrawn_by': WITHDRAWERS,
  'facts.kind': FACT_KINDS,
  'dispatches.channel': CHANNELS,
  'duties.reason': NOTICE_REASONS,
  'duties.state': NOTICE_STATES,
  'staff_alerts.reason': ALERT_REASONS,
  'staff_alerts.rung': RUNGS,
};

/** Sets that the database alone knows. */
const OWN_SETS = ['dispatches.state', 'api_keys.scope'];

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** The words that CHECK constraints of one column allow, by `table.column`. */
async function checkedWords(): Promise<Readonly<Record<string, readonly string[]>>> {
  const { rows } = await database.pool.query<{ column: string; definition: string }>(
    `select c.conrelid::regclass || '.' || a.attname as column, pg_get_constraintdef(c.oid) as definition
     from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
     where c.contype = 'c' and c.connamespace = 'public'::regnamespace order by 1 limit 1000`,
  );
  const words = rows.map(
    ({ column, definition }) =>
      [column, [...definition.matchAll(/'([^']*)'::text/g)].map(([, word]) => word ?? '')] as const,
  );
  return Object.fromEntries(words.filter(([, found]) => found.length > 0));
}

it('allows in every column exactly the words of the domain', async () => {
  const found = await checkedWords();
  const sorted = (sets: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(sets).map(([column, words]) => [column, [...words].sort()]));
  const ofDomain = Object.entries(found).filter(([column]) => !OWN_SETS.includes(column));
  expect(sorted(Object.fromEntries(ofDomain))).toEqual(sorted(CLOSED_SETS));
});

it('knows every set the database has of its own', async () => {
  const found = await checkedWords();
  for (const column of OWN_SETS) expect(Object.keys(found)).toContain(column);
});

it('tells of every alert somebody on a rung that is there', () => {
  expect(Object.keys(ESCALATION)).toEqual([...ALERT_REASONS]);
  for (const rungs of Object.values(ESCALATION)) for (const rung of rungs) expect(RUNGS).toContain(rung);
});
