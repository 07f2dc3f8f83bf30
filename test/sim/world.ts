import { instant, type Instant } from '../../domain/promise/instant.ts';
import { dice, type Dice } from './dice.ts';

/** What can die. The engine and the database can only be away. */
export type Process = 'api' | 'worker-1' | 'worker-2';
export const WORKERS = ['worker-1', 'worker-2'] as const;
/** What can be away for a while, keeping what it has. */
export type Server = 'engine' | 'database';
/** Whose clock can be wrong. */
export type Clock = 'engine' | 'database' | 'clients';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** One step that is to come. */
export interface Happening {
  /** What it belongs to, and what it is: `relay.signal`. */
  readonly name: string;
  atMs: number;
  /** Who has to be there for it. */
  readonly by: Process | Server | null;
  /** It comes over a wire, and so can be lost, late, double or overtaken. */
  readonly isMessage: boolean;
  readonly act: () => void;
  /** What its sender does when it is not heard of. */
  readonly lost?: (() => void) | undefined;
}

/** Time, and what is to come: everything that happens does so because of it, one step at a time. */
export interface World {
  readonly dice: Dice;
  readonly skewMs: Record<Clock, number>;
  readonly upAtMs: Record<Process | Server, number>;
  /** Since when nothing was away that settles what is due. */
  healthySinceMs: number;
  steps: number;
  nowMs(): number;
  /** The instant by a clock. */
  at(clock: Clock): Instant;
  isUp(who: Process | Server): boolean;
  /** A step inside whoever takes it, after so long. */
  after(ms: number, name: string, by: Happening['by'], act: () => void): Happening;
  /** A message to whoever takes it. */
  send(name: string, by: Happening['by'], act: () => void, lost?: () => void): Happening;
  cancel(happening: Happening): void;
  isPending(prefix: string): boolean;
  /** All that is to come, in no order. */
  readonly queue: Happening[];
  /** The next step, its time having come; null: nothing before `untilMs`. */
  next(untilMs: number): Happening | null;
  /** A process dies: what it was about to do it never does, and who waits for it learns nothing. */
  kill(who: Process, forMs: number): void;
  /** A server is away, with all that it has stored. */
  away(who: Server, forMs: number): void;
}

export function world(seed: number, beginsAt: Instant): World {
  const chance = dice(seed);
  const queue: Happening[] = [];
  let nowMs = Date.parse(beginsAt);
  const skewMs = { engine: 0, database: 0, clients: 0 };
  const upAtMs = { api: 0, 'worker-1': 0, 'worker-2': 0, engine: 0, database: 0 };
  const isUp = (who: Process | Server): boolean => upAtMs[who] <= nowMs;
  const add = (happening: Happening): Happening => (queue.push(happening), happening);
  const cancel = (happening: Happening): void => {
    const place = queue.indexOf(happening);
    if (place >= 0) queue.splice(place, 1);
  };
  const lose = ({ lost }: Happening): void =>
    void (lost && add({ name: 'lost', atMs: nowMs + 1, by: null, isMessage: false, act: lost }));

  const self: World = {
    dice: chance,
    skewMs,
    upAtMs,
    healthySinceMs: nowMs,
    steps: 0,
    queue,
    nowMs: () => nowMs,
    at: (clock) => instant(nowMs + skewMs[clock]),
    isUp,
    after: (ms, name, by, act) => add({ name, atMs: nowMs + ms, by, isMessage: false, act }),
    send: (name, by, act, lost) => add({ name, atMs: nowMs + chance.anyMs(2, 200), by, isMessage: true, act, lost }),
    cancel,
    isPending: (prefix) => queue.some(({ name }) => name.startsWith(prefix)),
    next: (untilMs) => {
      for (;;) {
        let first: Happening | undefined;
        for (const each of queue) if (!first || each.atMs < first.atMs) first = each;
        if (!first || first.atMs > untilMs) return null;
        nowMs = Math.max(nowMs, first.atMs);
        if (first.by === null || isUp(first.by)) {
          cancel(first);
          return first;
        }
        // What a server has stored it does when it is back; what is sent to somebody who is not there is lost.
        if (first.isMessage || first.by !== 'engine') {
          cancel(first);
          lose(first);
        } else first.atMs = upAtMs[first.by] + 1;
      }
    },
    kill: (who, forMs) => {
      upAtMs[who] = nowMs + forMs;
      for (const each of queue.filter(({ by }) => by === who)) {
        cancel(each);
        lose(each);
      }
      add({ name: 'back', atMs: upAtMs[who], by: null, isMessage: false, act: () => {} });
      if (who !== 'api') self.healthySinceMs = Math.max(self.healthySinceMs, upAtMs[who]);
    },
    away: (who, forMs) => {
      upAtMs[who] = Math.max(upAtMs[who], nowMs + forMs);
      add({ name: 'back', atMs: upAtMs[who], by: null, isMessage: false, act: () => {} });
      if (who === 'database') self.healthySinceMs = Math.max(self.healthySinceMs, upAtMs[who]);
    },
  };
  return self;
}
