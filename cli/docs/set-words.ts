import type {
  AlertReason,
  AttemptResult,
  Channel,
  ClockReason,
  ContactChannel,
  ContactSubject,
  DropCause,
  FailOutcome,
  Flag,
  NoticeReason,
  NoticeState,
  Phase,
  Precision,
  AlertRung,
  TurnCause,
  WaitedFor,
  Withdrawer,
} from '../../domain/promise/words.ts';

/** One sentence for each word of a closed set of the domain; the compiler names one that is missing. */
type Words<W extends string> = { readonly [K in W]: string };

export const PHASE_WORDS: Words<Phase> = {
  open: 'Its time has not come, and no fresh estimate says it will be late.',
  at_risk: 'A fresh estimate is later than promised.',
  paused: 'It waits for the customer. The clock of a duration stands; a date does not move.',
  overdue: 'Its time has passed, and it is not fulfilled. Counts as broken.',
  kept: 'Fulfilled in time. An end.',
  broken: 'Fulfilled too late, taken back by the company, or taken back by the customer once it was late. An end.',
  withdrawn: 'Taken back by the customer in time, or for an unknown cause. An end.',
  unreachable: 'The customer was tried as often as the policy says, and not reached. In no rate. An end.',
};

export const WAITED_FOR_WORDS: Words<WaitedFor> = {
  customer: 'The customer must act: the phase is `paused`.',
  partner: 'The partner must act; the phase stays as it is.',
  us: 'We must act; the phase stays as it is.',
};

export const CLOCK_REASON_WORDS: Words<ClockReason> = {
  open: 'The clock runs.',
  lunch: 'A break between two times of one day in the calendar.',
  closed: 'No working time by the calendar.',
  holiday: 'A holiday of the calendar.',
  paused: 'The customer is waited for.',
};

export const TURN_CAUSE_WORDS: Words<TurnCause> = {
  registered: 'The promise was registered.',
  fact: 'A fact, named by its key.',
  deadline: 'The promised time passed.',
  estimate_stale: 'The estimate became too old to be news.',
  wait_over: 'The wait for the customer was over by itself.',
};

export const ATTEMPT_WORDS: Words<AttemptResult> = {
  reached: 'Fulfils the promise.',
  no_answer: 'Counts as a try.',
  wrong_number: 'Counts as a try.',
  declined: 'Withdrawn by the customer.',
};

export const CONTACT_CHANNEL_WORDS: Words<ContactChannel> = {
  phone: 'A call.',
  email: 'A mail.',
  page: 'The page of the promise.',
  visit: 'In person.',
  other: 'Any other way.',
};

export const CONTACT_SUBJECT_WORDS: Words<ContactSubject> = {
  status: 'Where it stands.',
  trouble: 'Something is wrong.',
  change: 'A wish to change it.',
  other: 'Anything else.',
};

export const PRECISION_WORDS: Words<Precision> = {
  instant: 'A point in time; kept up to and including it.',
  day: 'A local day; kept until its end.',
  window: 'From one instant to another; kept until the other.',
};

export const FLAG_WORDS: Words<Flag> = {
  no_buffer: 'There is no room between target and promise.',
  too_tight: 'Shorter than the policy allows, or its target had passed when it was made.',
  owner_unknown: 'Its owner is not among the people.',
  before_window: 'Fulfilled before its window began.',
  zone_assumed: 'Neither the day nor the customer named a zone: that of the company was taken.',
  second_break: 'It broke not for the first time, or another promise of the same customer had: a person calls.',
};

export const WITHDRAWER_WORDS: Words<Withdrawer> = {
  customer: 'The customer. In time, it counts in no rate.',
  company: 'We. Counts as broken.',
  unknown: 'Somebody: for imported histories without a cause. Counts in no rate.',
};

export const NOTICE_WORDS: Words<NoticeReason> = {
  promised: 'At registration, if the policy asks: what, by when, who.',
  risk: 'It may be late: the new time, or when the customer hears next.',
  progress: 'How it stands, without a new time: who looks after it now, or when the customer hears next.',
  recovery: 'It was broken: an apology, the new time or when the customer hears next, and what she gets for it.',
  remedy: 'What the customer gets for a broken promise, where no apology tells of it. No apology, no time.',
};

export const NOTICE_STATE_WORDS: Words<NoticeState> = {
  owed: 'To be sent from its `dueAt` on.',
  claimed: 'Its text is frozen, and a worker is handing it over.',
  sent: 'The channel took it.',
  dropped: 'It lost its reason before it left.',
  failed: 'It could not be handed over.',
};

export const CHANNEL_WORDS: Words<Channel> = { email: 'A mail, by `SMTP_URL`.' };

export const DROP_WORDS: Words<DropCause> = {
  expired: 'What it would have said was no longer true.',
  fulfilled: 'The promise was fulfilled.',
  withdrawn: 'The promise was withdrawn.',
  no_longer_due: 'Newer facts gave no reason for it.',
};

export const FAIL_WORDS: Words<FailOutcome> = {
  refused: 'The channel refused it for good.',
  unknown: 'Whether it left is not known, and what it said is no longer true.',
  no_address: 'The customer has no address for the channel.',
};

export const ALERT_WORDS: Words<AlertReason> = {
  checkpoint: 'A checkpoint was not passed by its own target; its partner answers for it where the policy says so.',
  slip: 'The target has passed, or a fresh estimate lies between target and promise.',
  at_risk: 'A fresh estimate is later than promised, or a risk notice is owed at the last call.',
  broken: 'Nothing ended it in time, nor within the lag of facts; or we took it back.',
  callback: 'A call is to be made, or the number reached somebody else.',
  handed_over: 'The promise is theirs from now on, and they are to acknowledge it.',
  unacknowledged: 'Nobody acknowledged an earlier alert, however often it was repeated.',
  approval: 'A remedy is above the limit or the budget, and waits for a decision.',
  capacity: 'More customers are to be warned at once than the engine can wake in time; the promise is one of theirs.',
};

export const RUNG_WORDS: Words<AlertRung> = {
  owner: 'The person answerable for the promise.',
  lead: "The owner's lead.",
  manager: 'The manager, who reads the reports.',
  partner:
    "The people of the promise's partner, beside the ladder; of checkpoints only where the partner answers for them.",
};
