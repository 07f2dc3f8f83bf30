import { z } from '@hono/zod-openapi';
import { answer, endpoint } from '../endpoint.ts';
import { engineState } from '../engine-state.ts';

/** A wake-up this late, in milliseconds, means the engine does not keep up. */
const LATE_MS = 5_000;

const health = endpoint({
  scope: 'public',
  owner: 'none',
  method: 'get',
  path: '/health',
  name: 'health',
  summary: 'Whether this process answers',
  answers: { 200: { description: 'It does.', schema: z.strictObject({ status: z.literal('ok') }).openapi('Health') } },
  problems: [],
  handle: async () => answer(200, { status: 'ok' as const }),
});

const ready = endpoint({
  scope: 'public',
  owner: 'none',
  method: 'get',
  path: '/ready',
  name: 'ready',
  summary: 'Whether promises are taken and woken in time',
  description:
    'Promises and facts are taken as long as PostgreSQL is there; without the engine they wait, and nothing is lost.',
  answers: {
    200: {
      description:
        'PostgreSQL is there. `degraded`: the engine is down or more than 5 s behind, or will be behind, or mails are held back.',
      schema: z
        .strictObject({
          status: z.enum(['ready', 'degraded']),
          engine: z.enum(['up', 'down']),
          hold: z.boolean().openapi({ description: 'Whether all mails are held back; `kept hold status` says why.' }),
          due: z.int().openapi({ description: 'Promises whose time to look has come.' }),
          lagMs: z.int().openapi({ description: 'How long the oldest of them has waited.' }),
          backlog: z.int().openapi({ description: 'Pokes on their way to the engine.' }),
          capacity: z
            .strictObject({
              short: z.boolean().openapi({ description: 'Customers of a herd ahead will be warned late.' }),
              neededMs: z.int().openapi({ description: 'How long the engine needs to wake it.' }),
              haveMs: z.int().openapi({ description: 'How long it has until a quarter of a lead is lost.' }),
            })
            .openapi({
              description:
                'Of the stretch of the next 24 hours for which the engine has too little, else of the fullest one. Looked at ' +
                'three times a minute; a herd counts once it grows no more, at the latest after ten minutes.',
            }),
        })
        .openapi('Readiness'),
    },
  },
  problems: ['DATABASE_UNAVAILABLE'],
  handle: async (_, deps) => {
    const { up, hold, due, lagMs, backlog, capacity: ahead } = await engineState(deps);
    const [shortage] = ahead.shortages;
    const { neededMs, haveMs } = shortage ?? ahead;
    const capacity = { short: shortage !== undefined, neededMs: Math.ceil(neededMs), haveMs: Math.floor(haveMs) };
    const status = up && hold === null && lagMs <= LATE_MS && !capacity.short ? 'ready' : 'degraded';
    return answer(200, { status, engine: up ? 'up' : 'down', hold: hold !== null, due, lagMs, backlog, capacity });
  },
});

export const healthRoutes = [health, ready];
