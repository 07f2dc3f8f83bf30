import type { Fact } from '../../domain/promise/facts.ts';
import type { Words } from '../../words/en.ts';

/** One fact of a timeline as a line. `time` says an instant in the page's zone. */
export function factText(
  { page: { fact: says }, names }: Words,
  fact: Fact,
  time: (at: Fact['occurredAt']) => string,
): string {
  switch (fact.kind) {
    case 'registered':
      return says.registered;
    case 'progressed':
      return says.progressed(fact.checkpoint);
    case 'estimated':
      return says.estimated(time(fact.at));
    case 'fulfilled':
      return says.fulfilled;
    case 'withdrawn':
      return says.withdrawn(names.withdrawer[fact.by]);
    case 'escalated':
      return says.escalated(names.alert[fact.reason], fact.rungs.map((rung) => names.rung[rung]).join(', '));
    case 'notice_sent':
      return says.noticeSent(names.reason[fact.reason]);
    case 'notice_dropped':
      return says.noticeDropped(names.reason[fact.reason], says.cause[fact.cause]);
    case 'notice_failed':
      return says.noticeFailed(names.reason[fact.reason], says.outcome[fact.outcome]);
  }
}
