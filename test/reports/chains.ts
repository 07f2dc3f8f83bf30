import type { Fact, Told } from '../../domain/promise/facts.ts';
import type { Undertaking } from '../../domain/promise/plan.ts';
import { at } from './noon.ts';

/** One way in which a promise, made for `length` days ahead, is moved. */
export interface Chain {
  /** `reply` where it is not said. */
  readonly kind?: 'callback';
  /** Promised as a duration, whose clock can stand. */
  readonly lasts?: true;
  readonly tell: (
    length: number,
    random: () => number,
  ) => { readonly facts: readonly Fact[]; readonly late?: readonly Fact[] };
}

let heads = 0;
const head = (days: number): { readonly factKey: string; readonly occurredAt: ReturnType<typeof at> } => ({
  factKey: `chain-${(heads += 1)}`,
  occurredAt: at(days),
});

const fulfilled = (days: number): Fact => ({ kind: 'fulfilled', ...head(days) });
const resumed = (days: number): Fact => ({ kind: 'resumed', ...head(days) });
const waits = (days: number, until?: number): Fact => ({
  kind: 'paused',
  waitingFor: 'customer',
  ...head(days),
  ...(until === undefined ? {} : { until: at(until) }),
});
const reversed = (days: number): Fact => ({ kind: 'fulfilment_reversed', ...head(days) });
const tried = (days: number): Fact => ({ kind: 'attempted', result: 'no_answer', ...head(days) });
const retold = (days: number, promised: Undertaking, agreedByCustomer: boolean): Fact => ({
  kind: 'repromised',
  promised,
  agreedByCustomer,
  ...head(days),
});
/** Told and not agreed to: a whole day, a window that ends `to`, a duration. */
const imposedDay = (days: number, on: number): Fact =>
  retold(days, { precision: 'day', day: at(on).slice(0, 10), zone: 'Europe/Tallinn' }, false);
const imposedWindow = (days: number, to: number): Fact =>
  retold(days, { precision: 'window', from: at(to - 0.25), to: at(to) }, false);
const imposedLength = (days: number, length: number): Fact =>
  retold(days, { precision: 'instant', within: `PT${length * 24}H`, calendar: null }, false);
const contacted = (days: number, about: 'status' | 'trouble' | 'other'): Fact => ({
  kind: 'contacted',
  channel: 'phone',
  about,
  ...head(days),
});
const handedOver = (days: number, owner: string): Fact => ({
  kind: 'handed_over',
  owner,
  by: null,
  because: 'command',
  acknowledgeBy: null,
  ...head(days),
});
const granted = (days: number, remedy: string, ...amounts: readonly string[]): Fact => ({
  kind: 'remedy_granted',
  remedy,
  reason: 'late',
  lateMs: 0,
  options: amounts.map((amount) => ({ kind: 'refund', amount, currency: days > 3 ? 'EUR' : 'SEK' })),
  ...head(days),
});
const agreed = (days: number, to: number): Fact => retold(days, { precision: 'instant', at: at(to) }, true);
const imposed = (days: number, to: number): Fact => retold(days, { precision: 'instant', at: at(to) }, false);

function notice(reason: 'risk' | 'recovery', days: number, told: Told | null = null): Fact {
  return {
    kind: 'notice_sent',
    ...head(days),
    reason,
    revision: 1,
    occasion: 0,
    told,
    nextNewsAt: null,
    channel: 'email',
    messageId: '<a@b>',
  };
}

/** Now and then in time, now and then late, now and then not at all; `days` is about when. */
function someEnd(days: number, random: () => number): readonly Fact[] {
  const lot = random();
  const when = days * (0.7 + random() * 0.6);
  if (lot < 0.6) return [fulfilled(when)];
  if (lot < 0.7) return [{ kind: 'withdrawn', by: 'customer', ...head(when) }];
  if (lot < 0.8) return [{ kind: 'withdrawn', by: 'company', ...head(when) }];
  return [];
}

export const CHAINS: readonly Chain[] = [
  // The clock of a duration: waited for, for good, until an instant, and for somebody who does not stop it.
  { lasts: true, tell: (d, r) => ({ facts: [waits(0.5), resumed(1.5), ...someEnd(d + 1, r)] }) },
  { lasts: true, tell: () => ({ facts: [notice('risk', 0.4), waits(0.5)] }) },
  { lasts: true, tell: (d, r) => ({ facts: [waits(0.5), waits(1, 1.75), ...someEnd(d + 1.25, r)] }) },
  {
    lasts: true,
    tell: (d, r) => ({
      facts: [{ kind: 'paused', waitingFor: 'partner', ...head(0.5) }, notice('risk', 1), ...someEnd(d, r)],
    }),
  },
  { lasts: true, tell: (d) => ({ facts: [waits(0.5), fulfilled(d + 3)] }) },
  // Agreed while the clock stood, and while it ran.
  { lasts: true, tell: (d, r) => ({ facts: [waits(1), agreed(1.25, d + 2), ...someEnd(d + 2, r)] }) },
  { tell: (d, r) => ({ facts: [notice('risk', 0.5), agreed(1, d + 1), ...someEnd(d + 0.5, r)] }) },
  { tell: (d, r) => ({ facts: [agreed(1, d + 1), notice('risk', d + 0.25), ...someEnd(d + 0.75, r)] }) },
  {
    tell: (d, r) => ({
      facts: [
        retold(1, { precision: 'day', day: at(d + 1).slice(0, 10), zone: 'Pacific/Kiritimati' }, true),
        ...someEnd(d + 1, r),
      ],
    }),
  },
  // Told and not agreed; agreed, but too late; one after the other.
  { tell: (d, r) => ({ facts: [imposed(1, d + 1), ...someEnd(d + 0.75, r)] }) },
  { tell: (d, r) => ({ facts: [agreed(d + 0.25, d + 2), ...someEnd(d + 2, r)] }) },
  { tell: (d, r) => ({ facts: [imposed(0.5, d + 2), agreed(1, d + 1), ...someEnd(d + 1, r)] }) },
  { tell: (d, r) => ({ facts: [agreed(0.5, d + 0.5), imposed(1, d + 1), ...someEnd(d + 0.5, r)] }) },
  // Taken back: in time again, too late, not yet.
  { tell: (d, r) => ({ facts: [fulfilled(d - 1), reversed(d - 0.5), ...someEnd(d, r)] }) },
  { tell: (d) => ({ facts: [fulfilled(d + 0.5), notice('recovery', d + 0.25), reversed(d + 1), fulfilled(d + 2)] }) },
  // Called without success, with another time told that has passed by then; and reached at last.
  {
    kind: 'callback',
    tell: (d) => ({ facts: [imposed(d - 0.45, d - 0.3), tried(d - 0.4), tried(d - 0.25), tried(d - 0.1)] }),
  },
  {
    kind: 'callback',
    tell: (d, r) => ({
      facts: [tried(d - 0.4), { kind: 'attempted', result: 'reached', ...head(d - 0.2 + r() * 0.4) }],
    }),
  },
  // Told late: done in time after all, another time agreed in time, and the clock had stood.
  { tell: (d) => ({ facts: [notice('recovery', d + 0.25)], late: [fulfilled(d - 0.5)] }) },
  {
    tell: (d, r) => ({ facts: [notice('recovery', d + 0.25), ...someEnd(d + 1, r)], late: [agreed(d - 0.5, d + 1)] }),
  },
  { lasts: true, tell: (d) => ({ facts: [notice('recovery', d + 0.25)], late: [waits(d - 0.5)] }) },
  // Told again and again, each time as exactly as it is told; at the very end of a window and of an instant.
  { tell: (d, r) => ({ facts: [imposed(0.5, d + 0.5), imposed(1, d + 1), ...someEnd(d + 0.75, r)] }) },
  {
    tell: (d, r) => ({
      facts: [imposedDay(0.5, d), imposedWindow(1, d + 1), imposed(1.5, d + 1.5), ...someEnd(d + 1.25, r)],
    }),
  },
  { tell: (d) => ({ facts: [imposedWindow(0.5, d + 1), imposed(0.75, d + 1), fulfilled(d + 1)] }) },
  {
    tell: (d, r) => ({
      facts: [
        notice('risk', 0.5, { at: at(d + 0.5), day: null }),
        notice('recovery', d + 0.75, { at: at(d + 1.5), day: at(d + 1).slice(0, 10) }),
        ...someEnd(d + 1, r),
      ],
    }),
  },
  // Passed before another time was agreed, and not yet; a duration that moves.
  {
    tell: (d, r) => ({
      facts: [imposed(0.5, 1), imposed(0.75, d + 3), agreed(1.5, d + 1), imposed(1.75, d + 2), ...someEnd(d + 1.5, r)],
    }),
  },
  {
    lasts: true,
    tell: (d, r) => ({ facts: [imposedLength(0.5, d + 1), waits(1), resumed(1.5), ...someEnd(d + 1.5, r)] }),
  },
  { lasts: true, tell: () => ({ facts: [imposedLength(0.5, 1), waits(0.75)] }) },
  // The customer came to us: before and after we told her, since it was made and before that.
  { tell: (d, r) => ({ facts: [contacted(0.25, 'status'), notice('risk', 0.5), ...someEnd(d, r)] }) },
  { tell: (d, r) => ({ facts: [notice('risk', 0.5), contacted(0.75, 'trouble'), ...someEnd(d, r)] }) },
  { tell: (d, r) => ({ facts: [contacted(-0.1, 'other'), ...someEnd(d, r)], late: [contacted(d + 1, 'status')] }) },
  { tell: (d) => ({ facts: [contacted(0.25, 'trouble'), { ...fulfilled(d - 0.5), firstContact: true } as Fact] }) },
  { tell: (d) => ({ facts: [{ ...fulfilled(d - 0.5), firstContact: false } as Fact] }) },
  // Others answer for it, and it is made good: by one option, by the other, and after all not.
  {
    tell: (d, r) => {
      const [one, other, none] = [`one ${head(0).factKey}`, `other ${head(0).factKey}`, `none ${head(0).factKey}`];
      return {
        facts: [handedOver(0.5, 'mari'), handedOver(0.75, 'jaan'), ...someEnd(d, r)],
        late: [
          granted(d + 1, one, '12.50'),
          granted(d + 1, other, '5.00', '7.25'),
          { kind: 'chosen', remedy: other, option: 1, by: 'mari', ...head(d + 2) },
          granted(d + 1, none, '100.00'),
          { kind: 'remedy_reversed', remedy: none, by: 'mari', ...head(d + 2) },
        ],
      };
    },
  },
];
