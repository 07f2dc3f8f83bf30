import type { Instant } from '../domain/promise/instant.ts';
import type { Phase } from '../domain/promise/words.ts';
import type { Queryable } from './pool.ts';

/** A history that is played as if it happened now. */
export interface Replay {
  readonly source: string;
  /** When its clock began. */
  readonly originAt: Instant;
  /** How long one of its days lasts. */
  readonly dayMs: number;
}

/** Stores where a replay's clock began; false where this source was played before or has promises of its own. */
export async function beginReplay(q: Queryable, { source, originAt, dayMs }: Replay): Promise<boolean> {
  const { rowCount } = await q.query(
    `insert into replays (source, origin_at, day_ms)
     select $1::text, $2::timestamptz, $3::int where not exists (select from promises where source = $1)
     on conflict do nothing`,
    [source, originAt, dayMs],
  );
  return rowCount === 1;
}

export async function replayOf(q: Queryable, source: string): Promise<Replay | null> {
  const { rows } = await q.query<Replay>(
    'select source, origin_at as "originAt", day_ms as "dayMs" from replays where source = $1',
    [source],
  );
  return rows[0] ?? null;
}

/** The ids of a source's promises, by ref; at most a million. */
export async function idsOf(q: Queryable, source: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await q.query<{ ref: string; id: string }>(
    'select ref, id from promises where source = $1 limit 1000000',
    [source],
  );
  return new Map(rows.map(({ ref, id }) => [ref, id]));
}

/** What a source's promises still have before them. Those that Kept made because of them are not of the history. */
export interface Unfinished {
  /** Notices owed or on their way. */
  readonly notices: number;
  /** Open promises that will owe something without any further fact. */
  readonly waiting: number;
  /** When the last deadline with its late facts is over; null without promises. */
  readonly lastRecoveryAt: Instant | null;
  /** The last instant at which one of those that wait will owe something, by what is known now; null: none waits. */
  readonly lastWakeAt: Instant | null;
}

export async function unfinishedOf(q: Queryable, source: string): Promise<Unfinished> {
  const { rows } = await q.query<Unfinished>({
    name: 'unfinished_of_source',
    text: `select
        (select count(*) from duties d join promises p on p.id = d.promise_id
          where p.source = $1 and p.parent is null and d.state in ('owed', 'claimed')) as notices,
        count(*) filter (where closed_at is null and wake_at is not null) as waiting,
        max((plan ->> 'recoveryAt')::timestamptz) as "lastRecoveryAt",
        max(wake_at) filter (where closed_at is null) as "lastWakeAt"
      from promises where source = $1 and parent is null`,
    values: [source],
  });
  return rows[0] ?? { notices: 0, waiting: 0, lastRecoveryAt: null, lastWakeAt: null };
}

/** What became of one promise. */
export interface Found {
  readonly ref: string;
  readonly phase: Phase;
}

/** The phase of every promise of a source, by ref; at most a million. */
export async function phasesOf(q: Queryable, source: string): Promise<readonly Found[]> {
  const { rows } = await q.query<Found>(
    'select ref, promise_phase(p, clock_timestamp()) as phase from promises p where source = $1 and parent is null order by ref limit 1000000',
    [source],
  );
  return rows;
}

/** What customers of a source were written, and how late. */
export interface NoticeFigures {
  readonly warned: number;
  readonly recovered: number;
  /** Notices whose text was made after the fact that made them needless had been recorded. */
  readonly noticesAfterFulfilled: number;
  /** Taken by the channel - planned instant, of risk and recovery notices; null where none was sent. */
  readonly wakeLagP50: number | null;
  readonly wakeLagP99: number | null;
}

export async function noticeFiguresOf(q: Queryable, source: string): Promise<NoticeFigures> {
  const { rows } = await q.query<NoticeFigures>(
    `with sent as (
       select p.id, round(extract(epoch from s.accepted_at - d.due_at) * 1000)::float8 as lag_ms,
         s.sent_at > (select min(f.recorded_at) from facts f where f.promise_id = p.id and f.kind = 'fulfilled') as too_late
       from promises p join duties d on d.promise_id = p.id join dispatches s on s.id = d.dispatch_id
       where p.source = $1 and p.parent is null and d.reason in ('risk', 'recovery') and s.state = 'sent'
     )
     select (select count(*) from promises where source = $1 and parent is null and warned_at is not null) as warned,
       (select count(*) from promises where source = $1 and parent is null and recovered_at is not null) as recovered,
       count(*) filter (where too_late) as "noticesAfterFulfilled",
       percentile_disc(0.5) within group (order by lag_ms) as "wakeLagP50",
       percentile_disc(0.99) within group (order by lag_ms) as "wakeLagP99"
     from sent`,
    [source],
  );
  return rows[0] ?? { warned: 0, recovered: 0, noticesAfterFulfilled: 0, wakeLagP50: null, wakeLagP99: null };
}
