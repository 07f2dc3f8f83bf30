import { escapeHtml } from './plain.ts';

/** A mail before it has a form: the same words become plain text and HTML. */
export interface Letter {
  readonly language: string;
  readonly subject: string;
  readonly greeting: string;
  readonly intro: string | null;
  readonly blocks: readonly Block[];
  /** Set where all blocks share one contact. */
  readonly contact: ContactBlock | null;
  readonly signature: readonly string[];
}

export interface Block {
  readonly heading: string | null;
  /** Paragraphs of sentences. */
  readonly paragraphs: readonly (readonly string[])[];
  readonly contact: ContactBlock | null;
}

export interface ContactBlock {
  readonly intro: string;
  readonly lines: readonly { readonly text: string; readonly href: string }[];
  readonly outro: string | null;
}

export function textOf({ greeting, intro, blocks, contact, signature }: Letter): string {
  const parts = [
    greeting,
    intro,
    ...blocks.flatMap((block) => [
      block.heading === null ? null : `— ${block.heading} —`,
      ...block.paragraphs.map((sentences) => sentences.join(' ')),
      block.contact && contactText(block.contact),
    ]),
    contact && contactText(contact),
    signature.join('\n'),
  ];
  return `${parts.filter((part) => part !== null && part !== '').join('\n\n')}\n`;
}

/** Like a mail a person wrote. */
export function htmlOf({ language, subject, greeting, intro, blocks, contact, signature }: Letter): string {
  const body = [
    paragraph(escapeHtml(greeting)),
    intro === null ? '' : paragraph(escapeHtml(intro)),
    ...blocks.map(blockHtml),
    contact ? contactHtml(contact) : '',
    signature.length > 0 ? paragraph(signature.map(escapeHtml).join('<br>')) : '',
  ];
  return documentOf({ language, subject }, body);
}

/** The frame of every mail: no styles, so that letters and colours are the reader's own, in light and dark. */
export const documentOf = (
  { language, subject }: { readonly language: string; readonly subject: string },
  body: readonly string[],
): string =>
  [
    '<!doctype html>',
    `<html lang="${escapeHtml(language)}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(subject)}</title></head>`,
    '<body><main>',
    ...body.filter((part) => part !== ''),
    '</main></body></html>',
    '',
  ].join('\n');

export const paragraph = (html: string): string => `<p>${html}</p>`;

function blockHtml({ heading, paragraphs, contact }: Block): string {
  const parts = [
    heading === null ? '' : `<h2>${escapeHtml(heading)}</h2>`,
    ...paragraphs.map((sentences) => paragraph(escapeHtml(sentences.join(' ')))),
    contact ? contactHtml(contact) : '',
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function contactHtml({ intro, lines, outro }: ContactBlock): string {
  const links = lines.map(({ text, href }) => `<br><a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`).join('');
  return paragraph(`${escapeHtml(intro)}${links}`) + (outro === null ? '' : `\n${paragraph(escapeHtml(outro))}`);
}

function contactText({ intro, lines, outro }: ContactBlock): string {
  const reached = [intro, ...lines.map(({ text }) => `  ${text}`)].join('\n');
  return outro === null ? reached : `${reached}\n\n${outro}`;
}
