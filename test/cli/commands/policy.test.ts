import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { policyCommand } from '../../../cli/commands/policy.ts';
import { savePolicies } from '../../../db/policies.ts';
import { parsePolicy, policyDocument, POLICY_FIELDS } from '../../../domain/policy/fields.ts';
import { commandLine } from '../../support/command-line.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { policy } from '../../support/registrations.ts';

const home = mkdtempSync(join(tmpdir(), 'kept-policy-'));
afterEach(() => void (process.exitCode = undefined));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const run = commandLine(policyCommand, 'policy');

/** What stood on stdout, and with which code the command would end. */
const kept = async (...args: readonly string[]): Promise<{ readonly printed: string; readonly code: number }> => ({
  printed: await run(...args),
  code: Number(process.exitCode ?? 0),
});

function file(name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
}

describe('kept policy check', () => {
  const good = (): string => file('delivery.yaml', 'kind: delivery\nbuffer: { share: 20%, min: PT4H, max: P3D }\n');
  const wrong = (): string =>
    file('reply.yaml', 'kind: reply\nbuffer:\n  share: 20\nescalation:\n  slip: [owner, boss]\nleed: P1D\n');
  const impossible = (): string => file('repair.yaml', 'kind: repair\nlongest: P1D\n\nbuffer: { fixed: P1D }\n');

  it('says in a line that a file is fine, and what it is about', async () => {
    expect(await kept('check', good())).toEqual({
      printed:
        'delivery: fine. Target 20% of the time promised, at least PT4H, at most P3D before the promised time; ' +
        'the customer hears P1D before it.\n',
      code: 0,
    });
  });

  it.each([
    ['{ fixed: P1D }', 'Target P1D before'],
    ['{ share: 12.5% }', 'Target 12.5% of the time promised before'],
    ['{ working: PT4H, calendar: office }', 'Target PT4H of working time (calendar office) before'],
  ])('says of the buffer %s: %s', async (buffer, words) => {
    const { printed } = await kept('check', file('a.yaml', `kind: a\nbuffer: ${buffer}\n`));
    expect(printed).toContain(`a: fine. ${words} the promised time;`);
  });

  it('says every fault of every file with line, key and reason, and ends with 1', async () => {
    const [one, two, three] = [wrong(), good(), impossible()];
    const { printed, code } = await kept('check', one, two, three);
    expect(printed.split('\n')).toEqual([
      `${one}:6: leed: Unknown: leed. Did you mean lead?`,
      `${one}:3: buffer.share: Not a share between 0% and 100%: 20. Write 20%.`,
      `${one}:5: escalation.slip.1: One of owner, lead, manager, not "boss".`,
      expect.stringMatching(/^delivery: fine\./),
      `${three}:4: buffer.fixed: A buffer of P1D leaves no time for the work: no promise is longer than P1D (longest). Write less.`,
      '',
    ]);
    expect(code).toBe(1);
  });

  it('says where a file is no YAML, and that one cannot be read', async () => {
    const broken = file('broken.yaml', 'kind: a\nbuffer: { fixed: P1D\n');
    const { printed, code } = await kept('check', broken, join(home, 'nowhere.yaml'));
    expect(printed).toMatch(/broken\.yaml:\d+: .*\n.*nowhere\.yaml: Cannot be read: ENOENT.*\.\n$/);
    expect(code).toBe(1);
  });

  it('prints all of it as JSON', async () => {
    const [one, two] = [good(), wrong()];
    const { printed, code } = await kept('check', '--json', one, two, join(home, 'nowhere.yaml'));
    expect(JSON.parse(printed)).toEqual({
      ok: false,
      files: [
        { file: one, kind: 'delivery', faults: [] },
        {
          file: two,
          kind: null,
          faults: [
            { line: 6, pointer: '/leed', message: 'Unknown: leed. Did you mean lead?' },
            { line: 3, pointer: '/buffer/share', message: 'Not a share between 0% and 100%: 20. Write 20%.' },
            { line: 5, pointer: '/escalation/slip/1', message: 'One of owner, lead, manager, not "boss".' },
          ],
        },
        {
          file: join(home, 'nowhere.yaml'),
          kind: null,
          faults: [{ line: null, pointer: '', message: expect.stringContaining('Cannot be read: ENOENT') as string }],
        },
      ],
    });
    expect(code).toBe(1);
    const alone = await kept('check', '--json', one);
    expect(JSON.parse(alone.printed)).toMatchObject({ ok: true });
  });

  it('is wrong usage without a file', async () => {
    await expect(kept('check')).rejects.toThrow(/missing required argument/);
  });
});

describe('kept policy show', () => {
  let database: TestDatabase;
  const delivery = policy({
    kind: 'delivery',
    buffer: { working: 'PT4H', calendar: 'office' },
    goal: '95%',
    checkpoints: [{ name: 'no', at: '60%' }],
    remedies: { currency: 'EUR', rows: [{ late: 'P2D', value: '20', options: [{ refund: '10%' }] }] },
  });
  beforeAll(async () => {
    database = await testDatabase();
    vi.stubEnv('DATABASE_URL', database.url);
    await savePolicies(database.pool, [policy({ kind: 'delivery', buffer: { fixed: 'P1D' } })]);
    await savePolicies(database.pool, [delivery, policy({ kind: 'reply', buffer: { fixed: 'PT1H' } })]);
    await database.pool.query(
      `insert into policies (kind, version, document) values ('old', 1, '{ "kind": "old", "buffer": { "fixed": "P1D" } }')`,
    );
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await database.drop();
  });

  it('prints the newest version as a file that is read as the same policy', async () => {
    const { printed } = await kept('show', 'delivery');
    expect(printed).toMatch(/^# delivery, version 2\n\n# What sort of promise .*\nkind: delivery\n/);
    expect(parsePolicy(parse(printed))).toEqual({ policy: delivery });
  });

  it('writes texts so that older readers of YAML do not take them for something else', async () => {
    const { printed } = await kept('show', 'delivery');
    expect(printed).toContain('quiet: { channels: [sms, call], from: "21:00", to: "09:00" }\n');
    expect(printed).toContain('checkpoints: [{ name: "no", at: 60%, partner: false }]\n');
    expect(parsePolicy(parse(printed, { version: '1.1' }))).toEqual({ policy: delivery });
  });

  it('says what each field means', async () => {
    const { printed } = await kept('show', 'delivery');
    for (const [name, { meaning }] of Object.entries(POLICY_FIELDS))
      expect(printed).toContain(`\n# ${meaning}\n${name}: `);
  });

  it('prints the document and its version as JSON', async () => {
    const { printed } = await kept('show', 'delivery', '--json');
    expect(JSON.parse(printed)).toEqual({ ...policyDocument(delivery), version: 2 });
  });

  it('fills in what a policy of an older Kept does not say', async () => {
    const { printed } = await kept('show', 'old', '--json');
    const document = policyDocument(policy({ kind: 'old', buffer: { fixed: 'P1D' } }));
    expect(JSON.parse(printed)).toEqual({ ...document, version: 1 });
  });

  it('names the kinds that there are where there is none of the name', async () => {
    await expect(kept('show', 'repair')).rejects.toThrow(
      'There is no policy for the kind repair. There are: delivery, old, reply.',
    );
  });
});
