import type { ClaimInput } from '../db/claims.ts';
import type { ComposeMember } from '../db/compose-request.ts';
import { compose, messageIdOf } from '../notices/compose.ts';
import type { Member } from '../notices/notice.ts';
import { isLate } from '../domain/promise/plan.ts';

/** What `claimNotice` freezes: the text of notices/ under the Message-ID of its dispatch. */
export function composer(from: string): ClaimInput['compose'] {
  const domain = domainOf(from);
  return ({ dispatchId, now, recipient, members }) => {
    const content = compose({ recipient, members: members.map(memberOf), now, from });
    return 'failed' in content ? content : { ...content, messageId: messageIdOf(dispatchId, domain) };
  };
}

/** Where the sender's address is at home: Message-IDs end with it. */
export const domainOf = (from: string): string => /@([^\s@>]+)>?\s*$/.exec(from)?.[1] ?? '';

/** A promise as its customer is told of it. */
function memberOf({ settled, contact, parent, ...member }: ComposeMember): Member {
  const { plan } = settled.terms;
  const { end } = settled.state;
  const { name, email, phone } = contact.person;
  return {
    ...member,
    precision: plan.precision,
    zone: plan.zone,
    promisedAt: plan.promisedAt,
    day: plan.day,
    windowFrom: plan.windowFrom,
    follows: parent !== null,
    newsOf: settled.terms.news === null ? null : parent,
    withdrawnBy: end?.kind === 'withdrawn' ? end.by : null,
    isMoved: settled.state.agreedRevision > 1,
    newestTold: settled.state.told,
    keptAfterAll: end?.kind === 'fulfilled' && !isLate(plan, end.at, end.asDay),
    contact: { role: contact.role, name, email, phone },
  };
}
