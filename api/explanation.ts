import { z } from '@hono/zod-openapi';
import { explainedRows } from '../db/explain.ts';
import type { Pool } from '../db/pool.ts';
import { explanationOf, type Explanation } from '../domain/promise/explanation.ts';
import { CLOCK_REASONS, FLAGS, PHASES, PRECISIONS, TURN_CAUSES, WAITED_FOR } from '../domain/promise/words.ts';
import { explainReason } from '../words/explain.en.ts';
import { instantAnswer } from './fields.ts';
import { reasonView } from './reason-view.ts';

/**
 * How everything about a promise was computed, from its stored rows alone; null where the id is not known. Neither
 * policies nor calendars nor zone data are read: what the rows say stays said.
 */
export async function explained(pool: Pool, id: string): Promise<Explanation | null> {
  const rows = await explainedRows(pool, id);
  return rows && explanationOf(rows.promise, rows.facts, rows.now, explainReason);
}

const orNull = instantAnswer.nullable();

const segment = z.strictObject({
  from: instantAnswer,
  to: orNull.openapi({ description: 'Not included. Null: until something happens.' }),
  reason: z.enum(CLOCK_REASONS),
});

const revision = z.strictObject({
  revision: z.int(),
  at: instantAnswer.openapi({ description: 'When it was told.' }),
  factKey: z.string(),
  agreed: z.boolean().openapi({ description: 'Agreed to by the customer in time: the promise is judged by it.' }),
  promisedAt: orNull,
  day: z.string().nullable(),
  cause: z.string().nullable(),
});

const checkpoint = z.strictObject({
  name: z.string(),
  at: instantAnswer,
  value: z.string().openapi({ description: 'What the policy or the partner says of it, e.g. 60% or P1D.' }),
  field: z
    .string()
    .openapi({ description: 'Where that stands, e.g. checkpoints or partners.dpd.checkpoints.delivery.' }),
  partner: z.boolean(),
  passedAt: orNull,
});

const step = z.strictObject({
  factKey: z.string(),
  at: instantAnswer,
  imposed: z.boolean().openapi({ description: 'Told, but not agreed: never in force.' }),
  policyVersion: z.int(),
  promisedAt: orNull,
  targetAt: orNull,
  lastCallAt: orNull,
});

const transition = z.strictObject({
  at: instantAnswer,
  from: z.enum(PHASES).nullable(),
  to: z.enum(PHASES),
  because: z.enum(TURN_CAUSES),
  factKey: z.string().nullable().openapi({ description: 'Of the fact that made it; null: the clock did.' }),
});

/** `Explanation` as the API answers it. */
export const explanationView = z
  .strictObject({
    id: z.uuid(),
    source: z.string(),
    ref: z.string(),
    kind: z.string(),
    phase: z.enum(PHASES),
    owner: z.string().nullable(),
    waiting: z
      .strictObject({ for: z.enum(WAITED_FOR), since: instantAnswer, until: orNull })
      .nullable()
      .openapi({ description: 'Who must act, by the newest word about it; null: nobody but us.' }),
    policyVersion: z.int(),
    calendar: z
      .strictObject({ id: z.string(), version: z.int() })
      .nullable()
      .openapi({ description: 'The calendar that the promise itself counts by, else the one of its buffer.' }),
    calendars: z
      .record(z.string(), z.int())
      .openapi({ description: 'The version of every calendar that the plan in force was made by, by id.' }),
    partner: z
      .strictObject({ id: z.string(), version: z.int() })
      .nullable()
      .openapi({ description: 'The partner that the plan in force was made by, too; null: nothing was said of one.' }),
    precision: z.enum(PRECISIONS),
    zone: z.string(),
    offsets: z
      .array(
        z.strictObject({
          from: orNull.openapi({ description: 'Null: from the beginning.' }),
          minutes: z.number().openapi({ description: 'Minutes east of UTC.' }),
        }),
      )
      .readonly()
      .openapi({ description: 'The clock of the zone, as it was known when the plan was made.' }),
    madeAt: orNull,
    from: orNull.openapi({ description: 'Windows only: the start.' }),
    day: z.string().nullable().openapi({ description: 'Days only: the promised local day.' }),
    promisedAt: orNull.openapi({ description: 'Null while the clock stands until something happens, as the rest is.' }),
    targetAt: orNull,
    riskAt: orNull,
    lastCallAt: orNull,
    sendBy: orNull.openapi({ description: 'No warning is handed over at or after this.' }),
    recoveryAt: orNull.openapi({ description: 'When it counts as broken, if still open: apology and alert.' }),
    flags: z.array(z.enum(FLAGS)).readonly(),
    reasons: z.array(reasonView).readonly(),
    clock: z
      .strictObject({
        withinMs: z.int().openapi({ description: 'Running time that was promised.' }),
        leftMs: z.int().nullable().openapi({ description: 'Running time left, while it stands; else null.' }),
      })
      .nullable()
      .openapi({ description: 'Duration promises only.' }),
    segments: z
      .array(segment)
      .readonly()
      .openapi({
        description:
          'What its clock does from when it was made up to its deadline, without gap or overlap. The open ones of a ' +
          'duration add up to withinMs, unless the clock stands. A date is open but where the customer was waited for.',
      }),
    revisions: z.array(revision).readonly().openapi({ description: 'Every told time; 1 as it was first told.' }),
    checkpoints: z.array(checkpoint).readonly(),
    steps: z.array(step).readonly().openapi({ description: 'Every plan there has been, and the fact that made it.' }),
    transitions: z
      .array(transition)
      .readonly()
      .openapi({ description: 'Every change of phase so far, by facts and by the clock.' }),
  })
  .openapi('Explanation');
