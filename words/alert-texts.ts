import { WRONG_NUMBER, type AlertLine } from '../domain/promise/alerts.ts';
import type { Load } from '../domain/promise/capacity.ts';
import { NEWS_SOURCE } from '../domain/promise/news.ts';
import { stands } from '../domain/promise/plan.ts';
import type { Words } from './en.ts';
import { countText, deadlineText, lengthText, offerText, timeText } from './format.ts';

/** The promise in the company's words. */
export const promiseName = ({ subject, source, ref }: Pick<AlertLine, 'subject' | 'source' | 'ref'>): string =>
  subject ?? `${source} ${ref}`;

/**
 * The same at the head of what is said of it: what follows from a promise bears its words, and is told from it here. The
 * people of a partner find its number nowhere else.
 */
export function promiseTitle({ alerts, language, clock }: Words, line: AlertLine): string {
  if (line.reason === 'capacity') {
    const { shortage, zone } = line;
    if (shortage === null) return alerts.herdPast;
    return alerts.herd(countText(language, shortage.count), timeText(clock, shortage.from, zone));
  }
  const name =
    line.rung === 'partner' && line.subject !== null && !line.subject.includes(line.ref)
      ? alerts.numbered(line.subject, line.ref)
      : promiseName(line);
  if (line.source === NEWS_SOURCE) return alerts.news(name);
  if (line.kind === 'refund') return alerts.refund(name);
  return line.kind === 'callback' && line.reason !== 'callback' ? alerts.ofCall(name) : name;
}

/** What was promised and until when: `3 books, promised by Fri 27 Nov 2026, 15:00 (Europe/Tallinn)`. */
export function alertHead(words: Words, line: AlertLine): string {
  const { alerts, clock } = words;
  if (line.reason === 'capacity') return promiseTitle(words, line);
  const { promisedAt: at, day, windowFrom: from, zone } = line;
  const until = stands(line) ? alerts.standing : alerts.promised(deadlineText(clock, { at, day, from, zone }));
  return `${promiseTitle(words, line)}, ${until}`;
}

/** What kind of alert it is, of one promise. */
export const alertName = ({ alerts, names }: Words, { takenBack, group }: AlertLine): string =>
  takenBack ? names.alertTakenBack : alerts.one[group];

/** Why somebody is told and what is known, in sentences that are true at the moment of reading. */
export function alertSays(words: Words, line: AlertLine): readonly string[] {
  const { alerts } = words;
  const owner =
    line.rung === 'owner' || line.owner === null || line.reason === 'capacity' ? [] : [alerts.owner(line.owner)];
  return [...reasonSays(words, line), ...owner, ...(line.times > 1 ? [alerts.again(line.times)] : [])];
}

function reasonSays(words: Words, line: AlertLine): readonly string[] {
  const { alerts, names } = words;
  switch (line.reason) {
    case 'callback':
      if (line.occasion.startsWith(WRONG_NUMBER)) return [alerts.wrongNumber];
      return [callSays(words, line)];
    case 'handed_over':
      return [
        line.standsIn ? alerts.standsIn(line.owner) : alerts.yours(line.from),
        ...(line.acknowledgeBy === null
          ? []
          : [alerts.acknowledgeBy(timeText(words.clock, line.acknowledgeBy, line.zone))]),
      ];
    case 'approval':
      return [alerts.approve((line.offers ?? []).map((offer) => offerText(words, offer)))];
    case 'unacknowledged': {
      if (line.about === null) return [alerts.untaken, ...newsOf(words, line)];
      const why = names.alert[line.about];
      return [
        line.silent === null ? alerts.silentNobody(why) : alerts.silent(line.silent, why),
        ...(line.about === 'callback' ? [callSays(words, line)] : newsOf(words, line)),
      ];
    }
    case 'checkpoint': {
      const { checkpoint, partner } = line;
      const missed =
        partner === null ? alerts.checkpoint(checkpoint ?? '') : alerts.checkpointOf(partner, checkpoint ?? '');
      return [missed, ...newsOf(words, line)];
    }
    case 'capacity': {
      if (line.shortage === null) return [alerts.fits];
      const [needed, has] = loadTexts(words, line.shortage);
      return [alerts.tooMany(needed, has), alerts.noMore, alerts.makeRoom];
    }
    case 'slip':
    case 'at_risk':
    case 'broken':
      return newsOf(words, line);
  }
}

/** How long the engine needs for a line, and has. */
export const loadTexts = ({ clock }: Words, { neededMs, haveMs }: Load): readonly [needed: string, has: string] => [
  lengthText(clock, neededMs),
  lengthText(clock, haveMs),
];

const callSays = ({ alerts }: Words, { phase }: AlertLine): string =>
  phase === 'overdue' ? alerts.callPassed : alerts.call;

/** What is known of its end. After the deadline nobody reads of a target any more. */
function newsOf({ alerts, clock }: Words, line: AlertLine): readonly string[] {
  const { estimatedAt, targetAt, zone } = line;
  if (line.takenBack) return [alerts.takenBack];
  // Staff are told of promised news only where none leaves by itself: a person is to give it.
  const none = line.source === NEWS_SOURCE ? alerts.giveNews : alerts.noNews;
  const expected = estimatedAt === null ? none : alerts.expected(timeText(clock, estimatedAt, zone));
  if (line.phase === 'overdue' || line.reason === 'broken') return [alerts.passed, expected];
  return line.reason === 'slip' && line.rung !== 'partner'
    ? [expected, alerts.target(timeText(clock, targetAt, zone))]
    : [expected];
}
