import { instant } from '../../domain/promise/instant.ts';
import type { CallsAhead, CallsPageData, CallToMake } from '../../web/call-shapes.ts';

const at = (time: string) => instant(Date.parse(`2026-11-26T${time}:00Z`));
const id = (n: number): string => `0199c0de-0000-7000-8000-${String(n).padStart(12, '0')}`;

const call = (n: number, changes: Partial<CallToMake>): CallToMake => ({
  ...{ id: id(n), source: 'phone', ref: `M-${n}`, subject: null, from: at('09:30'), to: at('10:00') },
  ...{ ownerName: 'Kati Kask', phase: 'open', attempts: { counted: 0, max: 3 }, tries: [], token: id(100 + n) },
  customer: { ref: `C-${n}`, name: 'Mari Tamm', phone: '+372 511 0017' },
  ...changes,
});

/** A day of calls: reached, tried in vain, late, nobody's, and one that ended. 11:12 in Tallinn. */
export const CALLS: CallsPageData = {
  ...{ now: at('09:12'), zone: 'Europe/Tallinn', day: '2026-11-26', owner: '', fault: null },
  people: [
    { id: 'jaan', name: 'Jaan Tamm' },
    { id: 'kati', name: 'Kati Kask' },
  ],
  items: [
    call(1, {
      ...{ subject: 'a wrong book', from: at('07:00'), to: at('07:30'), phase: 'kept' },
      tries: [{ at: at('07:10'), result: 'reached' }],
    }),
    call(2, {
      ...{ subject: 'your call', from: null, to: at('08:00'), phase: 'overdue', attempts: { counted: 2, max: 3 } },
      customer: { ref: 'C-2', name: null, phone: null },
      tries: [
        { at: at('07:35'), result: 'no_answer' },
        { at: at('07:58'), result: 'wrong_number' },
      ],
    }),
    call(3, { subject: 'the return of 3 books, and whether they can be exchanged for others <b>here</b>' }),
    call(4, { customer: { ref: 'C-4', name: 'Õnne Lõhmus-Põldsepp', phone: '+372 511 0018' }, ownerName: null }),
    call(5, { from: at('12:00'), to: at('12:30'), phase: 'unreachable', attempts: { counted: 3, max: 3 } }),
  ],
  overflow: [id(4)],
};

export const NO_CALLS: CallsPageData = { ...CALLS, items: [], overflow: [] };

/** The same day on the first page. */
export const CALLS_AHEAD: CallsAhead = { zone: CALLS.zone, open: 3, next: CALLS.items.slice(1, 4), overflow: 1 };

export const NO_CALLS_AHEAD: CallsAhead = { ...CALLS_AHEAD, open: 0, next: [], overflow: 0 };
