import type { Fact } from '../../domain/promise/facts.ts';
import { startOfDay } from '../../domain/calendar/zones.ts';
import type { Instant, Zone } from '../../domain/promise/instant.ts';
import { isLate, type Plan, type Undertaking } from '../../domain/promise/plan.ts';
import type { AlertReason } from '../../domain/promise/words.ts';
import type { Words } from '../../words/en.ts';
import { readable } from '../../words/explain.en.ts';
import { timeText, whenText } from '../../words/format.ts';

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
    case 'fulfilment_reversed':
      return says.reversed;
    case 'paused':
      return says.paused(names.waitedFor[fact.waitingFor], fact.until === undefined ? null : time(fact.until));
    case 'resumed':
      return says.resumed;
    case 'attempted':
      return says.attempted(names.attempt[fact.result]);
    case 'contacted':
      return says.contacted(names.contactAbout[fact.about]);
    case 'repromised':
      return says.repromised(promisedText(words, fact.promised, plan.zone), fact.agreedByCustomer);
    case 'rated':
      return says.rated(fact.score);
    case 'policy_applied':
      return says.policyApplied(fact.version);
    case 'escalated':
      return says.escalated(
        fact.checkpoint === undefined
          ? alertText(words, fact.reason, fact.occurredAt < plan.recoveryAt)
          : says.checkpoint(names.alert.checkpoint, fact.checkpoint),
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

/** What was told, as a person says it. */
function promisedText(words: Words, promised: Undertaking, zone: Zone): string {
  if ('within' in promised) return words.page.fact.within(readable(promised.within), promised.calendar);
  if (promised.precision === 'instant') return timeText(words.clock, promised.at, zone);
  const [at, day, from] =
    promised.precision === 'day'
      ? [startOfDay(promised.day, zone), promised.day, null]
      : [promised.to, null, promised.from];
  return whenText(words.clock, { at, day, from, zone });
}

/** Why staff were told. What broke before its recovery was due did so because it was taken back: `early`. */
export const alertText = ({ names }: Words, reason: AlertReason, early: boolean): string =>
  reason === 'broken' && early ? names.alertTakenBack : names.alert[reason];
