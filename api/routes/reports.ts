import { z } from '@hono/zod-openapi';
import { wordKept } from '../../db/report.ts';
import { GROUPINGS } from '../../domain/metrics/word-kept.ts';
import { answer, endpoint } from '../endpoint.ts';
import { boundField, instantAnswer, MAX, text } from '../fields.ts';

const share = z.number().nullable();
const whole = z.int();
const percentiles = <P extends string>(...names: readonly P[]) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, z.number().nullable()])) as Record<P, typeof share>);

/** One group; every figure is defined in `reports/columns.ts`. */
const group = z
  .strictObject({
    key: z.string().nullable().openapi({
      description:
        'The kind, partner, owner, source, region or product; an ISO week as 2013-W07, a month as 2013-02; null: those that name none.',
    }),
    promises: whole,
    kept: whole,
    broken: whole,
    overdue: whole,
    open: whole,
    withdrawn: whole,
    withdrawnByUs: whole,
    keptRate: share,
    keptRateFirst: share,
    earlyRate: share,
    goal: share,
    brokenAllowed: whole.nullable(),
    promisedLengthMs: percentiles('p50', 'p90'),
    actualLengthMs: percentiles('p50', 'p90'),
    marginMs: percentiles('p5', 'p10', 'p50', 'p90'),
    bufferUse: percentiles('p50', 'p90'),
    noticeLeadMs: percentiles('p10', 'p50'),
    noticeRecall: share,
    falseAlarmRate: share,
    noticeMissed: whole,
    unreachable: whole,
    newTimeKeptRate: share,
    falseRecovery: whole,
    contactsPerPromise: z.number(),
    askedFirst: share,
    firstContactRate: share,
    recoveryTimeMs: percentiles('p50', 'p90'),
    remedyCost: z.record(z.string(), z.string()),
    secondBreaks: whole,
    handOvers: whole,
  })
  .openapi('WordKeptGroup');

const readWordKept = endpoint({
  scope: 'admin',
  owner: 'list',
  method: 'get',
  path: '/v1/reports/word-kept',
  name: 'getWordKept',
  summary: 'How well the word was kept',
  description:
    'A day at `from` or `to` is the day, in the zone of each promise, on which it falls due: both days are in. An ' +
    'instant is one of promisedAt: at `from` it is in, at `to` it is not. Weeks and months are those of that day too. A ' +
    'rate over nothing is null.',
  query: z.strictObject({
    by: z.enum(GROUPINGS).optional().openapi({ default: 'kind' }),
    kind: text(MAX.name).optional(),
    partner: text(MAX.label).optional(),
    owner: text(MAX.name).optional(),
    source: text(MAX.name).optional(),
    from: boundField('from').optional(),
    to: boundField('to').optional(),
  }),
  answers: {
    200: {
      description: 'One group per value, in the order of the keys.',
      schema: z
        .strictObject({
          generatedAt: instantAnswer,
          readLagMs: z.int(),
          by: z.enum(GROUPINGS),
          groups: z.array(group),
          slips: z
            .array(z.strictObject({ checkpoint: z.string(), promises: whole }))
            .optional()
            .openapi({
              description:
                'With `partner`: the checkpoints that it answers for and missed, by name, each with the number of promises.',
            }),
        })
        .openapi('WordKept'),
    },
  },
  problems: ['INVALID_QUERY'],
  handle: async ({ search }, { pool }) => {
    const { by = 'kind', ...filter } = search;
    const { groups, slips, ...rest } = await wordKept(pool, { ...filter, by });
    const missed = slips && { slips: slips.map((slip) => ({ ...slip })) };
    return answer(200, {
      ...rest,
      ...missed,
      groups: groups.map((one) => ({ ...one, remedyCost: { ...one.remedyCost } })),
    });
  },
});

export const reportRoutes = [readWordKept];
