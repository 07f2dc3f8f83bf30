import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { NOTHING, pick, spoilLink, type Case, type Done, type Fault, type Field } from './case.ts';
import { quiet } from './checker.ts';
import { within, type Part, type Rig } from './rig.ts';

const MINUTE_MS = 60_000;
const SAMPLE_MS = 10_000;
/** Silent connections end after this, so that none of them is there when connections are counted. */
const SILENT_MS = 30_000;
const HELD_MS = 2_000;
/** A pool closes what is not used for 10 s. */
const UNUSED_MS = 20_000;
/** What is asked of the figures; interface.md 7 and quality.md R14. */
const [MB_PER_MINUTE, DEAD_SHARE, OLDEST_MS] = [1, 0.2, 6 * MINUTE_MS] as const;
const TABLES = ['promises', 'duties', 'outbox'] as const;
/** Dead rows of a table that is nearly empty: so few stay on one page. */
const FEW_DEAD = 20;

/** R14: for as many minutes as there are times a fault after each but the last, by the seed. Nothing grows, and nothing old is left. */
async function soak({ rig, load, random, times: minutes, pace }: Field): Promise<Done> {
  const startedMs = Date.now();
  const faults: Fault[] = [];
  const watch = watching(rig, startedMs);
  const pids = [rig.api.pid(), rig.worker.pid()];
  const untilMinute = (minute: number): Promise<void> => sleep(startedMs + minute * MINUTE_MS * pace - Date.now());
  let early = 0;
  for (let minute = 1; minute < minutes; minute += 1) {
    await untilMinute(minute);
    // Just before the fault: what the last one has broken is there again.
    if (minute === Math.ceil(minutes / 6)) early = await connectionsOf(rig);
    faults.push(await spoil(rig, random));
  }
  await untilMinute(minutes);
  const underLoad = await connectionsOf(rig);
  const samples = watch.stop();
  await load.stop();
  await quiet(rig);
  // PostgreSQL looks once a minute for what is to be cleared away.
  await sleep(MINUTE_MS);
  // Pools breathe with the load, and close by then what nobody needs: what is still there was not given back.
  const [late, kept] = [await connectionsOf(rig), await connectionsOf(rig, UNUSED_MS)];
  const { wrong, what } = await verdict(rig, samples, { minutes, early, underLoad, late, kept });
  const ended = [rig.api, rig.worker].filter((part, at) => !part.alive() || part.pid() !== pids[at]);
  const last = faults.at(-1);
  return {
    faults: last ? [...faults.slice(0, -1), { ...last, what: `${last.what}; ${what}` }] : [],
    ...{ inFlight: NOTHING, wrong: [...ended.map((part: Part) => `${part.name} has ended`), ...wrong] },
  };
}

const FAULTS = ['cut', 'half-open', 'delay', 'postgres', 'engine'] as const;

async function spoil(rig: Rig, random: () => number): Promise<Fault> {
  const kind = pick(random, FAULTS);
  if (kind !== 'postgres' && kind !== 'engine')
    return spoilLink(rig, random, { kind, silentMs: SILENT_MS, heldMs: HELD_MS });
  const atMs = Date.now();
  const part = rig[kind];
  await part.kill();
  await part.start();
  return { atMs, signsFromMs: Date.now(), seenBy: kind === 'postgres' ? 'answer' : 'mail', what: `kill -9 ${kind}` };
}

/** The memory of one process at one time. */
interface Sample {
  readonly name: string;
  /** Since the start, in minutes. */
  readonly minute: number;
  readonly mb: number;
}

/** Looks every 10 s at what API and worker hold in memory. */
function watching({ api, worker }: Rig, startedMs: number): { readonly stop: () => readonly Sample[] } {
  const samples: Sample[] = [];
  const timer = setInterval(() => {
    const minute = (Date.now() - startedMs) / MINUTE_MS;
    for (const { name, pid } of [api, worker]) samples.push({ name, minute, mb: residentMb(pid()) });
  }, SAMPLE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return samples;
    },
  };
}

const residentMb = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

/** Of API and worker, not of those who look on; of them, those that have said nothing for `silentMs`. */
async function connectionsOf({ pool }: Rig, silentMs = 0): Promise<number> {
  return within(async () => {
    const { rows } = await pool.query<{ n: number }>(
      `select count(*) as n from pg_stat_activity where application_name in ('kept api', 'kept worker')
         and state_change <= clock_timestamp() - make_interval(secs => $1::float8 / 1000)`,
      [silentMs],
    );
    return rows[0]?.n ?? 0;
  });
}

interface Counts {
  readonly minutes: number;
  /** Connections under load: after a sixth of the time, and as it ends. */
  readonly early: number;
  readonly underLoad: number;
  /** Connections at rest, and those of them that a pool would have closed. */
  readonly late: number;
  readonly kept: number;
}

async function verdict(
  rig: Rig,
  samples: readonly Sample[],
  { minutes, early, underLoad, late, kept }: Counts,
): Promise<{ readonly wrong: readonly string[]; readonly what: string }> {
  const slopes = ['api', 'worker'].map((name) => {
    const settled = samples.filter((sample) => sample.name === name && sample.minute >= minutes / 3);
    return { name, slope: slopeOf(settled), mb: settled.at(-1)?.mb ?? 0 };
  });
  const dead = await deadRows(rig);
  const oldest = await oldestOf(rig);
  const wrong = [
    ...slopes.flatMap(({ name, slope }) =>
      slope < MB_PER_MINUTE ? [] : [`the memory of ${name} grew by ${slope.toFixed(2)} MB a minute`],
    ),
    ...(late > early ? [`${late} connections at rest at the end, ${early} under load after a sixth of the time`] : []),
    ...(kept > 0 ? [`${kept} connections that nobody gave back`] : []),
    ...dead.flatMap(({ name, dead: n, live }) =>
      n < Math.max(FEW_DEAD, DEAD_SHARE * live) ? [] : [`${n} dead rows and ${live} live ones in ${name}`],
    ),
    ...oldest.flatMap(({ name, ms }) => (ms < OLDEST_MS ? [] : [`something in ${name} is ${ms} ms old`])),
  ];
  const what = [
    ...slopes.map(({ name, slope, mb }) => `${name} ${mb.toFixed(0)} MB, ${slope.toFixed(2)} MB/min`),
    `connections ${early}, then ${underLoad} as the load ends, ${late} at rest, ${kept} of them unused`,
    ...dead.map(
      ({ name, dead: n, live }) =>
        `${name} ${n} dead, ${live} live${n > 0 && n < FEW_DEAD ? ' (too few to count)' : ''}`,
    ),
    ...oldest.map(({ name, ms }) => `oldest in ${name} ${ms} ms`),
  ].join('; ');
  return { wrong, what };
}

/** Least squares, in MB a minute. */
export function slopeOf(samples: readonly Pick<Sample, 'minute' | 'mb'>[]): number {
  const mean = (of: (sample: Pick<Sample, 'minute' | 'mb'>) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [x, y] = [mean(({ minute }) => minute), mean(({ mb }) => mb)];
  return mean(({ minute, mb }) => (minute - x) * (mb - y)) / mean(({ minute }) => (minute - x) ** 2);
}

/** As PostgreSQL's statistics know it; a crash loses those, so they are made anew. */
async function deadRows({
  pool,
}: Rig): Promise<readonly { readonly name: string; readonly dead: number; readonly live: number }[]> {
  return within(async () => {
    for (const table of TABLES) await pool.query(`analyze ${table}`);
    await pool.query('select pg_stat_force_next_flush()');
    const { rows } = await pool.query<{ name: string; dead: number; live: number }>(
      `select relname as name, n_dead_tup as dead, n_live_tup as live from pg_stat_user_tables
       where relname = any ($1) order by relname`,
      [TABLES],
    );
    return rows;
  });
}

async function oldestOf({ pool }: Rig): Promise<readonly { readonly name: string; readonly ms: number }[]> {
  const { rows } = await pool.query<{ name: string; ms: number }>(
    `select 'outbox' as name, coalesce(round(extract(epoch from clock_timestamp() - min(created_at)) * 1000), 0)::float8 as ms from outbox
     union all
     select 'dispatches', coalesce(round(extract(epoch from clock_timestamp() - min(claimed_at)) * 1000), 0)::float8 from dispatches`,
  );
  return rows;
}

export const soakCase: Case = {
  title: 'a fault a minute for half an hour',
  times: 30,
  perSecond: 10,
  company: () => 'keep: { outbox: PT5M, dispatches: PT5M }\n',
  harm: soak,
};
