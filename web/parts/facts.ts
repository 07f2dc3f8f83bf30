import type { Fact } from '../../domain/promise/facts.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { isLate, type Plan } from '../../domain/promise/plan.ts';
import type { AlertReason } from '../../domain/promise/words.ts';
import type { Words } from '../../words/en.ts';

/** One fact of a promise's timeline as a line. `time` says an instant in the page's zone. */
export function factText(words: Words, fact: Fact, plan: Plan, time: (at: Instant) => string): string {
  const { page, names } = words;
  const { fact: says } = page;
  switch (fact.kind) {
    case 'registered':
      return plan.madeAt === null ? says.known : says.registered;
    case 'progressed':
      return says.progressed(fact.checkpoint);
    case 'estimated':
      return says.estimated(time(fact.at));
    case 'fulfilled':
      return isLate(plan, fact.occurredAt, fact.asDay) ? says.fulfilledLate : says.fulfilled;
    case 'withdrawn':
      return says.withdrawn(names.withdrawer[fact.by]);
    case 'escalated':
      return says.escalated(
        alertText(words, fact.reason, fact.occurredAt < plan.recoveryAt),
        fact.rungs.map((rung) => names.rung[rung]).join(', '),
      );
    case 'notice_sent':
      return says.noticeSent(names.reason[fact.reason]);
    case 'notice_dropped':
      return says.noticeDropped(names.reason[fact.reason], says.cause[fact.cause]);
    case 'notice_failed':
      return says.noticeFailed(names.reason[fact.reason], says.outcome[fact.outcome]);
  }
}

/** Why staff were told. What broke before its recovery was due did so because it was taken back: `early`. */
export const alertText = ({ names }: Words, reason: AlertReason, early: boolean): string =>
  reason === 'broken' && early ? names.alertTakenBack : names.alert[reason];
