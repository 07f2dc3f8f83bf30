import { isRecord, type DocumentFault, type Say } from './documents.ts';
import { DURATION, isAtLeast } from './durations.ts';
import { checked, mapping, orNone, textLike, wholeNumber, type Form } from './forms.ts';
import type { Duration } from './policy.ts';

/** What `company.yaml` says beside the zone and the causes; it holds for all kinds, from the moment it is stored. */
export interface CompanyRules {
  /** ISO 3166, e.g. `EE`: where phones without a prefix are at home. Null: such phones are not understood. */
  readonly country: string | null;
  /** How often one of the staff is written to at most. */
  readonly alerts: {
    readonly window: Duration;
    /** Instead of `window`, where an alert is due within the lead. */
    readonly urgent: Duration;
  };
  /** A hand-over not acknowledged for so long goes to the lead. */
  readonly acknowledge: Duration;
  readonly secondBreak: {
    /** An earlier break of the same customer counts for so long. */
    readonly within: Duration;
    /** By when a person calls. */
    readonly callWithin: Duration;
  };
  /** Mails to customers; null: no end. */
  readonly caps: { readonly perMinute: number | null; readonly perCustomerDay: number | null };
  readonly capacity: {
    /** So many promises the engine can wake in a second. */
    readonly wakesPerSecond: number;
  };
  /** How long is kept what nobody needs any more. */
  readonly keep: {
    /** Pokes that Temporal did not take, of promises that have ended. */
    readonly outbox: Duration;
    /** Texts to customers that have left, or never will. */
    readonly dispatches: Duration;
  };
}

const MOST = 1_000_000;
const CAP = orNone(wholeNumber(1, MOST));

const USUAL: CompanyRules = {
  country: null,
  alerts: { window: 'PT15M', urgent: 'PT1M' },
  acknowledge: 'PT4H',
  secondBreak: { within: 'P90D', callWithin: 'PT4H' },
  caps: { perMinute: null, perCustomerDay: null },
  capacity: { wakesPerSecond: 15 },
  keep: { outbox: 'P7D', dispatches: 'P90D' },
};

/** How the rules are written. To add one: an entry here, one in `CompanyRules` and its default in `USUAL`. */
const FIELDS: Form<CompanyRules> = mapping<CompanyRules>('{ zone: Europe/Tallinn, acknowledge: PT4H }', {
  country: {
    form: orNone(textLike(/^[A-Z]{2}$/, 'ISO 3166', 'A country has two capital letters such as EE')),
    meaning: 'Where phones without a prefix are at home.',
    fallback: USUAL.country,
  },
  alerts: {
    form: checked(
      mapping<CompanyRules['alerts']>('{ window: PT15M, urgent: PT1M }', {
        window: {
          form: DURATION,
          meaning: 'One of the staff gets at most one mail of alerts in it.',
          fallback: USUAL.alerts.window,
        },
        urgent: { form: DURATION, meaning: 'Instead, where an alert is urgent.', fallback: USUAL.alerts.urgent },
      }),
      ({ window, urgent }, say) => {
        if (!isAtLeast(window, urgent))
          say('/urgent', `urgent ${urgent} is longer than window ${window}: what is urgent would wait longer.`);
      },
    ),
    meaning: 'How often one of the staff is written to.',
    fallback: USUAL.alerts,
  },
  acknowledge: {
    form: DURATION,
    meaning: 'A hand-over that is not acknowledged for so long goes to the lead.',
    fallback: USUAL.acknowledge,
  },
  secondBreak: {
    form: mapping<CompanyRules['secondBreak']>('{ within: P90D, callWithin: PT4H }', {
      within: {
        form: DURATION,
        meaning: 'A break of the same customer counts as the second within it.',
        fallback: USUAL.secondBreak.within,
      },
      callWithin: {
        form: DURATION,
        meaning: 'How long the callback that follows it is.',
        fallback: USUAL.secondBreak.callWithin,
      },
    }),
    meaning: 'What makes a second break, after which a person calls.',
    fallback: USUAL.secondBreak,
  },
  caps: {
    form: mapping<CompanyRules['caps']>('{ perMinute: 600, perCustomerDay: 3 }', {
      perMinute: {
        form: CAP,
        meaning: 'So many mails to customers leave in any 60 s.',
        fallback: USUAL.caps.perMinute,
      },
      perCustomerDay: {
        form: CAP,
        meaning: 'So many mails a customer gets in a day; risk and recovery are never held back.',
        fallback: USUAL.caps.perCustomerDay,
      },
    }),
    meaning: 'Ends to mails.',
    fallback: USUAL.caps,
  },
  capacity: {
    form: mapping<CompanyRules['capacity']>('{ wakesPerSecond: 15 }', {
      wakesPerSecond: {
        form: wholeNumber(1, MOST),
        meaning:
          'So many promises the engine can wake in a second. Where herds ahead need more, the manager is told, and no more ' +
          'promises to the minute are taken for that time.',
        fallback: USUAL.capacity.wakesPerSecond,
      },
    }),
    meaning: 'What the machine can do.',
    fallback: USUAL.capacity,
  },
  keep: {
    form: mapping<CompanyRules['keep']>('{ outbox: P7D, dispatches: P90D }', {
      outbox: {
        form: DURATION,
        meaning: 'So long are pokes kept that Temporal did not take, of promises that have ended.',
        fallback: USUAL.keep.outbox,
      },
      dispatches: {
        form: DURATION,
        meaning: 'So long are texts to customers kept. Two days at least, where perCustomerDay counts them.',
        fallback: USUAL.keep.dispatches,
      },
    }),
    meaning: 'What goes after a while; facts, and what was told, stay for good.',
    fallback: USUAL.keep,
  },
});

/** A day of the customer's may have begun more than a day ago. */
const TWO_DAYS = 'P2D';

/** Reads rules whose parts may not go together. */
export const COMPANY_RULES: Form<CompanyRules> = checked(FIELDS, ({ caps, keep }, say) => {
  if (caps.perCustomerDay !== null && !isAtLeast(keep.dispatches, TWO_DAYS))
    say('/keep/dispatches', `dispatches ${keep.dispatches} is too short: perCustomerDay counts the mails of a day.`);
});

/** Reads the rules from `company.yaml`, without zone and causes; what the file leaves out gets its default. */
export function parseCompanyRules(
  document: unknown,
): { readonly rules: CompanyRules } | { readonly faults: readonly DocumentFault[] } {
  const faults: DocumentFault[] = [];
  const say: Say = (pointer, message) => void faults.push({ pointer, message });
  const rules = COMPANY_RULES.read(document, say);
  return rules && faults.length === 0 ? { rules } : { faults };
}

/** Rules as they were stored, with defaults for fields that are younger than them. */
export const completedRules = (stored: unknown): CompanyRules => ({ ...USUAL, ...(isRecord(stored) ? stored : {}) });
