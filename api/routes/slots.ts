import { z } from '@hono/zod-openapi';
import { choose, type Choice } from '../../db/choose.ts';
import { databaseNow } from '../../db/pool.ts';
import { getPromise } from '../../db/promises.ts';
import { offeredSlots, type OfferedSlot } from '../../db/slots.ts';
import type { PromiseRow } from '../../db/shapes.ts';
import type { ApiDeps } from '../deps.ts';
import { answer, endpoint } from '../endpoint.ts';
import { instantField, isWithinYears, MAX, text, YEARS } from '../fields.ts';
import { isProblem, problem, type Problem } from '../problem.ts';
import { promiseView, viewOf } from '../promise-view.ts';
import { slotKind, slotTaken, unknownSlot } from '../slot-registration.ts';
import { slotSchema, slotView } from '../slot-view.ts';
import { promisePath } from './promise-path.ts';

const MOST_SLOTS = 1_000;

const listSlots = endpoint({
  scope: 'admin',
  owner: 'list',
  method: 'get',
  path: '/v1/slots',
  name: 'listSlots',
  summary: 'Find times for a call',
  description:
    'The slots of a kind that have not begun and in which somebody is on duty, full ones too, in order; at most 1,000. ' +
    'Without `to` as far ahead as the policy says.',
  query: z.strictObject({
    kind: text(MAX.name).openapi({ description: 'A kind whose policy has slots.', example: 'callback' }),
    from: instantField.optional().openapi({ description: 'Slots that begin then or later; now, when left out.' }),
    to: instantField.optional().openapi({ description: 'Slots that begin before.' }),
    team: text(MAX.name).optional().openapi({ description: 'Only calls that this team takes.' }),
    owner: text(MAX.name).optional().openapi({ description: 'Only calls that this person takes.' }),
  }),
  answers: {
    200: { description: 'The slots.', schema: z.strictObject({ items: z.array(slotSchema) }).openapi('Slots') },
  },
  problems: ['INVALID_QUERY'],
  handle: async ({ search: { kind, team, owner, from, to } }, deps) => {
    const slots = await slotKind(kind, '/kind', deps);
    if (isProblem(slots)) return { ...slots, problem: 'INVALID_QUERY' };
    const now = await databaseNow(deps.pool);
    const wanted = { ...(from && { from }), ...(to && { to }), limit: MOST_SLOTS };
    const all = await offeredSlots(deps.pool, slots, now, wanted);
    return answer(200, { items: all.flatMap((slot) => takenBy(slot, { team, owner })).map(slotView) });
  },
});

interface Whose {
  readonly team: string | undefined;
  readonly owner: string | undefined;
}

/** The slot as far as these people take its calls; nothing where none of them is on duty. */
function takenBy(slot: OfferedSlot, { team, owner }: Whose): readonly OfferedSlot[] {
  if (team === undefined && owner === undefined) return [slot];
  const theirs = slot.callers.filter(
    (caller) => (owner === undefined || caller.id === owner) && (team === undefined || caller.team === team),
  );
  if (theirs.length === 0) return [];
  const capacity = theirs.reduce((sum, { parallel }) => sum + parallel, 0);
  const left = theirs.reduce((sum, { id, parallel }) => sum + Math.max(0, parallel - (slot.takenBy.get(id) ?? 0)), 0);
  return [{ ...slot, capacity, free: Math.min(slot.free, left) }];
}

const chooseTime = endpoint({
  scope: 'admin',
  owner: 'promise',
  method: 'post',
  path: '/v1/promises/{id}:choose',
  name: 'chooseTime',
  summary: 'Say what time the customer chose instead',
  description:
    'A slot of its kind, or any window. Chosen before the promised time has passed, it is agreed: the promise is judged by it. ' +
    'The place before is free in the same commit. The same choice again changes nothing.',
  params: promisePath,
  body: z
    .union(
      [
        z.strictObject({ slot: text(MAX.slot) }).openapi({ title: 'slot' }),
        z
          .strictObject({ from: instantField, to: instantField })
          .refine(({ from, to }) => from < to, {
            path: ['to'],
            message: 'A window ends after it begins: to must be later than from.',
          })
          .openapi({ title: 'window' }),
      ],
      'Must be one of { slot } and { from, to }.',
    )
    .openapi('Choice'),
  answers: { 200: { description: 'The promise as it stands now.', schema: promiseView } },
  problems: ['PROMISE_UNKNOWN', 'INVALID_BODY', 'PROMISE_CLOSED', 'SLOT_TAKEN'],
  handle: async ({ params: { id }, body }, deps) => {
    const promise = await getPromise(deps.pool, id);
    if (!promise) return problem('PROMISE_UNKNOWN');
    const choice = await choiceOf(body, promise, deps);
    if (isProblem(choice)) return choice;
    const made = await choose(deps.pool, id, choice);
    switch (made.result) {
      case 'chosen':
      case 'same':
        return answer(
          200,
          viewOf(made.promise, await deps.reference.staff(made.promise.owner), {
            baseUrl: deps.baseUrl,
            now: deps.now(),
          }),
        );
      case 'unknown':
        return problem('PROMISE_UNKNOWN');
      case 'closed':
        return problem('PROMISE_CLOSED');
      case 'taken':
        return slotTaken(made.next);
      case 'unknown_slot':
        return unknownSlot('/slot');
      case 'past':
        return invalid('/to', 'This window is over. Choose one that is not.');
      case 'out_of_range':
        return invalid('/to', YEARS);
    }
  },
});

const invalid = (pointer: string, message: string): Problem =>
  problem('INVALID_BODY', { errors: [{ pointer, message }] });

async function choiceOf(
  body: { readonly slot: string } | Extract<Choice, { readonly from: unknown }>,
  { kind }: PromiseRow,
  deps: ApiDeps,
): Promise<Choice | Problem> {
  if (!('slot' in body)) return isWithinYears(body.from, body.to) ? body : invalid('/to', YEARS);
  const slots = await slotKind(kind, '/slot', deps);
  return isProblem(slots) ? slots : { slot: body.slot, slots };
}

export const slotRoutes = [listSlots, chooseTime];
