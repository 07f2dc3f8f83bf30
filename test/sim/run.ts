import type { Instant } from '../../domain/promise/instant.ts';
import { clients } from './clients.ts';
import { DECISIONS, PLANTS, type Plant } from './decisions.ts';
import { noFaults, strike, type FaultCounts } from './faults.ts';
import { breachOf, type Breach, type Scene } from './invariants.ts';
import { machine } from './machine.ts';
import { mails } from './mails.ts';
import { rows } from './rows.ts';
import { DAY, HOUR, world } from './world.ts';

export interface RunOptions {
  readonly days: number;
  readonly plant?: Plant | undefined;
  /** What clients do at least: so many promises of theirs, so many steps in all. */
  readonly workload?: { readonly promises: number; readonly steps: number };
  /** Hears of every step. */
  readonly onStep?: (scene: Scene, step: string) => void;
}

/** What a seed came to. */
export interface Run {
  readonly seed: number;
  readonly steps: number;
  readonly promises: number;
  readonly kinds: readonly string[];
  readonly mails: number;
  readonly faults: FaultCounts;
  /** The first that did not hold, at which step; the run ends with it. */
  readonly breach: (Breach & { readonly step: number }) | null;
}

/** Clocks change in these ninety days, both in Europe and in America. */
const BEGINS_AT = '2026-02-02T06:00:00.000Z' as Instant;
/** Two of each kind; to these come as many and more that Kept makes itself, to be in touch again. */
const WORKLOAD = { promises: 10, steps: 1_100 };

/** Lives one seed: so many days with faults, then two in which everything works and whatever is owed has to be done. */
export function run(seed: number, { days, plant, workload = WORKLOAD, onStep }: RunOptions): Run {
  const decisions = plant ? { ...DECISIONS, ...PLANTS[plant] } : DECISIONS;
  const time = world(seed, BEGINS_AT);
  const now = (): Instant => time.at('database');
  const tables = rows(decisions, now);
  const parts = { world: time, rows: tables, decisions, mails: mails(tables, decisions, now) };
  const kept = machine(parts);
  const people = clients(time, tables, { ...workload, days });
  const scene: Scene = { world: time, rows: tables, machine: kept, journal: people.journal };
  const faults = noFaults();
  const quietFromMs = Date.parse(BEGINS_AT) + days * DAY;
  const result = (breach: Run['breach']): Run => ({
    ...{ seed, steps: time.steps, promises: tables.promises.size, mails: parts.mails.dispatches.size, faults, breach },
    kinds: [...new Set([...tables.promises.values()].map(({ kind }) => kind))].sort(),
  });

  people.begin();
  for (;;) {
    const happening = time.next(quietFromMs + 2 * DAY);
    if (!happening) break;
    time.steps += 1;
    onStep?.(scene, happening.name);
    if (time.nowMs() < quietFromMs) strike(time, kept.engine, faults, happening);
    else happening.act();
    const breach = breachOf(scene);
    if (breach) return result({ ...breach, step: time.steps });
    kept.turn();
  }
  const left = unfinishedBusiness(scene);
  return result(left === null ? null : { invariant: 'I6', detail: left, step: time.steps });
}

/** After two days in which everything worked nothing is left undone. */
function unfinishedBusiness({ rows: { promises, outbox }, world: { nowMs } }: Scene): string | null {
  if (outbox.length > 0) return `a poke of ${outbox[0]?.promiseId} is still on its way`;
  for (const { id, notices } of promises.values()) {
    const late = notices.find(
      ({ state, notBefore }) =>
        (state === 'owed' || state === 'claimed') && Date.parse(notBefore) < nowMs() - 12 * HOUR,
    );
    if (late) return `${id} still owes ${late.reason}`;
  }
  return null;
}
