import { afterAll, beforeAll, expect, it } from 'vitest';
import { FACT_KINDS } from '../../domain/promise/facts.ts';
import { WEEKDAYS } from '../../domain/calendar/week.ts';
import { POLICY_FIELDS } from '../../domain/policy/fields.ts';
import {
  ALERT_REASONS,
  ALERT_RUNGS,
  CHANNELS,
  FLAGS,
  HOLD_REASONS,
  LADDER_ALERTS,
  NOTICE_REASONS,
  NOTICE_STATES,
  PHASES,
  PRECISIONS,
  REMEDY_REASONS,
  REMEDY_STATES,
  WAITED_FOR,
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
  'promises.first_precision': PRECISIONS,
  'promises.waiting_for': WAITED_FOR,
  'remedies.state': REMEDY_STATES,
  'remedies.reason': REMEDY_REASONS,
  'duties.reason': NOTICE_REASONS,
  'duties.state': NOTICE_STATES,
  'outgoing.held_reason': HOLD_REASONS,
  'absences.every': WEEKDAYS,
  'staff_alerts.reason': ALERT_REASONS,
  'staff_alerts.about': ALERT_REASONS,
  'staff_alerts.rung': ALERT_RUNGS,
};

/** Sets that the database has of its own: no rule of the domain asks for them. */
const OWN_SETS: Readonly<Record<string, readonly string[]>> = {
  'digests.state': ['claimed', 'failed', 'sent'],
  'absences.given': ['file', 'route'],
  'people.given': ['file', 'route'],
  'dispatches.state': ['claimed', 'failed', 'sent'],
  'api_keys.scope': ['admin'],
};

/** A CHECK constraint that names words, such as `phase in ('open', …)`. */
interface WordCheck {
  readonly name: string;
  /** As `table.column`. */
  readonly columns: readonly string[];
  readonly words: readonly string[];
}

let database: TestDatabase;
let checks: readonly WordCheck[];
beforeAll(async () => {
  database = await testDatabase();
  checks = await wordChecks();
});
afterAll(() => database.drop());

async function wordChecks(): Promise<readonly WordCheck[]> {
  const { rows } = await database.pool.query<{ name: string; columns: readonly string[]; definition: string }>(
    `select c.conname as name, pg_get_constraintdef(c.oid) as definition,
       array(select c.conrelid::regclass || '.' || a.attname from pg_attribute a
         where a.attrelid = c.conrelid and a.attnum = any (c.conkey) order by a.attnum) as columns
     from pg_constraint c
     where c.contype = 'c' and c.connamespace = 'public'::regnamespace order by c.conname limit 1000`,
  );
  return rows
    .map(({ definition, ...check }) => ({ ...check, words: [...literalsOf(definition)].sort() }))
    .filter(({ words }) => words.length > 0);
}

const literalsOf = (definition: string): readonly string[] =>
  [...definition.matchAll(/'((?:[^']|'')*)'::/g)].map(([, word]) => word ?? '');

const sorted = (sets: Readonly<Record<string, readonly string[]>>): readonly (readonly [string, readonly string[]])[] =>
  Object.entries(sets)
    .map(([column, words]) => [column, [...words].sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));

it('allows in every column with a closed set exactly its words, and knows the set of every such column', () => {
  const found = checks.filter(({ columns }) => columns.length === 1);
  const byColumn = found
    .map(({ columns, words }) => [columns[0] ?? '', words] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  expect(byColumn).toEqual(sorted({ ...CLOSED_SETS, ...OWN_SETS }));
});

it('names in a rule about several columns only words that one of them can have', () => {
  const spanning = checks.filter(({ columns }) => columns.length > 1);
  expect(spanning.map(({ name }) => name)).toContain('duties_check');
  for (const { name, columns, words } of spanning) {
    const known = columns.flatMap((column) => CLOSED_SETS[column] ?? OWN_SETS[column] ?? []);
    expect(known, name).toEqual(expect.arrayContaining([...words]));
  }
});

it('derives from the clock only phases that there are', async () => {
  const { rows } = await database.pool.query<{ body: string }>(
    `select pg_get_functiondef('promise_phase'::regproc) as body`,
  );
  const words = literalsOf(rows[0]?.body ?? '').filter(
    (word) => ![...PRECISIONS, ...WAITED_FOR].some((other) => other === word),
  );
  expect(words).toContain('overdue');
  expect(PHASES).toEqual(expect.arrayContaining([...words]));
});

it('tells of every alert somebody on a rung that is there', () => {
  const escalation = POLICY_FIELDS.escalation.fallback('');
  for (const reason of LADDER_ALERTS) for (const rung of escalation[reason]) expect(ALERT_RUNGS).toContain(rung);
});

it.each([
  ['policies', `'{"kind": "x"}'`, `insert into policies (kind, version, document) values ('x', 1, '{"kind": "x"}')`],
  ['calendars', `'{"id": "x"}'`, `insert into calendars (id, version, document) values ('x', 1, '{"id": "x"}')`],
])('keeps each version of %s as it was stored', async (table, same, insert) => {
  await database.pool.query(insert);
  await expect(database.pool.query(`update ${table} set document = '{}'`)).rejects.toThrow('never changes');
  expect((await database.pool.query(`update ${table} set document = ${same}`)).rowCount).toBe(1);
});
