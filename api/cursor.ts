import { z } from '@hono/zod-openapi';
import { instantField } from './fields.ts';
import { IDLE, type Instant } from '../domain/promise/instant.ts';

/** The place of one item in the order of lists: by promisedAt and id. */
export interface Place {
  readonly promisedAt: Instant;
  readonly id: string;
}

/** What has no time while its clock stands comes last. */
const placeSchema = z.tuple([z.literal(IDLE).or(instantField), z.guid()]);

/** The cursor that goes on after this item. Callers hand it back as it is; its form may change. */
export const cursorOf = ({ promisedAt, id }: Place): string =>
  Buffer.from(JSON.stringify([promisedAt, id])).toString('base64url');

/** Reads what `cursorOf` wrote. */
export const cursorField = z
  .string()
  .max(200)
  .transform((value, context): Place => {
    const place = placeSchema.safeParse(decoded(value));
    if (place.success) return { promisedAt: place.data[0], id: place.data[1] };
    context.addIssue({
      code: 'custom',
      message: 'No cursor of this list. Hand back `next` of the page before as it came.',
    });
    return z.NEVER;
  })
  .openapi({ type: 'string', description: '`next` of the page before.' });

function decoded(value: string): unknown {
  try {
    return JSON.parse(Buffer.from(value, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
