import { msBetween, plusMs, type Instant } from '../../domain/promise/instant.ts';
import {
  claimLeftMs,
  CLAIM_MS,
  mayRecordAgain,
  NO_SHORT_WAY,
  SEND_MS,
  type ShortWay,
} from '../../domain/promise/sending.ts';
import type { Step } from '../../workflows/contract.ts';
import type { Decisions } from './decisions.ts';
import { engine, type Engine, type Port } from './engine.ts';
import type { Claim, Mail, Mails } from './mails.ts';
import { engagedOf, isUnfinished, unfinishedOf, type PromiseRow, type Rows } from './rows.ts';
import { MINUTE, SECOND, WORKERS, type Process, type World } from './world.ts';

/** The processes of Kept, between rows and engine: what `activities/` and `temporal/` do, in the steps in which they can die. */
export interface Machine {
  readonly engine: Engine;
  /** Mails that the channel took: by notice, under which Message-IDs. */
  readonly taken: ReadonlyMap<string, ReadonlySet<string>>;
  /** Warnings that were taken when they were no longer true. */
  readonly late: readonly string[];
  /** Until when the starter would let a promise sleep that it finds now; null: it would leave it alone. */
  sleepsUntil(row: PromiseRow, now: Instant): Instant | null;
  /** The processes know the engine as it is. */
  knowsEngine(): boolean;
  /** Starts whatever loop has something to do. */
  turn(): void;
}

const POKE_CLAIM_MS = 10 * SECOND;
const GRACE_MS = 15 * SECOND;
const SWEEP_MS = 5 * SECOND;

interface Parts {
  readonly world: World;
  readonly rows: Rows;
  readonly mails: Mails;
  readonly decisions: Decisions;
}

export function machine(parts: Parts): Machine {
  const { world, rows, decisions } = parts;
  const taken = new Map<string, Set<string>>();
  const late: string[] = [];
  const accept = ({ messageId, notices, sendBy }: Mail, claimSkewMs: number): void => {
    for (const notice of notices) taken.set(notice, (taken.get(notice) ?? new Set()).add(messageId));
    // By the clock by which it was claimed.
    if (sendBy !== null && world.nowMs() + claimSkewMs >= Date.parse(sendBy)) late.push(messageId);
  };
  const own = engine(world, port(parts, accept));
  /** The engine that the processes know. */
  let epoch = own.namespace;
  /** It grows, so that a long outage does not consist of doubts. */
  let doubtMs = MINUTE;
  let doubtedAtMs = 0;

  const relayTurn = (worker: Process): void => {
    if (!world.isUp('database') || !world.isUp('engine')) return;
    const at = world.at('database');
    const isFree = (claimedAt: string | null): boolean =>
      claimedAt === null || msBetween(claimedAt as typeof at, at) > POKE_CLAIM_MS;
    const pokes = rows.outbox.filter(({ claimedAt }) => isFree(claimedAt));
    for (const poke of pokes) poke.claimedAt = at;
    const done = (ids: readonly number[]): void => {
      const gone = new Set(ids);
      for (const { promiseId } of rows.outbox.filter(({ id }) => gone.has(id))) rows.touched.add(promiseId);
      rows.outbox = rows.outbox.filter(({ id }) => !gone.has(id));
    };
    const giveBack = (ids: readonly number[]): void => {
      for (const poke of rows.outbox) if (ids.includes(poke.id)) poke.claimedAt = plusMs(at, -2 * POKE_CLAIM_MS);
    };
    const carry = (promiseId: string, ids: readonly number[], tries: number): void => {
      world.send(
        'relay.signal',
        'engine',
        () => {
          own.signalWithStart(promiseId);
          rows.touched.add(promiseId);
          world.send('relay.done', worker, () => world.isUp('database') && done(ids));
        },
        () => {
          const fate = decisions.pokeNotTaken(world.dice.chance(0.5) ? 'down' : 'busy', tries);
          if (fate === 'again') world.after(300, 'relay.again', worker, () => carry(promiseId, ids, tries + 1));
          if (fate === 'back' && world.isUp(worker) && world.isUp('database')) giveBack(ids);
        },
      );
    };
    for (const promiseId of new Set(pokes.map((poke) => poke.promiseId))) {
      const ids = pokes.filter((poke) => poke.promiseId === promiseId).map(({ id }) => id);
      carry(promiseId, ids, 1);
    }
  };

  const startable = (row: PromiseRow, at: Instant) => {
    // Asked of every promise after every step: written without copies.
    let poke: 'none' | 'waiting' | 'carried' = 'none';
    for (const { promiseId, claimedAt } of rows.outbox)
      if (promiseId !== row.id) continue;
      else if (claimedAt === null) poke = 'waiting';
      else if (poke === 'none' && msBetween(claimedAt, at) <= POKE_CLAIM_MS) poke = 'carried';
    const { armedAt, closed, wakeAt, engineEpoch, notices } = row;
    const found = {
      armedAt,
      closed: closed !== null,
      wakeAt,
      engineEpoch,
      unfinished: notices.some(isUnfinished),
      poke,
    };
    return decisions.sleepsUntil(found, epoch, at);
  };

  const starterTurn = (worker: Process): void => {
    if (!world.isUp('database')) return;
    const at = world.at('database');
    const asleep = new Map<string, typeof at>();
    for (const row of rows.promises.values()) {
      const until = startable(row, at);
      if (until === null) continue;
      world.send('starter.start', 'engine', () => {
        own.start(row.id, msBetween(at, until));
        asleep.set(row.id, until);
      });
    }
    const known = epoch;
    world.after(300, 'starter.started', worker, () => {
      if (!world.isUp('database')) return;
      for (const [id, until] of asleep) {
        const row = rows.promises.get(id);
        if (!row) continue;
        const poke = decisions.pokeAfterStart(until, { wakeAt: row.wakeAt, closed: row.closed !== null });
        row.armedAt = decisions.armedByStart({ ...engagedOf(row), unfinished: unfinishedOf(row).length > 0 }, until);
        row.engineEpoch = known;
        rows.touched.add(id);
        if (poke) rows.poke(id);
      }
    });
  };

  const dueFrom = (row: PromiseRow): number | null =>
    row.wakeAt === null || row.closed ? null : Date.parse(row.wakeAt);
  const dbNowMs = (): number => world.nowMs() + world.skewMs.database;
  const sweepTurn = (): void => {
    if (!world.isUp('database')) return;
    const isDue = (row: PromiseRow): boolean => (dueFrom(row) ?? Infinity) < dbNowMs() - GRACE_MS;
    const due = [...rows.promises.values()].filter(isDue).map(({ id }) => ({ id, facts: [] }));
    if (due.length > 0) rows.settle(due, { pokeAll: true });
  };
  const doubtTurn = (): void => {
    if (!world.isUp('database')) return;
    for (const row of rows.promises.values())
      if (oldestNotice(row) <= dbNowMs() - MINUTE) {
        row.engineEpoch = 0;
        rows.touched.add(row.id);
      }
    doubtMs *= 2;
    doubtedAtMs = dbNowMs();
  };

  const turn = (): void => {
    const up = WORKERS.filter((worker) => world.isUp(worker));
    const [leader] = up;
    if (!leader || !world.isUp('database')) return;
    const at = world.at('database');
    const all = [...rows.promises.values()].filter((row) => row.closed === null || row.notices.some(isUnfinished));
    if (epoch !== own.namespace && !world.isPending('watch'))
      world.after(SECOND, 'watch', leader, () => {
        epoch = own.namespace;
      });
    const relaying = Math.min(
      ...rows.outbox.map(({ claimedAt }) => (claimedAt === null ? 0 : Date.parse(claimedAt) + POKE_CLAIM_MS)),
    );
    if (world.isUp('engine') && relaying < Infinity && !world.isPending('relay.turn')) {
      const waitMs = Math.max(world.dice.anyMs(50, 500), relaying - dbNowMs() + 1);
      const worker = world.dice.pick(up);
      world.after(waitMs, 'relay.turn', worker, () => relayTurn(worker));
    }
    if (world.isUp('engine') && !world.isPending('starter') && all.some((row) => startable(row, at) !== null))
      world.after(world.dice.anyMs(50, 500), 'starter.turn', leader, () => starterTurn(leader));
    // They find nothing as long as workflows wake in time: only what there is to find is a step.
    const due = Math.min(...all.map((row) => dueFrom(row) ?? Infinity));
    net('sweep', due === Infinity ? null : due + GRACE_MS + SWEEP_MS, leader, sweepTurn);
    const oldest = Math.min(...all.map(oldestNotice));
    if (oldest === Infinity) doubtMs = MINUTE;
    net('doubt', oldest === Infinity ? null : Math.max(oldest, doubtedAtMs) + doubtMs, leader, doubtTurn);
  };

  /** A turn of a net below: by the database's clock, and not at all while nothing can fall into it. */
  const net = (name: string, dueMs: number | null, worker: Process, act: () => void): void => {
    const pending = world.queue.find((each) => each.name === name);
    const atMs = dueMs === null ? Infinity : Math.max(world.nowMs(), dueMs - world.skewMs.database);
    if (pending?.atMs === atMs) return;
    if (pending) world.cancel(pending);
    if (dueMs !== null) world.after(atMs - world.nowMs(), name, worker, act);
  };
  return { engine: own, taken, late, turn, sleepsUntil: startable, knowsEngine: () => epoch === own.namespace };
}

const oldestNotice = (row: PromiseRow): number =>
  Math.min(...unfinishedOf(row).map(({ notBefore }) => Date.parse(notBefore)));

/** The activities: each transaction, each hand-over and each answer is a step of its own. */
function port({ world, rows, mails, decisions }: Parts, accept: (mail: Mail, claimSkewMs: number) => void): Port {
  const answer = (act: () => void): void => void world.send('answer', 'engine', act);

  /** Of each worker, since it was started last. */
  const ways = new Map<Process, { readonly startedMs: number; readonly way: ShortWay }>();
  const wayOf = (worker: Process): ShortWay => {
    const known = ways.get(worker);
    return known && known.startedMs === world.upAtMs[worker] ? known.way : NO_SHORT_WAY;
  };

  const advance: Port['advance'] = (worker, promiseId, heard) =>
    void world.send('advance', worker, () => {
      if (!world.isUp('database')) return answer(() => heard(null));
      const step = rows.settle([{ id: promiseId, facts: [] }], { answering: promiseId }).get(promiseId)?.step;
      if (!step) return;
      const duty = decisions.handOverAtOnce(step.duties, wayOf(worker));
      if (!duty) return answer(() => heard(step));
      const attempt = { worker, promiseId, dutyId: duty.id };
      perform(
        attempt,
        (next) => answer(() => heard(next)),
        () => answer(() => heard(step)),
      );
    });

  const performAlone: Port['perform'] = (worker, promiseId, dutyId, heard) =>
    perform(
      { worker, promiseId, dutyId },
      (step) => answer(() => heard({ step })),
      (afterMs) => answer(() => heard({ afterMs })),
    );

  const perform = (
    { worker, promiseId, dutyId }: Attempt,
    done: (step: Step) => void,
    later: (afterMs: number | null) => void,
  ): void => {
    world.send('perform', worker, () => {
      const beganMs = world.nowMs();
      const claimSkewMs = world.skewMs.database;
      if (!world.isUp('database')) return later(null);
      const claim = mails.claim(promiseId, dutyId, worker);
      if (claim.kind === 'done') return done(claim.step);
      if (claim.kind === 'later') return later(claim.afterMs);
      world.after(world.dice.anyMs(1, 50), 'perform.send', worker, () =>
        handOver({ claim, worker, beganMs, claimSkewMs }, (outcome) => record(claim, outcome)),
      );

      const record = (of: Sendable, outcome: Outcome): void => {
        const held = { promiseId, dispatchId: of.dispatchId, worker, attempts: of.attempts };
        const spentMs = (): number => world.nowMs() - beganMs;
        const persistently = (write: () => Step): void => {
          if (world.isUp('database')) return done(write());
          if (!mayRecordAgain(spentMs())) return later(claimLeftMs(spentMs()));
          world.after(5 * SECOND, 'perform.record', worker, () => persistently(write));
        };
        switch (decisions.afterHandOver(outcome, of.attempts)) {
          case 'record_sent':
            return persistently(() => mails.recordSent(held));
          case 'record_refused':
            return persistently(() => mails.recordRefused(held));
          case 'throw_away':
            if (world.isUp('database')) mails.throwAway(held);
            return later(null);
          case 'hand_back':
            if (world.isUp('database')) mails.handBack(held);
            return later(null);
          case 'keep': {
            const forMs = decisions.claimHoldsMs(CLAIM_MS, of.attempts);
            if (world.isUp('database')) mails.keep(held, forMs);
            return later(world.isUp('database') ? forMs : claimLeftMs(spentMs()));
          }
        }
      };
    });
  };

  /** The SMTP server: it takes a mail or not, and what it says is heard or not, within the time there is. */
  const handOver = (sending: Sending, then: (outcome: Outcome) => void): void => {
    const { claim, worker, beganMs, claimSkewMs } = sending;
    let [isHeard, isTaken] = [false, false];
    const heard = (outcome: Outcome): void => {
      if (isHeard) return;
      isHeard = true;
      const wasQuick = decisions.isQuick(outcome, world.nowMs() - beganMs);
      const way = decisions.shortWayAfter(wayOf(worker), wasQuick, world.nowMs());
      ways.set(worker, { startedMs: world.upAtMs[worker], way });
      then(outcome);
    };
    const withinMs = decisions.sendWithinMs(claim.trueForMs, world.nowMs() - beganMs, SEND_MS);
    if (withinMs === null) return heard('not_accepted');
    const untilMs = world.nowMs() + withinMs;
    const say = (outcome: Outcome): void =>
      void world.send(
        'perform.said',
        worker,
        () => heard(outcome),
        () => heardAtLast(outcome === 'accepted' ? 'unknown' : 'not_accepted'),
      );
    const heardAtLast = (outcome: Outcome): void => {
      if (world.isUp(worker))
        world.after(Math.max(0, untilMs - world.nowMs()), 'perform.cut', worker, () => heard(outcome));
    };
    // Decided once: a conversation is not had twice.
    const says = world.dice.weighed({ accepted: 85, not_accepted: 13, refused: 2 });
    world.send(
      'mail',
      null,
      () => {
        // Of a text that came twice, the first may have been taken.
        if (world.nowMs() >= untilMs) return heardAtLast(isTaken ? 'unknown' : 'not_accepted');
        if (says === 'accepted') accept(claim.mail, claimSkewMs);
        isTaken = says === 'accepted';
        say(says);
      },
      () => heardAtLast('unknown'),
    );
  };
  return { advance, perform: performAlone };
}

type Sendable = Extract<Claim, { kind: 'send' }>;
type Outcome = Parameters<Decisions['afterHandOver']>[0];

interface Attempt {
  readonly worker: Process;
  readonly promiseId: string;
  readonly dutyId: string;
}

interface Sending {
  readonly claim: Sendable;
  readonly worker: Process;
  readonly beganMs: number;
  readonly claimSkewMs: number;
}
