import type { Fact } from '../../domain/promise/facts.ts';
import type { BoardAlert } from '../../domain/metrics/board.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { isLate, type Undertaking } from '../../domain/promise/plan.ts';
import type { Words } from '../../words/en.ts';
import { readable } from '../../words/explain.en.ts';
import { dayText, offerText } from '../../words/format.ts';
import type { PagePromise } from '../shapes.ts';

/** A promise as far as its facts are read by it. */
type Told = Pick<PagePromise, 'plan' | 'partner' | 'withdrawnBy'>;

/** One fact of a promise's timeline as a line. `time` says an instant in the page's zone. */
export function factText(words: Words, fact: Fact, promise: Told, time: (at: Instant) => string): string {
  const { page, names } = words;
  const { plan } = promise;
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
      return says.repromised(promisedText(words, fact.promised, time), fact.agreedByCustomer);
    case 'chosen':
      return 'promised' in fact ? says.chosen(promisedText(words, fact.promised, time)) : words.remedies.fact.chosen;
    case 'rated':
      return says.rated(fact.score);
    case 'policy_applied':
      return says.policyApplied(fact.version);
    case 'handed_over':
      return says.handedOver(fact.owner, says.handOverCause[fact.because](fact.by));
    case 'acknowledged':
      return says.acknowledged(fact.by);
    case 'escalated':
      return says.escalated(
        alertText(words, alertOf(fact, promise)),
        fact.rungs.map((rung) => names.rung[rung]).join(', '),
      );
    case 'broken_again':
      return words.remedies.fact.brokenAgain[fact.of];
    case 'remedy_granted':
      return words.remedies.fact.granted(fact.options.map((offer) => offerText(words, offer)));
    case 'remedy_reversed':
      return words.remedies.fact.reversed;
    case 'notice_sent':
      return says.noticeSent(names.reason[fact.reason]);
    case 'notice_dropped':
      return says.noticeDropped(names.reason[fact.reason], says.cause[fact.cause]);
    case 'notice_failed':
      return says.noticeFailed(names.reason[fact.reason], says.outcome[fact.outcome]);
  }
}

/** What was told, as a person says it. */
export function promisedText(words: Words, promised: Undertaking, time: (at: Instant) => string): string {
  if ('within' in promised) return words.page.fact.within(readable(promised.within), promised.calendar);
  if (promised.precision === 'instant') return time(promised.at);
  if (promised.precision === 'day') return dayText(words.clock, promised.day);
  return words.clock.range(time(promised.from), time(promised.to));
}

type Alert = Pick<BoardAlert, 'reason' | 'takenBack' | 'checkpoint' | 'partner'>;

/** A fact of ours as an alert: what broke before its recovery was due did so because we took it back. */
function alertOf(fact: Extract<Fact, { kind: 'escalated' }>, { plan, partner, withdrawnBy }: Told): Alert {
  const { reason, checkpoint = null, occurredAt } = fact;
  const isPartners = plan.checkpoints.some(({ name, partner: theirs }) => name === checkpoint && theirs);
  return {
    reason,
    checkpoint,
    partner: isPartners ? partner : null,
    takenBack: withdrawnBy === 'company' && occurredAt < plan.recoveryAt,
  };
}

/** Why staff were told; of a missed checkpoint which one, and whose slip it is. */
export function alertText({ names, page }: Words, { reason, takenBack, checkpoint, partner }: Alert): string {
  if (checkpoint !== null)
    return partner === null
      ? page.fact.checkpoint(names.alert.checkpoint, checkpoint)
      : page.moving.checkpoints.missedBy(partner, checkpoint);
  return reason === 'broken' && takenBack ? names.alertTakenBack : names.alert[reason];
}
