import { describe, expect, it } from 'vitest';
import { believed } from '../../../cli/import/new-promise.ts';
import type { OutsideFact } from '../../../domain/promise/facts.ts';
import { instant } from '../../../domain/promise/instant.ts';
import { historyRow } from '../../support/history.ts';

const at = (text: string) => instant(Date.parse(text));
const LATEST = at('2026-11-24T00:00Z');
const AHEAD = at('2062-01-02T00:00Z');
const PAST = at('2026-01-02T00:00Z');
const scanned = (occurredAt: typeof AHEAD): OutsideFact => ({
  kind: 'progressed',
  factKey: 'scanned',
  checkpoint: 'scanned',
  occurredAt,
});
const done = (occurredAt: typeof AHEAD): OutsideFact => ({ kind: 'fulfilled', factKey: 'done', occurredAt });

describe('a time that lies ahead', () => {
  it('is taken as not told where the outcome does not hang on it, and named', () => {
    const row = historyRow({ madeAt: AHEAD, facts: [scanned(AHEAD), done(PAST)] });
    expect(believed(row, LATEST)).toMatchObject({
      madeAt: null,
      facts: [done(PAST)],
      ignored: [
        { code: 'OCCURRED_AT_IMPLAUSIBLE', value: AHEAD },
        { code: 'OCCURRED_AT_IMPLAUSIBLE', value: AHEAD },
      ],
    });
  });

  it('stays where it says how it ended, which is then refused', () => {
    const row = historyRow({ facts: [done(AHEAD)] });
    expect(believed(row, LATEST)).toBe(row);
  });

  it('leaves a row as it is where there is none', () => {
    const row = historyRow({ madeAt: PAST, facts: [scanned(PAST), done(PAST)] });
    expect(believed(row, LATEST)).toBe(row);
  });
});
