import { hundredths } from '../policy/money.ts';
import type { RemedyOption, RemedyTable } from '../policy/policy.ts';
import type { Offer } from '../promise/facts.ts';
import type { Plan, RemedyTerms } from '../promise/plan.ts';
import { moneyText } from '../promise/remedies.ts';
import { plusDuration } from './durations.ts';

/** A policy's table over a plan: lateness counts calendar days in the promise's zone. */
export function remedyTermsOf(
  table: RemedyTable,
  { promisedAt, zone }: Pick<Plan, 'promisedAt' | 'zone'>,
): RemedyTerms {
  const { currency, rows, secondBreak, limit, month, arrives } = table;
  return {
    ...{ currency, limit, month, arrives },
    offered: (lateAt, value) => {
      const worth = worthIn(currency, value);
      const isReached = ({ late, value: from }: RemedyTable['rows'][number]): boolean =>
        plusDuration(promisedAt, late, zone) <= lateAt && hundredths(from) <= (worth ?? 0);
      const reached = rows.filter(isReached).map(({ options }) => offersOf(options, currency, worth));
      return reached.findLast((offers) => offers.length > 0) ?? [];
    },
    offeredAgain: (value) => offersOf(secondBreak, currency, worthIn(currency, value)),
  };
}

type Value = Parameters<RemedyTerms['offered']>[1];

/** In hundredths; null where it is not known, or in another currency than the table. */
const worthIn = (currency: string, value: Value): number | null =>
  value?.currency === currency ? hundredths(value.amount) : null;

/** A share of a value that is not known, or that comes to nothing, is not offered. */
function offersOf(options: readonly RemedyOption[], currency: string, worth: number | null): readonly Offer[] {
  return options.flatMap((option) => {
    const { kind } = option;
    if ('amount' in option) return [{ kind, amount: option.amount, currency }];
    const cents = worth === null ? 0n : shareOf(worth, option.percent);
    return cents === 0n ? [] : [{ kind, amount: moneyText(cents), currency }];
  });
}

/**
 * Per cent of an amount in hundredths, half a hundredth up; exact, since a share of fourteen digits fits into no float.
 * @example shareOf(4990, '12.5') //=> 624n
 */
function shareOf(worth: number, percent: string): bigint {
  const [whole = '', decimals = ''] = percent.split('.');
  const ofTenThousand = BigInt(`${whole}${decimals.padEnd(2, '0')}`);
  return (BigInt(worth) * ofTenThousand * 2n + 10_000n) / 20_000n;
}
