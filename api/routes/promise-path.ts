import { z } from '@hono/zod-openapi';

/** The path of one promise. What is no UUID names no promise: 404. */
export const promisePath = z.object({ id: z.guid().openapi({ format: 'uuid' }) });
