import { instant } from '../../domain/promise/instant.ts';
import type { PromisePageData } from '../../web/shapes.ts';

type Noted = Pick<PromisePageData, 'notes' | 'noteForm' | 'handOverForm'>;

/** Nobody has written about it, and nobody is about to. */
export const UNNOTED: Noted = {
  notes: [],
  noteForm: { people: [], text: '', by: '', faults: {} },
  handOverForm: { people: [], to: '', note: '', by: '', faults: {} },
};

const at = (time: string) => instant(Date.parse(time));
const PROMISE = '0199c0de-0000-7000-8000-000000000001';

export const STAFF = [
  { id: 'jaan', name: 'Jaan Tamm' },
  { id: 'kati', name: 'Kati Kask' },
];

/** Two notes, one by somebody who has left, and one about to be written that is not there yet. */
export const NOTED: Noted = {
  notes: [
    {
      ...{ promiseId: PROMISE, at: at('2026-11-25T07:12:00Z'), by: 'kati' },
      text: 'Would rather be called after 17:00.\nNot on Fridays.',
    },
    {
      ...{ promiseId: PROMISE, at: at('2026-11-26T08:12:00Z'), by: 'left' },
      text: 'A present for <b>her mother</b>, so no later than Saturday.',
    },
  ],
  noteForm: { people: STAFF, text: '', by: 'kati', faults: { text: 'Write something first.' } },
  handOverForm: { people: STAFF, to: '', note: '', by: 'kati', faults: { to: 'Say who gets it.' } },
};
