import type { RemedyKind, RemedyReason, RemedyState, SecondBreak } from '../domain/promise/words.ts';

/** What a customer gets for a broken promise: in notices, and on the pages for staff. */
export const remedies = {
  money: (amount: string, currency: string) => `${amount} ${currency}`,
  offer: {
    refund: (money: string) => `refund of ${money}`,
    voucher: (money: string) => `voucher of ${money}`,
  } satisfies Record<RemedyKind, (money: string) => string>,

  /** The promise that brings it, after "We promised". */
  brings: {
    refund: (money: string, what: string, time: string) => `to pay you ${money} back ${time}: ${what}`,
    voucher: (money: string, what: string, time: string) => `to send you a voucher of ${money} ${time}: ${what}`,
  } satisfies Record<RemedyKind, (money: string, what: string, time: string) => string>,

  notice: {
    notKept: 'We have not kept that promise.',
    takenBack: 'We have taken that promise back.',
    /** `isBroken`: there is something to make up for; else the promise was kept after all, and the remedy stands. */
    given: (offer: string, further: boolean, isBroken: boolean) =>
      `${isBroken ? 'To make up for it, you' : 'You'} get a ${further ? 'further ' : ''}${offer}.`,
    arrives: (time: string) => `It will reach you ${time}.`,
    /** `toWhom` can be reached by a reply, or by phone only. */
    instead: (offers: readonly string[], toWhom: string, byReply: boolean) =>
      `If you would rather have a ${offers.join(' or a ')}, ${byReply ? 'just reply to this mail' : `tell ${toWhom}`}.`,
  },

  fact: {
    brokenAgain: {
      chain: 'Second break: the later time has passed, too',
      customer: 'Second break of this customer',
    } satisfies Record<SecondBreak, string>,
    granted: (offers: readonly string[]) => `Remedy granted: ${offers.join(' or ')}`,
    reversed: 'Remedy taken back',
    chosen: 'The customer chose another remedy',
  },

  state: {
    pending: 'waits for approval',
    granted: 'granted, on its way',
    refused: 'refused',
    reversed: 'taken back',
    arrived: 'arrived',
  } satisfies Record<RemedyState, string>,
  /** Why it was granted; `length`: how late the promise was taken to be. */
  reason: {
    late: (length: string) => `${length} late`,
    second_break: (length: string) => `second break, ${length} late`,
  } satisfies Record<RemedyReason, (length: string) => string>,

  page: {
    title: 'Remedies',
    lead: 'What customers get for broken promises. What is above the limit or the budget of the month waits here for somebody to approve it; until then no notice names it.',
    pending: 'Waiting for approval',
    noPending: 'Nothing waits for approval.',
    others: 'Decided',
    noOthers: 'No remedy has been decided so far.',
    column: { promise: 'Promise', what: 'Remedy', why: 'Why', state: 'State', decide: 'Decide' },
    by: (state: string, person: string) => `${state} (${person})`,
    or: ' or ',
    person: 'Who decides',
    choosePerson: 'choose who decides',
    approve: 'Approve',
    refuse: 'Refuse',
    reverse: 'Take back',
    about: (action: string, offer: string, what: string) => `${action}: ${offer}, ${what}`,
    closed: 'That had been decided otherwise already. Nothing was changed.',
    unknownPerson: 'Choose who decides. Nothing was changed.',
    budgets: 'Budgets of the month',
    budget: (kind: string, spent: string, all: string, month: string) =>
      `${kind}: ${spent} of ${all} granted in ${month}`,
    month: (name: string, year: string) => `${name} ${year}`,
    more: (count: number) => `Only the newest ${count} are listed.`,
  },

  /** On the first page. */
  today: {
    pending: (count: number) => (count === 1 ? '1 waits for approval' : `${count} wait for approval`),
    /** `left`: null where nothing is. */
    left: (kind: string, left: string | null, all: string, month: string) =>
      `${kind}: ${left ?? 'nothing'} of ${all} left in ${month}`,
    all: 'All remedies',
  },
};
