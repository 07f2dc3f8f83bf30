import fc from 'fast-check';
import { DEFAULT_POLICIES } from '../../../domain/policy/defaults.ts';
import type { Policy } from '../../../domain/policy/policy.ts';
import type { Fact } from '../../../domain/promise/facts.ts';
import { later, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import { stands, type Plan, type Undertaking } from '../../../domain/promise/plan.ts';
import { LADDER_ALERTS, ATTEMPT_RESULTS, WAITED_FOR, WITHDRAWERS } from '../../../domain/promise/words.ts';
import { around, moments, policiesWith, promises, ZONES } from './arbitraries.ts';
import { dropped, escalated, estimated, failed, fulfilled, progressed, sent, withdrawn } from './build.ts';
import { agreed, applied, attempted, contacted, imposed, missed, paused, resumed, reversed } from './moving-facts.ts';
import { chainOf, lasting, type Chain } from './chain.ts';

const HOUR = 3_600_000;

/** Two versions for one of the kinds that come with Kept, with checkpoints, tries and quiet mail, which not every policy has. */
const versions = fc.constantFrom(...DEFAULT_POLICIES.map(({ kind }) => kind)).chain((kind) => {
  const version = versionOf(kind);
  return fc.tuple(version, version);
});

const versionOf = (kind: string): fc.Arbitrary<Policy> =>
  policiesWith({
    kind: fc.constant(kind),
    checkpoints: fc.constantFrom(
      [],
      [{ name: 'scanned', at: '50%' }],
      [
        { name: 'constructor', at: '80%' },
        { name: 'scanned', at: { fixed: 'P1D' } },
      ],
    ),
    tries: fc.constantFrom(undefined, { max: 2, every: 'PT1H', remind: 'PT15M' }),
    quiet: fc.constantFrom('none', { channels: ['email'], from: '21:00', to: '09:00' }),
  });

const durations = fc.constantFrom(
  lasting('PT4H'),
  lasting('PT30H'),
  lasting('PT90M', null),
  lasting('PT40H', null),
  lasting('P3D', null),
);

const undertakings = (from: Instant, zone: string): fc.Arbitrary<Undertaking> =>
  fc.oneof(durations, promises(from, zone));

/** Promises of every kind, some of them a duration, with two policies to be planned by. */
export const chains: fc.Arbitrary<Chain> = fc
  .record({ madeAt: moments, zone: fc.constantFrom(...ZONES) })
  .chain(({ madeAt, zone }) =>
    fc.record({
      policies: versions,
      basis: fc.record({
        promised: undertakings(madeAt, zone),
        madeAt: fc.constant(madeAt),
        target: fc.option(
          fc.integer({ min: -5, max: 90 }).map((hours) => plusMs(madeAt, hours * HOUR)),
          { freq: 6 },
        ),
        customerZone: fc.option(fc.constantFrom(...ZONES)),
        companyZone: fc.constant(zone),
        place: fc.constantFrom(0, 0.3, 0.999),
        policyVersion: fc.constant(1),
        calendars: fc.constant({ office: 1 }),
      }),
    }),
  )
  .map(({ basis, policies: both }) => chainOf(basis, both));

/** Whatever may be told of a promise, at instants that often fall on one another. */
export const chainFacts = (plan: Plan, zone: string): fc.Arbitrary<Fact> => {
  const when = around(plan);
  const madeAt = plan.madeAt ?? plan.leadTo;
  const told = fc.oneof(
    durations,
    when.chain((from) => promises(later(from, madeAt), zone)),
  );
  const moving = [
    fc
      .tuple(when, fc.constantFrom('customer', ...WAITED_FOR), fc.option(fc.integer({ min: -2, max: 90 })))
      .map(([a, who, hours]) => paused(a, who, hours === null ? undefined : plusMs(a, hours * HOUR))),
    when.map(resumed),
    fc.tuple(when, told).map(([a, promised]) => agreed(a, promised)),
    fc.tuple(when, told).map(([a, promised]) => imposed(a, promised)),
    fc
      .tuple(when, fc.constantFrom(1, 2), fc.boolean())
      .map(([a, version, counts]) => applied(a, version, counts ? { office: version } : {})),
  ];
  const news = [
    fc.tuple(when, when).map(([a, b]) => estimated(a, b)),
    fc.tuple(when, fc.constantFrom('scanned', 'constructor', '__proto__')).map(([a, name]) => progressed(a, name)),
    fc.tuple(when, fc.constantFrom(...ATTEMPT_RESULTS)).map(([a, result]) => attempted(a, result)),
    when.map(contacted),
  ];
  const ends = [
    when.map(fulfilled),
    fc.tuple(when, fc.constantFrom(...WITHDRAWERS)).map(([a, by]) => withdrawn(a, by)),
    when.map(reversed),
  ];
  const reason = fc.constantFrom('risk', 'recovery', 'promised');
  const own = [
    fc
      .tuple(when, reason, fc.option(when))
      .map(([a, why, time]) =>
        sent(a, why, time === null || why === 'promised' ? null : { at: later(time, madeAt), day: null }),
      ),
    fc.tuple(when, reason).map(([a, why]) => dropped(a, why)),
    fc.tuple(when, reason).map(([a, why]) => failed(a, why)),
    fc
      .tuple(when, fc.constantFrom(...LADDER_ALERTS))
      .map(([a, why]) => (why === 'checkpoint' ? missed(a, 'scanned') : escalated(a, why))),
  ];
  return fc.oneof(
    { weight: 5, arbitrary: fc.oneof(...moving) },
    { weight: 3, arbitrary: fc.oneof(...news) },
    { weight: 1, arbitrary: fc.oneof(...ends) },
    { weight: 2, arbitrary: fc.oneof(...own) },
  );
};

export interface ChainCase {
  readonly chain: Chain;
  /** Each of its own key. */
  readonly facts: readonly Fact[];
  readonly now: Instant;
}

/** A promise, its facts and an instant to judge it at, often one of its plan then. */
export const chainCases: fc.Arbitrary<ChainCase> = chains
  .chain((chain) =>
    fc.record({
      chain: fc.constant(chain),
      facts: fc.array(chainFacts(chain.plan, chain.plan.zone), { maxLength: 8 }),
    }),
  )
  .map(({ chain, facts }) => ({
    chain,
    facts: facts.filter(({ factKey }, place) => facts.findIndex((other) => other.factKey === factKey) === place),
  }))
  .chain(({ chain, facts }) => {
    const { plan } = chain.state(facts);
    return fc.record({
      chain: fc.constant(chain),
      facts: fc.constant(facts),
      now: around(stands(plan) ? chain.plan : plan),
    });
  });
