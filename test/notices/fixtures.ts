import type { Instant } from '../../domain/promise/instant.ts';
import { compose, type ComposeRequest } from '../../notices/compose.ts';
import type { Contact, Content, Member, Message, Recipient } from '../../notices/notice.ts';

export const at = (text: string): Instant => new Date(text).toISOString() as Instant;

export const KATI: Contact = { role: 'owner', name: 'Kati Kask', email: 'kati@books.example', phone: '+372 600 0001' };
export const MARI: Recipient = { name: 'Mari Tamm', email: 'mari@mail.example', language: 'en' };
export const FROM = 'Bookshop <care@books.example>';
export const BEFORE = at('2026-11-27T09:00:00Z');
export const AFTER = at('2026-11-27T18:00:00Z');

export const member = (changes: Partial<Member> = {}): Member => ({
  promiseId: '01930000-0000-7000-8000-000000000001',
  reason: 'risk',
  revision: 1,
  occasion: 0,
  kind: 'delivery',
  source: 'shop',
  ref: 'A-1001',
  subject: '3 books, order A-1001',
  precision: 'instant',
  zone: 'Europe/Tallinn',
  promisedAt: at('2026-11-27T13:00:00Z'),
  day: null,
  windowFrom: null,
  told: null,
  nextNewsAt: null,
  newsOf: null,
  follows: false,
  withdrawnBy: null,
  isMoved: false,
  newestTold: { at: at('2026-11-27T13:00:00Z'), day: null },
  keptAfterAll: false,
  remedies: [],
  brings: null,
  contact: KATI,
  ...changes,
});

/** A time told a day later than promised. */
export const told = { at: at('2026-11-28T10:00:00Z'), day: null };

/** A mail to Mari before the deadline; the test fails where none can be written. */
export function content(changes: Partial<ComposeRequest>): Content {
  const composed = compose({ recipient: MARI, members: [member()], now: BEFORE, from: FROM, ...changes });
  if ('failed' in composed) throw new Error(composed.failed);
  return composed;
}

export const message = (changes: Partial<Message> = {}): Message => ({
  messageId: '<01930000-0000-7000-8000-00000000000a@books.example>',
  to: 'mari@mail.example',
  replyTo: 'kati@books.example',
  subject: 'Later than promised: 3 books',
  text: 'Hello Mari Tamm,\n',
  html: '<p>Hello Mari Tamm,</p>\n',
  headers: { 'Kept-Notices': '01930000-0000-7000-8000-000000000001:risk:1', 'Auto-Submitted': 'auto-generated' },
  ...changes,
});
