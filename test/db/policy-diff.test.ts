import { afterAll, beforeAll, expect, it } from 'vitest';
import { saveCalendar } from '../../db/calendars.ts';
import { diffPolicy, type PolicyDiff } from '../../db/policy-diff.ts';
import { savePolicy } from '../../db/policies.ts';
import { createRegistrar } from '../../db/register.ts';
import { applyPolicy } from '../../db/replan.ts';
import { recordFact } from '../../db/settle.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import type { Plan } from '../../domain/promise/plan.ts';
import type { Undertaking } from '../../domain/promise/plan.ts';
import { calendar, daily } from '../domain/support/calendars.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const COUNT = 60;
const desk = { ...calendar({ zone: 'UTC', week: daily('08:00-20:00') }), id: 'desk' };
const BASE = { kind: 'delivery', buffer: { share: '20%' }, lead: 'P1D' };

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [policy(BASE)]);
  await saveCalendar(database.pool, desk);
  for (let n = 0; n < COUNT; n += 1) await make(n);
});
afterAll(() => database.drop());

/** The same set in every run, but for the day it is. */
async function make(n: number): Promise<void> {
  const promised = promisedOf(n);
  const made = await registration(database.pool, {
    kind: 'delivery',
    promised,
    madeAt: fromNow(-DAY - n * HOUR),
    ref: `A-${n}`,
    ...('within' in promised ? { calendar: { calendar: desk, version: 1 } } : {}),
    ...(n % 7 === 0 ? { target: fromNow(30 * HOUR) } : {}),
  });
  await createRegistrar(database.pool).register(made);
  const fact: Record<number, object> = {
    1: { kind: 'estimated', at: fromNow(2 * DAY) },
    2: { kind: 'paused', waitingFor: 'customer' },
    3: { kind: 'fulfilled' },
  };
  const told = fact[n % 8];
  if (told) await recordFact(database.pool, made.id, { factKey: 'f', occurredAt: fromNow(0), ...told } as OutsideFact);
}

function promisedOf(n: number): Undertaking {
  if (n % 3 === 0) return { precision: 'instant', within: `PT${60 + n}H`, calendar: 'desk' };
  const at = fromNow(2 * DAY + n * 5 * HOUR);
  return n % 3 === 1
    ? { precision: 'instant', at }
    : { precision: 'day', day: at.slice(0, 10), zone: 'Europe/Tallinn' };
}

interface Stored {
  readonly plan: Plan;
  readonly wake_at: string | null;
}

async function openOnes(): Promise<ReadonlyMap<string, Stored>> {
  const { rows } = await database.pool.query<Stored & { ref: string }>(
    'select ref, plan, wake_at from promises where closed_at is null',
  );
  return new Map(rows.map((row) => [row.ref, row]));
}

async function countOf(sql: string): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(`select count(*) as n from ${sql}`);
  return rows[0]?.n ?? 0;
}

const owed = async () => ({
  risk: await countOf(`duties where reason = 'risk'`),
  recovery: await countOf(`duties where reason = 'recovery'`),
  alerts: await countOf(`facts where kind = 'escalated'`),
});

/** Counted anew, from what is stored. */
function counted(before: ReadonlyMap<string, Stored>, after: ReadonlyMap<string, Stored>) {
  const pairs = [...before].flatMap(([ref, was]) => {
    const is = after.get(ref);
    return is ? [[was, is] as const] : [];
  });
  const moves = (of: (stored: Stored) => string | null) => ({
    earlier: pairs.filter(([was, is]) => (of(is) ?? 'z') < (of(was) ?? 'z')).length,
    later: pairs.filter(([was, is]) => (of(is) ?? 'z') > (of(was) ?? 'z')).length,
  });
  const turns = (flag: 'no_buffer' | 'too_tight') => ({
    gained: pairs.filter(([was, is]) => is.plan.flags.includes(flag) && !was.plan.flags.includes(flag)).length,
    lost: pairs.filter(([was, is]) => !is.plan.flags.includes(flag) && was.plan.flags.includes(flag)).length,
  });
  const names = ['promisedAt', 'targetAt', 'lastCallAt', 'sendBy', 'recoveryAt'] as const;
  return {
    instants: Object.fromEntries(names.map((name) => [name, moves(({ plan }) => plan[name])])),
    wakeAt: moves((stored) => stored.wake_at),
    flags: { no_buffer: turns('no_buffer'), too_tight: turns('too_tight') },
  };
}

function picked({ instants, wakeAt, flags }: PolicyDiff) {
  const { checkpoints: _checkpoints, ...moved } = instants;
  return { instants: moved, wakeAt, flags };
}

it.each([
  ['a longer lead', { ...BASE, lead: 'P2D' }],
  ['another buffer', { ...BASE, buffer: { fixed: 'PT50H' }, shortest: 'P4D' }],
  ['a buffer of working time', { ...BASE, buffer: { working: 'PT10H', calendar: 'desk' } }],
  [
    'warnings without news and checkpoints',
    { ...BASE, lead: 'P6D', whenUnknown: 'warn', checkpoints: [{ name: 'packed', at: '40%' }] },
  ],
  [
    'other tries, partners and people, and a confirmation of what was made before',
    {
      ...BASE,
      tries: { max: 2, every: 'PT1H' },
      checkpoints: [{ name: 'packed', at: '40%', partner: true }],
      escalation: { broken: [] },
      notices: { promised: true },
    },
  ],
  ['the first one again', BASE],
])('what diff says of %s is what apply then does', async (_, document) => {
  const next = policy(document);
  const [before, owedBefore] = [await openOnes(), await owed()];
  const diff = await diffPolicy(database.pool, 'delivery', next);
  expect(await openOnes()).toEqual(before);
  const version = await savePolicy(database.pool, next);
  const applied = await applyPolicy(database.pool, 'delivery');
  const [after, owedAfter] = [await openOnes(), await owed()];
  if (!diff) throw new Error('There is a policy for this kind.');
  expect(picked(diff)).toEqual(counted(before, after));
  expect(diff).toMatchObject({ version, open: before.size, changed: applied?.replanned, failed: [] });
  expect(diff.changed + diff.unchanged).toBe(before.size);
  expect(diff.wakeAt.earlier).toBe(applied?.earlier);
  expect(diff.dueAtOnce).toEqual({
    risk: owedAfter.risk - owedBefore.risk,
    recovery: owedAfter.recovery - owedBefore.recovery,
    alerts: owedAfter.alerts - owedBefore.alerts,
  });
  expect(await countOf(`duties where reason = 'promised'`)).toBe(0);
  for (const { ref, instant, to } of diff.examples)
    if (instant !== 'wakeAt') expect(to).toBe(after.get(ref)?.plan[instant as 'targetAt']);
  expect(await diffPolicy(database.pool, 'delivery', null)).toMatchObject({ changed: 0, examples: [], fields: [] });
});

it('counts those that are tried otherwise, by another partner, or alerted to others, though nothing moves', async () => {
  const { size } = await openOnes();
  const tries = { max: 2, every: 'PT1H' };
  const diff = await diffPolicy(database.pool, 'delivery', policy({ ...BASE, tries, escalation: { broken: [] } }));
  expect(diff).toMatchObject({ changed: size, otherwise: { tries: size, partners: 0, alerts: size } });
});

it('names the fields that differ as a file would say them', async () => {
  const diff = await diffPolicy(database.pool, 'delivery', policy({ ...BASE, lead: 'P3D', goal: '95%' }));
  expect(diff?.fields).toEqual([
    { field: 'lead', from: 'P1D', to: 'P3D' },
    { field: 'goal', from: 'none', to: '95%' },
  ]);
});

it('says of the policy that is stored already that it is the same version, and changes nothing', async () => {
  const stored = await diffPolicy(database.pool, 'delivery', policy(BASE));
  expect(stored).toMatchObject({ changed: 0, fields: [] });
  expect(stored?.version).toBe(await savePolicy(database.pool, policy(BASE)));
});
