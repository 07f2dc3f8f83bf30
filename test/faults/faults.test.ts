import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmailChannel } from '../../notices/channels/email.ts';
import { hasFailed } from '../support/evidence.ts';
import { IN_API, IN_SETTLE } from './cases.ts';
import { check, gather, type Finding } from './checker.ts';
import { run, type Run } from './run.ts';

/** What `npm run test:faults` does for hours, for about one minute: the same harness, a few faults of each kind. */
const A_FEW = { R1: 3, R2: 3, R3: 1, R4: 1 } as const;
const LONG_MS = 240_000;

let ran: Run;
let stop = (): Promise<void> => Promise.resolve();
beforeAll(async () => {
  ran = await run(['R1', 'R2', 'R3', 'R4'], { seed: 7, times: A_FEW, pace: 0.1, say: () => {} });
  stop = () => ran.rig.stop({ keep: hasFailed() });
}, LONG_MS);
afterAll(() => stop(), LONG_MS);

it('loses nothing, sends nothing twice and warns nobody too late when any process is killed', () => {
  expect({ findings: ran.findings, wrong: ran.done.wrong }).toEqual({ findings: [], wrong: [] });
  expect(ran.done.faults).toHaveLength(8);
  expect(ran.evidence.mails.length).toBeGreaterThan(10);
});

it('kills inside statements that there are', () => {
  const db = fileURLToPath(new URL('../../db/', import.meta.url));
  const textOf = (isMeant: (name: string) => boolean): string =>
    readdirSync(db, { withFileTypes: true })
      .filter((file) => file.isFile() && isMeant(file.name))
      .map(({ name }) => readFileSync(join(db, name), 'utf8'))
      .join('');
  for (const name of IN_SETTLE) expect(textOf((file) => file.startsWith('settle'))).toContain(`name: '${name}'`);
  for (const name of IN_API) expect(textOf(() => true)).toContain(`name: '${name}'`);
});

it('is a command that knows its cases', () => {
  const command = fileURLToPath(new URL('main.ts', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', command, 'R99'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^Unknown: R99\. There are: R1, R2, R3, /)]);
});

describe('the checker finds', () => {
  const found = async (): Promise<readonly Finding[]> => check(await gather(ran.rig, ran.evidence.promised));
  const told = (kind: string): { readonly id: string; readonly notice: string } => {
    const id = ran.evidence.promised.find((promise) => promise.kind === kind)?.id ?? '';
    const notice = ran.evidence.mails.flatMap(({ notices }) => notices).find((each) => each.startsWith(id)) ?? '';
    return { id, notice };
  };
  const mail = async (notice: string): Promise<void> => {
    const channel = createEmailChannel({ url: `smtp://127.0.0.1:${ran.rig.sink.port}`, from: 'care@books.example' });
    const text = { to: 'mari@customers.example', replyTo: null, subject: 's', text: 't', html: 'h' };
    const sent = { ...text, messageId: '<another@books.example>', headers: { 'Kept-Notices': notice } };
    expect(await channel.send(sent, 10_000)).toEqual({ outcome: 'accepted' });
    await channel.close();
  };

  it('a fact that was acknowledged and is gone', async () => {
    const { id } = told('parcel');
    await ran.rig.pool.query(`delete from facts where promise_id = $1 and fact_key = 'first'`, [id]);
    expect(await found()).toEqual([expect.objectContaining({ kind: 'lost' })]);
  });

  it('a second mail of one notice', async () => {
    const { notice } = told('visit');
    await mail(notice);
    expect(await found()).toContainEqual(expect.objectContaining({ kind: 'doubled', about: notice }));
  });

  it('a warning that came too late', async () => {
    const notice = `${told('tight').id}:risk:9`;
    await mail(notice);
    expect(await found()).toContainEqual(expect.objectContaining({ kind: 'late', about: notice }));
  });
});
