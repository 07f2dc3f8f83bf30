import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { placeOf } from '../../api/place.ts';
import type { NewPromise } from '../../db/insert-promises.ts';
import type { VersionedPolicy } from '../../db/policies.ts';
import type { CustomerData } from '../../db/shapes.ts';
import { bookOf, type Rules } from '../../domain/calendar/planning.ts';
import { planOf } from '../../domain/calendar/plan.ts';
import { termsOf } from '../../domain/calendar/terms.ts';
import { calendarsOf } from '../../domain/policy/policy.ts';
import { NO_CALENDARS, type VersionedCalendar } from '../../domain/calendar/book.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import { earlier, type Instant, type Zone } from '../../domain/promise/instant.ts';
import type { Basis, Plan } from '../../domain/promise/plan.ts';
import type { Flag } from '../../domain/promise/words.ts';
import type { VersionedPartner } from '../../domain/policy/partner.ts';
import type { HistoryRow, Rejected } from './mapping.ts';

/** What holds for every row of an import. */
export interface Frame {
  readonly source: string;
  /** Of the mapping: days and times of a promise are those of it, unless the customer has another. */
  readonly zone: Zone;
  /** The newest policy of every kind. */
  readonly policies: ReadonlyMap<string, VersionedPolicy>;
  /** The newest version of every calendar. */
  readonly calendars: ReadonlyMap<string, VersionedCalendar>;
  /** The newest version of every partner. */
  readonly partners: ReadonlyMap<string, VersionedPartner>;
  /** Rows that have not ended become promises that live. */
  readonly live: boolean;
}

/** What holds for the rows that are read together. */
export interface Moment {
  readonly now: Instant;
  /** What is said to have happened later than this cannot have happened: clocks differ, and a day ends in time to come. */
  readonly latest: Instant;
  /** The staff among the owners of these rows. */
  readonly staff: ReadonlySet<string>;
  /** Refs of the customers among those of these rows of whom an address is known, though a row may name none. */
  readonly reachable: ReadonlySet<string>;
}

/** The promise that a row becomes, planned by the newest policy of its kind; or why it becomes none. */
export function newPromiseOf(row: HistoryRow, frame: Frame, moment: Moment): NewPromise | Rejected {
  const policy = frame.policies.get(row.kind);
  if (!policy) return rejected('UNKNOWN_KIND', row.kind, unknownKind(row.kind, frame));
  const ahead = aheadOf(row, moment.latest);
  if (ahead) return ahead;
  const lives = frame.live && !hasEnded(row);
  if (lives && row.madeAt === null) return rejected('MADE_AT_MISSING', '', MADE_AT_MISSING);
  const basis = basisOf(row, frame, policy, lives);
  const rules = rulesOf(frame, policy, row);
  const plan = planWithin(basis, policy, rules);
  if ('rejected' in plan) return plan;
  const unknownOwner = lives && row.owner !== null && !moment.staff.has(row.owner);
  return {
    id: uuid(),
    source: frame.source,
    ref: row.ref,
    bodyHash: promiseHash(row),
    kind: row.kind,
    policyVersion: policy.version,
    customer: row.customer ?? (lives ? nobodyNamed(frame.source, row.ref) : null),
    owner: row.owner,
    partner: row.partner,
    region: row.region,
    product: row.product,
    subject: row.subject,
    flags: unknownOwner ? ([...plan.flags, 'owner_unknown'] satisfies Flag[]) : plan.flags,
    terms: termsOf(plan, policy.policy, {
      history: !lives,
      book: bookOf(plan, rules),
      customerZone: basis.customerZone,
    }),
    basis,
    segments: null,
    facts: [registered(row, plan), ...row.facts],
  };
}

/** Whether it says how it ended; such a promise is history, whatever the import is for. */
export const hasEnded = ({ facts }: { readonly facts: readonly Fact[] }): boolean => facts.some(isEnding);

/** SHA-256 of what was promised, without what happened since and without labels: tells a newer export from another promise. */
export function promiseHash({ kind, madeAt, promised, target }: HistoryRow): Buffer {
  const told =
    promised.precision === 'instant'
      ? [promised.at]
      : promised.precision === 'day'
        ? [promised.day, promised.zone]
        : [promised.from, promised.to];
  return createHash('sha256')
    .update(JSON.stringify([kind, madeAt, promised.precision, told, target]))
    .digest();
}

function basisOf(row: HistoryRow, frame: Frame, policy: VersionedPolicy, lives: boolean): Basis {
  const versions = calendarsOf(policy.policy).flatMap((id): [string, number][] => {
    const version = frame.calendars.get(id)?.version;
    return version === undefined ? [] : [[id, version]];
  });
  // Of history nobody answers for checkpoints any more.
  const partner = lives && row.partner !== null ? frame.partners.get(row.partner) : undefined;
  return {
    promised: row.promised,
    madeAt: row.madeAt,
    target: row.target,
    customerZone: row.customer?.zone ?? frame.zone,
    companyZone: frame.zone,
    place: lives ? placeOf({ source: frame.source, ref: row.ref }) : 0,
    policyVersion: policy.version,
    calendars: Object.fromEntries(versions),
    ...(partner && { partnerVersion: partner.version }),
  };
}

const rulesOf = ({ calendars, partners }: Frame, { policy }: VersionedPolicy, { partner }: HistoryRow): Rules => ({
  policy: () => policy,
  calendar: (id) => calendars.get(id) ?? NO_CALENDARS.calendar(id),
  partner: () => {
    const known = partner === null ? undefined : partners.get(partner);
    if (!known) throw new Error(`Partner ${partner} is not stored.`);
    return known.partner;
  },
});

function planWithin(basis: Basis, { policy }: VersionedPolicy, rules: Rules): Plan | Rejected {
  try {
    return planOf(basis, policy, bookOf(basis, rules));
  } catch (error) {
    if (error instanceof RangeError) return rejected('TIME_OUT_OF_RANGE', '', TIME_OUT_OF_RANGE);
    throw error;
  }
}

/** The outcome hangs on the ending alone: whatever else cannot have happened yet is taken as not told, and named. */
export function believed(row: HistoryRow, latest: Instant): HistoryRow {
  const isAhead = (at: Instant | null): boolean => at !== null && at > latest;
  const facts = row.facts.filter((fact) => isEnding(fact) || !isAhead(fact.occurredAt));
  const madeAt = isAhead(row.madeAt) ? null : row.madeAt;
  if (facts.length === row.facts.length && madeAt === row.madeAt) return row;
  const dropped = [
    ...(madeAt === row.madeAt ? [] : [row.madeAt]),
    ...row.facts.filter((fact) => !facts.includes(fact)).map((fact) => fact.occurredAt),
  ];
  const { code, column, message } = rejected('OCCURRED_AT_IMPLAUSIBLE', '', OCCURRED_AT_IMPLAUSIBLE);
  return {
    ...row,
    madeAt,
    facts,
    ignored: [...row.ignored, ...dropped.map((at) => ({ code, column, message, value: at ?? '' }))],
  };
}

function aheadOf({ facts }: HistoryRow, latest: Instant): Rejected | null {
  const ending = facts.find((fact) => isEnding(fact) && fact.occurredAt > latest);
  return ending ? rejected('OCCURRED_AT_IMPLAUSIBLE', ending.occurredAt, OCCURRED_AT_IMPLAUSIBLE) : null;
}

const isEnding = ({ kind }: Pick<Fact, 'kind'>): boolean => kind === 'fulfilled' || kind === 'withdrawn';

const registered = ({ madeAt, facts }: HistoryRow, { promisedAt }: Plan): Fact => ({
  kind: 'registered',
  factKey: 'registered',
  occurredAt: madeAt ?? facts.reduce((first, fact) => earlier(first, fact.occurredAt), promisedAt),
});

/** A customer without any address: nothing can be sent, and staff see that. */
const nobodyNamed = (source: string, ref: string): CustomerData => ({
  ref: `${source}:${ref}`,
  name: null,
  email: null,
  phone: null,
  language: null,
  zone: null,
});

const rejected = (code: string, value: string, message: string): Rejected => ({
  rejected: true,
  code,
  column: null,
  value: value.slice(0, 200),
  message,
});

const unknownKind = (kind: string, { policies }: Frame): string =>
  `There is no policy for the kind ${kind}. There are: ${[...policies.keys()].sort().join(', ') || 'none yet'}. Put a file for it into KEPT_POLICIES and run "npx kept migrate", or start Kept anew.`;

const MADE_AT_MISSING =
  'A promise that lives needs the time at which it was made. Give it a column for that, or import it as history.';
const TIME_OUT_OF_RANGE = 'The times around it do not lie between the years 0001 and 9999.';
const OCCURRED_AT_IMPLAUSIBLE =
  'More than a day ahead of now, so it cannot have happened. Is it the promised time, or read in another form?';
