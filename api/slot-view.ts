import { z } from '@hono/zod-openapi';
import type { OfferedSlot } from '../db/slots.ts';
import { instantAnswer } from './fields.ts';

/** A slot as every route answers it. */
export const slotSchema = z
  .strictObject({
    slot: z.string().openapi({ description: 'Its id.', example: 'callback@2026-11-27T08:00:00.000Z' }),
    from: instantAnswer,
    to: instantAnswer.openapi({ description: 'Not included.' }),
    capacity: z.int().openapi({ description: 'Calls there is room for: those on duty for the whole of it.' }),
    free: z.int().openapi({ description: 'Places that are left.' }),
  })
  .openapi('Slot');

/** What the API says about a slot. */
export const slotView = ({
  id,
  from,
  to,
  capacity,
  free,
}: Pick<OfferedSlot, 'id' | 'from' | 'to' | 'capacity' | 'free'>) => ({
  slot: id,
  from,
  to,
  capacity,
  free,
});
