import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { databaseOf, NotRunning, readRunFile, temporalOf } from '../../cli/run-file.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function stateWith(content: string | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'kept-run-'));
  folders.push(folder);
  if (content !== null) writeFileSync(join(folder, 'run.json'), content);
  return folder;
}

const RUN = {
  pid: process.pid,
  api: 'http://127.0.0.1:7400',
  key: 'kept_x',
  mail: 'http://127.0.0.1:7400/dev/mail',
  database: 'postgres://kept@127.0.0.1:5433/kept',
  temporal: { address: '127.0.0.1:7433', namespace: 'default' },
};
/** A process that has ended: its pid names nobody. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('the run file', () => {
  it('tells other commands where the running Kept is; more in it is no matter', () => {
    expect(
      readRunFile(stateWith(JSON.stringify({ ...RUN, temporal: { ...RUN.temporal, cli: '/x' }, pids: {} }))),
    ).toEqual(RUN);
  });

  it('may name no mail sink', () => {
    expect(readRunFile(stateWith(JSON.stringify({ ...RUN, mail: null }))).mail).toBeNull();
  });

  it.each([
    ['there is none', () => null, /There is no run.json/],
    ['it is half written', () => '{"pid":', /not JSON/],
    ['it is something else', () => '{"hello":1}', /not one of Kept/],
    ['its Kept was killed', () => JSON.stringify({ ...RUN, pid: deadPid() }), /no longer runs/],
  ])('is refused where %s, with what to do', (_why, content, message) => {
    const reading = () => readRunFile(stateWith(content()));
    expect(reading).toThrow(NotRunning);
    expect(reading).toThrow(message);
    expect(reading).toThrow(/npm start.*KEPT_STATE/);
  });

  it('gives way to DATABASE_URL', () => {
    const state = stateWith(JSON.stringify(RUN));
    expect(databaseOf({ databaseUrl: 'postgres://elsewhere/kept', state: stateWith(null) })).toBe(
      'postgres://elsewhere/kept',
    );
    expect(databaseOf({ databaseUrl: null, state })).toBe(RUN.database);
  });

  it('gives way to TEMPORAL_ADDRESS, and one without a Temporal says what to do', () => {
    const state = stateWith(JSON.stringify(RUN));
    const elsewhere = { address: 'elsewhere:7233', namespace: 'kept' };
    const [databaseUrl, other] = [null, 'postgres://elsewhere/kept'];
    expect(temporalOf({ temporal: elsewhere, databaseUrl, state: stateWith(null) })).toEqual(elsewhere);
    expect(temporalOf({ temporal: null, databaseUrl, state })).toEqual(RUN.temporal);
    expect(() => temporalOf({ temporal: null, databaseUrl: other, state })).toThrow(/of this database/);
    const older = stateWith(JSON.stringify({ ...RUN, temporal: undefined }));
    for (const without of [older, stateWith(null)])
      expect(() => temporalOf({ temporal: null, databaseUrl, state: without })).toThrow(/TEMPORAL_ADDRESS.*npm start/);
  });
});
