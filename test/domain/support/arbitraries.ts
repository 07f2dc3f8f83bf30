import fc from 'fast-check';
import { planOf, type PlanRequest } from '../../../domain/calendar/plan.ts';
import { termsOf } from '../../../domain/calendar/terms.ts';
import type { Policy } from '../../../domain/policy/policy.ts';
import type { Promised } from '../../../domain/promise/plan.ts';
import { dayOf } from '../../../domain/calendar/zones.ts';
import type { Fact } from '../../../domain/promise/facts.ts';
import { plusMs, type Instant } from '../../../domain/promise/instant.ts';
import type { Basis, Clock, Plan, Planning, Terms, Undertaking } from '../../../domain/promise/plan.ts';
import { LADDER_ALERTS, WAITED_FOR, WITHDRAWERS } from '../../../domain/promise/words.ts';
import {
  acknowledged,
  at,
  dropped,
  escalated,
  estimated,
  failed,
  fulfilled,
  handedOver,
  naming,
  paused,
  policy,
  progressed,
  registered,
  repromised,
  resumed,
  reversed,
  sent,
  withdrawn,
} from './build.ts';

/** With and without daylight time, both hemispheres, half hours, a skipped midnight, a skipped day. */
export const ZONES = [
  'UTC',
  'Europe/Tallinn',
  'America/New_York',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Cairo',
  'Asia/Kolkata',
  'America/St_Johns',
] as const;

const HOUR = 3_600_000;

const duration = (...choices: string[]): fc.Arbitrary<string> => fc.constantFrom(...choices);
const buffer = fc.oneof(
  fc.record({ fixed: duration('PT0S', 'PT10M', 'PT6H', 'P1D', 'P9D') }),
  fc.record(
    { share: fc.constantFrom(0.1, 0.25, 0.6), min: duration('PT0S', 'PT4H'), max: duration('P1D', 'P3D') },
    { requiredKeys: ['share'] },
  ),
);

/** Policies with all that is said here, and these fields besides. */
export const policiesWith = (more: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Policy> =>
  fc
    .record({
      ...more,
      buffer,
      lead: duration('PT0S', 'PT2H', 'P1D', 'P5D'),
      estimateFresh: duration('PT3H', 'P1D', 'P2D'),
      whenUnknown: fc.constantFrom('silent', 'warn'),
      factLag: duration('PT0S', 'PT2H', 'P1D'),
      nextNews: duration('PT4H', 'P1D'),
      notices: fc.record({ promised: fc.boolean() }),
      sendGuard: duration('PT0S', 'PT30S', 'P1D'),
      spread: duration('PT0S', 'PT5M', 'P2D'),
      shortest: duration('PT0S', 'PT1H'),
    })
    .map((document) => Object.entries(document).filter(([, value]) => value !== undefined))
    .map((fields) => policy({ kind: 'delivery', ...possible(Object.fromEntries(fields)) }));

/** With some time where a policy needs some. */
function possible(document: Record<string, unknown>): Record<string, unknown> {
  const { whenUnknown, lead, tooTight, buffer: rule } = document;
  const isNone = typeof rule === 'object' && rule !== null && 'fixed' in rule && rule.fixed === 'PT0S';
  return {
    ...document,
    lead: whenUnknown === 'warn' && lead === 'PT0S' ? 'PT1M' : lead,
    buffer: tooTight === 'refuse' && isNone ? { fixed: 'PT1M' } : rule,
  };
}

export const policies = policiesWith({});

/** Whole hours, so that instants of different origin often fall on one another; both change-over nights of 2026. */
export const moments: fc.Arbitrary<Instant> = fc
  .record({
    base: fc.constantFrom('2026-03-06', '2026-03-27', '2026-10-23', '2026-10-30', '2026-07-01'),
    hours: fc.nat(96),
  })
  .map(({ base, hours }) => plusMs(at(`${base}T00:00Z`), hours * HOUR));

export const promises = (madeAt: Instant, zone: string): fc.Arbitrary<Promised> =>
  fc
    .record({
      precision: fc.constantFrom('instant', 'day', 'window'),
      hours: fc.integer({ min: 0, max: 240 }),
      width: fc.integer({ min: 1, max: 8 }),
    })
    .map(({ precision, hours, width }) => {
      const from = plusMs(madeAt, hours * HOUR);
      if (precision === 'day') return { precision: 'day', day: dayOf(from, zone), zone };
      if (precision === 'window') return { precision: 'window', from, to: plusMs(from, width * HOUR) };
      return { precision: 'instant', at: from };
    });

export const requests: fc.Arbitrary<PlanRequest> = fc
  .record({ madeAt: moments, zone: fc.constantFrom(...ZONES) })
  .chain(({ madeAt, zone }) =>
    fc.record({
      promised: promises(madeAt, zone),
      madeAt: fc.constant(madeAt),
      target: fc.option(fc.integer({ min: -5, max: 200 }).map((hours) => plusMs(madeAt, hours * HOUR))),
      customerZone: fc.option(fc.constantFrom(...ZONES)),
      companyZone: fc.constant(zone),
      place: fc.constantFrom(0, 0.3, 0.999),
    }),
  );

export const termsArbitrary: fc.Arbitrary<Terms> = fc
  .tuple(requests, policies)
  .map(([request, rules]) => termsOf(planOf(request, rules), rules));

/** Instants around a plan, often exactly on one of its own. */
export const around = (plan: Plan): fc.Arbitrary<Instant> => {
  const own = [
    plan.madeAt ?? plan.leadTo,
    plan.targetAt,
    plan.lastCallAt,
    plan.sendBy,
    plan.promisedAt,
    plan.recoveryAt,
  ];
  return fc.oneof(
    fc.record({ near: fc.constantFrom(...own), ms: fc.constantFrom(-1, 0, 1) }).map(({ near, ms }) => plusMs(near, ms)),
    fc
      .record({ near: fc.constantFrom(...own), hours: fc.integer({ min: -30, max: 80 }) })
      .map(({ near, hours }) => plusMs(near, hours * HOUR)),
  );
};

/** What callers may report about a promise. */
export const outsideFacts = (plan: Plan, ends: boolean): fc.Arbitrary<Fact> => {
  const when = around(plan);
  const news = [fc.tuple(when, when).map(([a, b]) => estimated(a, b)), when.map((a) => progressed(a, 'packed'))];
  const endings = [
    when.map((a) => fulfilled(a)),
    fc.tuple(when, fc.constantFrom(...WITHDRAWERS)).map(([a, by]) => withdrawn(a, by)),
  ];
  return fc.oneof(...news, ...(ends ? endings : []));
};

const people = fc.constantFrom('kati', 'jaan', 'mari');

/** What we may have stated: times told are those the terms would tell. */
export const ownFacts = ({ plan, newTimeFor }: Terms): fc.Arbitrary<Fact> => {
  const when = around(plan);
  const reason = fc.constantFrom('risk', 'recovery', 'promised');
  return fc.oneof(
    fc.tuple(when, reason, fc.integer({ min: 0, max: 90 }), fc.boolean()).map(([a, why, hours, tells]) => {
      const told = tells && why !== 'promised' ? newTimeFor(plusMs(plan.promisedAt, hours * HOUR + 1)) : null;
      return sent(a, why, told);
    }),
    fc.tuple(when, reason, people).map(([a, why, who]) => naming(sent(a, why, null), who)),
    fc.tuple(when, people, fc.option(when)).map(([a, who, by]) => handedOver(a, who, by)),
    fc.tuple(when, people).map(([a, who]) => acknowledged(a, who)),
    fc.tuple(when, reason).map(([a, why]) => dropped(a, why)),
    fc.tuple(when, reason).map(([a, why]) => failed(a, why)),
    fc.tuple(when, fc.constantFrom(...LADDER_ALERTS)).map(([a, why]) => escalated(a, why)),
  );
};

/** What may move a plan, or open what was closed. */
const movingFacts = (plan: Plan): fc.Arbitrary<Fact> => {
  const when = around(plan);
  const told: fc.Arbitrary<Undertaking> = fc.oneof(
    when.map((to) => ({ precision: 'instant', at: to }) as const),
    fc.constantFrom('PT3H', 'PT40H').map((within) => ({ precision: 'instant', within, calendar: null }) as const),
  );
  return fc.oneof(
    fc
      .tuple(when, fc.constantFrom(...WAITED_FOR), fc.option(fc.integer({ min: 1, max: 50 })))
      .map(([a, whom, hours]) => paused(a, whom, hours === null ? null : plusMs(a, hours * HOUR))),
    when.map((a) => resumed(a)),
    fc.tuple(when, told, fc.boolean()).map(([a, promised, agreed]) => repromised(a, promised, agreed)),
    when.map((a) => reversed(a)),
  );
};

/** A promise that its facts move, registered like any: how it is planned, its terms, its facts as they are stored. */
export interface Moved {
  readonly planning: Planning & { readonly chain: NonNullable<Planning['chain']> };
  readonly terms: Terms;
  readonly facts: readonly Fact[];
}

export const movedPromises: fc.Arbitrary<Moved> = fc
  .record({ request: requests, rules: policies, lasts: fc.option(fc.constantFrom('PT4H', 'PT30H')) })
  .chain(({ request, rules, lasts }) => {
    const promised: Undertaking =
      lasts === null ? request.promised : { precision: 'instant', within: lasts, calendar: null };
    const basis: Basis = { ...request, promised, target: null, policyVersion: 1, calendars: {} };
    const replan = (clock: Clock): Plan => planOf(clock, rules);
    const terms = termsOf(planOf(basis, rules), rules);
    const { plan, freshUntil } = terms;
    const facts = fc.array(fc.oneof(outsideFacts(plan, true), movingFacts(plan), ownFacts(terms)), { maxLength: 8 });
    return facts.map((some) => ({
      planning: { plan, chain: { basis, steps: [], replan } },
      terms,
      facts: [registered(plan.madeAt ?? plan.leadTo), ...some].map((fact) =>
        fact.kind === 'estimated' ? { ...fact, freshUntil: freshUntil(fact.occurredAt) } : fact,
      ),
    }));
  });

/** A promise, its facts and an instant to judge it at. */
export const cases = termsArbitrary.chain((terms) =>
  fc.record({
    terms: fc.constant(terms),
    facts: fc.array(
      fc.oneof({ weight: 2, arbitrary: outsideFacts(terms.plan, true) }, { weight: 1, arbitrary: ownFacts(terms) }),
      { maxLength: 7 },
    ),
    now: around(terms.plan),
  }),
);
