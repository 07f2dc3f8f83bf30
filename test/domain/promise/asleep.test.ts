import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  armedByAnswer,
  armedByChange,
  armedByStart,
  needsPoke,
  pokeAfterStart,
  type Settled,
} from '../../../domain/promise/decisions.ts';
import { instant, later, plusMs, type Instant } from '../../../domain/promise/instant.ts';

/** What a change or a look finds out: when the next duty is owed, whether it closes, whether a notice is owed. */
interface Finding {
  readonly inMs: number | null;
  readonly closes: boolean;
  readonly owes: boolean;
}

type Step =
  | ({ readonly do: 'change' } & Finding)
  /** The workflow's question is answered in the database; the answer is still on its way. */
  | ({ readonly do: 'deliver poke' | 'wake' | 'record notice' } & Finding)
  | { readonly do: 'deliver answer' | 'starter reads' | 'starter starts' | 'starter records' }
  | { readonly do: 'time passes'; readonly ms: number };

interface Answer {
  readonly wakeAt: Instant | null;
  readonly ends: boolean;
}

/** PostgreSQL, the engine and the ways between them, as far as waking goes. */
class World {
  now = instant(Date.UTC(2026, 2, 2));
  row = {
    wakeAt: plusMs(this.now, 50) as Instant | null,
    armedAt: null as Instant | null,
    closed: false,
    unfinished: false,
  };
  poked = false;
  workflow: { alarm: Instant | null; answer: Answer | null; rung: boolean } | null = null;
  start: { readonly sleepsUntil: Instant; isStarted: boolean } | null = null;

  settle({ inMs, closes, owes }: Finding, answering: boolean): Answer {
    const before = { armedAt: this.row.armedAt, closed: this.row.closed };
    const closed = before.closed || closes;
    const noticeOwed = owes && !before.closed && !this.row.unfinished;
    const wakeAt = closed || inMs === null ? null : plusMs(this.now, inMs);
    const after: Settled = { wakeAt, closed, noticeOwed, unfinished: this.row.unfinished || noticeOwed };
    const armedAt = answering ? armedByAnswer(after) : armedByChange(before, after);
    if (!answering && needsPoke(before, after)) this.poked = true;
    this.row = { wakeAt, armedAt, closed, unfinished: after.unfinished };
    return { wakeAt, ends: closed && !after.unfinished };
  }

  /** Looking finds nothing new but that time has passed: an instant ahead stays. */
  look(finding: Finding): Answer {
    const { wakeAt } = this.row;
    const isAhead = wakeAt !== null && wakeAt > this.now;
    const inMs = isAhead ? Date.parse(wakeAt) - Date.parse(this.now) : finding.inMs;
    return this.settle({ inMs, closes: false, owes: finding.owes && !isAhead }, true);
  }

  take(step: Step): void {
    const { workflow } = this;
    switch (step.do) {
      case 'change':
        return void this.settle(step, false);
      case 'deliver poke':
        if (!this.poked) return;
        this.poked = false;
        if (!workflow) this.workflow = { alarm: null, answer: this.look(step), rung: false };
        else if (workflow.answer) workflow.rung = true;
        else workflow.answer = this.look(step);
        return;
      case 'wake':
        if (!workflow?.alarm || workflow.alarm > this.now) return;
        workflow.alarm = null;
        if (workflow.answer) workflow.rung = true;
        else workflow.answer = this.look(step);
        return;
      case 'record notice':
        if (!workflow || workflow.answer || !this.row.unfinished) return;
        this.row.unfinished = false;
        workflow.answer = this.look(step);
        return;
      case 'deliver answer':
        return this.deliver();
      case 'starter reads':
        return this.read();
      case 'starter starts':
        if (!this.start || this.start.isStarted) return;
        this.start.isStarted = true;
        this.workflow ??= { alarm: this.start.sleepsUntil, answer: null, rung: false };
        return;
      case 'starter records':
        if (!this.start?.isStarted) return;
        if (pokeAfterStart(this.start.sleepsUntil, this.row)) this.poked = true;
        if (!this.row.closed || this.row.unfinished) this.row.armedAt = armedByStart(this.row, this.start.sleepsUntil);
        this.start = null;
        return;
      case 'time passes':
        this.now = plusMs(this.now, step.ms);
    }
  }

  private deliver(): void {
    const { workflow } = this;
    if (!workflow?.answer) return;
    const { wakeAt, ends } = workflow.answer;
    workflow.answer = null;
    if (wakeAt && (!workflow.alarm || wakeAt < workflow.alarm)) workflow.alarm = wakeAt;
    if (workflow.rung) {
      workflow.rung = false;
      workflow.answer = this.look({ inMs: 1_000, closes: false, owes: false });
    } else if (ends) this.workflow = null;
  }

  private read(): void {
    const { wakeAt, armedAt, closed, unfinished } = this.row;
    const waits = !closed && wakeAt !== null ? wakeAt : unfinished && !this.poked ? this.now : null;
    if (this.start || armedAt !== null || waits === null) return;
    this.start = { sleepsUntil: later(unfinished ? this.now : waits, this.now), isStarted: false };
  }

  /** Everything on its way arrives; nothing new happens. */
  comeToRest(): void {
    const nothing: Finding = { inMs: 1_000, closes: false, owes: false };
    for (let round = 0; round < 8; round += 1) {
      this.take({ do: 'starter starts' });
      this.take({ do: 'starter records' });
      this.take({ do: 'deliver poke', ...nothing });
      this.take({ do: 'deliver answer' });
    }
  }
}

/** At rest nothing is on its way: whoever must look is asleep until the right instant, or will be found by the starter. */
function sleepsRightly({ workflow, row }: World): void {
  if (row.closed && !row.unfinished) expect(workflow).toBeNull();
  if (row.wakeAt === null) return;
  if (workflow) expect(workflow.alarm !== null && workflow.alarm <= row.wakeAt).toBe(true);
  else expect(row.armedAt).toBeNull();
}

const isAtRest = ({ workflow, poked, start }: World): boolean => !poked && !start && !workflow?.answer;

const rarely = fc.nat(9).map((number) => number === 0);
const finding = { inMs: fc.option(fc.integer({ min: 1, max: 90 }), { freq: 5 }), closes: rarely, owes: rarely };
const step = <const D extends Step['do']>(...names: readonly D[]) => fc.constantFrom(...names);
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: step('change', 'deliver poke', 'wake', 'record notice'), ...finding }),
  fc.record({ do: step('deliver answer', 'starter reads', 'starter starts', 'starter records') }),
  fc.record({ do: step('time passes'), ms: fc.integer({ min: 1, max: 60 }) }),
);

describe('a promise', () => {
  it('never sleeps past its wake, whatever order settlements, pokes, answers and starts come in', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60, size: 'max' }), (plan) => {
        const world = new World();
        for (const one of plan) {
          world.take(one);
          if (isAtRest(world)) sleepsRightly(world);
        }
        world.comeToRest();
        sleepsRightly(world);
      }),
      { numRuns: 4_000, seed: 17 },
    );
  });
});
