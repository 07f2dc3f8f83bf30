import type { Offer } from '../domain/promise/facts.ts';
import type { Instant } from '../domain/promise/instant.ts';
import { baseOf } from '../domain/promise/words.ts';
import { deadlineText, offerText, timeText, whenText } from '../words/format.ts';
import { wordsFor } from '../words/languages.ts';
import type { Words } from '../words/en.ts';
import type { Content, Contact, Member, Recipient } from './notice.ts';
import { displayNameOf, isAddress, plain } from './plain.ts';
import { htmlOf, textOf, type Block, type ContactBlock, type Letter } from './letter.ts';

export interface ComposeRequest {
  readonly recipient: Recipient;
  /** Everything due for this customer now; at least one. */
  readonly members: readonly Member[];
  /** The moment of hand-over: texts are true then. */
  readonly now: Instant;
  /** The sender as it will stand in the mail, e.g. `Bookshop <care@books.example>`; its name signs. */
  readonly from: string;
}

/**
 * The text of one notice, or of one digest where several promises of a customer are due at the same time.
 * Same request, same content. `no_address`: the customer has no address a mail can go to.
 */
export function compose({
  recipient,
  members,
  now,
  from,
}: ComposeRequest): Content | { readonly failed: 'no_address' } {
  const to = recipient.email?.trim() ?? '';
  if (!isAddress(to)) return { failed: 'no_address' };
  const words = wordsFor(recipient.language);
  const told = worthTelling([...members].sort(byUrgency));
  const contacts = distinctContacts(told);
  const letter = letterOf(words, told, contacts, recipient, now, from);
  return {
    to,
    replyTo:
      contacts
        .map((contact) => contact.email)
        .filter((email) => email !== null)
        .join(', ') || null,
    subject: letter.subject,
    text: textOf(letter),
    html: htmlOf(letter),
    headers: { 'Kept-Notices': members.map(noticeId).join(', '), 'Auto-Submitted': 'auto-generated' },
  };
}

/** The Message-ID of a dispatch: always the same, so that a repeated hand-over is recognised as one mail. */
export const messageIdOf = (dispatchId: string, domain: string): string =>
  `<${dispatchId}@${/^[a-z0-9.-]+$/i.test(domain) ? domain : 'kept.invalid'}>`;

const noticeId = ({ promiseId, reason, revision }: Member): string => `${promiseId}:${reason}:${revision}`;

const URGENCY = ['recovery', 'remedy', 'risk', 'progress', 'promised'] as const;

function byUrgency(a: Member, b: Member): number {
  const rank = URGENCY.indexOf(a.reason) - URGENCY.indexOf(b.reason);
  if (rank !== 0) return rank;
  if (a.promisedAt !== b.promisedAt) return a.promisedAt < b.promisedAt ? -1 : 1;
  return a.promiseId < b.promiseId ? -1 : 1;
}

/** Of one promise the most urgent news is told: it repeats what was promised anyway, and is itself the news to come. */
const worthTelling = (sorted: readonly Member[]): readonly Member[] =>
  sorted.filter(({ promiseId, newsOf }, index) => {
    const isSaid = sorted.some((other) => other.promiseId === newsOf);
    return !isSaid && sorted.findIndex((other) => other.promiseId === promiseId) === index;
  });

function letterOf(
  words: Words,
  members: readonly Member[],
  contacts: readonly Contact[],
  recipient: Recipient,
  now: Instant,
  from: string,
): Letter {
  const { notice } = words;
  const several = members.length > 1;
  const shared = contacts.length === 1 ? (contacts[0] ?? null) : null;
  // The one apology stands in the first block that owes it.
  const sorry = members.findIndex((member) => member.reason === 'recovery');
  const blocks = members.map((member, index): Block => ({
    heading: several ? titleOf(words, member) : null,
    paragraphs: paragraphsOf(words, member, now, index === sorry),
    contact: shared ? null : contactBlock(words, cleaned(member.contact), isNewOwner(member)),
  }));
  return {
    language: words.language,
    subject: subjectOf(words, members, now),
    greeting: notice.greeting(recipient.name === null ? null : plain(recipient.name, 80) || null),
    intro: several ? notice.several(members.length) : null,
    blocks,
    contact: shared ? contactBlock(words, shared, members.some(isNewOwner)) : null,
    signature: [...new Set([shared?.name ?? '', displayNameOf(from)])].filter((line) => line !== ''),
  };
}

function subjectOf(words: Words, members: readonly Member[], now: Instant): string {
  const { subject } = words.notice;
  const [member] = members;
  if (!member || members.length > 1) return subject.several(members.length);
  const what = titleOf(words, member);
  switch (member.reason) {
    case 'promised':
      return callsAfterBreak(member) ? subject.willCall(whatOf(words, member)) : subject.promised(what);
    case 'risk':
      if (now >= member.promisedAt) return subject.riskPast(what);
      return member.told ? subject.riskLater(what) : subject.riskUnknown(what);
    case 'progress':
      return subject.progress(what);
    case 'recovery':
      return takenBack(member) ? subject.takenBack(what) : subject.recovery(what);
    case 'remedy':
      return member.keptAfterAll ? subject.progress(what) : subject.remedy(what);
  }
}

/** What was promised, in the company's words. */
const whatOf = (words: Words, member: Member): string =>
  (member.subject === null ? '' : plain(member.subject, 160)) || unnamedOf(words, member);

/** A promise that follows from another one bears the number of that one, and ours behind it. */
function unnamedOf({ notice: { unnamed } }: Words, { ref, kind, follows }: Member): string {
  if (follows) return plain(ref.replace(/#[a-z]+-\d+$/, ''), 160);
  return phraseOf(unnamed, kind)?.(plain(ref, 160)) ?? plain(ref, 160);
}

/** Above the text: the refund of a lamp, and the call about it, are not mistaken for the lamp. */
function titleOf(words: Words, member: Member): string {
  const { brings, follows } = member;
  if (brings) return offerText(words, brings);
  return follows && isCall(member) ? words.notice.callAbout(whatOf(words, member)) : whatOf(words, member);
}

const isCall = ({ kind }: Member): boolean => baseOf(kind) === 'callback';

/** The call that follows the second break, as it was first promised: the customer has read why we call. */
const callsAfterBreak = (member: Member): boolean => member.follows && isCall(member) && !member.isMoved;

function phraseOf<T>(phrases: Readonly<Record<string, T>>, kind: string): T | undefined {
  const base = baseOf(kind);
  return Object.hasOwn(phrases, base) ? phrases[base] : undefined;
}

function promiseText({ notice, remedies }: Words, member: Member, what: string, time: string): string {
  const { brings } = member;
  if (brings) return remedies.brings[brings.kind](remedies.money(brings.amount, brings.currency), what, time);
  if (member.follows && isCall(member)) return notice.promisedCall(what, time);
  return (phraseOf(notice.promised, member.kind) ?? notice.promised.other)(what, time);
}

function paragraphsOf(words: Words, member: Member, now: Instant, sorry: boolean): Block['paragraphs'] {
  const { clock, notice } = words;
  const deadline = deadlineText(clock, {
    at: member.promisedAt,
    day: member.day,
    from: member.windowFrom,
    zone: member.zone,
  });
  const promise = promiseText(words, member, whatOf(words, member), deadline);
  const passed = now >= member.promisedAt;
  switch (member.reason) {
    case 'promised':
      return callsAfterBreak(member)
        ? [[notice.willCall(whatOf(words, member), deadline)], [notice.ifNotCalled]]
        : [
            [notice.saidNow(promise), ...(member.isMoved ? [notice.movedHere] : [])],
            [isCall(member) ? notice.ifNotCalled : notice.ifLate],
          ];
    case 'risk': {
      const past = passed ? [notice.passed] : [];
      return [[notice.said(promise), ...past], whatNext(words, member, passed ? 'after' : 'before')];
    }
    case 'progress': {
      const { nextNewsAt, newsOf } = member;
      const owner = isNewOwner(member) ? [notice.newOwner(plain(member.newOwner ?? '', 80))] : [];
      const said = newsOf === null ? promise : notice.promisedNews(whatOf(words, member), deadline);
      const holds = passed || newsOf !== null ? [] : [notice.notKnown];
      const next = nextNewsAt === null ? [] : [notice.nextContact(byTime(words, member, nextNewsAt))];
      const news = member.isOfOwner ? [] : [notice.stillAtIt, ...holds, ...next];
      const stands =
        owner.length > 0 && hasLaterTime(member, now) ? [notice.laterStands(newestText(words, member))] : [];
      return [[notice.said(said), ...(passed ? [notice.passed] : []), ...stands], news, owner].filter(
        (sentences) => sentences.length > 0,
      );
    }
    case 'recovery': {
      const apology = sorry ? [notice.apology] : [];
      if (takenBack(member)) {
        const news = member.nextNewsAt ? [notice.nextNewsTakenBack(byTime(words, member, member.nextNewsAt))] : [];
        return [[notice.said(promise)], [notice.takenBack, ...apology, ...news], ...madeGood(words, member)];
      }
      const again = hasLaterTimePassed(member, now) ? [notice.laterPassedToo] : [];
      const sorryFor = [notice.said(promise), notice.passedAndNotKept, ...again, ...apology];
      return [sorryFor, whatNext(words, member, 'after'), ...madeGood(words, member)];
    }
    case 'remedy': {
      const { takenBack: back, notKept } = words.remedies.notice;
      const ended = takenBack(member) ? [back] : member.keptAfterAll ? [] : [notKept];
      return [[notice.said(promise), ...ended], ...madeGood(words, member)];
    }
  }
}

/** A paragraph for each remedy: what, by when, and what she may have instead. */
function madeGood(words: Words, member: Member): string[][] {
  const { notice } = words.remedies;
  const name = (offer: Offer): string => offerText(words, offer);
  const { name: person, email } = cleaned(member.contact);
  return member.remedies.map(({ options, chosen, arrivesAt, isFurther }) => {
    const held = options
      .filter((_, place) => place === chosen)
      .map((offer) => notice.given(name(offer), isFurther, !member.keptAfterAll));
    const others = options.filter((_, place) => place !== chosen).map(name);
    return [
      ...held,
      ...(arrivesAt ? [notice.arrives(byTime(words, member, arrivesAt))] : []),
      ...(others.length > 0 ? [notice.instead(others, person, email !== null)] : []),
    ];
  });
}

/** The new time, or when the customer hears next. Only before the deadline does it say that there may be a delay. */
function whatNext(words: Words, member: Member, side: 'before' | 'after'): string[] {
  const { clock, notice } = words;
  const { told, zone, nextNewsAt } = member;
  if (told) {
    const time = whenText(clock, { at: told.at, day: told.day, from: null, zone });
    const replaces = side === 'before' && wasToldLater(member) ? [notice.replaces] : [];
    return [side === 'before' ? notice.later(time) : notice.newTime(time), ...replaces];
  }
  const news = nextNewsAt ? notice.nextNews(byTime(words, member, nextNewsAt)) : notice.noNewsYet;
  return side === 'before' ? [notice.mayBeLater, news] : [news];
}

const byTime = ({ clock }: Words, { zone }: Member, at: Instant): string => clock.by(timeText(clock, at, zone));

const newestText = ({ clock }: Words, { newestTold: { at, day }, zone }: Member): string =>
  whenText(clock, { at, day, from: null, zone });

/** She was told a later time beside the promise, or after it; a time that she agreed to is the promise. */
const wasToldLater = ({ newestTold, promisedAt }: Member): boolean => newestTold.at > promisedAt;

const hasLaterTime = (member: Member, now: Instant): boolean => wasToldLater(member) && member.newestTold.at > now;

const hasLaterTimePassed = (member: Member, now: Instant): boolean =>
  wasToldLater(member) && member.newestTold.at <= now;

const takenBack = (member: Member): boolean => member.withdrawnBy === 'company';

/** Everyone named, once each, in the order of their promises. */
function distinctContacts(members: readonly Member[]): readonly Contact[] {
  const contacts = members.map(({ contact }) => cleaned(contact));
  const same = (a: Contact, b: Contact): boolean => a.name === b.name && a.email === b.email && a.phone === b.phone;
  return contacts.filter((contact, index) => contacts.findIndex((other) => same(other, contact)) === index);
}

function cleaned({ role, name, email, phone }: Contact): Contact {
  return {
    role,
    name: plain(name, 80),
    email: email !== null && isAddress(email.trim()) ? email.trim() : null,
    phone: phone === null ? null : plain(phone, 40) || null,
  };
}

/** The text itself says who looks after it from now on. */
const isNewOwner = ({ newOwner = null }: Member): boolean => newOwner !== null;

/** Who looks after it, and the lines on which this person is reached. */
function contactBlock({ notice }: Words, { role, name, email, phone }: Contact, isOwnerNamed: boolean): ContactBlock {
  const direct = isOwnerNamed ? notice.reached : role === 'deputy' ? notice.standsIn : notice.contactDirect;
  const lines = [
    ...(phone === null ? [] : [{ text: phone, href: `tel:${phone.replace(/[^\d+]/g, '')}` }]),
    ...(email === null ? [] : [{ text: email, href: `mailto:${encodeURIComponent(email).replace('%40', '@')}` }]),
  ];
  return {
    intro: lines.length > 0 ? direct(name) : notice.contact(name),
    lines,
    outro: email === null ? null : notice.replyReaches(name),
  };
}
