import type { Applied } from './replan.ts';
import type { Queryable } from './pool.ts';

/** What became of the pokes of an applied policy. */
export interface Carried {
  /** From the end of planning until the last of them had left; null: some have not. */
  readonly pokedMs: number | null;
  /** Promises whose new instant passed more than 5 s ago without anybody having looked. */
  readonly missedWakes: number;
  /** Pokes that have not left yet. */
  readonly stillWaiting: number;
  /** False: none has left, so that no worker seems to carry them. */
  readonly isCarried: boolean;
}

const LONGEST_MS = 120_000;
/** A relay looks twice a second; one that has taken nothing for so long is not there. */
const NOBODY_MS = 5_000;
const LOOK_MS = 200;

/** Waits until the pokes of an applied policy have left, as long as somebody carries them, and counts missed wakes. */
export async function carriedPokes(
  q: Queryable,
  applied: Applied,
  { longestMs = LONGEST_MS, nobodyMs = NOBODY_MS }: { readonly longestMs?: number; readonly nobodyMs?: number } = {},
): Promise<Carried> {
  const beganAt = performance.now();
  const elapsedMs = (): number => Math.round(performance.now() - beganAt);
  const newest = await newestPoke(q);
  const first = await pokesOf(q, applied, newest);
  let left = first;
  const isTaken = (): boolean => left.waiting < first.waiting || left.untaken < first.untaken || left.taken > 0;
  while (left.waiting > 0 && elapsedMs() < (isTaken() ? longestMs : nobodyMs)) {
    await sleep(LOOK_MS);
    left = await pokesOf(q, applied, newest);
  }
  return {
    pokedMs: left.waiting === 0 ? elapsedMs() : null,
    missedWakes: await missedWakes(q, applied),
    stillWaiting: left.waiting,
    isCarried: left.waiting === 0 || isTaken(),
  };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

async function newestPoke(q: Queryable): Promise<number> {
  const { rows } = await q.query<{ id: number | null }>('select max(id) as id from outbox');
  return rows[0]?.id ?? 0;
}

/** Those waiting, and of these the ones that nobody has taken yet, or that somebody holds now. */
interface Pokes {
  readonly waiting: number;
  readonly untaken: number;
  readonly taken: number;
}

/** A poke that waited already carries what came later, too: it counts. */
async function pokesOf(q: Queryable, { kind, version, since }: Applied, newest: number): Promise<Pokes> {
  const { rows } = await q.query<Pokes>({
    name: 'pokes_of_applied',
    text: `select count(*) as waiting, count(*) filter (where o.claimed_at is null) as untaken,
             count(*) filter (where o.claimed_at > $4::timestamptz) as taken
           from outbox o join promises p on p.id = o.promise_id
           where p.kind = $1 and p.policy_version = $2 and o.id <= $3`,
    values: [kind, version, newest, since],
  });
  return rows[0] ?? { waiting: 0, untaken: 0, taken: 0 };
}

async function missedWakes(q: Queryable, { kind, since }: Applied): Promise<number> {
  const { rows } = await q.query<{ missed: number }>({
    name: 'missed_wakes',
    text: `select count(*) as missed from promises p
           where p.kind = $1 and p.closed_at is null and p.wake_at < clock_timestamp() - interval '5 seconds'
             and exists (select from facts f
               where f.promise_id = p.id and f.kind = 'policy_applied' and f.occurred_at >= $2::timestamptz)`,
    values: [kind, since],
  });
  return rows[0]?.missed ?? 0;
}
