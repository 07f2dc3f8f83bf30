import type { Instant } from '../promise/instant.ts';
import { IDLE } from '../promise/instant.ts';
import type { Plan, PlannedCheckpoint } from '../promise/plan.ts';
import { policyDocument } from './fields.ts';
import type { Policy } from './policy.ts';

/** The instants of a plan that are compared, the most telling first. */
export const COMPARED_INSTANTS = ['promisedAt', 'targetAt', 'lastCallAt', 'sendBy', 'recoveryAt'] as const;
export type ComparedInstant = (typeof COMPARED_INSTANTS)[number];

/** The flags of a plan that another policy may raise or lower. */
export const COMPARED_FLAGS = ['no_buffer', 'too_tight'] as const;
export type ComparedFlag = (typeof COMPARED_FLAGS)[number];

/** As a promise stands under a policy. */
export interface Standing {
  /** The plan in force. */
  readonly plan: Plan;
  /** When a duty is next owed without further facts; null: never. */
  readonly wakeAt: Instant | null;
  /** Who of the staff is told, and how often, by the policy of the plan. */
  readonly escalation: Policy['escalation'];
}

/** What of a promise may be otherwise without an instant that moves. */
export const COMPARED_OTHERWISE = ['tries', 'partners', 'alerts'] as const;
export type ComparedOtherwise = (typeof COMPARED_OTHERWISE)[number];

/** How many moved which way. */
export interface Moves {
  readonly earlier: number;
  readonly later: number;
}

/** How many have now what they had not, and the other way about. */
export interface Turns {
  readonly gained: number;
  readonly lost: number;
}

/** What another policy changes about promises, counted. */
export interface Differences {
  /** Of checkpoints those that both plans have, by name. */
  readonly instants: Readonly<Record<ComparedInstant | 'checkpoints', Moves>>;
  readonly wakeAt: Moves;
  readonly flags: Readonly<Record<ComparedFlag, Turns>>;
  readonly checkpoints: Turns;
  /** Tried otherwise; with a checkpoint that both plans have and for which somebody else answers; alerts go otherwise. */
  readonly otherwise: Readonly<Record<ComparedOtherwise, number>>;
}

/** One promise before and after; every count is 0 or 1 but those of checkpoints. */
export function differencesOf(before: Standing, after: Standing): Differences {
  const [had, has] = [before.plan, after.plan];
  return {
    instants: {
      promisedAt: moveOf(had.promisedAt, has.promisedAt),
      targetAt: moveOf(had.targetAt, has.targetAt),
      lastCallAt: moveOf(had.lastCallAt, has.lastCallAt),
      sendBy: moveOf(had.sendBy, has.sendBy),
      recoveryAt: moveOf(had.recoveryAt, has.recoveryAt),
      checkpoints: checkpointMoves(had, has),
    },
    wakeAt: moveOf(before.wakeAt, after.wakeAt),
    flags: {
      no_buffer: turnOf(had.flags.includes('no_buffer'), has.flags.includes('no_buffer')),
      too_tight: turnOf(had.flags.includes('too_tight'), has.flags.includes('too_tight')),
    },
    checkpoints: { gained: missingIn(has, had), lost: missingIn(had, has) },
    otherwise: {
      tries: had.tries?.max === has.tries?.max && had.tries?.everyMs === has.tries?.everyMs ? 0 : 1,
      partners: had.checkpoints.some((one) => has.checkpoints.some((other) => isAnswered(one, other))) ? 1 : 0,
      alerts: toldText(before.escalation) === toldText(after.escalation) ? 0 : 1,
    },
  };
}

export const NO_DIFFERENCES: Differences = {
  instants: {
    promisedAt: { earlier: 0, later: 0 },
    targetAt: { earlier: 0, later: 0 },
    lastCallAt: { earlier: 0, later: 0 },
    sendBy: { earlier: 0, later: 0 },
    recoveryAt: { earlier: 0, later: 0 },
    checkpoints: { earlier: 0, later: 0 },
  },
  wakeAt: { earlier: 0, later: 0 },
  flags: { no_buffer: { gained: 0, lost: 0 }, too_tight: { gained: 0, lost: 0 } },
  checkpoints: { gained: 0, lost: 0 },
  otherwise: { tries: 0, partners: 0, alerts: 0 },
};

/** Both together. */
export const plusDifferences = (a: Differences, b: Differences): Differences => summed(a, b);

/** Whether anything is different. */
export const isDifferent = (differences: Differences): boolean => anyCount(differences);

/** The most telling instant that moves, for an example; null where none does. `infinity` and never are null. */
export function firstMove(
  before: Standing,
  after: Standing,
): {
  readonly instant: ComparedInstant | 'wakeAt';
  readonly from: Instant | null;
  readonly to: Instant | null;
} | null {
  const instant = COMPARED_INSTANTS.find((name) => before.plan[name] !== after.plan[name]);
  if (instant) return { instant, from: timed(before.plan[instant]), to: timed(after.plan[instant]) };
  if (before.wakeAt === after.wakeAt) return null;
  return { instant: 'wakeAt', from: before.wakeAt, to: after.wakeAt };
}

/** A field of a policy that another one says differently, both as a file would say it. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/**
 * The fields in which two policies of a kind differ, in the order of their reference.
 * @example fieldChanges({ …, lead: 'P1D' }, { …, lead: 'P2D' }) //=> [{ field: 'lead', from: 'P1D', to: 'P2D' }]
 */
export function fieldChanges(from: Policy, to: Policy): readonly FieldChange[] {
  const [before, after] = [policyDocument(from), policyDocument(to)];
  return Object.keys(after)
    .map((field) => ({ field, from: before[field], to: after[field] }))
    .filter((change) => JSON.stringify(change.from) !== JSON.stringify(change.to));
}

function moveOf(from: Instant | null, to: Instant | null): Moves {
  const [a, b] = [from ?? IDLE, to ?? IDLE];
  return { earlier: b < a ? 1 : 0, later: b > a ? 1 : 0 };
}

const turnOf = (had: boolean, has: boolean): Turns => ({ gained: has && !had ? 1 : 0, lost: had && !has ? 1 : 0 });

function checkpointMoves(had: Plan, has: Plan): Moves {
  const both = has.checkpoints.flatMap(({ name, at }) => {
    const former = had.checkpoints.find((each) => each.name === name);
    return former ? [moveOf(former.at, at)] : [];
  });
  return {
    earlier: both.filter(({ earlier }) => earlier > 0).length,
    later: both.filter(({ later }) => later > 0).length,
  };
}

const missingIn = (one: Plan, other: Plan): number =>
  one.checkpoints.filter(({ name }) => !other.checkpoints.some((each) => each.name === name)).length;

/** Whether both are the same checkpoint, and another one answers for it. */
const isAnswered = (one: PlannedCheckpoint, other: PlannedCheckpoint): boolean =>
  one.name === other.name && one.partner !== other.partner;

/** The same text where the same people are told as often; how often is nothing where nothing is repeated. */
const toldText = ({ slip, at_risk, broken, checkpoint, repeat, times }: Policy['escalation']): string =>
  JSON.stringify([slip, at_risk, broken, checkpoint, repeat, repeat === null ? null : times]);

const timed = (at: Instant): Instant | null => (at === IDLE ? null : at);

type Counts = { readonly [name: string]: Counts | number };

/** Both have the same names. */
function summed<T extends object>(a: T, b: T): T {
  const others = b as Counts;
  const sums = Object.entries(a as Counts).map(([name, count]) => {
    const other = others[name];
    if (typeof count === 'number') return [name, count + Number(other)] as const;
    return [name, summed(count, other as Counts)] as const;
  });
  return Object.fromEntries(sums) as T;
}

const anyCount = (counts: object): boolean =>
  Object.values(counts as Counts).some((count) => (typeof count === 'number' ? count > 0 : anyCount(count)));
