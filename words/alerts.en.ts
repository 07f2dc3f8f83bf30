import type { AlertGroup } from '../domain/promise/alerts.ts';

/**
 * English for alerts: the mails to staff and the page of one alert. True when read, short, and about what to do next. Of the
 * customer nothing is said but what the company calls the promise; whoever is to call gets all that is known of her.
 */
export const alerts = {
  greeting: (name: string) => `Hello ${name},`,
  subject: {
    one: (group: string, what: string) => `${group}: ${what}`,
    several: (count: string, parts: readonly string[]) => `${count} alerts: ${parts.join(', ')}`,
    /** A group with its number, in the subject and above its alerts. */
    part: (count: string, group: string) => `${count} ${group}`,
  },
  intro: (count: string, one: boolean) => (one ? 'One promise needs you.' : `${count} alerts wait for you.`),
  behind: 'The engine will fall behind.',
  listed: (shown: string, all: string) => `The ${shown} most urgent of ${all} are listed here.`,
  all: 'More of them on your page',
  group: {
    capacity: 'Capacity is short',
    callback: 'Callbacks',
    overdue: 'Overdue or broken',
    at_risk: 'At risk',
    unacknowledged: 'Not acknowledged',
    handed_over: 'Handed over to you',
    slip: 'Slipping inside the buffer',
    checkpoint: 'Checkpoints missed',
    approval: 'Waiting for your approval',
  } satisfies Record<AlertGroup, string>,
  /** The same of one promise, at the head of a subject. */
  one: {
    capacity: 'Capacity is short',
    callback: 'Callback',
    overdue: 'Overdue',
    at_risk: 'At risk',
    unacknowledged: 'Not acknowledged',
    handed_over: 'Handed over to you',
    slip: 'Slipping',
    checkpoint: 'Checkpoint missed',
    approval: 'To approve',
  } satisfies Record<AlertGroup, string>,
  inSubject: {
    capacity: () => 'of capacity',
    callback: (n: number) => (n === 1 ? 'callback' : 'callbacks'),
    overdue: () => 'overdue or broken',
    at_risk: () => 'at risk',
    unacknowledged: () => 'not acknowledged',
    handed_over: () => 'handed over to you',
    slip: () => 'slipping',
    checkpoint: (n: number) => (n === 1 ? 'missed checkpoint' : 'missed checkpoints'),
    approval: () => 'to approve',
  } satisfies Record<AlertGroup, (n: number) => string>,
  /** Its subject is that of the promise it makes good; that of a call or of the next news, perhaps, too. */
  refund: (name: string) => `${name} (refund)`,
  ofCall: (name: string) => `${name} (call)`,
  news: (name: string) => `${name} (next news)`,
  numbered: (name: string, ref: string) => `${name} (${ref})`,
  promised: (time: string) => `promised ${time}`,
  standing: 'its clock stands',
  passed: 'That time has passed.',
  takenBack: 'We have taken it back.',
  expected: (time: string) => `Now expected ${time}.`,
  noNews: 'There is no news of it.',
  giveNews: 'Please be in touch with the customer.',
  target: (time: string) => `Our own target: ${time}.`,
  checkpoint: (name: string) => `Checkpoint ${name} was missed.`,
  checkpointOf: (partner: string, name: string) => `${partner} missed checkpoint ${name}.`,
  wrongNumber: 'The number reaches somebody else: find another one.',
  call: 'Please call within that time.',
  callPassed: 'That time has passed, and the call has not been made.',
  silent: (name: string, reason: string) => `${name} has not acknowledged the alert “${reason}”.`,
  silentNobody: (reason: string) => `Nobody has acknowledged the alert “${reason}”.`,
  untaken: 'The hand-over was not acknowledged in time. It is yours now.',
  yours: (from: string | null) =>
    from === null ? 'It is yours from now on.' : `${from} had it; it is yours from now on.`,
  standsIn: (owner: string | null) =>
    `${owner ?? 'Its owner'} has it from now on and is away; you stand in. You acknowledge it for both.`,
  acknowledgeBy: (time: string) => `Please acknowledge it by ${time}.`,
  approve: (offers: readonly string[]) =>
    offers.length === 0
      ? 'A remedy waits for your decision.'
      : `A remedy waits for your decision: a ${offers.join(' or a ')}.`,
  herd: (count: string, time: string) => `${count} promises are to be looked at from ${time} on`,
  /** A head without numbers, where they are not known any more. */
  herdPast: 'Many promises were to be looked at at once',
  tooMany: (needed: string, has: string) =>
    `To warn their customers in time the engine has ${has}, and needs ${needed}: some will be warned late.`,
  noMore: 'No more promises to the minute are taken for that time.',
  makeRoom:
    'Give their policy a longer spread or lead; or, where the engine can do more, raise wakesPerSecond in company.yaml.',
  fits: 'By now the engine can wake them in time.',
  noted: (by: string, text: string) => `Note of ${by}: ${text}`,
  owner: (name: string) => `Owner: ${name}.`,
  again: (times: number) =>
    `Nobody has acknowledged it: this is the ${times === 2 ? '2nd' : times === 3 ? '3rd' : `${times}th`} time that it is told.`,
  open: 'Open the promise',
  openOne: 'Open one of them',
  decide: 'Decide',
  acknowledge: 'Acknowledge',
  safeLinks: 'A link shows a page and changes nothing; there you acknowledge.',

  page: {
    title: (group: string) => group,
    lead: 'Acknowledge it, and nobody is told about it again.',
    promise: 'Promise',
    promised: 'Promised',
    toldAt: 'You were told',
    acknowledge: 'I take care of it',
    acknowledged: (name: string, time: string) => `Acknowledged by ${name}, ${time}.`,
    over: 'You need do nothing about it any more.',
    open: 'Open the promise',
    all: 'All that waits for you',
    waiting: (count: number) => `Waiting for you (${count})`,
    nothing: 'Nothing waits for you.',
    unknown: 'No alert has this address.',
    unknownHint: 'The address may have been cut off: open the link in the mail again.',
  },
};
