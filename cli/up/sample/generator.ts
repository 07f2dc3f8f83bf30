import { stringify } from 'csv-stringify/sync';
import { BOOKSHOP_COLUMNS } from '../../import/bookshop.ts';
import { CALL_TOPICS, FIRST_NAMES, LAST_NAMES, QUESTIONS, TITLES } from './words.ts';

type Row = Readonly<Partial<Record<(typeof BOOKSHOP_COLUMNS)[number], string>>>;

/** The first day of the file, a Monday. Which one it is matters to nobody: the sample is played from now. */
export const FIRST_DAY = '2026-11-02';

const SEED = 1719;
const DAY_MS = 86_400_000;
const DELIVERIES = 40;
/** A delivery is promised for the fifth day after the order. */
const PROMISED_DAYS = 5;
const PARTNERS = ['dpd', 'omniva'] as const;

/**
 * Three weeks of a bookshop that says five days, aims at four and delivers in three or four. The same text every time.
 */
export function bookshopCsv(): string {
  const random = mulberry32(SEED);
  const rows = [...deliveries(random), ...callbacks(random), ...replies(random)];
  rows.sort((a, b) => (a.made_at ?? '').localeCompare(b.made_at ?? '') || (a.ref ?? '').localeCompare(b.ref ?? ''));
  return stringify([...rows], { header: true, columns: [...BOOKSHOP_COLUMNS] });
}

type Random = () => number;

/** How a delivery goes; days count from the order. All others arrive on the third or fourth day. */
const STORIES: Readonly<Record<number, (day: number) => Row>> = {
  // Sent late, said so in time: at risk within seconds of the first start; the new time is kept.
  1: (day) => ({ estimated_at: at(3, 14.5), estimate: at(6, 15), done_at: at(day + 6, 12) }),
  // Inside the buffer: the owner hears, the customer does not.
  2: (day) => ({ estimated_at: at(3, 19), estimate: at(day + 5, 14), done_at: at(day + 5, 13) }),
  // Nobody said anything, and it came too late.
  3: (day) => ({ done_at: at(day + 7, 10) }),
  // Out of stock: taken back by the shop.
  7: (day) => ({ withdrawn_at: at(day + 2, 11), withdrawn_by: 'company' }),
  9: (day) => ({ done_at: at(day + 5, 12) }),
  // A false alarm: warned, then faster than feared.
  12: (day) => ({
    estimated_at: at(day + 2, 13),
    estimate: at(day + 6, 12),
    estimated_again_at: at(day + 4, 9),
    estimate_again: at(day + 5, 11),
    done_at: at(day + 5, 10.5),
  }),
  16: (day) => ({ done_at: at(day + 5, 15) }),
  19: (day) => ({ estimated_at: at(day + 3, 10), estimate: at(day + 6, 10), done_at: at(day + 6, 9.5) }),
  24: (day) => ({ withdrawn_at: at(day + 1, 20), withdrawn_by: 'customer' }),
  28: (day) => ({ done_at: at(day + 5, 11) }),
};

function deliveries(random: Random): readonly Row[] {
  return Array.from({ length: DELIVERIES }, (_, n) => {
    const day = Math.floor((n * 13) / DELIVERIES);
    const hour = 9 + random() * 9;
    const daysTaken = random() < 0.55 ? 3 : 4;
    const usual = { done_at: at(day + daysTaken, 10 + random() * 7) };
    const buyer = customer(random);
    const ending: Row = STORIES[n]?.(day) ?? usual;
    return {
      ref: `B-${1001 + n}`,
      kind: 'delivery',
      made_at: at(day, hour),
      promised: at(day + PROMISED_DAYS, 0).slice(0, 10),
      subject: pick(TITLES, random),
      customer: buyer,
      owner: n % 3 === 0 ? 'jaan' : 'kati',
      partner: PARTNERS[n % PARTNERS.length] ?? 'dpd',
      ...(ending.withdrawn_at ? {} : { sent_at: at(day + 1, 15 + random() * 3) }),
      ...ending,
    };
  });
}

/** Calls in a window the customer chose. The first day a call is made is the day the sample begins. */
function callbacks(random: Random): readonly Row[] {
  return Array.from({ length: 9 }, (_, n) => {
    const day = 3 + n;
    const from = n % 2 === 0 ? 14 : 16;
    const late = n === 5;
    return {
      ref: `C-${501 + n}`,
      kind: 'callback',
      made_at: at(day, 9 + random() * 3),
      promised_from: at(day, from),
      promised: at(day, from + 4),
      subject: pick(CALL_TOPICS, random),
      customer: customer(random),
      owner: n % 3 === 1 ? 'jaan' : 'kati',
      done_at: at(day, late ? from + 4.5 : from + 0.5 + random() * 3),
    };
  });
}

/** Questions answered by the evening of the next day; one of them so late that the customer is told first. */
function replies(random: Random): readonly Row[] {
  return Array.from({ length: 9 }, (_, n) => {
    const day = 3 + n;
    return {
      ref: `Q-${301 + n}`,
      kind: 'reply',
      made_at: at(day, 10 + random() * 6),
      promised: at(day + 1, 17),
      subject: pick(QUESTIONS, random),
      customer: customer(random),
      owner: n % 2 === 0 ? 'jaan' : 'kati',
      done_at: at(day + 1, n === 2 ? 15.5 : 8.5 + random() * 3),
    };
  });
}

/** The wall clock `hour` hours into a day of the file. */
function at(day: number, hour: number): string {
  const ms = Math.round(hour * 60) * 60_000;
  return new Date(Date.parse(`${FIRST_DAY}T00:00:00Z`) + day * DAY_MS + ms)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');
}

const customer = (random: Random): string => `${pick(FIRST_NAMES, random)} ${pick(LAST_NAMES, random)}`;

function pick<T>(list: readonly [T, ...T[]], random: Random): T {
  return list[Math.floor(random() * list.length)] ?? list[0];
}

/** Numbers in [0, 1) by Tommy Ettinger's mulberry32: small, and the same on every machine. */
function mulberry32(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
