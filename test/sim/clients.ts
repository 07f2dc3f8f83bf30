import { startOfDay, dayOf } from '../../domain/calendar/zones.ts';
import { IDLE, later, plusMs, type Instant } from '../../domain/promise/instant.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import type { Undertaking } from '../../domain/promise/plan.ts';
import { missing, type PromiseRow, type Rows } from './rows.ts';
import { KINDS, type Kind } from './policies.ts';
import { DAY, HOUR, MINUTE, SECOND, type World } from './world.ts';

/** What clients were told: promises that exist, and facts that are stored. */
export interface Journal {
  readonly promises: Map<string, string>;
  /** By promise and key: the fact, as text. */
  readonly facts: Map<string, Map<string, string>>;
}

export interface Clients {
  readonly journal: Journal;
  /** Begins to register promises and to tell what happens to them. */
  begin(): void;
}

export interface Workload {
  readonly days: number;
  readonly promises: number;
  /** So many steps at least are to happen. */
  readonly steps: number;
}

const ZONES = ['Europe/Tallinn', 'America/St_Johns', 'UTC'] as const;
const OWNERS = ['kati', 'mari', 'jaan'] as const;
const CUSTOMERS = 9;
/** As often at least. */
const ACTS = 40;

/** Order systems and people: they do something now and then, and say it again until they are answered. */
export function clients(world: World, rows: Rows, { days, promises, steps }: Workload): Clients {
  const { dice } = world;
  const journal: Journal = { promises: new Map(), facts: new Map() };
  const beganMs = world.nowMs();
  let acts = 0;
  let refs = 0;
  let keys = 0;

  /** Says it until it is answered; said twice it is the same. `done`: what is answered. */
  const request = <T>(name: string, act: () => T, done: (answer: T) => void): void => {
    const again = (): void =>
      void world.after(dice.anyMs(SECOND, 5 * MINUTE), 'client.again', null, () => request(name, act, done));
    world.send(
      `api.${name}`,
      'api',
      () => {
        if (!world.isUp('database')) return again();
        const answer = act();
        world.send('client.answer', null, () => done(answer), again);
      },
      again,
    );
  };

  const silent = new Set<string>();

  const register = (kind: Kind): void => {
    const madeAt = world.at('clients');
    const zone = dice.pick(ZONES);
    const [parent] = dice.chance(kind === 'refund' ? 0.5 : 0) ? [...rows.promises.values()] : [];
    const wanted = {
      ...{ ref: `ref-${(refs += 1)}`, kind, parent: parent?.id ?? null, registeredOwner: dice.pick(OWNERS) },
      customer: parent?.customer ?? `c-${dice.below(CUSTOMERS)}`,
      basis: {
        ...{ promised: promisedOf(world, kind, madeAt, zone), madeAt, target: null, customerZone: zone },
        ...{ companyZone: 'UTC', place: dice.next(), policyVersion: 1, calendars: {} },
      },
    };
    const stored = (): PromiseRow =>
      [...rows.promises.values()].find(({ ref }) => ref === wanted.ref) ?? rows.insert(wanted);
    request('register', stored, (row) => {
      journal.promises.set(row.ref, row.id);
      if (!dice.chance(0.3)) return;
      silent.add(row.id);
      tellLast(row);
    });
  };

  const tell = (row: PromiseRow, fact = factOf(world, row, `f-${(keys += 1)}`)): void => {
    request(
      'fact',
      () => rows.settle([{ id: row.id, facts: [fact] }]),
      () => {
        const known = journal.facts.get(row.id) ?? new Map<string, string>();
        journal.facts.set(row.id, known.set(fact.factKey, JSON.stringify(fact)));
      },
    );
  };

  const act = (): void => {
    acts += 1;
    const elapsed = (world.nowMs() - beganMs) / (days * DAY);
    const wanted = Math.min(promises, Math.ceil(4 + (promises - 4) * (elapsed / 0.8)));
    if (refs < wanted) register(KINDS[refs % KINDS.length] ?? 'delivery');
    else {
      const told = [...journal.promises.values()].filter((id) => !silent.has(id));
      const known = told.map((id) => rows.promises.get(id) ?? missing(id));
      const open = known.filter(({ closed }) => closed === null);
      const row = known.length === 0 ? null : dice.pick(open.length > 0 && dice.chance(0.85) ? open : known);
      for (let left = 1 + dice.below(3); row && left > 0; left -= 1) tell(row);
    }
    next();
  };

  /** That it will be late becomes known when there is hardly any time left to say so, and nothing before. */
  const tellLast = (row: PromiseRow): void => {
    const { sendBy, promisedAt } = row.plan;
    if (row.closed || sendBy === IDLE) return;
    const ms = Date.parse(sendBy) - world.nowMs() - dice.anyMs(SECOND / 2, 8 * SECOND);
    if (ms <= 0) return;
    world.after(ms, 'client.last', null, () => {
      const head = { kind: 'estimated', factKey: `f-${(keys += 1)}`, occurredAt: world.at('clients') } as const;
      tell(row, { ...head, at: plusMs(promisedAt, dice.anyMs(MINUTE, DAY)) });
    });
  };

  /** So often that the steps come together in the days there are. */
  const next = (): void => {
    const leftMs = (days - 1) * DAY - (world.nowMs() - beganMs);
    if (leftMs <= 0) return;
    const stepsEach = Math.max(4, world.steps / acts);
    const meanMs = Math.min((days * DAY) / ACTS, leftMs / Math.max(1, (steps - world.steps) / stepsEach));
    world.after(Math.min(leftMs, Math.round(-Math.log(1 - dice.next()) * meanMs)), 'client.act', null, act);
  };

  return { journal, begin: () => void world.after(0, 'client.act', null, act) };
}

function promisedOf({ dice }: World, kind: Kind, madeAt: Instant, zone: string): Undertaking {
  const inMs = (leastMs: number, mostMs: number): Instant => plusMs(madeAt, dice.anyMs(leastMs, mostMs));
  const instant = (at: Instant): Undertaking => ({ precision: 'instant', at });
  switch (kind) {
    case 'callback': {
      const from = inMs(2 * HOUR, 2 * DAY);
      return { precision: 'window', from, to: plusMs(from, dice.anyMs(HOUR, 4 * HOUR)) };
    }
    case 'reply':
    case 'repair':
      if (dice.chance(0.6))
        return { precision: 'instant', within: dice.pick(['PT8H', 'PT30H', 'P3D']), calendar: null };
      return instant(inMs(6 * HOUR, 6 * DAY));
    case 'refund':
      return instant(inMs(2 * DAY, 7 * DAY));
    case 'delivery': {
      if (dice.chance(0.4)) return instant(inMs(DAY, 15 * DAY));
      return { precision: 'day', day: dayOf(inMs(DAY, 15 * DAY), zone), zone };
    }
  }
}

const OPEN = {
  ...{ estimated: 30, progressed: 8, paused: 8, resumed: 9, contacted: 6, repromised: 6, fulfilled: 25 },
  ...{ withdrawn: 3, rated: 1, handed_over: 5, policy_applied: 3, attempted: 0, fulfilment_reversed: 1 },
};
const CLOSED = { ...OPEN, fulfilled: 3, withdrawn: 1, rated: 10, fulfilment_reversed: 30, estimated: 10 };
const CALLED = { attempted: 30 };

/** Something that happens to a promise. It may have happened a while ago. */
function factOf(world: World, row: PromiseRow, factKey: string): Fact {
  const { dice } = world;
  const now = world.at('clients');
  const madeAt = row.basis.madeAt ?? now;
  const agoMs = dice.chance(0.15) ? dice.anyMs(MINUTE, 12 * HOUR) : 0;
  const occurredAt = later(plusMs(now, -agoMs), madeAt);
  const kind = dice.weighed({ ...(row.closed ? CLOSED : OPEN), ...(row.plan.tries ? CALLED : {}) });
  const deadline = row.plan.promisedAt === IDLE ? plusMs(now, DAY) : row.plan.promisedAt;
  const head = { factKey, occurredAt };
  switch (kind) {
    case 'estimated': {
      const ms = dice.anyMs(MINUTE, 3 * DAY);
      return { ...head, kind, at: plusMs(deadline, dice.chance(0.6) ? ms : -ms) };
    }
    case 'progressed':
      return { ...head, kind, checkpoint: dice.pick(['packed', 'shipped']) };
    case 'paused': {
      const waitingFor = dice.pick(['customer', 'customer', 'partner', 'us'] as const);
      return {
        ...head,
        kind,
        waitingFor,
        ...(dice.chance(0.5) ? { until: plusMs(now, dice.anyMs(HOUR, 3 * DAY)) } : {}),
      };
    }
    case 'contacted':
      return { ...head, kind, channel: 'phone', about: dice.pick(['status', 'trouble'] as const) };
    case 'repromised': {
      const at = startOfDay(dayOf(plusMs(later(deadline, now), 2 * DAY), 'UTC'), 'UTC');
      return { ...head, kind, promised: { precision: 'instant', at }, agreedByCustomer: dice.chance(0.5) };
    }
    case 'withdrawn':
      return { ...head, kind, by: dice.pick(['customer', 'company', 'unknown'] as const) };
    case 'rated':
      return { ...head, kind, score: 1 + dice.below(5) };
    case 'attempted':
      return {
        ...head,
        kind,
        result: dice.pick(['no_answer', 'no_answer', 'wrong_number', 'reached', 'declined'] as const),
      };
    case 'handed_over':
      return { ...head, kind, owner: dice.pick(OWNERS), by: 'lena', because: 'command', acknowledgeBy: null };
    case 'policy_applied':
      return { ...head, kind, version: 2, calendars: {} };
    case 'resumed':
    case 'fulfilled':
    case 'fulfilment_reversed':
      return { ...head, kind };
  }
}
