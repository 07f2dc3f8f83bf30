import { z } from '@hono/zod-openapi';
import { COMPARED_FLAGS, COMPARED_INSTANTS, COMPARED_OTHERWISE } from '../../domain/policy/differences.ts';
import { instantAnswer } from '../fields.ts';

/** What diff and apply answer. */

const moves = z.strictObject({ earlier: z.int(), later: z.int() });
const turns = z.strictObject({ gained: z.int(), lost: z.int() });
const open = z.int().openapi({ description: 'Open promises of the kind.' });
const version = z.int().openapi({ description: 'Of the policy.' });
const failed = z
  .array(z.string())
  .openapi({ description: 'Ids of promises to which it cannot be applied, since an instant would leave all years.' });

export const policyDiffView = z
  .strictObject({
    kind: z.string(),
    version,
    open,
    changed: z.int().openapi({ description: 'Those for which anything below differs.' }),
    unchanged: z.int(),
    failed,
    instants: z.record(z.enum([...COMPARED_INSTANTS, 'checkpoints']), moves),
    wakeAt: moves.openapi({ description: 'When Kept looks next.' }),
    flags: z.record(z.enum(COMPARED_FLAGS), turns),
    checkpoints: turns,
    otherwise: z.record(z.enum(COMPARED_OTHERWISE), z.int()).openapi({
      description:
        'Promises whose customers are tried more or less often, with a checkpoint for which somebody else ' +
        'answers, and about which other people are alerted or more or less often.',
    }),
    dueAtOnce: z
      .strictObject({ risk: z.int(), recovery: z.int(), alerts: z.int() })
      .openapi({ description: 'Notices and alerts that are due as soon as it is applied.' }),
    fields: z
      .array(z.strictObject({ field: z.string(), from: z.unknown(), to: z.unknown() }))
      .openapi({ description: 'Against the newest stored policy and those that open promises are under.' }),
    examples: z
      .array(
        z.strictObject({
          id: z.string(),
          source: z.string(),
          ref: z.string(),
          instant: z.string().openapi({ example: 'targetAt' }),
          from: instantAnswer.nullable(),
          to: instantAnswer.nullable(),
        }),
      )
      .openapi({ description: 'The nearest that move.' }),
  })
  .openapi('PolicyDiff');

export const policyAppliedView = z
  .strictObject({
    kind: z.string(),
    version,
    calendars: z.record(z.string(), z.int()).openapi({ description: 'The newest version of each, by id.' }),
    open,
    applied: z.int().openapi({ description: 'Those that were not under it yet.' }),
    replanned: z.int().openapi({ description: 'Of these, those for which it changes something.' }),
    earlier: z.int().openapi({ description: 'Of these, those at which Kept looks earlier.' }),
    pokes: z.int().openapi({ description: 'Workflows that are told so.' }),
    failed,
    planningMs: z.int(),
  })
  .openapi('PolicyApplied');
