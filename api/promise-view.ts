import { z } from '@hono/zod-openapi';
import { contactOf, type Alerting, type StaffMember } from '../db/duty.ts';
import type { PromiseRow } from '../db/shapes.ts';
import { passedAt } from '../domain/promise/fold.ts';
import { msBetween, timed, type Instant } from '../domain/promise/instant.ts';
import { FLAGS, PHASES, PRECISIONS, WAITED_FOR } from '../domain/promise/words.ts';
import { instantAnswer } from './fields.ts';

const contactSchema = z.strictObject({
  role: z.enum(['owner', 'deputy', 'hotline']),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
});

/** A promise as every route answers it. */
export const promiseView = z
  .strictObject({
    id: z.uuid(),
    source: z.string(),
    ref: z.string(),
    kind: z.string(),
    phase: z.enum(PHASES).openapi({ description: 'As of now; `overdue` and `at_risk` follow from the clock.' }),
    precision: z.enum(PRECISIONS),
    revision: z.int().openapi({ description: 'Number of the newest told time; 1 is the promise as first made.' }),
    promisedAt: instantAnswer.nullable().openapi({
      description:
        'The deadline, by the last time the customer agreed to. Day: the first instant of the next local day. Window: its ' +
        'end. Null while the clock of a duration stands until something happens, as are the instants before it.',
    }),
    firstPromisedAt: instantAnswer.nullable().openapi({ description: 'By revision 1, whatever was agreed later.' }),
    targetAt: instantAnswer.nullable(),
    riskAt: instantAnswer.nullable(),
    lastCallAt: instantAnswer.nullable().openapi({
      description: 'The latest instant at which a warning still gives the customer its lead.',
    }),
    wakeAt: instantAnswer
      .nullable()
      .openapi({ description: 'When Kept looks again by itself; null: only when something happens.' }),
    estimatedAt: instantAnswer.nullable(),
    fulfilledAt: instantAnswer.nullable(),
    marginMs: z
      .int()
      .nullable()
      .openapi({ description: 'promisedAt − fulfilledAt in milliseconds; positive is early.' }),
    owner: z.string().nullable(),
    partner: z.string().nullable(),
    flags: z.array(z.enum(FLAGS)),
    madeAt: instantAnswer.nullable().openapi({ description: 'Null only for history that does not say when.' }),
    history: z.boolean().openapi({ description: 'Imported as it was: nobody is ever written to about it.' }),
    fulfilledAsDay: z.boolean().openapi({
      description: 'Of the fulfilment only the local day is known: fulfilledAt is the end of that day.',
    }),
    closedAt: instantAnswer.nullable(),
    region: z.string().nullable(),
    product: z.string().nullable(),
    subject: z.string().nullable(),
    zone: z.string().openapi({ description: 'Its calendar days are counted and its times are shown in this zone.' }),
    day: z.string().nullable().openapi({ description: 'Days only: the promised local day.' }),
    from: instantAnswer.nullable().openapi({ description: 'Windows only: the start.' }),
    customer: z.string().nullable().openapi({ description: "The customer's ref; null: a history that names nobody." }),
    told: z
      .strictObject({ at: instantAnswer.nullable(), revision: z.int() })
      .nullable()
      .openapi({ description: 'The newest time the customer was told, the promise itself included.' }),
    contact: contactSchema.nullable().openapi({ description: 'Whom a notice would name now.' }),
    handOver: z
      .strictObject({
        from: z.string().nullable(),
        to: z.string(),
        at: instantAnswer,
        dueAt: instantAnswer
          .nullable()
          .openapi({ description: 'By when it is to be acknowledged, or it goes to the lead; null: it need not be.' }),
        acknowledgedAt: instantAnswer.nullable(),
      })
      .nullable()
      .openapi({ description: 'The newest change of the owner; null: there was none.' }),
    agreedRevision: z.int().openapi({ description: 'Number of the revision by which the promise is judged.' }),
    waiting: z
      .strictObject({ for: z.enum(WAITED_FOR), since: instantAnswer, until: instantAnswer.nullable() })
      .nullable()
      .openapi({ description: 'Who must act, by the newest word about it; null: nobody but us.' }),
    clock: z
      .strictObject({
        calendar: z.string().nullable(),
        calendarVersion: z.int().nullable(),
        withinMs: z.int().openapi({ description: 'Running time that was promised.' }),
        leftMs: z
          .int()
          .nullable()
          .openapi({ description: 'Running time left, while it stands until something happens; else null.' }),
      })
      .nullable()
      .openapi({ description: 'Duration promises only.' }),
    checkpoints: z.array(
      z.strictObject({
        name: z.string(),
        at: instantAnswer,
        partner: z.boolean().openapi({ description: 'The partner answers for it.' }),
        passedAt: instantAnswer.nullable(),
      }),
    ),
    attempts: z
      .strictObject({ counted: z.int(), max: z.int() })
      .nullable()
      .openapi({ description: 'Tries to reach the customer; null: a kind that is not fulfilled by calling.' }),
    contacts: z.int().openapi({ description: 'How often the customer came to us about it.' }),
    slot: z
      .string()
      .nullable()
      .openapi({ description: 'Id of the slot in which a place was taken for it; null: it has none.' }),
    policyVersion: z.int(),
    value: z
      .strictObject({ amount: z.string(), currency: z.string() })
      .nullable()
      .openapi({ description: 'What the promised thing costs.', example: { amount: '49.90', currency: 'EUR' } }),
    parent: z.uuid().nullable().openapi({
      description: 'The promise that this one follows from; set where Kept registered it itself.',
    }),
    children: z.array(z.uuid()).openapi({ description: 'Promises that follow from this one, oldest first.' }),
    links: z.strictObject({ page: z.string() }),
  })
  .openapi('Promise');

/** What the API says about a promise at `now`. `staff` holds its owner with their deputy, where known, and the hotline. */
export function viewOf(
  row: PromiseRow,
  staff: ReadonlyMap<string, StaffMember>,
  { baseUrl, now }: { readonly baseUrl: string; readonly now: Instant },
): z.input<typeof promiseView> {
  return {
    id: row.id,
    source: row.source,
    ref: row.ref,
    kind: row.kind,
    phase: row.phase,
    precision: row.precision,
    revision: row.revision,
    promisedAt: timed(row.promisedAt),
    firstPromisedAt: timed(row.firstPromisedAt),
    targetAt: timed(row.targetAt),
    riskAt: row.plan.riskAt,
    lastCallAt: timed(row.lastCallAt),
    wakeAt: row.wakeAt,
    estimatedAt: row.estimatedAt,
    fulfilledAt: row.fulfilledAt,
    marginMs: row.fulfilledAt === null ? null : msBetween(row.fulfilledAt, row.promisedAt),
    owner: row.owner,
    partner: row.partner,
    flags: [...row.flags],
    madeAt: row.madeAt,
    history: row.history,
    fulfilledAsDay: row.fulfilledAsDay,
    closedAt: row.closedAt,
    region: row.region,
    product: row.product,
    subject: row.subject,
    zone: row.plan.zone,
    day: row.plan.day,
    from: row.plan.windowFrom,
    customer: row.customerRef,
    told: { at: timed(row.toldAt), revision: row.revision },
    contact: row.history ? null : contactView(row, staff, now),
    handOver: row.handOver,
    agreedRevision: row.agreedRevision,
    ...movesOf(row),
    contacts: row.contacts,
    slot: row.slot,
    policyVersion: row.policyVersion,
    value: row.value,
    parent: row.parent,
    children: [...row.children],
    links: { page: `${baseUrl}/promises/${row.id}` },
  };
}

/** What may still move it, and what it passes on its way. */
function movesOf({ plan, waitingFor, waitingSince, waitingUntil, attempts, passed }: PromiseRow) {
  const { clock, checkpoints, tries, calendars } = plan;
  const calendarVersion = clock?.calendar ? (calendars[clock.calendar] ?? null) : null;
  return {
    waiting: waitingFor && waitingSince && { for: waitingFor, since: waitingSince, until: waitingUntil },
    clock: clock && { calendar: clock.calendar, calendarVersion, withinMs: clock.withinMs, leftMs: clock.leftMs },
    checkpoints: checkpoints.map(({ name, at, partner }) => ({ name, at, partner, passedAt: passedAt(passed, name) })),
    attempts: tries && { counted: attempts, max: tries.max },
  };
}

function contactView(
  of: Alerting,
  staff: ReadonlyMap<string, StaffMember>,
  now: Instant,
): z.input<typeof contactSchema> | null {
  const contact = contactOf(of, staff, now);
  if (!contact) return null;
  const { name, email, phone } = contact.person;
  return { role: contact.role, name, email, phone };
}
