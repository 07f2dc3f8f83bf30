import { readdirSync, readFileSync } from 'node:fs';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { promiseWorkflowId } from '../../workflows/contract.ts';
import { bundlePath } from '../temporal/bundle.ts';

const HISTORIES = new URL('../histories/', import.meta.url);
const recorded = readdirSync(HISTORIES).filter((name) => name.endsWith('.json'));

// Fixtures of a release: never edited. A workflow that no longer replays them strands promises that sleep today.
describe('recorded histories', () => {
  let codePath: string;
  beforeAll(async () => {
    const logging = { filter: { core: 'ERROR', other: 'ERROR' } } as const;
    Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging } });
    codePath = await bundlePath();
  });

  it('are there for every case of the event budget', () => {
    expect(recorded.length).toBeGreaterThanOrEqual(6);
  });

  it.each(recorded)('%s replays', async (name) => {
    await Worker.runReplayHistory({ workflowBundle: { codePath } }, read(name), promiseWorkflowId('recorded'));
  });

  it('of another workflow do not replay, so a change would be seen', async () => {
    const text = JSON.stringify(read('warned-broken-recovered-fulfilled-late.json'));
    const other: unknown = JSON.parse(text.replaceAll('"name":"perform"', '"name":"performed"'));
    const replay = Worker.runReplayHistory({ workflowBundle: { codePath } }, other, promiseWorkflowId('recorded'));
    await expect(replay).rejects.toThrow(/TMPRL1100/);
  });
});

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, HISTORIES), 'utf8'));
