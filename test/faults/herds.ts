import { setTimeout as sleep } from 'node:timers/promises';
import { mostAMinute, NOTHING, registerAll, type Case, type Done, type Fault, type Field } from './case.ts';
import type { Promised } from './load.ts';
import { within, type Rig } from './rig.ts';

const [SECOND_MS, MINUTE_MS, DAY_MS] = [1_000, 60_000, 86_400_000] as const;
/** From the first registration to the deadline that all of a herd have. */
const AHEAD_MS = 105 * MINUTE_MS;
const [LEAD_MINUTES, SPREAD_MINUTES, SHORT_LEAD_MINUTES, SHORT_SPREAD_MINUTES] = [80, 20, 8, 2] as const;
/** How late a warning of the herd, and the reminder of a call, may be. */
const LATE_MS = 5_000;
/** The fullest minute of a herd, as a share of what an even spread gives each. */
const FULLEST = 1.5;
/** From the reminder of a call to its time, and to when it is made here. */
const [REMIND_MS, CALLED_MS] = [15 * MINUTE_MS, 20_000] as const;
/** Each is reminded every fifth minute, so that no reminder waits for the one before it. */
const CALLERS = ['kati', 'jaan', 'mari', 'tiit', 'anu'] as const;
const MANAGER = 'mall';
/** What the engine can wake in a second, for a thousand in the herd: for all 20,000, what company.yaml says by default. */
const WAKES_PER_THOUSAND = 0.75;

const mailOf = (person: string): string => `${person}@books.example`;
const people = [
  ...CALLERS.map((id) => `  - { id: ${id}, name: ${id} Kask, email: ${mailOf(id)}, manager: ${MANAGER} }`),
  `  - { id: ${MANAGER}, name: Mall Saar, email: ${mailOf(MANAGER)} }`,
].join('\n');

const policiesOf = (leadMinutes: number, spreadMinutes: number): Readonly<Record<string, string>> => ({
  'people.yaml': `people:\n${people}\nhotline: { name: Customer care, email: care@books.example }\n`,
  'herd.yaml': `kind: herd
buffer: { fixed: PT1S }
lead: PT${leadMinutes}M
spread: PT${spreadMinutes}M
whenUnknown: warn
`,
  'callback.yaml': `kind: callback
buffer: { fixed: PT1S }
lead: PT1M
whenUnknown: silent
tries: { max: 3, every: PT20M, remind: PT15M }
`,
});

interface Herd {
  readonly atMs: number;
  readonly members: readonly Promised[];
  /** How long it took to hand it over, in milliseconds. */
  readonly handedMs: number;
}

const memberOf = (ref: string, atMs: number) => ({
  ...{ source: 'herd', ref, kind: 'herd', promised: { at: new Date(atMs).toISOString() } },
  madeAt: new Date(Date.now() - 2 * DAY_MS).toISOString(),
  customer: { ref, name: 'Mari Tamm', email: `${ref}@customers.example` },
});

/** Registers so many thousand promises to one instant. `owes`: what each customer is to hear until the case ends. */
async function handOver({ client }: Field, thousands: number, owes: Promised['owes']): Promise<Herd> {
  const startedMs = Date.now();
  const atMs = Math.ceil((startedMs + AHEAD_MS) / SECOND_MS) * SECOND_MS;
  const members = Array.from({ length: thousands * 1_000 }, (_, n): Promised => ({
    ...{ ref: `herd-${n}`, kind: 'herd', sendByMs: atMs, owes, ends: 'open' },
    ...{ id: null, facts: [] },
  }));
  await registerAll(client, members, ({ ref }) => memberOf(ref, atMs));
  return { atMs, members, handedMs: Date.now() - startedMs };
}

/** A herd that fits: everybody is warned at her own last call, and calls go on beside it. */
async function warnAll(field: Field): Promise<Done> {
  const { rig, times: thousands } = field;
  const herd = await handOver(field, thousands, { risk: [1, 1] });
  const firstMs = herd.atMs - (LEAD_MINUTES + SPREAD_MINUTES) * MINUTE_MS;
  const lastMs = herd.atMs - LEAD_MINUTES * MINUTE_MS;
  const early =
    herd.handedMs > firstMs - herd.atMs + AHEAD_MS ? ['the herd was not there before its first warning'] : [];
  const calls = Array.from({ length: SPREAD_MINUTES }, (_, minute) =>
    callOf(minute, firstMs + (minute + 0.5) * MINUTE_MS),
  );
  const capacities: Capacity[] = [];
  const look = setInterval(
    () =>
      void capacityOf(rig)
        .then((one) => capacities.push(one))
        .catch(() => {}),
    MINUTE_MS / 2,
  );
  await Promise.all(calls.map((call) => live(field, call)));
  await sleep(Math.max(0, lastMs + 2 * LATE_MS - Date.now()));
  clearInterval(look);
  const { wrong, what } = await verdict(rig, herd, calls);
  if (capacities.some(({ short }) => short)) wrong.push('/ready said that capacity is short');
  const fault: Fault = { atMs: firstMs, signsFromMs: firstMs, seenBy: 'mail', what };
  return {
    ...{ faults: [fault], inFlight: NOTHING, wrong: [...early, ...wrong] },
    promised: [...herd.members, ...calls.map(({ promised }) => promised)],
  };
}

interface Call {
  readonly caller: string;
  readonly remindAtMs: number;
  readonly promised: Promised;
}

const callOf = (minute: number, remindAtMs: number): Call => ({
  caller: CALLERS[minute % CALLERS.length] ?? CALLERS[0],
  remindAtMs,
  promised: {
    ...{ ref: `call-${minute}`, kind: 'callback', sendByMs: remindAtMs + REMIND_MS, owes: {}, ends: 'kept' },
    ...{ id: null, facts: [] },
  },
});

/** Registered a minute before its reminder, and made soon after it. */
async function live({ client }: Field, { caller, remindAtMs, promised }: Call): Promise<void> {
  const { ref } = promised;
  await sleep(Math.max(0, remindAtMs - MINUTE_MS - Date.now()));
  const answer = await client.post({ what: 'register', ref }, '/v1/promises', {
    ...{ source: 'calls', ref, kind: 'callback', owner: caller },
    promised: { at: new Date(remindAtMs + REMIND_MS).toISOString() },
    customer: { ref, name: 'Mari Tamm', email: `${ref}@customers.example` },
  });
  if (typeof answer?.['id'] !== 'string') return;
  promised.id = answer['id'];
  await sleep(remindAtMs + CALLED_MS - Date.now());
  const occurredAt = new Date().toISOString();
  const told = { key: 'reached', kind: 'fulfilled', occurredAt, acknowledged: false };
  promised.facts.push(told);
  const body = { kind: told.kind, factKey: told.key, occurredAt };
  told.acknowledged =
    (await client.post({ what: 'fact', ref, key: told.key }, `/v1/promises/${promised.id}/facts`, body)) !== null;
}

async function verdict(
  { pool, sink }: Rig,
  { members, handedMs }: Herd,
  calls: readonly Call[],
): Promise<{ readonly wrong: string[]; readonly what: string }> {
  const { rows } = await pool.query<{ id: string; lastCallMs: number }>(
    `select id, (extract(epoch from last_call_at) * 1000)::float8 as "lastCallMs" from promises where source = 'herd'`,
  );
  const lastCalls = new Map(rows.map(({ id, lastCallMs }) => [id, lastCallMs]));
  const warnings = sink.mails.flatMap(({ to, atMs, notices }) => {
    const lastCallMs = lastCalls.get(notices[0]?.split(':')[0] ?? '');
    return lastCallMs === undefined ? [] : [{ to, atMs, lagMs: Math.round(atMs - lastCallMs) }];
  });
  const lags = warnings.map(({ lagMs }) => lagMs).toSorted((a, b) => a - b);
  const at = (share: number): number => lags[Math.min(lags.length - 1, Math.floor(share * lags.length))] ?? NaN;
  const heard = new Set(warnings.map(({ to }) => to));
  const fullest = mostAMinute(warnings.map(({ atMs }) => atMs));
  const mean = members.length / SPREAD_MINUTES;
  const reminders = calls.map(({ caller, remindAtMs }) => {
    const mails = sink.mails.filter(({ to, atMs }) => to === mailOf(caller) && atMs >= remindAtMs);
    return Math.round(Math.min(...mails.map(({ atMs }) => atMs)) - remindAtMs);
  });
  const wrong = [
    ...(warnings.length === members.length && heard.size === members.length
      ? []
      : [`${warnings.length} warnings to ${heard.size} customers, of ${members.length}`]),
    ...(at(1) <= LATE_MS ? [] : [`a warning came ${at(1)} ms after its last call`]),
    ...(at(0) >= 0 ? [] : [`a warning came ${-at(0)} ms before its last call`]),
    ...(fullest <= FULLEST * mean ? [] : [`${fullest} warnings in one minute, of ${mean} on average`]),
    ...(reminders.every((ms) => ms <= LATE_MS) ? [] : [`a reminder came ${Math.max(...reminders)} ms late`]),
  ];
  const what = [
    `handed over in ${handedMs} ms`,
    `${warnings.length} warnings, ${at(0.5)} ms after their last calls (p99 ${at(0.99)} ms, at most ${at(1)} ms)`,
    `at most ${fullest} within 60 s`,
    `${reminders.length} reminders, at most ${Math.max(...reminders)} ms after their instants`,
  ].join('; ');
  return { wrong, what };
}

/** How long before the first last call it is to be known that not all can be warned in time. */
const KNOWN_MS = MINUTE_MS;
const SEEN_WITHIN_MS = 5 * MINUTE_MS;

/** A herd that does not fit: it is said before its first warning, and nobody more is promised that time. */
async function sayShort(field: Field): Promise<Done> {
  const { rig, times: thousands } = field;
  const herd = await handOver(field, thousands, {});
  const handedAtMs = Date.now();
  const firstMs = herd.atMs - (SHORT_LEAD_MINUTES + SHORT_SPREAD_MINUTES) * MINUTE_MS;
  const untilMs = Math.min(firstMs - KNOWN_MS, Date.now() + SEEN_WITHIN_MS);
  const capacity = await within(async () => {
    const now = await capacityOf(rig);
    if (!now.short) throw new Error('/ready did not say that capacity is short');
    return now;
  }, untilMs - Date.now());
  const shortMs = Date.now();
  const alerts = await within(async () => {
    if (!rig.sink.mails.some(({ to }) => to === mailOf(MANAGER))) throw new Error('the manager got no mail');
    const { items } = (await ask(rig, '/v1/alerts?open=true')).body as { items: readonly Alert[] };
    return items;
  }, MINUTE_MS);
  // Whoever registers is told the same a second later.
  await sleep(2 * SECOND_MS);
  const further = await ask(rig, '/v1/promises', memberOf('one-more', herd.atMs));
  // Long enough for another alert, were there one.
  await sleep(MINUTE_MS);
  const mails = rig.sink.mails.filter(({ to }) => to === mailOf(MANAGER));
  const { code, reason, earliest } = further.body as Readonly<Record<string, string>>;
  const wrong = [
    ...(alerts.length === 1 && alerts.every((one) => one.reason === 'capacity' && one.person === MANAGER)
      ? []
      : [`the alerts are ${JSON.stringify(alerts.map((one) => [one.reason, one.person]))}`]),
    ...(mails.length === 1 ? [] : [`the manager got ${mails.length} mails`]),
    ...(further.status === 422 && code === 'CANNOT_BE_PROMISED' && reason === 'no_capacity'
      ? []
      : [`a further promise is answered ${further.status} ${code} ${reason}`]),
    ...(rig.sink.mails.some(({ notices }) => notices.length > 0) ? ['a customer was written to'] : []),
  ];
  const what = [
    `handed over in ${herd.handedMs} ms`,
    `short was said ${Math.round((firstMs - shortMs) / SECOND_MS)} s before the first last call`,
    `${capacity.neededMs} ms needed, ${capacity.haveMs} there`,
    `a further promise: ${further.status} ${reason}, earliest ${earliest}`,
  ].join('; ');
  const fault: Fault = { atMs: handedAtMs, signsFromMs: handedAtMs, seenBy: 'mail', what };
  return { faults: [fault], inFlight: NOTHING, wrong, promised: herd.members };
}

interface Alert {
  readonly reason: string;
  readonly person: string;
}

interface Capacity {
  readonly short: boolean;
  readonly neededMs: number;
  readonly haveMs: number;
}

async function capacityOf(rig: Rig): Promise<Capacity> {
  return (await ask(rig, '/ready')).body['capacity'] as Capacity;
}

/** One question, asked once. */
async function ask(
  { url, key }: Rig,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const response = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
}

const company = (thousands: number): string =>
  `capacity: { wakesPerSecond: ${Math.ceil(thousands * WAKES_PER_THOUSAND)} }\n`;

/** Both in thousands of promises. */
export const herdCases = {
  Herds: {
    ...{ title: 'a herd with one deadline, spread over 20 minutes', times: 20, perSecond: 0, company },
    ...{ policies: policiesOf(LEAD_MINUTES, SPREAD_MINUTES), harm: warnAll, direct: true },
  },
  HerdsShort: {
    ...{ title: 'a herd that the engine cannot warn in time', times: 20, perSecond: 0, company },
    ...{ policies: policiesOf(SHORT_LEAD_MINUTES, SHORT_SPREAD_MINUTES), harm: sayShort, direct: true },
  },
} as const satisfies Readonly<Record<string, Case>>;
