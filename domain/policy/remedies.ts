import { isRecord, sayUnknown, show, within, type Say } from './documents.ts';
import { DURATION, isAtLeast } from './durations.ts';
import { checked, listOf, mapping, orNone, textLike, type Form } from './forms.ts';
import { CURRENCY_FORM, hundredths, MONEY } from './money.ts';
import { REMEDY_KINDS } from '../promise/words.ts';
import type { RemedyOption, RemedyRow, RemedyTable } from './policy.ts';

const MOST_ROWS = 50;
const MOST_OPTIONS = 10;
const OPTION_EXAMPLES = '{ refund: 10% } or { voucher: "5.00" }';

/** How much: an amount, or per cent of the promise's value. */
type Size = { readonly amount: string } | { readonly percent: string };

const PERCENT = String.raw`^\d{1,3}(\.\d{1,2})?%$`;

const AMOUNT = checked(MONEY, (amount, say) => {
  if (hundredths(amount) === 0) say('', `A remedy of ${amount} is none. Leave it out.`);
});

const SIZE: Form<Size> = {
  read: (value, say) => {
    if (typeof value !== 'string' || !value.endsWith('%')) {
      const amount = AMOUNT.read(value, say);
      return amount === undefined ? undefined : { amount };
    }
    const number = Number(value.slice(0, -1));
    if (new RegExp(PERCENT).test(value) && number > 0 && number <= 100) return { percent: String(number) };
    return say('', `Not above 0% and up to 100%, with at most two decimals: ${value}. Nobody gets back more than all.`);
  },
  write: (size) => ('amount' in size ? size.amount : `${size.percent}%`),
  schema: { anyOf: [{ type: 'string', pattern: PERCENT }, MONEY.schema] },
  unit: 'per cent, or amount in quotes',
  parts: [],
};

/** `{ refund: 10% }` or `{ voucher: "5.00" }`. */
const OPTION: Form<RemedyOption> = {
  read: (value, say) => {
    if (!isRecord(value)) return say('', `Write ${OPTION_EXAMPLES}, not ${show(value)}.`);
    const kinds = REMEDY_KINDS.filter((kind) => kind in value);
    const [kind] = kinds;
    sayUnknown(value, REMEDY_KINDS, '', say);
    if (Object.keys(value).length > kinds.length) return undefined;
    if (kind === undefined || kinds.length > 1)
      return say('', `An option is one of ${OPTION_EXAMPLES}. To let the customer choose, write two options.`);
    const size = SIZE.read(value[kind], within(say, kind));
    return size && { kind, ...size };
  },
  write: (option) => ({ [option.kind]: SIZE.write(option) }),
  schema: {
    type: 'object',
    properties: Object.fromEntries(REMEDY_KINDS.map((kind) => [kind, SIZE.schema])),
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  },
  unit: OPTION_EXAMPLES,
  parts: [],
};

const OPTIONS = listOf(OPTION, MOST_OPTIONS, '[{ refund: 10% }, { voucher: 15% }]');
const ROW_EXAMPLE = '{ late: P2D, value: "20.00", options: [{ refund: 10% }] }';

const ROW = mapping<RemedyRow>(ROW_EXAMPLE, {
  late: { form: DURATION, meaning: 'From this lateness on.', fallback: 'PT0S' },
  value: { form: MONEY, meaning: 'From this value of the promise on.', fallback: '0.00' },
  options: {
    form: checked(OPTIONS, (options: readonly RemedyOption[], say) => {
      if (options.length === 0) say('', 'A row without options offers nothing. Write one, or leave the row out.');
    }),
    meaning: 'What is offered. The first holds until the customer chooses.',
  },
});

/** How a broken promise is made good. */
export const REMEDIES = checked(
  mapping<RemedyTable>(`{ currency: EUR, rows: [${ROW_EXAMPLE}] }`, {
    currency: {
      form: textLike(CURRENCY_FORM, 'ISO 4217', 'A currency has three capital letters such as EUR'),
      meaning: 'Of every amount here.',
    },
    rows: {
      form: listOf(ROW, MOST_ROWS, `[${ROW_EXAMPLE}]`),
      meaning: 'The last row whose lateness and value are both reached holds.',
      fallback: [],
    },
    secondBreak: { form: OPTIONS, meaning: 'For the second break; empty: as for the first.', fallback: [] },
    arrives: { form: DURATION, meaning: 'How long the promise of a refund is.', fallback: 'P5D' },
    limit: { form: orNone(MONEY), meaning: 'A larger remedy needs approval.', fallback: null },
    month: { form: orNone(MONEY), meaning: 'With so much granted in a month, all need approval.', fallback: null },
  }),
  ({ rows, secondBreak, limit, month }, say) => {
    if (rows.length === 0 && secondBreak.length === 0)
      say('/rows', 'A table without rows offers nothing. Write one, or remedies: none.');
    sayHidden(rows, say);
    if (limit !== null && month !== null && hundredths(limit) > hundredths(month))
      say('/limit', `limit ${limit} is above month ${month}, which would be spent first. Write at most ${month}.`);
  },
);

/** A row that a later one always takes the place of. */
function sayHidden(rows: readonly RemedyRow[], say: Say): void {
  for (const [index, row] of rows.entries()) {
    const later = rows.findIndex(
      ({ late, value }, other) =>
        other > index && isAtLeast(row.late, late) && hundredths(row.value) >= hundredths(value),
    );
    if (later >= 0)
      say(
        `/rows/${index}`,
        `This row never holds: row ${later + 1} stands later and is reached no later. Let lateness or value rise.`,
      );
  }
}
