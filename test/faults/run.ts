import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Case, Done, Fault } from './case.ts';
import { CASES, type CaseName } from './cases.ts';
import { check, examine, gather, quiet, type Evidence, type Finding } from './checker.ts';
import { createClient, type Client } from './journal.ts';
import { loadPolicies, startLoad } from './load.ts';
import { startRig, type Rig } from './rig.ts';

/** What one case showed; interface.md 7, and below that what explains it. */
export interface Proof {
  readonly id: string;
  readonly seed: number;
  readonly machine: string;
  readonly at: string;
  /** What ran; null outside of a clone. */
  readonly commit: string | null;
  readonly faults: number;
  readonly registered: number;
  readonly facts: number;
  readonly notices: number;
  readonly lost: number;
  readonly doubled: number;
  readonly lateWarnings: number;
  /** From a fault (of the engine and PostgreSQL: from when they are started again) to the next mail or answer. */
  readonly resumeMs: { readonly p50: number | null; readonly max: number | null };
  /** From a kill to the end of what its worker was just handing over; null: nothing was. */
  readonly inFlightMs: { readonly max: number | null };
  readonly ok: boolean;
  readonly settings: string;
  /** Requests that got no answer, and those answered with 5xx. */
  readonly unanswered: number;
  readonly refused: number;
  /** Of each fault, what and when from the start on. */
  readonly moments: readonly string[];
  /** From the instant a notice was due to its mail's arrival, but for those in flight at a kill. */
  readonly noticeLagMs: { readonly p50: number | null; readonly p99: number | null; readonly max: number | null };
  /** What must not be, in words. */
  readonly wrong: readonly string[];
}

const RESUME_MS = 15_000;
const IN_FLIGHT_MS = 45_000;
const CASE_MS = 35 * 60_000;
export const MACHINE = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;

export interface RunOptions {
  readonly seed: number;
  /** Fewer faults than the case asks for. */
  readonly times?: Partial<Record<CaseName, number>>;
  readonly pace?: number;
  readonly say: (line: string) => void;
}

/** Everything that a run has left, with the rig still there. */
export interface Run {
  readonly rig: Rig;
  readonly client: Client;
  readonly done: Done;
  readonly evidence: Evidence;
  readonly findings: readonly Finding[];
}

/** Load before, during and after the harm of these cases, one after the other; then everybody's word is compared. */
export async function run(names: readonly CaseName[], { seed, times, pace = 1, say }: RunOptions): Promise<Run> {
  const cases = names.map((name): Case => ({ ...CASES[name], ...(times?.[name] && { times: times[name] }) }));
  const policies = loadPolicies(cases.map((each) => each.company?.(each.times) ?? '').join(''));
  const rig = await startRig({
    policies: Object.assign({}, policies, ...cases.map((each) => each.policies)),
    direct: cases.every((each) => each.direct === true),
    version: cases.flatMap((each) => each.version?.(say) ?? [])[0],
  });
  try {
    const client = createClient({ url: rig.url, key: rig.key, file: join(rig.folder, 'journal.ndjson') });
    const perSecond = Math.min(...cases.map((each) => each.perSecond));
    const load = startLoad({ client, sink: rig.sink, perSecond, pace });
    say(`Everything runs; its logs are in ${rig.folder}.`);
    const random = seeded(seed);
    const done: Done[] = [];
    for (const { harm, times: many } of cases) done.push(await harm({ rig, load, client, random, times: many, pace }));
    say(`${done.flatMap(({ faults }) => faults).length} faults done; waiting until everything is quiet.`);
    await load.stop();
    await quiet(rig);
    const own = done.flatMap(({ promised = [] }) => promised);
    const evidence = await gather(rig, [...load.promised, ...own]);
    return { rig, client, done: joined(done), evidence, findings: [...check(evidence), ...(await examine(rig))] };
  } catch (error) {
    await rig.stop({ keep: true });
    throw error;
  }
}

const joined = (done: readonly Done[]): Done => ({
  faults: done.flatMap(({ faults }) => faults),
  inFlight: done.flatMap(({ inFlight }) => inFlight),
  wrong: done.flatMap(({ wrong }) => wrong),
});

/** One case from an empty machine to its figures. */
export async function prove(name: CaseName, options: RunOptions): Promise<Proof> {
  const startedAtMs = Date.now();
  const { rig, client, done, evidence, findings } = await run([name], options);
  let ok = false;
  try {
    const { faults, inFlight } = done;
    const resumes = faults.flatMap((fault) => resumeOf(fault, evidence, client) ?? []);
    const lasted = await inFlightOf(rig, inFlight);
    const lastedMs = Date.now() - startedAtMs;
    const resumeMs = { p50: at(resumes, 0.5), max: at(resumes, 1) };
    const inFlightMs = { max: at(lasted, 1) };
    const count = (kind: Finding['kind']): number => findings.filter((finding) => finding.kind === kind).length;
    const wrong = [
      ...done.wrong,
      ...findings.map(({ kind, about, what }) => `${kind}: ${about}: ${what}`),
      ...(lasted.length < inFlight.length ? ['a text that was interrupted is not there any more'] : []),
      ...(lastedMs > CASE_MS ? [`the case took ${Math.round(lastedMs / 60_000)} minutes`] : []),
      ...(resumes.length < faults.length ? ['work did not go on after each fault'] : []),
      ...(name === 'R1' && (resumeMs.max ?? 0) > RESUME_MS ? [`work went on only after ${resumeMs.max} ms`] : []),
      ...((inFlightMs.max ?? 0) > IN_FLIGHT_MS ? [`a send in flight took ${inFlightMs.max} ms`] : []),
    ];
    ok = wrong.length === 0;
    const { title, perSecond, company, times, direct }: Case = CASES[name];
    const says = (company?.(options.times?.[name] ?? times) ?? '').trim().replaceAll('\n', ', ');
    return {
      ...{
        id: name,
        seed: options.seed,
        machine: MACHINE,
        at: new Date(startedAtMs).toISOString(),
        commit: commit(),
        faults: faults.length,
      },
      registered: evidence.promised.filter(({ id }) => id !== null).length,
      facts: evidence.promised.flatMap((promise) => promise.facts).filter(({ acknowledged }) => acknowledged).length,
      notices: new Set(evidence.mails.flatMap(({ notices }) => notices)).size,
      ...{ lost: count('lost'), doubled: count('doubled'), lateWarnings: count('late'), resumeMs, inFlightMs, ok },
      settings: `${title}; ${direct ? 'without proxies; ' : ''}${loadText(perSecond)}${says === '' ? '' : `${says}; `}${Math.round((Date.now() - startedAtMs) / 1000)} s`,
      unanswered: client.entries.filter(({ type, status }) => type === 'info' && status === undefined).length,
      refused: client.entries.filter(({ status = 0 }) => status >= 500).length,
      moments: faults.map(({ atMs, what }) => `${Math.round((atMs - startedAtMs) / 1000)} s: ${what}`),
      noticeLagMs: await lagOf(rig, inFlight),
      wrong: wrong.slice(0, 50),
    };
  } finally {
    await rig.stop({ keep: !ok });
  }
}

/** What runs; `-dirty` where something is changed but what earlier cases came to. */
function commit(): string | null {
  const git = (...args: readonly string[]) => spawnSync('git', args, { encoding: 'utf8' });
  const head = git('rev-parse', '--short', 'HEAD');
  if (head.status !== 0) return null;
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!docs/proof').stdout.trim();
  return `${head.stdout.trim()}${changed === '' ? '' : '-dirty'}`;
}

const loadText = (perSecond: number): string =>
  perSecond > 0 ? `${perSecond} registrations/s, three facts each, a third owing a notice; ` : '';

/** From a fault to what shows that work goes on; null: nothing did. */
function resumeOf({ atMs, signsFromMs, seenBy }: Fault, { mails }: Evidence, { entries }: Client): number | null {
  const mailed = mails.flatMap(({ acceptedAtMs }) => acceptedAtMs ?? []);
  const answered = entries.flatMap((entry) => (entry.type === 'ok' ? [entry.atMs] : []));
  const next = at(
    (seenBy === 'mail' ? mailed : answered).filter((sign) => sign > signsFromMs),
    0,
  );
  return next === null ? null : next - atMs;
}

/** From a kill to when each text that it interrupted was recorded, or taken over by one that was killed as well. */
async function inFlightOf({ pool }: Rig, inFlight: Done['inFlight']): Promise<readonly number[]> {
  const { rows } = await pool.query<{ id: string; endedMs: number | null }>(
    `select s.id, (extract(epoch from coalesce(s.accepted_at, (select max(ended_at) from duties where dispatch_id = s.id))) * 1000)::float8 as "endedMs"
     from dispatches s where s.id = any ($1::uuid[])`,
    [inFlight.map(({ id }) => id)],
  );
  const ended = new Map(rows.map(({ id, endedMs }) => [id, endedMs ?? Infinity]));
  return inFlight.flatMap(({ id, atMs, takenOverMs }) => {
    const untilMs = takenOverMs ?? ended.get(id);
    return untilMs === undefined ? [] : [Math.round(untilMs - atMs)];
  });
}

async function lagOf({ pool }: Rig, inFlight: Done['inFlight']): Promise<Proof['noticeLagMs']> {
  const { rows } = await pool.query<{ ms: number }>(
    `select (extract(epoch from s.accepted_at - d.not_before) * 1000)::float8 as ms
     from duties d join dispatches s on s.id = d.dispatch_id where s.state = 'sent' and not s.id = any ($1::uuid[])`,
    [inFlight.map(({ id }) => id)],
  );
  const lags = rows.map(({ ms }) => Math.round(ms));
  return { p50: at(lags, 0.5), p99: at(lags, 0.99), max: at(lags, 1) };
}

/** The value that this share of them does not exceed; null of none. */
function at(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}

/** Mulberry32: the same numbers for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
