import { planningOf, termsFor } from '../../domain/calendar/planning.ts';
import { fold } from '../../domain/promise/fold.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { judge } from '../../domain/promise/judge.ts';
import type { Journal } from './clients.ts';
import type { Machine } from './machine.ts';
import { factsOf, unfinishedOf, type PromiseRow, type Rows } from './rows.ts';
import { SECOND, type World } from './world.ts';

export interface Scene {
  readonly world: World;
  readonly rows: Rows;
  readonly machine: Machine;
  readonly journal: Journal;
}

/** The guarantees of architecture.md, as far as they can be broken here: texts and reports are made elsewhere. */
export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I6';

/** One that does not hold, and how so. */
export interface Breach {
  readonly invariant: Invariant;
  readonly detail: string;
}

/** Looks at everything that the step may have changed. Null: all of them hold. */
export function breachOf(scene: Scene): Breach | null {
  const { rows, machine } = scene;
  const now = scene.world.at('database');
  const touched = [...rows.touched].flatMap((id) => rows.promises.get(id) ?? []);
  rows.touched.clear();
  const found: readonly (readonly [Invariant, () => string | null])[] = [
    ['I1', () => lostOf(scene, touched)],
    ['I2', () => doubledOf(machine)],
    ['I3', () => (machine.late[0] === undefined ? null : `${machine.late[0]} warned when it was too late for it`)],
    ['I4', () => first(touched, unfoldedOf)],
    ['I6', () => first(rows.promises.values(), (row) => overdueOf(scene, row) ?? unwatchedOf(scene, row, now))],
  ];
  for (const [invariant, look] of found) {
    const detail = look();
    if (detail !== null) return { invariant, detail };
  }
  return null;
}

function first(all: Iterable<PromiseRow>, look: (row: PromiseRow) => string | null): string | null {
  for (const row of all) {
    const found = look(row);
    if (found !== null) return `${row.id} (${row.kind}) ${found}`;
  }
  return null;
}

/** I1: nothing that was acknowledged is lost, or has become something else. */
function lostOf({ journal, rows }: Scene, touched: readonly PromiseRow[]): string | null {
  for (const id of journal.promises.values())
    if (!rows.promises.has(id)) return `${id} was acknowledged and is not there`;
  for (const { id, facts } of touched)
    for (const [key, text] of journal.facts.get(id) ?? [])
      if (JSON.stringify(facts.get(key)) !== text) return `fact ${key} of ${id} was acknowledged and is not as it was`;
  return null;
}

/** I2: no customer gets the same notice under two Message-IDs. */
function doubledOf({ taken }: Machine): string | null {
  for (const [notice, ids] of taken) if (ids.size > 1) return `${notice} left as ${[...ids].join(' and ')}`;
  return null;
}

/** I4: what is stored is what the facts say, in whatever order, planned from the beginning. */
function unfoldedOf(row: PromiseRow): string | null {
  const registered = row.steps[0]?.plan ?? row.plan;
  const state = fold(planningOf({ ...row, plan: registered, steps: [] }, row.rules), factsOf(row).toReversed());
  const judged = judge(termsFor(row, state.plan, row.rules), state, row.judgedAt);
  const says = { plan: state.plan, end: state.end, owner: state.owner, closed: judged.closed, wakeAt: judged.wakeAt };
  const { plan, end, owner, closed, wakeAt } = row;
  const stored = { plan, end, owner, closed, wakeAt };
  if (wakeAt !== null && wakeAt <= row.judgedAt) return `would wake at ${wakeAt}, judged at ${row.judgedAt}`;
  for (const key of ['plan', 'end', 'owner', 'closed', 'wakeAt'] as const)
    if (JSON.stringify(stored[key]) !== JSON.stringify(says[key]))
      return `${key} is ${JSON.stringify(stored[key])}, but by the facts ${JSON.stringify(says[key])}`;
  return null;
}

/** The sweep finds after 15 s, every 5 s, what no workflow has looked at; and clocks are off by some seconds. */
const GRACE_MS = 25 * SECOND;
const SKEW_MS = 6 * SECOND;

/** I6: every open promise is settled within the grace of its `wakeAt`, unless who settles was away just then. */
function overdueOf({ world }: Scene, { wakeAt, closed }: PromiseRow): string | null {
  if (wakeAt === null || closed) return null;
  const sinceMs = Math.max(Date.parse(wakeAt) - world.skewMs.database, world.healthySinceMs);
  return world.nowMs() > sinceMs + GRACE_MS ? `was to be settled at ${wakeAt}, and was not` : null;
}

/** I6 without the sweep: somebody looks by then, and at once where a notice waits: a poke, the starter, or its workflow. */
function unwatchedOf({ world, rows, machine }: Scene, row: PromiseRow, now: Instant): string | null {
  const waiting = unfinishedOf(row);
  const wakeMs = row.wakeAt === null || row.closed ? Infinity : Date.parse(row.wakeAt) - world.skewMs.database;
  if (waiting.length === 0 && wakeMs === Infinity) return null;
  if (!machine.knowsEngine() || machine.sleepsUntil(row, now) !== null) return null;
  if (rows.outbox.some(({ promiseId }) => promiseId === row.id)) return null;
  const workflow = machine.engine.workflows.get(row.id);
  if (!workflow) return 'has no workflow, and nobody starts one';
  const { isDelayed, isAsking, rung, fresh, running, alarm } = workflow;
  // The database's clock stepped back, and a second answer, which nobody waits for, took back what the first had seen: the sweep's.
  if (waiting.length === 0 && row.wakeAt !== null && row.wakeAt <= row.seenAt) return null;
  // A hand-over ends with an answer that says when to look next.
  if (isAsking || rung || fresh || running.size > 0) return null;
  // Its start says for how long, not until when: one that came late looks late, and the sweep is before it.
  if (isDelayed && waiting.length === 0) return null;
  const dueMs = waiting.length > 0 ? world.nowMs() : wakeMs;
  const looksMs = alarm?.atMs ?? Infinity;
  // While the engine is away nobody can be told: its timers come when it is back.
  if (looksMs <= Math.max(dueMs, world.nowMs(), world.upAtMs.engine + 1) + SKEW_MS) return null;
  const looks = alarm ? `at ${new Date(alarm.atMs).toISOString()}` : 'only when poked';
  return waiting.length > 0
    ? `owes ${waiting.map(({ reason }) => reason).join(', ')}, but its workflow looks ${looks}`
    : `is to look at ${row.wakeAt}, but its workflow looks ${looks}`;
}
