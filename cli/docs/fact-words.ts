import type { Fact, FactHead, FactKind, OutsideFact } from '../../domain/promise/facts.ts';

type OfKind<K extends FactKind> = Extract<Fact, { readonly kind: K }>;

/** What a kind of fact says, who states it, and what its own fields mean. */
export interface FactWords<K extends FactKind = FactKind> {
  readonly by: K extends OutsideFact['kind'] ? 'you' : 'Kept';
  readonly meaning: string;
  readonly fields: { readonly [F in Exclude<keyof OfKind<K>, keyof FactHead | 'kind'>]-?: string };
}

export const FACT_WORDS: { readonly [K in FactKind]: FactWords<K> } = {
  registered: {
    by: 'Kept',
    meaning: 'The promise was made.',
    fields: { slot: 'The slot that was reserved for it; absent where none was.' },
  },
  chosen: {
    by: 'Kept',
    meaning:
      'The customer chose: another time (POST /v1/promises/{id}:choose), a further revision, agreed where it was chosen before ' +
      'the old time passed; or another of the options of a remedy (POST /v1/remedies/{id}:choose).',
    fields: {
      promised: 'The window.',
      slot: 'The slot that was reserved; absent where the window is none.',
      remedy: 'Or: the id of the remedy.',
      option: 'Its place among the options, from 0.',
      by: 'Id of the person who says so.',
    },
  },
  policy_applied: {
    by: 'Kept',
    meaning:
      'A changed policy or calendar, or a changed partner, holds for this open promise from now on: it was planned anew.',
    fields: {
      version: 'The version of the policy.',
      calendars: 'The versions of calendars, by id.',
      partnerVersion: 'The version of its partner; absent where nothing is said of one.',
    },
  },
  contacted: {
    by: 'you',
    meaning: 'The customer came to us.',
    fields: { channel: 'How.', about: 'About what.' },
  },
  repromised: {
    by: 'you',
    meaning:
      'The customer was told another time: a further revision. Agreed before the old time passed, the promise is judged by it; ' +
      'else it is measured by itself.',
    fields: {
      promised: 'As in POST /v1/promises. A duration counts from when the promise was made.',
      agreedByCustomer: 'The customer asked for it or accepted it.',
      cause: "One of the company's causes; may be left out.",
    },
  },
  paused: {
    by: 'you',
    meaning:
      'It waits for somebody. For the customer: the phase is paused, and the clock of a duration stands; its deadline moves by ' +
      'exactly the working time waited. Dates never move.',
    fields: { waitingFor: 'Who must act.', until: 'When it goes on by itself; may be left out.' },
  },
  resumed: { by: 'you', meaning: 'It waits for nobody any more.', fields: {} },
  attempted: {
    by: 'you',
    meaning:
      'Somebody tried to reach the customer. Counts inside the window and not sooner after the last one than the policy says; ' +
      'the last one that counts ends the promise as unreachable. Only of kinds that have tries.',
    fields: { result: 'What came of it.' },
  },
  fulfilment_reversed: {
    by: 'you',
    meaning:
      'What was told as done was not: the promise is open again, and what occurred since counts. What was owed and done ' +
      'meanwhile stands.',
    fields: {},
  },
  rated: { by: 'you', meaning: "The customer's rating.", fields: { score: '1 to 5.' } },
  progressed: {
    by: 'you',
    meaning: 'A checkpoint was passed. Missed by its own target, it is alerted. Changes no phase.',
    fields: { checkpoint: 'A code of your own, no free text.' },
  },
  estimated: {
    by: 'you',
    meaning: 'When it will probably be done. Later than promised: the promise is at risk.',
    fields: {
      at: 'The best forecast at that time; an instant.',
      freshUntil: 'Added by Kept: until when it is news, by the policy it came under.',
    },
  },
  handed_over: {
    by: 'Kept',
    meaning:
      'Another person answers for it, with all that has happened and was noted. By POST /v1/promises/{id}:hand-over, by ' +
      'POST /v1/people/{id}:hand-over, or by Kept itself.',
    fields: {
      owner: 'Who answers for it from now on.',
      by: 'Who handed it over; null: Kept itself.',
      because: 'command, absence (the owner is away at the target) or unacknowledged (it goes to the lead).',
      acknowledgeBy: 'By when the new owner is to acknowledge it; null: they need not.',
      note: 'The id of a note about it; may be left out.',
    },
  },
  acknowledged: {
    by: 'Kept',
    meaning: 'The new owner has taken it over, by POST /v1/promises/{id}:acknowledge.',
    fields: { by: 'Who that is.' },
  },
  escalated: {
    by: 'Kept',
    meaning: 'Staff were alerted.',
    fields: {
      reason: 'The reason of the alert.',
      rungs: 'Who was told: owner, lead, manager.',
      checkpoint: 'Which one was missed, of the reason checkpoint.',
      call: 'Which call is due, of the reason callback: 1 is the first that can count.',
      ladder:
        'The factKey of the agreement in force, where there was one: each time that was agreed has a ladder of its own.',
    },
  },
  broken_again: {
    by: 'Kept',
    meaning: 'It broke not for the first time: a callback is registered, so that a person calls. Once per promise.',
    fields: {
      of: 'What was broken before.',
      earlier: 'Of a break of the same customer: the id of the promise that was broken before.',
    },
  },
  remedy_granted: {
    by: 'Kept',
    meaning: 'What the customer gets for the break: granted at once, or when somebody approved it.',
    fields: {
      remedy: 'Id of the remedy.',
      reason: 'By which part of the policy.',
      lateMs: 'How late it was taken to be, in milliseconds.',
      options: 'What is offered: `{ kind, amount, currency }` each. The first holds until the customer chooses.',
      by: 'Who approved it; left out where nobody had to.',
    },
  },
  remedy_reversed: {
    by: 'Kept',
    meaning: 'A remedy was taken back.',
    fields: { remedy: 'Id of the remedy.', by: 'Who did it.' },
  },
  notice_sent: {
    by: 'Kept',
    meaning: 'A notice was handed to the channel; `occurredAt` says when.',
    fields: {
      reason: 'The reason of the notice.',
      revision: 'The newest told revision when it became owed.',
      occasion: 'How many of the same reason and revision ended before it without telling a time.',
      told: 'The new time told: `{ at, day }`; null where only the time of the next news was told.',
      nextNewsAt: 'When the customer hears next, if no new time was told; else null.',
      channel: 'By which channel.',
      messageId: 'Its Message-ID.',
      about: 'owner: it told nothing but who looks after it from now on; else left out.',
      named: 'Whom it named as the one to turn to, by id, and as what: owner, deputy or hotline.',
      remedies: 'Ids of the remedies that it named; left out where it named none.',
    },
  },
  notice_dropped: {
    by: 'Kept',
    meaning: 'A notice had lost its reason before it left.',
    fields: {
      reason: 'The reason of the notice.',
      revision: 'As in notice_sent.',
      occasion: 'As in notice_sent.',
      cause: 'Why it did not leave.',
    },
  },
  notice_failed: {
    by: 'Kept',
    meaning: 'A notice could not be handed over, and is not repeated in the same words.',
    fields: {
      reason: 'The reason of the notice.',
      revision: 'As in notice_sent.',
      occasion: 'As in notice_sent.',
      outcome: 'What became of the hand-over.',
    },
  },
  fulfilled: {
    by: 'you',
    meaning: 'It was done, at `occurredAt`: kept or broken by that.',
    fields: {
      inFull: 'Whether all of it was; may be left out.',
      firstContact: 'Whether it needed no second contact; may be left out.',
      asDay: 'In imported histories: only the day is known, and `occurredAt` is its end. Promises for a day only.',
    },
  },
  withdrawn: {
    by: 'you',
    meaning: 'It was taken back.',
    fields: { by: 'By whom.', cause: 'One of the causes that `company.yaml` names; may be left out.' },
  },
};
