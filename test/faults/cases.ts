import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promiseWorkflowId } from '../../workflows/contract.ts';
import type { TrapAt } from '../support/tcp-proxy.ts';
import { mostAMinute, NOTHING, pick, registerAll, spoilLink } from './case.ts';
import type { Case, Done, Fault, Field, Interrupted } from './case.ts';
import { everythingOff } from './everything-off.ts';
import { herdCases } from './herds.ts';
import type { Promised } from './load.ts';
import { oldVersion } from './old-version.ts';
import { within, type Part, type Rig } from './rig.ts';
import type { SinkMode } from './sink.ts';
import { soakCase } from './soak.ts';
import { upgrade } from './upgrades.ts';

const DOWN_MS = 500;
/** So few requests are under way where everybody is answered at once. */
const CAUGHT_UP = 10;
/** The names of statements in db/, as they stand in what goes to PostgreSQL: `settle` has begun, and nothing is committed. */
export const IN_SETTLE = ['lock_promises', 'insert_facts', 'write_difference'] as const;
/** The same of whatever the API writes; a registration as often as the others together. */
export const IN_API = [...IN_SETTLE, 'insert_promises', 'insert_promises'] as const;
/** Of ten kills of a worker four come when a mail was accepted and not recorded, four inside `settle`. */
const MOMENTS = ['accepted', 'settle', 'random', 'accepted', 'settle'] as const;
const UNRECORDED = 'between 250 and the record';
const INSIDE = 'inside settle';

/** R1: kill -9 the worker. */
async function killWorker({ rig, random, times, pace }: Field): Promise<Done> {
  const { worker, links, sink, pool } = rig;
  const faults: Fault[] = [];
  const inFlight: Interrupted[] = [];
  for (let n = 0; n < times; n += 1) {
    await sleep(pace * (11_500 + random() * 5_000));
    const pid = worker.pid();
    const moment = MOMENTS[n % MOMENTS.length];
    let accepted: string | null = null;
    let what = 'at any time';
    let gone = Promise.resolve();
    const kill = (): void => void (gone = worker.kill());
    if (moment === 'accepted')
      await sprung((spring) => {
        sink.onAccepted(({ notices, messageId }) => {
          if (notices.length === 0) return;
          sink.onAccepted(null);
          accepted = messageId;
          // 250 is out, and what the worker then says to PostgreSQL passes through this process: it comes too late.
          setImmediate(() => spring(kill));
        });
        return () => sink.onAccepted(null);
      }, kill);
    else if (moment === 'settle') {
      const [text, at] = [pick(random, IN_SETTLE), side(random)];
      const isInside = await sprung((spring) => links.workerDatabase.trap(text, at, () => spring(kill)), kill);
      if (isInside) what = `${INSIDE}, ${text} ${at}`;
    } else kill();
    const atMs = Date.now();
    await gone;
    const { rows } = await pool.query<{ id: string; messageId: string; claimedMs: number }>(
      `select id, message_id as "messageId", (extract(epoch from claimed_at) * 1000)::float8 as "claimedMs"
       from dispatches where state = 'claimed' and claimed_by like '%/' || $1 || '/%'`,
      [String(pid)],
    );
    for (const { id, claimedMs } of rows) {
      const before = inFlight.findLast((text) => text.id === id);
      if (before) before.takenOverMs = claimedMs;
      inFlight.push({ id, atMs, takenOverMs: null });
    }
    if (rows.some(({ messageId }) => messageId === accepted)) what = UNRECORDED;
    await sleep(DOWN_MS);
    await worker.start();
    faults.push({ atMs, signsFromMs: Date.now(), seenBy: 'mail', what });
  }
  const few = (moment: string, share: number): readonly string[] => {
    const hit = faults.filter(({ what }) => what.startsWith(moment)).length;
    return hit < Math.floor(share * times) ? [`only ${hit} kills came ${moment}`] : [];
  };
  return { faults, inFlight, wrong: [...few(UNRECORDED, 0.3), ...few(INSIDE, 0.2)] };
}

/** R2: kill -9 the API while something is being written for a request: before it is, or when it is and nobody knows. */
async function killApi({ rig, client, random, times, pace }: Field): Promise<Done> {
  const { api, links } = rig;
  const faults: Fault[] = [];
  const wrong: string[] = [];
  for (let n = 0; n < times; n += 1) {
    // What waited while it was away is answered first: else ever more comes together, and at last nobody is heard in time.
    await within(async () => {
      if (client.pending() > CAUGHT_UP) throw new Error('not yet');
    }).catch(() => {});
    await sleep(pace * (1_500 + random() * 2_500));
    let gone = Promise.resolve();
    let waiting: ReadonlySet<symbol> = new Set();
    const kill = (): void => {
      waiting = client.waiting();
      gone = api.kill();
    };
    const text = pick(random, [...IN_API, 'commit\0'] as const);
    const at = side(random);
    const isInside = await sprung((spring) => links.apiDatabase.trap(text, at, () => spring(kill)), kill);
    const atMs = Date.now();
    await gone;
    await within(async () => {
      if ([...waiting].some((request) => client.waiting().has(request))) throw new Error('not yet');
    });
    const unanswered = client.unanswered(waiting);
    const moment = isInside ? `${text.replace('\0', '')} ${at}` : 'at any time';
    const what = `${moment}, ${unanswered} unanswered`;
    if (unanswered === 0) wrong.push(`a kill left no request unanswered: ${what}`);
    faults.push({ atMs, signsFromMs: atMs, seenBy: 'answer', what });
    await sleep(DOWN_MS);
    await api.start();
  }
  return { faults, inFlight: NOTHING, wrong };
}

/** R3: kill -9 the engine. The API accepts meanwhile and says so; then timers go on. */
async function killEngine({ rig, client, random, times, pace }: Field): Promise<Done> {
  const faults: Fault[] = [];
  const wrong: string[] = [];
  for (let n = 0; n < times; n += 1) {
    await sleep(pace * (6_000 + random() * 6_000));
    const killedAtMs = Date.now();
    await rig.engine.kill();
    const said = await within(async () => {
      const response = await fetch(`${rig.url}/ready`, { signal: AbortSignal.timeout(5_000) });
      const ready = (await response.json()) as { readonly status?: string; readonly engine?: string };
      if (ready.engine !== 'down') throw new Error('not yet');
      return `${response.status} ${ready.status}`;
    }, 10_000).catch(() => 'nothing');
    if (said !== '200 degraded') wrong.push(`/ready said ${said} while the engine was away`);
    await sleep(1_000 + pace * random() * 5_000);
    const atMs = Date.now();
    const taken = client.entries.filter((e) => e.type === 'ok' && e.atMs > killedAtMs && e.what === 'register');
    if (taken.length === 0) wrong.push('no promise was taken while the engine was away');
    const refused = client.entries.filter(({ atMs: at, status = 0 }) => at > killedAtMs && status >= 500);
    if (refused.length > 0) wrong.push(`${refused.length} requests were refused while the engine was away`);
    await rig.engine.start();
    const what = `${Math.round(atMs - killedAtMs)} ms away`;
    faults.push({ atMs, signsFromMs: Date.now(), seenBy: 'mail', what });
  }
  return { faults, inFlight: NOTHING, wrong };
}

/** R4: kill -9 PostgreSQL. Callers get 503 and when to come back, and no process ends. */
async function killPostgres({ rig, client, random, times, pace }: Field): Promise<Done> {
  const faults: Fault[] = [];
  const pids = [rig.api.pid(), rig.worker.pid()];
  const from = client.entries.length;
  for (let n = 0; n < times; n += 1) {
    await sleep(pace * (5_000 + random() * 4_000));
    const killedAtMs = Date.now();
    await rig.postgres.kill();
    await sleep(DOWN_MS + pace * random() * 3_000);
    const atMs = Date.now();
    await rig.postgres.start();
    faults.push({ atMs, signsFromMs: atMs, seenBy: 'answer', what: `${atMs - killedAtMs} ms away` });
  }
  const refused = client.entries.slice(from).filter(({ status = 0 }) => status >= 500);
  const unanswered = client.entries.slice(from).filter(({ type, status }) => type === 'info' && status === undefined);
  const bare = refused.filter(({ status, retryAfter }) => status !== 503 || !retryAfter);
  const ended = [rig.api, rig.worker].filter((part, at) => !part.alive() || part.pid() !== pids[at]);
  const wrong = [
    ...(refused.length === 0 ? ['nobody was answered 503'] : []),
    ...(unanswered.length > 0 ? [`${unanswered.length} requests got no answer`] : []),
    ...bare.map(({ status, retryAfter }) => `an answer was ${status}, Retry-After: ${retryAfter}`),
    ...ended.map((part: Part) => `${part.name} has ended`),
  ];
  return { faults, inFlight: NOTHING, wrong };
}

/** Silent connections end after this, as TCP's own keepalive would see to. */
const SILENT_MS = 60_000;

/** Half of the faults cuts, a quarter half-open, a quarter 5 s in which nothing passes; each on any of the links. */
async function spoilLinks({ rig, random, times, pace }: Field): Promise<Done> {
  const faults: Fault[] = [];
  for (let n = 0; n < times; n += 1) {
    await sleep(pace * (1_500 + random() * 2_500));
    const kind = (['cut', 'half-open', 'cut', 'delay'] as const)[n % 4] ?? 'cut';
    faults.push(await spoilLink(rig, random, { kind, silentMs: SILENT_MS, heldMs: 5_000 }));
  }
  return { faults, inFlight: NOTHING, wrong: [] };
}

const PHASES: readonly { readonly mode: SinkMode | 'down'; readonly ms: number }[] = [
  ...[{ mode: '421', ms: 20_000 } as const, { mode: '451', ms: 20_000 } as const],
  ...[
    { mode: 'hang', ms: 30_000 } as const,
    { mode: 'cut', ms: 10_000 } as const,
    { mode: 'down', ms: 90_000 } as const,
  ],
];
const PER_MINUTE = 80;

/** R8: a mail server that refuses, hangs, breaks off after the text, and is away for long; afterwards no burst. */
async function spoilMail({ rig, load, times, pace }: Field): Promise<Done> {
  const faults: Fault[] = [];
  const wrong: string[] = [];
  for (const { mode, ms } of PHASES.slice(0, times)) {
    await sleep(pace * 15_000);
    const refused = rig.sink.refused();
    if (mode === 'down') await rig.links.mail.shut();
    else rig.sink.be(mode);
    // The greeting refuses only who comes anew.
    if (mode === '421') rig.links.mail.cut();
    await sleep(pace * ms);
    rig.sink.be('ok');
    if (mode === 'down') await rig.links.mail.open();
    else if (rig.sink.refused() === refused) wrong.push(`nobody met the mail server while it was ${mode}`);
    faults.push({ atMs: Date.now(), signsFromMs: Date.now(), seenBy: 'mail', what: mode });
  }
  // What has gathered leaves first: only then can be said that it was no burst.
  await load.stop();
  const most = mostAMinute(
    rig.sink.mails.flatMap(({ notices, acceptedAtMs: at }) => (notices.length > 0 && at !== null ? [at] : [])),
  );
  if (most > PER_MINUTE) wrong.push(`${most} mails left within a minute, of at most ${PER_MINUTE}`);
  return { faults, inFlight: NOTHING, wrong };
}

const ASLEEP = 10_000;
/** How soon all of them sleep again, how far from its instant each may wake, how far out of order it may be put to sleep. */
const [REBUILT_MS, WAKES_MS, OUT_OF_ORDER] = [90_000, 2_000, 1_000] as const;
const HOUR_MS = 3_600_000;

/** Each so many-th customer has heard once before, and may not again; the others may not at all. */
const CONFIRMED = 20;

/** Rebuild: the engine dies and its file with it, under many open promises. Each sleeps again until its instant, nearest first. */
async function loseEngine({ rig, client, random, times }: Field): Promise<Done> {
  const asleep = async (): Promise<number> => {
    const { count } = await rig.temporal.client.workflow.count(
      `WorkflowType = 'promise' and ExecutionStatus = 'Running'`,
    );
    return count;
  };
  const promised = Array.from({ length: ASLEEP }, (_, n): Promised & { readonly atMs: number } => {
    const atMs = Math.round(Date.now() + (2 + random() * 200) * HOUR_MS);
    const kind = n % CONFIRMED === 0 ? 'confirmed' : 'parcel';
    const owes = kind === 'confirmed' ? { promised: [1, 1] as const } : {};
    return { ...{ ref: `asleep-${n}`, kind, atMs, sendByMs: atMs, owes, ends: 'open' }, id: null, facts: [] };
  });
  await registerAll(client, promised, ({ ref, kind, atMs }) => ({
    ...{ source: 'asleep', ref, kind, promised: { at: new Date(atMs).toISOString() } },
    customer: { ref, name: 'Mari Tamm', email: `${ref}@customers.example` },
  }));
  const notStarted = async (): Promise<number> => {
    const { rows } = await rig.pool.query<{ left: number }>(
      `select count(*) as left from promises
       where source = 'asleep' and (armed_at is null or engine_epoch < (select epoch from engine))`,
    );
    return rows[0]?.left ?? 0;
  };
  // The database is asked first: to count costs the engine as much as many starts.
  const allAsleep = async (): Promise<void> => {
    const giveUpAt = Date.now() + 300_000;
    while (((await notStarted()) > 0 || (await asleep()) < ASLEEP) && Date.now() < giveUpAt) await sleep(1_000);
  };
  await allAsleep();
  const faults: Fault[] = [];
  const wrong: string[] = [];
  for (let n = 0; n < times; n += 1) {
    await rig.engine.kill();
    for (const end of ['', '-wal', '-shm']) rmSync(`${rig.engineFile}${end}`, { force: true });
    const atMs = Date.now();
    await rig.engine.start();
    const signsFromMs = Date.now();
    await allAsleep();
    const rebuiltMs = Date.now() - atMs;
    if (rebuiltMs > REBUILT_MS) wrong.push(`${ASLEEP} slept again only after ${rebuiltMs} ms`);
    const { offMs, places } = await sleepersOf(rig);
    if (offMs > WAKES_MS) wrong.push(`a promise wakes ${offMs} ms from its instant`);
    if (places > OUT_OF_ORDER) wrong.push(`a promise was put to sleep ${places} places out of order`);
    const what = `${ASLEEP} asleep again after ${rebuiltMs} ms, at most ${offMs} ms off, ${places} places out of order`;
    faults.push({ atMs, signsFromMs, seenBy: 'mail', what });
  }
  return { faults, inFlight: NOTHING, wrong, promised };
}

/** Of those that only sleep, how far from its instant one wakes at most, and how far out of order one was put to sleep. */
async function sleepersOf({ pool, temporal }: Rig): Promise<{ readonly offMs: number; readonly places: number }> {
  const { rows } = await pool.query<{ id: string; wakeMs: number }>(
    `select id, (extract(epoch from wake_at) * 1000)::float8 as "wakeMs" from promises where source = 'asleep' order by wake_at`,
  );
  const wakes = new Map(rows.map(({ id, wakeMs }) => [promiseWorkflowId(id), wakeMs]));
  const started: { readonly startMs: number; readonly wakeMs: number }[] = [];
  let offMs = 0;
  const query = `WorkflowType = 'promise' and ExecutionStatus = 'Running'`;
  for await (const { workflowId, startTime, executionTime } of temporal.client.workflow.list({
    query,
    pageSize: 1_000,
  })) {
    const wakeMs = wakes.get(workflowId);
    if (wakeMs === undefined) continue;
    offMs = Math.max(offMs, Math.abs((executionTime?.getTime() ?? Infinity) - wakeMs));
    started.push({ startMs: startTime.getTime(), wakeMs });
    wakes.delete(workflowId);
  }
  if (wakes.size > 0) return { offMs: Infinity, places: Infinity };
  const inOrder = started.toSorted((a, b) => a.startMs - b.startMs).map(({ wakeMs }) => wakeMs);
  const sorted = new Map(inOrder.toSorted((a, b) => a - b).map((wakeMs, place) => [wakeMs, place]));
  const places = inOrder.map((wakeMs, place) => Math.abs((sorted.get(wakeMs) ?? 0) - place));
  return { offMs, places: places.reduce((most, each) => Math.max(most, each), 0) };
}
const side = (random: () => number): TrapAt => (random() < 0.5 ? 'sent' : 'answered');

const PATIENCE_MS = 5_000;

/** Waits until what `set` lays out springs; where that takes too long, it is taken away and `otherwise` done. */
function sprung(set: (spring: (act: () => void) => void) => () => void, otherwise: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (act: () => void, isSprung: boolean): void => {
      clearTimeout(timer);
      act();
      resolve(isSprung);
    };
    const timer = setTimeout(() => {
      takeAway();
      end(otherwise, false);
    }, PATIENCE_MS);
    const takeAway = set((act) => end(act, true));
  });
}

/** `npm run test:faults [-- R1 …]`. */
export const CASES = {
  R1: { title: 'kill -9 the worker', times: 50, perSecond: 5, harm: killWorker },
  R2: { title: 'kill -9 the API while it writes', times: 50, perSecond: 5, harm: killApi },
  R3: { title: 'kill -9 the engine', times: 10, perSecond: 5, harm: killEngine },
  R4: { title: 'kill -9 PostgreSQL, with fsync', times: 20, perSecond: 5, harm: killPostgres },
  R5: everythingOff,
  R8: {
    title: 'a mail server that misbehaves',
    times: PHASES.length,
    perSecond: 2,
    company: () => `caps: { perMinute: ${PER_MINUTE} }\n`,
    harm: spoilMail,
  },
  Rebuild: {
    ...{ title: 'the engine and its file are lost', times: 1, perSecond: 0.5 },
    policies: {
      'confirmed.yaml': 'kind: confirmed\nbuffer: { fixed: PT1S }\nwhenUnknown: silent\nnotices: { promised: true }\n',
    },
    harm: loseEngine,
  },
  Upgrades: { title: 'an upgrade beside running work', times: 1, perSecond: 5, version: oldVersion, harm: upgrade },
  Proxy: { title: 'spoilt links', times: 200, perSecond: 5, harm: spoilLinks },
  ...herdCases,
  Soak: soakCase,
} as const satisfies Readonly<Record<string, Case>>;

export type CaseName = keyof typeof CASES;
