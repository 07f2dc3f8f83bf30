import { claimNotice } from '../../db/claims.ts';
import type { ComposeMember } from '../../db/compose-request.ts';
import { recordSent } from '../../db/dispatches.ts';
import type { Pool } from '../../db/pool.ts';
import { advance } from '../../db/settle.ts';
import type { Message } from '../../notices/notice.ts';

/** Words for a mail with an id, of those to whom it does not matter what it says. */
export const messageFrom = (id: string, text = 'text'): Message => ({
  messageId: `<${id}@kept.test>`,
  to: 'x@example.com',
  replyTo: null,
  subject: text,
  text,
  html: text,
  headers: {},
});

/** Hands over the notice that a promise owes now, and answers what it was made of. */
export async function deliver(pool: Pool, promiseId: string): Promise<ComposeMember> {
  const [duty] = (await advance(pool, promiseId)).duties;
  if (!duty) throw new Error('No notice is owed.');
  let member: ComposeMember | undefined;
  const claim = await claimNotice(pool, {
    ...{ promiseId, dutyId: duty.id, workerName: 'test', claimMs: 60_000, channel: 'email' },
    compose: ({ members, dispatchId }) => {
      member = members.find((each) => each.promiseId === promiseId);
      return messageFrom(dispatchId);
    },
  });
  if (claim.kind !== 'send' || !member) throw new Error(`The notice is not due: ${claim.kind}.`);
  await recordSent(pool, { promiseId, dispatchId: claim.dispatchId, workerName: 'test' });
  return member;
}
