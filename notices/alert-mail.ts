import { ALERT_GROUPS, type AlertGroup, type AlertLine } from '../domain/promise/alerts.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Words } from '../words/en.ts';
import { alertHead, alertName, alertSays, promiseTitle } from '../words/alert-texts.ts';
import { countText } from '../words/format.ts';
import { wordsFor } from '../words/languages.ts';
import { briefOf, type Brief, type ShownDossier } from '../words/dossier.en.ts';
import { documentOf, paragraph } from './letter.ts';
import type { Content } from './notice.ts';
import { displayNameOf, escapeHtml, isAddress, plain } from './plain.ts';

export interface AlertMailRequest {
  readonly recipient: {
    readonly id: string;
    readonly name: string;
    readonly email: string | null;
    /** The partner whose own people they belong to; their mail leads to no pages but those of its alerts. */
    readonly partner: string | null;
  };
  /** The most urgent ones, most urgent first, each with the key to its page; of calls also what is known of the customer. */
  readonly lines: readonly (AlertLine & { readonly token: string; readonly brief: ShownDossier | null })[];
  /** How many there are of each group, those not listed, too. */
  readonly counts: Readonly<Partial<Record<AlertGroup, number>>>;
  /** The moment of hand-over: texts are true then. */
  readonly now: Instant;
  /** The sender as it will stand in the mail; its name signs. */
  readonly from: string;
  /** Where the pages are; null: the mail holds no links. `pages`: those of promises are there, too. */
  readonly links: { readonly baseUrl: string; readonly pages: boolean } | null;
}

/** The mail of all that waits for one of the staff. Same request, same content. Null: there is no address it can go to. */
export function composeAlerts(request: AlertMailRequest): Content | null {
  const { recipient, counts, lines, from } = request;
  const to = recipient.email?.trim() ?? '';
  if (!isAddress(to)) return null;
  const words = wordsFor(null);
  const all = ALERT_GROUPS.reduce((sum, group) => sum + (counts[group] ?? 0), 0);
  const letter: AlertLetter = {
    language: words.language,
    subject: subjectOf(words, request, all),
    greeting: words.alerts.greeting(plain(recipient.name, 80)),
    intro: introOf(words, lines, all),
    sections: ALERT_GROUPS.flatMap((group) => sectionOf(words, request, group)),
    links: linksOf(words, request, all),
    signature: displayNameOf(from),
  };
  return {
    to,
    replyTo: null,
    subject: letter.subject,
    text: textOf(letter),
    html: htmlOf(letter),
    headers: { 'Kept-Alerts': String(all), 'Auto-Submitted': 'auto-generated' },
  };
}

/** A mail before it has a form. */
interface AlertLetter {
  readonly language: string;
  readonly subject: string;
  readonly greeting: string;
  readonly intro: readonly string[];
  readonly sections: readonly Section[];
  readonly links: readonly Link[];
  readonly signature: string;
}

interface Section {
  readonly heading: string;
  readonly items: readonly {
    readonly what: string;
    readonly says: string;
    readonly note: string;
    readonly brief: Brief | null;
    readonly links: readonly Link[];
  }[];
}

interface Link {
  readonly text: string;
  /** Null: only the words. */
  readonly href: string | null;
}

function subjectOf(words: Words, { lines, counts }: AlertMailRequest, all: number): string {
  const { subject, inSubject } = words.alerts;
  const [line] = lines;
  if (line && all === 1) {
    return subject.one(alertName(words, line), plain(promiseTitle(words, line), 160));
  }
  const count = (n: number): string => countText(words.language, n);
  const parts = ALERT_GROUPS.flatMap((name) => {
    const n = counts[name] ?? 0;
    return n > 0 ? [subject.part(count(n), inSubject[name](n))] : [];
  });
  return subject.several(count(all), parts);
}

function introOf({ alerts, language }: Words, lines: AlertMailRequest['lines'], all: number): readonly string[] {
  const count = (n: number): string => countText(language, n);
  const shown = lines.length;
  const isHerd = all === 1 && lines[0]?.reason === 'capacity';
  const intro = isHerd ? alerts.behind : alerts.intro(count(all), all === 1);
  return shown < all ? [intro, alerts.listed(count(shown), count(all))] : [intro];
}

function sectionOf(
  words: Words,
  { recipient, lines, counts, links, now }: AlertMailRequest,
  group: AlertGroup,
): readonly Section[] {
  const own = lines.filter((line) => line.group === group);
  if (own.length === 0) return [];
  const { alerts, language } = words;
  const items = own.map((line) => ({
    what: plain(alertHead(words, line), 300),
    says: plain(alertSays(words, line).join(' '), 500),
    // It was written for our own people.
    note: line.note && recipient.partner === null ? plain(alerts.noted(line.note.by, line.note.text), NOTE) : '',
    brief: line.brief && briefOf(line.brief, { now, zone: line.zone }),
    links: [
      // The other pages are those of the company.
      ...(links?.pages && recipient.partner === null
        ? [
            ...(line.reason === 'approval' ? [{ text: alerts.decide, href: `${links.baseUrl}/remedies` }] : []),
            {
              text: line.reason === 'capacity' ? alerts.openOne : alerts.open,
              href: `${links.baseUrl}/promises/${line.promiseId}`,
            },
          ]
        : []),
      ...(links ? [{ text: alerts.acknowledge, href: `${links.baseUrl}/a/${line.token}` }] : []),
    ],
  }));
  return [{ heading: `${alerts.group[group]} (${countText(language, counts[group] ?? own.length)})`, items }];
}

function linksOf({ alerts }: Words, { recipient, lines, links }: AlertMailRequest, all: number): readonly Link[] {
  if (!links) return [];
  const [first] = lines;
  // Who sees no page of the company sees their own alerts, by the key of one of them.
  const own = links.pages && recipient.partner === null;
  const path = own ? `/people/${encodeURIComponent(recipient.id)}` : `/a/${first?.token}/all`;
  const more = first && lines.length < all ? [{ text: alerts.all, href: `${links.baseUrl}${path}` }] : [];
  return [...more, { text: alerts.safeLinks, href: null }];
}

function textOf({ greeting, intro, sections, links, signature }: AlertLetter): string {
  const shown = ({ text, href }: Link): string => (href === null ? text : `${text}: ${href}`);
  const parts = [
    greeting,
    intro.join(' '),
    ...sections.flatMap(({ heading, items }) => [
      `— ${heading} —`,
      ...items.map(({ what, says, note, brief, links: own }) =>
        [what, says, ...(note === '' ? [] : [note]), ...briefText(brief), ...own.map(shown)].join('\n'),
      ),
    ]),
    links.map(shown).join('\n'),
    signature,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function htmlOf({ language, subject, greeting, intro, sections, links, signature }: AlertLetter): string {
  const anchor = ({ text, href }: Link): string =>
    href === null ? escapeHtml(text) : `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`;
  const body = [
    paragraph(escapeHtml(greeting)),
    paragraph(intro.map(escapeHtml).join(' ')),
    ...sections.flatMap(({ heading, items }) => [
      `<h2>${escapeHtml(heading)}</h2>`,
      '<ul>',
      ...items.map(({ what, says, note, brief, links: own }) => {
        const texts = [`<strong>${escapeHtml(what)}</strong>`, escapeHtml(says), escapeHtml(note)];
        const lines = [...texts, own.map(anchor).join(' · ')];
        return `<li>${lines.filter((line) => line !== '').join('<br>')}${briefHtml(brief)}</li>`;
      }),
      '</ul>',
    ]),
    links.length > 0 ? paragraph(links.map(anchor).join('<br>')) : '',
    signature === '' ? '' : paragraph(escapeHtml(signature)),
  ];
  return documentOf({ language, subject }, body);
}

/** A line of a brief may be a note of any length. */
const LINE = 400;
/** Whoever takes a promise over reads what was written with it. */
const NOTE = 4_000;

const briefText = (brief: Brief | null): readonly string[] =>
  brief === null
    ? []
    : [
        plain(brief.who, LINE),
        ...brief.parts.flatMap(({ title, lines }) => [`${title}:`, ...lines.map((line) => `- ${plain(line, LINE)}`)]),
      ];

function briefHtml(brief: Brief | null): string {
  if (brief === null) return '';
  const shown = (line: string): string => escapeHtml(plain(line, LINE));
  const parts = brief.parts.map(
    ({ title, lines }) =>
      `${paragraph(escapeHtml(title))}<ul>${lines.map((line) => `<li>${shown(line)}</li>`).join('')}</ul>`,
  );
  return `${paragraph(`<strong>${shown(brief.who)}</strong>`)}${parts.join('')}`;
}
