import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** The orders of the shared data, where this checkout has them; never part of the project. */
export const OLIST_FILE = fileURLToPath(new URL('../../../shared/data/olist_orders.csv.gz', import.meta.url));

export const hasOlist = (): boolean => existsSync(OLIST_FILE);

/** One order as the file has it, times as milliseconds of its own wall clock. Reads the file by itself: shares no code with Kept. */
export interface RawOrder {
  readonly ref: string;
  readonly made: number;
  readonly deadline: number;
  readonly delivered: number | null;
  readonly withdrawn: boolean;
}

/** The orders bought within the two days, both inclusive. */
export function rawOrders(from: string, to: string): readonly RawOrder[] {
  const [, ...lines] = gunzipSync(readFileSync(OLIST_FILE)).toString('utf8').trim().split('\n');
  return lines.flatMap((line) => {
    const [ref = '', status, made = '', , , delivered = '', promised = ''] = line.trim().split(',');
    if (made.slice(0, 10) < from || made.slice(0, 10) > to) return [];
    const withdrawn = status === 'canceled' || status === 'unavailable';
    return [
      {
        ref,
        made: wall(made),
        // The promised day ends where the next one begins; its midnight is what the file holds.
        deadline: wall(promised) + 86_400_000,
        delivered: delivered === '' || withdrawn ? null : wall(delivered),
        withdrawn,
      },
    ];
  });
}

const wall = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);
