import type { VersionedCalendar } from '../../domain/calendar/book.ts';
import { planOf } from '../../domain/calendar/plan.ts';
import { bookOf, type Rules } from '../../domain/calendar/planning.ts';
import { parsePolicy } from '../../domain/policy/fields.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Basis, Plan } from '../../domain/promise/plan.ts';

/** Each kind with the usual policy and one that is put in its place later. */
const DOCUMENTS = {
  delivery: [
    {
      ...{ buffer: { share: '20%', min: 'PT4H', max: 'P3D' }, notices: { promised: true }, whenUnknown: 'warn' },
      checkpoints: [{ name: 'packed', at: '40%' }],
    },
    { buffer: { fixed: 'P1D' }, notices: { promised: true }, lead: 'P2D', spread: 'PT1H' },
  ],
  callback: [
    { buffer: { fixed: 'PT10M' }, lead: 'PT30M', factLag: 'PT10M', estimateFresh: 'PT2H' },
    { buffer: { fixed: 'PT20M' }, lead: 'PT1H', factLag: 'PT0S', estimateFresh: 'PT2H', whenUnknown: 'warn' },
  ],
  reply: [
    { buffer: { share: '25%', min: 'PT30M', max: 'P1D' }, lead: 'PT4H', factLag: 'PT30M' },
    { buffer: { fixed: 'PT1H' }, lead: 'PT2H', factLag: 'PT0S', nextNews: 'PT6H' },
  ],
  repair: [
    { buffer: { share: '25%', min: 'PT2H', max: 'P2D' }, factLag: 'PT1H' },
    { buffer: { fixed: 'PT6H' }, factLag: 'PT1H', sendGuard: 'PT5M', quiet: { channels: ['email'] } },
  ],
  refund: [
    { buffer: { share: '40%', min: 'PT4H', max: 'P2D' }, factLag: 'P1D', whenUnknown: 'warn' },
    { buffer: { fixed: 'PT12H' }, factLag: 'PT2H' },
  ],
} as const;
export type Kind = keyof typeof DOCUMENTS;
export const KINDS = Object.keys(DOCUMENTS) as readonly Kind[];

const POLICIES = new Map<string, readonly Policy[]>(
  KINDS.map((kind) => [
    kind,
    DOCUMENTS[kind].map((document) => {
      const read = parsePolicy({ kind, ...document });
      if ('faults' in read) throw new Error(`${kind}: ${JSON.stringify(read.faults)}`);
      return read.policy;
    }),
  ]),
);

/** What the plans of a kind may be made by. No calendars: working time is tested where it is reckoned. */
export function rulesOf(kind: string): Rules {
  const versions = POLICIES.get(kind) ?? [];
  const known = <T>(found: T | undefined, what: string): T => {
    if (found === undefined) throw new Error(`There is no ${what}.`);
    return found;
  };
  return {
    policy: (version) => known(versions[version - 1], `policy ${kind} version ${version}`),
    calendar: (id) => known<VersionedCalendar>(undefined, `calendar ${id}`),
  };
}

export function firstPlan(kind: string, basis: Basis): Plan {
  const rules = rulesOf(kind);
  return planOf(basis, rules.policy(basis.policyVersion), bookOf(basis, rules));
}
