import fc from 'fast-check';
import {
  QUIET_CHANNELS,
  type BufferRule,
  type CheckpointRule,
  type Escalation,
  type Policy,
  type QuietHours,
  type RemedyOption,
  type RemedyTable,
} from '../../../domain/policy/policy.ts';
import { REMEDY_KINDS, RUNGS } from '../../../domain/promise/words.ts';

/** Policies with every field somewhere else than by default, all of which could stand in a file. */
const duration = fc.constantFrom('PT0S', 'PT1S', 'PT30M', 'PT1,5H', 'P1D', 'P1DT2H', 'P2W', 'P1M');
const share = fc.oneof(
  fc.constantFrom(0.1, 0.25, 0.333, 0.999),
  fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true }),
);
/** Where none at all is impossible, at least together with other fields. */
const someTime = duration.filter((one) => one !== 'PT0S');
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,62}$/);
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });

const buffer: fc.Arbitrary<BufferRule> = fc.oneof(
  fc.record({ fixed: someTime }),
  fc.record({ share, min: orNull(fc.constantFrom('PT0S', 'PT4H')), max: orNull(fc.constantFrom('PT5H', 'P9Y')) }),
  fc.record({ working: fc.constantFrom('PT4H', 'PT1H30M'), calendar: name }),
);

const wallTime = fc
  .nat(24 * 60 - 1)
  .map((minute) => [Math.floor(minute / 60), minute % 60].map((each) => String(each).padStart(2, '0')).join(':'));
const quiet: fc.Arbitrary<QuietHours> = fc
  .record({ channels: fc.subarray([...QUIET_CHANNELS], { minLength: 1 }), from: wallTime, to: wallTime })
  .filter(({ from, to }) => from !== to);

const rungs = fc.subarray([...RUNGS]);
const escalation: fc.Arbitrary<Escalation> = fc.record({
  slip: rungs,
  at_risk: rungs,
  broken: rungs,
  checkpoint: rungs,
  repeat: orNull(fc.constantFrom('PT4H', 'P1D')),
  times: fc.nat(20),
});

const checkpoints: fc.Arbitrary<readonly CheckpointRule[]> = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/),
    at: fc.oneof(fc.record({ share }), fc.record({ fixed: fc.constantFrom('PT1H', 'P1D', 'P2M') })),
    partner: fc.boolean(),
  }),
  { maxLength: 4, selector: (rule) => rule.name },
);

const money = (least: number, most: number): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: most }).map((cents) => (cents / 100).toFixed(2));
const option: fc.Arbitrary<RemedyOption> = fc.oneof(
  fc.record({ kind: fc.constantFrom(...REMEDY_KINDS), amount: money(1, 99_999) }),
  fc.record({
    kind: fc.constantFrom(...REMEDY_KINDS),
    percent: fc.integer({ min: 1, max: 10_000 }).map((hundredth) => String(hundredth / 100)),
  }),
);
/** Each row later than the one before: none of them is hidden. */
const rows = fc
  .array(fc.record({ value: money(0, 99_999), options: fc.array(option, { minLength: 1, maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((list) => list.map((row, index) => ({ late: `P${index}D`, ...row })));
const remedies: fc.Arbitrary<RemedyTable> = fc.record({
  currency: fc.constantFrom('EUR', 'SEK'),
  rows,
  secondBreak: fc.array(option, { maxLength: 3 }),
  arrives: duration,
  limit: orNull(money(0, 5_000)),
  month: orNull(money(5_000, 9_999)),
});

export const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  kind: fc.oneof(fc.constantFrom('delivery', 'callback', 'reply', 'repair'), name),
  buffer,
  lead: someTime,
  estimateFresh: someTime,
  whenUnknown: fc.constantFrom('silent', 'warn'),
  factLag: duration,
  nextNews: someTime,
  quiet: orNull(quiet),
  notices: fc.record({ promised: fc.boolean() }),
  goal: orNull(fc.oneof(share, fc.constant(1))),
  sendGuard: duration,
  spread: duration,
  tooTight: fc.constantFrom('flag', 'refuse'),
  shortest: duration,
  longest: fc.constantFrom('P4M', 'P2Y', 'P100Y'),
  escalation,
  checkpoints,
  slots: orNull(
    fc.record({
      length: fc.constantFrom('PT5M', 'PT30M', 'PT1H30M'),
      ahead: fc.constantFrom('P1D', 'P14D'),
      team: orNull(fc.constantFrom('care', 'sales')),
    }),
  ),
  tries: orNull(
    fc.record({ max: fc.integer({ min: 1, max: 50 }), every: fc.constantFrom('PT0S', 'PT20M'), remind: duration }),
  ),
  remedies: orNull(remedies),
});
