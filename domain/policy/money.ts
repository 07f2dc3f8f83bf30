import { show } from './documents.ts';
import type { Form } from './forms.ts';
import type { Money } from './policy.ts';

const PATTERN = String.raw`^\d{1,12}(\.\d{1,2})?$`;

/** An amount in quotes: a number in YAML would lose digits. Read with two decimals. @example "5" //=> '5.00' */
export const MONEY: Form<Money> = {
  read: (value, say) => {
    if (typeof value === 'string' && new RegExp(PATTERN).test(value)) return exact(value);
    const meant = typeof value === 'number' && new RegExp(PATTERN).test(String(value));
    const write = meant ? exact(String(value)) : '5.00';
    return say('', `Not an amount: ${show(value)}. Write it in quotes, with at most two decimals: "${write}".`);
  },
  write: (money) => money,
  schema: { type: 'string', pattern: PATTERN },
  unit: 'amount in quotes',
  parts: [],
};

/** ISO 4217. */
export const CURRENCY_FORM = /^[A-Z]{3}$/;

/** In hundredths, exact: fourteen digits fit into a number. @example hundredths('20.00') //=> 2000 */
export const hundredths = (money: Money): number => Number(money.replace('.', ''));

function exact(text: string): Money {
  const [whole = '', decimals = ''] = text.split('.');
  return `${whole.replace(/^0+(?=\d)/, '')}.${decimals.padEnd(2, '0')}`;
}
