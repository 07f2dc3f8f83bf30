import type { HandOverCause } from '../domain/promise/words.ts';

/** What happened to a promise, a line for each fact. */
export const facts = {
  registered: 'Promise made',
  known: 'First known',
  progressed: (checkpoint: string) => `Reached: ${checkpoint}`,
  estimated: (time: string) => `Expected ${time}`,
  fulfilled: 'Fulfilled',
  fulfilledLate: 'Fulfilled late',
  withdrawn: (by: string) => `Withdrawn by ${by}`,
  reversed: 'Not fulfilled after all: open again',
  paused: (who: string, until: string | null) => `Waiting for ${who}${until === null ? '' : ` until ${until}`}`,
  resumed: 'Goes on',
  chosen: (time: string) => `The customer chose another time: ${time}`,
  attempted: (result: string) => `Tried to reach the customer: ${result}`,
  contacted: (about: string) => `The customer ${about}`,
  repromised: (when: string, agreed: boolean) => `Told ${when}${agreed ? ', agreed with the customer' : ''}`,
  within: (length: string, calendar: string | null) =>
    `within ${length}${calendar === null ? '' : ` of working time (${calendar})`}`,
  rated: (score: number) => `Rated ${score} of 5`,
  policyApplied: (version: number) => `Planned anew by policy version ${version}`,
  handedOver: (owner: string, why: string) => `Handed over to ${owner}${why}`,
  handOverCause: {
    command: (by: string | null) => (by === null ? '' : ` by ${by}`),
    absence: () => ': the owner is away at the target',
    unacknowledged: () => ': it was not acknowledged in time',
  } satisfies Record<HandOverCause, (by: string | null) => string>,
  acknowledged: (by: string) => `Taken over by ${by}`,
  checkpoint: (reason: string, name: string) => `${reason}: ${name}`,
  escalated: (reason: string, rungs: string) => `${reason} (alert to ${rungs})`,
  noticeSent: (name: string) => `${name} sent`,
  noticeDropped: (name: string, cause: string) => `${name} not sent: ${cause}`,
  noticeFailed: (name: string, outcome: string) => `${name} could not be sent: ${outcome}`,
  cause: {
    expired: 'its time had passed',
    fulfilled: 'the promise was fulfilled',
    withdrawn: 'the promise was withdrawn',
    no_longer_due: 'its reason was gone',
  },
  outcome: {
    refused: 'refused by the mail server',
    unknown: 'no word from the mail server',
    no_address: 'no usable address',
  },
};
