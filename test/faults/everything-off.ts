import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from '../../api/app.ts';
import { instant } from '../../domain/promise/instant.ts';
import { lengthText } from '../../words/format.ts';
import { en } from '../../words/en.ts';
import { NOTHING, mostAMinute, registerAll, type Case, type Done, type Field } from './case.ts';
import type { Promised } from './load.ts';
import { within, type Rig } from './rig.ts';
import type { SinkMail } from './sink.ts';

/** What a thousand promises come with: whose they are, and what may leave before whom. */
const [CUSTOMERS, CALLBACKS, PER_MINUTE, OTHERS_BEFORE] = [400, 20, 60, 40] as const;
const MOST_EACH = 6;
/** All off for so long; the first last call comes just after it began, the last apology is due before it ends. */
const OFF_MS = 90_000;
const DEADLINES_WITHIN_MS = 50_000;
const [LEAD_S, GUARD_S, LAG_S] = [20, 5, 2] as const;
/** From the first registration to the first deadline: until then all are to sleep in the engine. */
const AHEAD_MS = 200_000;
const DRAINED_MS = 600_000;
const LATE_MS = 5_000;

const terms = `buffer: { fixed: PT1S }
lead: PT${LEAD_S}S
sendGuard: PT${GUARD_S}S
factLag: PT${LAG_S}S
whenUnknown: warn
`;

/** R5, in thousands of promises: everything off while every deadline passes. Then one apology each, callbacks first, no burst, and soon nothing waits. */
async function turnOff({ rig, client, random, times: thousands }: Field): Promise<Done> {
  const firstDeadlineMs = Date.now() + AHEAD_MS;
  const promised = drawn(random, thousands, firstDeadlineMs);
  await registerAll(client, promised, ({ body }) => body);
  const asleep = await allAsleep(rig, promised.length, firstDeadlineMs - (LEAD_S + 13) * 1_000);
  await sleep(firstDeadlineMs - (LEAD_S + 8) * 1_000 - Date.now());

  const parts = [rig.worker, rig.api, rig.engine, rig.postgres];
  await Promise.all(parts.map((part) => part.kill()));
  await sleep(OFF_MS);
  const atMs = Date.now();
  await Promise.all([rig.postgres.start(), rig.engine.start()]);
  await Promise.all([rig.api.start(), rig.worker.start()]);
  const signsFromMs = Date.now();
  const looks = await lookUntil(
    rig,
    () => toCustomers(rig).length >= thousands * CUSTOMERS,
    atMs + DRAINED_MS + 60_000,
  );

  const { wrong, what } = await verdict(rig, promised, looks, atMs);
  const few = asleep < promised.length ? [`only ${asleep} promises slept before all was off`] : [];
  return {
    faults: [{ atMs, signsFromMs, seenBy: 'mail', what }],
    ...{ inFlight: NOTHING, wrong: [...few, ...wrong], promised },
  };
}

interface Drawn extends Promised {
  readonly customer: string;
  readonly body: object;
}

/** 1 to 6 promises each; 200 customers wait for a call, most of them for something else, too. Told as instants and as windows. */
function drawn(random: () => number, thousands: number, firstDeadlineMs: number): readonly Drawn[] {
  const counts = Array.from({ length: thousands * CUSTOMERS }, () => 1);
  for (let left = thousands * (1_000 - CUSTOMERS); left > 0;) {
    const customer = Math.floor(random() * counts.length);
    if ((counts[customer] ?? MOST_EACH) >= MOST_EACH) continue;
    counts[customer] = (counts[customer] ?? 0) + 1;
    left -= 1;
  }
  const all = counts.flatMap((count, number) =>
    Array.from({ length: count }, (_, nth): Drawn => {
      const [customer, ref] = [`off-${number}`, `off-${number}-${nth}`];
      const kind = nth === 0 && number % (CUSTOMERS / CALLBACKS) === 0 ? 'callback' : 'errand';
      const atMs = firstDeadlineMs + Math.floor(random() * DEADLINES_WITHIN_MS);
      const at = new Date(atMs).toISOString();
      const promised = random() < 0.5 ? { at } : { from: new Date(atMs - 1_000).toISOString(), to: at };
      const madeAt = new Date(firstDeadlineMs - 3_600_000).toISOString();
      const person = { ref: customer, name: 'Mari Tamm', email: `${customer}@customers.example` };
      return {
        ...{ ref, kind, customer, sendByMs: atMs - GUARD_S * 1_000, owes: { recovery: [1, 1] }, ends: 'overdue' },
        body: { source: 'off', ref, kind, promised, madeAt, customer: person },
        ...{ id: null, facts: [] },
      };
    }),
  );
  // Whoever waits for a call is not known by her place in the queue.
  return all
    .map((one) => ({ one, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

/** How many sleep in the engine, all of them or by then. */
async function allAsleep({ pool }: Rig, promises: number, untilMs: number): Promise<number> {
  for (;;) {
    const { rows } = await pool.query<{ n: number }>('select count(*) as n from promises where armed_at is not null');
    const n = rows[0]?.n ?? 0;
    if (n >= promises || Date.now() > untilMs) return n;
    await sleep(1_000);
  }
}

/** What `/ready` said, and whether `/` said that something has waited for too long. */
interface Look {
  readonly atMs: number;
  readonly lagMs: number;
  readonly pageLate: boolean;
}

/** Looks every three seconds, which leaves the machine to what is looked at, and for a while after `until` is true. */
async function lookUntil(rig: Rig, until: () => boolean, giveUpAtMs: number): Promise<readonly Look[]> {
  const page = pageOf(rig);
  const looks: Look[] = [];
  for (let left = 4; left > 0 && Date.now() < giveUpAtMs;) {
    if (until()) left -= 1;
    await within(async () => {
      const ready = await fetch(`${rig.url}/ready`, { signal: AbortSignal.timeout(10_000) });
      const { lagMs } = (await ready.json()) as { readonly lagMs: number };
      looks.push({ atMs: Date.now(), lagMs, pageLate: await page() });
    });
    await sleep(3_000);
  }
  return looks;
}

const SHORT = Array.from({ length: LATE_MS / 1_000 }, (_, seconds) => lengthText(en.clock, seconds * 1_000));

/** The first page, as `kept up` serves it, over the same database. */
function pageOf({ pool, url }: Rig): () => Promise<boolean> {
  const [log, dev] = [{ info: () => {}, warn: () => {}, error: () => {} }, { mails: () => Promise.resolve([]) }];
  const app = createApp({ pool, log, dev, baseUrl: url, engineUp: () => true, now: () => instant(Date.now()) });
  return async () => {
    const text = await (await app.request('/')).text();
    const waited = /oldest for ([^<,]+)/.exec(text)?.[1]?.trim();
    return waited !== undefined && !SHORT.includes(waited);
  };
}

const toCustomers = ({ sink }: Rig): readonly SinkMail[] => sink.mails.filter(({ notices }) => notices.length > 0);

async function verdict(
  rig: Rig,
  promised: readonly Drawn[],
  looks: readonly Look[],
  startedMs: number,
): Promise<{ readonly wrong: readonly string[]; readonly what: string }> {
  const mails = toCustomers(rig);
  const customers = new Set(promised.map(({ customer }) => customer));
  const perMinute = (promised.length / 1_000) * PER_MINUTE;
  const heard = new Set(mails.map(({ to }) => to));
  const reasons = new Set(mails.flatMap(({ notices }) => notices.map((notice) => notice.split(':')[1])));
  const most = mostAMinute(mails.flatMap(({ acceptedAtMs }) => acceptedAtMs ?? []));
  const drainedMs = Math.max(0, ...mails.map(({ atMs }) => atMs)) - startedMs;
  const calls = new Set(
    promised.flatMap(({ kind, customer }) => (kind === 'callback' ? [`${customer}@customers.example`] : [])),
  );
  const lastCall = mails.findLastIndex(({ to }) => calls.has(to));
  const others = mails.slice(0, lastCall).filter(({ to }) => !calls.has(to)).length;
  const { rows } = await rig.pool.query<{ n: number }>(
    `select count(*) as n from promises where ref like '%#callback-%' or 'second_break' = any (flags)`,
  );
  const wasLate = looks.some(({ lagMs }) => lagMs > LATE_MS) && looks.some(({ pageLate }) => pageLate);
  const late = looks.findLast(({ lagMs, pageLate }) => lagMs > LATE_MS || pageLate);
  const onTime = looks.at(-1);
  const lagEndedMs = (late?.atMs ?? startedMs) - startedMs;
  const wrong = [
    ...(mails.length === customers.size && heard.size === customers.size
      ? []
      : [`${mails.length} mails to ${heard.size} customers`]),
    ...(reasons.size === 1 && reasons.has('recovery') ? [] : [`their mails were of ${[...reasons].join(', ')}`]),
    ...(most > perMinute ? [`${most} mails within a minute, of at most ${perMinute}`] : []),
    ...(drainedMs > DRAINED_MS ? [`the last mail left after ${drainedMs} ms`] : []),
    ...(others >= (promised.length / 1_000) * OTHERS_BEFORE
      ? [`${others} others were served before the last callback`]
      : []),
    ...(rows[0]?.n === 0 ? [] : [`${rows[0]?.n} calls because of a second break`]),
    ...(wasLate ? [] : ['/ready and / never said that anybody waited']),
    ...(onTime && onTime.lagMs < LATE_MS && !onTime.pageLate ? [] : ['/ready or / still say that somebody waits']),
  ];
  const what = [
    `off for ${OFF_MS} ms`,
    `${mails.length} mails to ${heard.size} customers in ${drainedMs} ms, at most ${most} within 60 s`,
    `the last callback after ${others} others`,
    `lag at most ${Math.max(0, ...looks.map(({ lagMs }) => lagMs))} ms, below ${LATE_MS} after ${lagEndedMs} ms`,
  ].join('; ');
  return { wrong, what };
}

export const everythingOff: Case = {
  title: 'everything off while 10,000 deadlines pass',
  times: 10,
  perSecond: 0,
  // However many wait for one minute: this case asks what becomes of them.
  company: (thousands) => `caps: { perMinute: ${thousands * PER_MINUTE} }\ncapacity: { wakesPerSecond: 10000 }\n`,
  policies: {
    'errand.yaml': `kind: errand\n${terms}`,
    'callback.yaml': `kind: callback\n${terms}tries: { max: 3, every: PT5S, remind: PT3S }\n`,
  },
  harm: turnOff,
};
