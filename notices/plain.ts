/**
 * Text from outside made fit for a line of a mail: no control characters (line breaks would start a header), no marks that
 * turn the direction of what follows, no half characters, at most `max` characters.
 */
export function plain(text: string, max: number): string {
  const clean = text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}]/gu, (mark) => (JOINERS.has(mark) ? mark : ''))
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...clean];
  return characters.length <= max
    ? clean
    : `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}

/** Some scripts and emoji need these two between their letters; they turn nothing. */
const JOINERS = new Set(['\u200C', '\u200D']);

/** One plain address, `local@domain`: no list, no display name, no quoting, nothing that could start another header. */
export function isAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[^\s@<>()[\]\\,;:"\p{C}]+$/u.test(text);
}

/** `Bookshop` of `Bookshop <care@books.example>`; empty where no name is given. */
export function displayNameOf(from: string): string {
  const [, name = ''] = /^(.*)<[^<>]*>\s*$/s.exec(from) ?? [];
  return plain(name.replaceAll('"', ''), 80);
}

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
