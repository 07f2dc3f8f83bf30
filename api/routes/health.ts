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
        'PostgreSQL is there. `degraded`: the engine is down or more than 5 s behind, or mails are held back.',
      schema: z
        .strictObject({
          status: z.enum(['ready', 'degraded']),
          engine: z.enum(['up', 'down']),
          hold: z.boolean().openapi({ description: 'Whether all mails are held back; `kept hold status` says why.' }),
          due: z.int().openapi({ description: 'Promises whose time to look has come.' }),
          lagMs: z.int().openapi({ description: 'How long the oldest of them has waited.' }),
          backlog: z.int().openapi({ description: 'Pokes on their way to the engine.' }),
        })
        .openapi('Readiness'),
    },
  },
  problems: ['DATABASE_UNAVAILABLE'],
  handle: async (_, deps) => {
    const { up, hold, due, lagMs, backlog } = await engineState(deps);
    const status = up && hold === null && lagMs <= LATE_MS ? 'ready' : 'degraded';
    return answer(200, { status, engine: up ? 'up' : 'down', hold: hold !== null, due, lagMs, backlog });
  },
});

export const healthRoutes = [health, ready];
