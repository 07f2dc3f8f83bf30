import { z } from '@hono/zod-openapi';

/** The path of one promise, in whichever case the id is written. What is no UUID names no promise: 404. */
export const promisePath = z.object({ id: z.guid().toLowerCase().openapi({ format: 'uuid' }) });
