import { v7 as uuid } from 'uuid';
import { saveCalendar } from '../../db/calendars.ts';
import { insertPromises, type NewPromise } from '../../db/insert-promises.ts';
import { diffPolicy } from '../../db/policy-diff.ts';
import { savePolicy } from '../../db/policies.ts';
import type { Pool } from '../../db/pool.ts';
import { applyPolicy } from '../../db/replan.ts';
import type { Calendar } from '../../domain/calendar/calendar.ts';
import { planOf } from '../../domain/calendar/plan.ts';
import { bookOf, segmentsOf, type Rules } from '../../domain/calendar/planning.ts';
import { termsOf } from '../../domain/calendar/terms.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import { instant, plusMs, type Instant } from '../../domain/promise/instant.ts';
import type { Basis, Undertaking } from '../../domain/promise/plan.ts';
import { OFFICE } from '../domain/support/calendars.ts';
import { policy, seed } from '../support/registrations.ts';
import { figure, type Bench } from './figures.ts';
import { withPostgres } from './with-postgres.ts';

const PROMISES = 100_000;
const SECONDS = 60;
const BATCH = 500;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ZONE = 'Europe/Tallinn';

const BEFORE = policy({ kind: 'delivery', buffer: { share: '20%', min: 'PT4H', max: 'P3D' }, lead: 'P1D' });
const AFTER = policy({ kind: 'delivery', buffer: { share: '30%', min: 'PT4H', max: 'P3D' }, lead: 'P2D' });

/** P11: another policy for a hundred thousand sleeping promises, against a bare UPDATE of the same rows. */
export const benchReplan = (): Promise<Bench> =>
  withPostgres(async (pool) => {
    await fill(pool);
    await pool.query('vacuum analyze');
    await savePolicy(pool, AFTER);
    const diff = await timed(() => diffPolicy(pool, 'delivery', null));
    const applied = await timed(() => applyPolicy(pool, 'delivery'));
    const again = await timed(() => applyPolicy(pool, 'delivery'));
    const bare = await bareUpdate(pool);
    return {
      settings:
        `${PROMISES} open promises: 45 % days, 45 % instants, 10 % 40 working hours of an office; every fifth has an estimate; ` +
        'all sleep; PostgreSQL with fsync; bare = one UPDATE of plan and ' +
        'wake_at of the same rows from a table',
      figures: [
        figure('applied', applied.value?.applied ?? 0, '', { exactly: PROMISES }),
        figure('changed by it, as diff foresaw', diff.value?.changed ?? 0, '', {
          exactly: applied.value?.replanned ?? 0,
        }),
        figure('failed', applied.value?.failed.length ?? 0, '', { exactly: 0 }),
        figure('seconds', applied.seconds, 's', { atMost: SECONDS }),
        figure('rate', PROMISES / applied.seconds, '/s'),
        figure('pokes', applied.value?.pokes ?? 0, ''),
        figure('bare UPDATE', bare, 's'),
        figure('apply / bare UPDATE', applied.seconds / bare, '×'),
        figure('diff', diff.seconds, 's'),
        figure('applied, the second time', again.value?.applied ?? 0, '', { exactly: 0 }),
        figure('seconds, the second time', again.seconds, 's'),
      ],
    };
  });

async function fill(pool: Pool): Promise<void> {
  await seed(pool, [BEFORE]);
  await saveCalendar(pool, OFFICE);
  const now = instant(Date.now());
  for (let from = 0; from < PROMISES; from += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, at) => madeOf(from + at, now));
    await insertPromises(pool, batch, { now, customers: 'given' });
  }
  await pool.query('update promises set armed_at = wake_at, engine_epoch = 1');
  await pool.query('delete from outbox');
}

function madeOf(n: number, now: Instant): NewPromise {
  const madeAt = plusMs(now, -(n % 97) * HOUR_MS);
  const isOffice = n % 10 === 9;
  const basis: Basis = {
    promised: promisedOf(n, plusMs(now, 5 * DAY_MS + n * 30_000)),
    madeAt,
    ...{ target: null, customerZone: ZONE, companyZone: ZONE, place: 0, policyVersion: 1 },
    calendars: isOffice ? { office: 1 } : {},
  };
  const rules = rulesFor(BEFORE, OFFICE);
  const plan = planOf(basis, BEFORE, bookOf(basis, rules));
  const facts: Fact[] = [{ kind: 'registered', factKey: 'registered', occurredAt: madeAt }];
  if (n % 5 === 0) facts.push({ kind: 'estimated', factKey: 'e', occurredAt: now, at: plusMs(now, DAY_MS) });
  return {
    id: uuid(),
    source: 'bench',
    ref: `A-${n}`,
    bodyHash: Buffer.alloc(32),
    kind: 'delivery',
    policyVersion: 1,
    customer: { ref: `C-${n % 20_000}`, name: null, email: null, phone: null, language: null, zone: ZONE },
    ...{ owner: 'kati', partner: null, region: null, product: null, subject: null },
    flags: plan.flags,
    terms: termsOf(plan, BEFORE, { book: bookOf(plan, rules) }),
    basis,
    segments: segmentsOf({ plan, clock: { ...basis, toldAt: null, pauses: [] } }, rules),
    facts,
  };
}

function promisedOf(n: number, at: Instant): Undertaking {
  if (n % 10 === 9) return { precision: 'instant', within: 'PT40H', calendar: 'office' };
  return n % 2 === 0 ? { precision: 'instant', at } : { precision: 'day', day: at.slice(0, 10), zone: ZONE };
}

const rulesFor = (rule: Policy, calendar: Calendar): Rules => ({
  policy: () => rule,
  calendar: () => ({ calendar, version: 1 }),
});

/** The least that storing other plans costs. */
async function bareUpdate(pool: Pool): Promise<number> {
  await pool.query('create table bare as select id, plan, wake_at from promises');
  await pool.query('vacuum analyze promises, bare');
  const bare = await timed(() =>
    pool.query(
      `update promises p set plan = b.plan || '{"policyVersion": 3}', wake_at = b.wake_at + interval '1 second'
       from bare b where b.id = p.id`,
    ),
  );
  return bare.seconds;
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> {
  const began = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - began) / 1_000 };
}
