import { expect, test } from 'vitest';
import type { Contact, Member } from '../../notices/notice.ts';
import { AFTER, at, content, member, told } from './fixtures.ts';

test('word of progress before the deadline says what is not known and when the customer hears next', () => {
  const nextNewsAt = at('2026-11-28T13:00:00Z');
  const mail = content({
    members: [member({ reason: 'progress', kind: 'reply', subject: 'your return', nextNewsAt })],
  });
  expect(mail.subject).toBe('News about our promise: your return');
  expect(mail.text).toContain(
    'We promised to answer you by Fri 27 Nov 2026, 15:00 (Europe/Tallinn) about your return.\n\n' +
      'We are still at it. We cannot say yet whether that time holds. We will be in touch again by Sat 28 Nov 2026, 15:00 (Europe/Tallinn).',
  );
});

test('word of progress after the deadline does not ask whether the time holds', () => {
  const { text } = content({ now: AFTER, members: [member({ reason: 'progress', kind: 'repair' })] });
  expect(text).toContain('That time has passed.\n\nWe are still at it.\n\n');
  expect(text).not.toMatch(/whether|\bmay\b/);
});

test('put off once more, the customer reads what was promised last: to be in touch', () => {
  const nextNewsAt = at('2026-11-28T13:00:00Z');
  const news = member({ reason: 'progress', kind: 'reply', newsOf: 'another', nextNewsAt });
  const { text } = content({ members: [news] });
  expect(text).toContain(
    'We promised to be in touch with you by Fri 27 Nov 2026, 15:00 (Europe/Tallinn) about 3 books, order A-1001.\n\n' +
      'We are still at it. We will be in touch again by Sat 28 Nov 2026, 15:00 (Europe/Tallinn).',
  );
  expect(text).not.toContain('whether');
});

test('news of a promise are the news that were promised: both in one text say it once', () => {
  const about = member({ reason: 'recovery', told });
  const news = member({ promiseId: 'n', reason: 'progress', kind: 'reply', newsOf: about.promiseId });
  const mail = content({ now: AFTER, members: [news, about] });
  expect(mail.subject).toBe('We have not kept our promise: 3 books, order A-1001');
  expect(mail.text).not.toContain('in touch');
  expect(mail.headers['Kept-Notices']).toBe(`n:progress:1, ${about.promiseId}:recovery:1`);
});

const JAAN: Contact = { role: 'owner', name: 'Jaan Tamm', email: 'jaan@books.example', phone: '+372 600 0002' };
const ofOwner = (contact: Contact, changes: Partial<Member> = {}): Member =>
  member({ reason: 'progress', newOwner: 'Jaan Tamm', isOfOwner: true, contact, ...changes });

test('word of a new owner says the name and no new time, and a reply reaches that person', () => {
  const { subject, text, replyTo } = content({ members: [ofOwner(JAAN)] });
  expect(subject).toBe('News about our promise: 3 books, order A-1001');
  expect(text).toBe(`Hello Mari Tamm,

We promised to deliver 3 books, order A-1001, by Fri 27 Nov 2026, 15:00 (Europe/Tallinn).

From now on Jaan Tamm looks after this.

Jaan Tamm can be reached directly about this:
  +372 600 0002
  jaan@books.example

A reply to this mail reaches Jaan Tamm.

Jaan Tamm
Bookshop
`);
  expect(replyTo).toBe('jaan@books.example');
});

test.each<[string, Contact]>([
  ['their deputy', { role: 'deputy', name: 'Lena Lepp', email: 'lena@books.example', phone: null }],
  ['the hotline', { role: 'hotline', name: 'Customer care', email: 'care@books.example', phone: '+372 600 0000' }],
])('where the new owner is off duty, %s is who is reached, and gets the replies', (_, contact) => {
  const { text, replyTo } = content({ members: [ofOwner(contact)] });
  expect(text).toContain('From now on Jaan Tamm looks after this.');
  expect(text).toContain(`${contact.name} can be reached directly about this:`);
  expect(text).toContain(`A reply to this mail reaches ${contact.name}.`);
  expect(text).not.toMatch(/Lena Lepp looks after|care looks after/);
  expect(replyTo).toBe(contact.email);
});

test('word of a new owner says the later time that was told since, as long as it is ahead', () => {
  const later = { revision: 2, newestTold: { at: at('2026-11-29T22:00:00Z'), day: '2026-11-29' } };
  expect(content({ members: [ofOwner(JAAN, later)] }).text).toContain(
    'by Fri 27 Nov 2026, 15:00 (Europe/Tallinn). The newest time we gave you is Sun 29 Nov 2026.',
  );
  const passed = content({ now: at('2026-11-30T08:00:00Z'), members: [ofOwner(JAAN, later)] }).text;
  expect(passed).not.toContain('The newest time');
});

test('word of progress without a time for the next says that we are at it, and who looks after it now', () => {
  const { text } = content({ members: [ofOwner(JAAN, { isOfOwner: false })] });
  expect(text).toContain('We are still at it. We cannot say yet whether that time holds.');
  expect(text).toContain('From now on Jaan Tamm looks after this.');
});

test('word of a new owner with the time of the next news says both', () => {
  const news = { isOfOwner: false, nextNewsAt: at('2026-11-28T13:00:00Z') };
  const { text } = content({ members: [ofOwner(JAAN, news)] });
  expect(text).toContain('We will be in touch again by Sat 28 Nov 2026, 15:00 (Europe/Tallinn).');
  expect(text).toContain('From now on Jaan Tamm looks after this.');
});

test('a deputy stands in for the owner, by a name, a line and a Reply-To of their own', () => {
  const deputy: Contact = { role: 'deputy', name: 'Lena Lepp', email: 'lena@books.example', phone: '+372 600 0003' };
  const { text, replyTo } = content({ members: [member({ told, contact: deputy })] });
  expect(text).toContain(`Lena Lepp stands in for the person who looks after this, and can be reached directly:
  +372 600 0003
  lena@books.example

A reply to this mail reaches Lena Lepp.`);
  expect(text).not.toContain('Kati');
  expect(replyTo).toBe('lena@books.example');
});
