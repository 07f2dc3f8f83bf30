import { show } from './documents.ts';
import type { Form } from './forms.ts';

const PERCENT = String.raw`^\d+(\.\d+)?%$`;

/** `20%` or `0.2`; strictly between 0 and 1: a share of nothing or of all is none. */
export const SHARE: Form<number> = {
  read: (value, say) => {
    const share = shareOf(value);
    if (share !== null && share < 1) return share;
    return say('', `Not a share between 0% and 100%: ${show(value)}.${meantShare(value)}`);
  },
  write: percentOf,
  schema: {
    anyOf: [
      { type: 'string', pattern: PERCENT },
      { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    ],
  },
  unit: 'per cent',
  parts: [],
};

/** `95%` or `0.95`; may ask for all. */
export const GOAL: Form<number> = {
  read: (value, say) =>
    shareOf(value) ?? say('', `Not a share above 0% and up to 100%: ${show(value)}.${meantShare(value)}`),
  write: percentOf,
  schema: {
    anyOf: [
      { type: 'string', pattern: PERCENT },
      { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    ],
  },
  unit: 'per cent',
  parts: [],
};

/** A bare number is most likely meant as per cent. */
function meantShare(value: unknown): string {
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number') return '';
  if (number > 1 && number < 100) return ` Write ${number}%.`;
  return typeof value === 'string' && number > 0 && number < 1 ? ` Write ${hundredfold(number)}%.` : '';
}

const hundredfold = (number: number): number => Number(`${number}e2`);

/** As per cent; the number itself where per cent would not give the same one back. */
function percentOf(share: number): string | number {
  const percent = `${hundredfold(share)}%`;
  return shareOf(percent) === share ? percent : share;
}

/** A number above 0 and up to 1. */
function shareOf(value: unknown): number | null {
  const isPercent = typeof value === 'string' && new RegExp(PERCENT).test(value);
  const number = isPercent ? Number(`${value.slice(0, -1)}e-2`) : value;
  return typeof number === 'number' && number > 0 && number <= 1 ? number : null;
}
