import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { policyCommand } from '../../../cli/commands/policy.ts';
import { newestPolicy } from '../../../db/policies.ts';
import { createRegistrar } from '../../../db/register.ts';
import { commandLine } from '../../support/command-line.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { fromNow, policy, registration, seed } from '../../support/registrations.ts';

const DAY = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'kept-policy-'));
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [policy({ kind: 'delivery', buffer: { fixed: 'P1D' } })]);
  const promised = { precision: 'instant', at: fromNow(5 * DAY) } as const;
  const made = await registration(database.pool, { kind: 'delivery', promised, ref: 'A-1' });
  await createRegistrar(database.pool).register(made);
  vi.stubEnv('DATABASE_URL', database.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

function file(text: string): string {
  const path = join(folder, 'delivery.yaml');
  writeFileSync(path, text);
  return path;
}

const kept = commandLine(policyCommand, 'policy');

const NEXT = 'kind: delivery\nbuffer: { fixed: P2D }\n';

describe('kept policy diff and apply', () => {
  it('name the faults of a file as check does, with file, line and key', async () => {
    const faulty = file('kind: delivery\nbuffer: { fixed: soon }\n');
    for (const verb of ['diff', 'apply'])
      await expect(kept(verb, faulty)).rejects.toThrow(`${faulty}:2: buffer.fixed:`);
    const foreign = file('kind: delivery\nbuffer: { working: PT4H, calendar: nowhere }\n');
    await expect(kept('apply', foreign)).rejects.toThrow(`${foreign}:2: buffer.calendar: No calendar nowhere.`);
    await expect(kept('diff', 'nothing')).rejects.toThrow(
      'There is no policy for the kind nothing. There are: delivery.',
    );
  });

  it('say in plain lines what changes, and do it', async () => {
    const next = file(NEXT);
    const said = await kept('diff', next);
    expect(said).toContain(
      'delivery, version 2: 1 of 1 open promises change, 0 do not.\n  buffer: {"fixed":"P1D"} -> {"fixed":"P2D"}',
    );
    expect(said).toContain('targetAt: 1 earlier, 0 later');
    expect(said).toContain('The nearest:\n  shop A-1: targetAt ');
    expect((await newestPolicy(database.pool, 'delivery'))?.version).toBe(1);
    const done = await kept('apply', next);
    expect(done).toMatch(/^delivery, version 2: applied to 1 of 1 open promises in /);
    expect(done).toContain('The engine had to be told of none.\n  Missed wakes: 0.\n');
  });

  it('say whose alerts and tries go otherwise, though nothing moves', async () => {
    const lead = 'lead: P1D\nescalation: { slip: [lead] }\n';
    expect(await kept('diff', file(NEXT + lead))).toContain('whose alerts go to others, or more or less often: 1\n');
    expect(JSON.parse(await kept('diff', file(NEXT + lead), '--json'))).toMatchObject({
      changed: 1,
      otherwise: { alerts: 1, tries: 0, partners: 0 },
    });
  });

  it('print JSON, and a kind that is up to date changes nothing', async () => {
    expect(JSON.parse(await kept('diff', 'delivery', '--json'))).toMatchObject({ version: 2, open: 1, changed: 0 });
    const applied = JSON.parse(await kept('apply', file(NEXT), '--json')) as object;
    expect(applied).toMatchObject({ version: 2, applied: 0, pokes: 0, missedWakes: 0, stillWaiting: 0 });
    expect(applied).not.toHaveProperty('since');
  });
});
