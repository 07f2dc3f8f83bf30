import { z } from '@hono/zod-openapi';
import { instantField, text } from './fields.ts';
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
    context.addIssue({ code: 'custom', message: NO_CURSOR });
    return z.NEVER;
  })
  .openapi({ type: 'string', description: '`next` of the page before.' });

/** The cursor of a list that is in the order of its ids. */
export const idCursorOf = (id: string): string => Buffer.from(JSON.stringify(id)).toString('base64url');

/** Reads what `idCursorOf` wrote of an id of at most `max` characters. */
export const idCursorField = (max: number) =>
  z
    .string()
    .max(4 * max)
    .transform((value, context): string => {
      const id = text(max).safeParse(decoded(value));
      if (id.success) return id.data;
      context.addIssue({ code: 'custom', message: NO_CURSOR });
      return z.NEVER;
    })
    .openapi({ type: 'string', description: '`next` of the page before.' });

/** How many items a page has where nobody says. */
export const DEFAULT_LIMIT = 100;

/** How many items a page has: from 1 to `max`. */
export const limitField = (max: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, `Must be a whole number from 1 to ${max}.`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= max, `Must be a whole number from 1 to ${max}.`)
    .openapi({ type: 'integer', minimum: 1, maximum: max, default: DEFAULT_LIMIT });

const NO_CURSOR = 'No cursor of this list. Hand back `next` of the page before as it came.';

function decoded(value: string): unknown {
  try {
    return JSON.parse(Buffer.from(value, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
