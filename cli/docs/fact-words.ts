import type { Fact, FactHead, FactKind, OutsideFact } from '../../domain/promise/facts.ts';

type OfKind<K extends FactKind> = Extract<Fact, { readonly kind: K }>;

/** What a kind of fact says, who states it, and what its own fields mean. */
export interface FactWords<K extends FactKind = FactKind> {
  readonly by: K extends OutsideFact['kind'] ? 'you' : 'Kept';
  readonly meaning: string;
  readonly fields: { readonly [F in Exclude<keyof OfKind<K>, keyof FactHead | 'kind'>]-?: string };
}

export const FACT_WORDS: { readonly [K in FactKind]: FactWords<K> } = {
  registered: { by: 'Kept', meaning: 'The promise was made.', fields: {} },
  progressed: {
    by: 'you',
    meaning: 'A checkpoint was passed. Remembered; changes no phase.',
    fields: { checkpoint: 'A code of your own, no free text.' },
  },
  estimated: {
    by: 'you',
    meaning: 'When it will probably be done. Later than promised: the promise is at risk.',
    fields: { at: 'The best forecast at that time; an instant.' },
  },
  escalated: {
    by: 'Kept',
    meaning: 'Staff were alerted.',
    fields: { reason: 'The reason of the alert.', rungs: 'Who was told: owner, lead, manager.' },
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
