import { expect, test } from 'vitest';
import { compose, messageIdOf } from '../../notices/compose.ts';
import { AFTER, BEFORE, FROM, KATI, MARI, at, content, member, told } from './fixtures.ts';

test('a risk notice with a new time says what, by when, the new time, who, and how to reach that person', () => {
  const mail = content({ members: [member({ told })] });
  expect(mail.text).toBe(
    `Hello Mari Tamm,

We promised to deliver 3 books, order A-1001, by Fri 27 Nov 2026, 15:00 (Europe/Tallinn).

It will take longer. The new time is Sat 28 Nov 2026, 12:00 (Europe/Tallinn).

Kati Kask looks after this and can be reached directly:
  +372 600 0001
  kati@books.example

A reply to this mail reaches Kati Kask.

Kati Kask
Bookshop
`,
  );
  expect(mail).toMatchObject({
    to: 'mari@mail.example',
    replyTo: 'kati@books.example',
    subject: 'Later than promised: 3 books, order A-1001',
    headers: { 'Kept-Notices': `${member().promiseId}:risk:1`, 'Auto-Submitted': 'auto-generated' },
  });
});

test('a risk notice without a new time says when the customer hears next', () => {
  const mail = content({ members: [member({ nextNewsAt: at('2026-11-28T13:00:00Z') })] });
  expect(mail.subject).toBe('May be later than promised: 3 books, order A-1001');
  expect(mail.text).toContain(
    'It may take longer. We do not have a new time yet. We will be in touch again by Sat 28 Nov 2026, 15:00 (Europe/Tallinn).',
  );
  expect(mail.text).not.toMatch(/sorry|apolog/i);
});

test('a second risk notice says that it replaces the time told before', () => {
  const newestTold = { at: at('2026-11-27T18:00:00Z'), day: null };
  expect(content({ members: [member({ told, revision: 2, newestTold })] }).text).toContain(
    'This replaces the later time we gave you before.',
  );
});

test('of a time that the customer agreed to, nothing says that it was a later one', () => {
  const agreed = { revision: 2, isMoved: true };
  expect(content({ members: [member({ told, ...agreed })] }).text).not.toContain('later time');
  const recovery = content({ now: AFTER, members: [member({ reason: 'recovery', ...agreed })] });
  expect(recovery.text).not.toContain('later time');
});

test.each([
  ['with a new time', { told }],
  ['without one', { nextNewsAt: at('2026-11-29T10:00:00Z') }],
])('after the deadline nothing speaks of a possible delay, %s', (_, changes) => {
  for (const reason of ['risk', 'recovery'] as const) {
    const { subject, text } = content({ now: AFTER, members: [member({ reason, ...changes })] });
    expect(`${subject} ${text}`).not.toMatch(/\bmay\b|will take longer|later than promised/i);
    expect(text).toContain('That time has passed');
  }
});

test('a recovery apologises once and gives the new time', () => {
  const { subject, text } = content({ now: AFTER, members: [member({ reason: 'recovery', told })] });
  expect(subject).toBe('We have not kept our promise: 3 books, order A-1001');
  expect(text).toContain(
    'by Fri 27 Nov 2026, 15:00 (Europe/Tallinn). That time has passed, and we have not kept our promise. We are sorry.\n\nThe new time is Sat 28 Nov 2026, 12:00 (Europe/Tallinn).',
  );
  expect(text.match(/sorry/gi)).toHaveLength(1);
});

test('a recovery after a told time passed as well says so', () => {
  const newestTold = { at: at('2026-11-27T17:00:00Z'), day: null };
  const { text } = content({ now: AFTER, members: [member({ reason: 'recovery', revision: 2, newestTold })] });
  expect(text).toContain('The later time we gave you has passed, too.');
});

test('a promise taken back by the company is called taken back, before and after its deadline', () => {
  for (const now of [BEFORE, AFTER]) {
    const { subject, text } = content({ now, members: [member({ reason: 'recovery', withdrawnBy: 'company' })] });
    expect(subject).toBe('We cannot keep our promise: 3 books, order A-1001');
    expect(text).toContain('We cannot keep this promise and have taken it back. We are sorry.');
    expect(text).not.toContain('new time');
  }
});

test('a confirmation says what, by when, who, and what happens if it gets late', () => {
  const { subject, text } = content({ members: [member({ reason: 'promised' })] });
  expect(subject).toBe('Our promise: 3 books, order A-1001');
  expect(text).toContain(
    'We have promised to deliver 3 books, order A-1001, by Fri 27 Nov 2026, 15:00 (Europe/Tallinn).',
  );
  expect(text).toContain('If we learn that it will take longer, we will tell you.');
});

test('a confirmed call says what happens if nobody calls', () => {
  const { text } = content({ members: [member({ reason: 'promised', kind: 'callback', subject: 'your return' })] });
  expect(text).toContain(
    'We have promised to call you back by Fri 27 Nov 2026, 15:00 (Europe/Tallinn) about your return.',
  );
  expect(text).toContain('If we cannot call you then, we will tell you. Should that time pass without our call,');
});

test('a call that was moved is confirmed with its new time, and no word of what was broken before', () => {
  const call = member({ reason: 'promised', kind: 'callback', revision: 3, isMoved: true, follows: true });
  const { subject, text } = content({ members: [call] });
  expect(subject).toBe('Our promise: our call about 3 books, order A-1001');
  expect(text).toContain(
    'about 3 books, order A-1001. This replaces the time we gave you before.\n\nIf we cannot call you then',
  );
  expect(text).toContain('We have promised to call you by');
  expect(text).not.toMatch(/sorry|not kept/);
});

test('after the second break a call is announced, without an apology, and nobody is called back', () => {
  const call = member({ reason: 'promised', kind: 'callback', follows: true });
  const { subject, text } = content({ members: [call] });
  expect(subject).toBe('We will call you: 3 books, order A-1001');
  expect(text).toContain(
    'We have not kept our promise, and would rather talk to you about it than write. We will call you by Fri 27 Nov 2026, 15:00 (Europe/Tallinn) about 3 books, order A-1001.',
  );
  expect(text).not.toMatch(/sorry|call you back/);
});

test('a call about a promise and that promise itself stand under two headings', () => {
  const call = member({ reason: 'promised', kind: 'callback', promiseId: 'call', follows: true });
  const { html } = content({ members: [member({ reason: 'remedy' }), call] });
  expect([...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, heading]) => heading)).toEqual([
    '3 books, order A-1001',
    'our call about 3 books, order A-1001',
  ]);
});

test.each([
  ['delivery', 'We promised to deliver your order A-1 by Fri'],
  ['delivery-express', 'We promised to deliver your order A-1 by Fri'],
  ['reply', '(Europe/Tallinn) about your question A-1.'],
  ['repair', '(Europe/Tallinn): repair A-1.'],
  ['refund', '(Europe/Tallinn): refund A-1.'],
  ['install', '(Europe/Tallinn): A-1.'],
])('a %s of which only the number is known is named by it', (kind, says) => {
  expect(content({ members: [member({ kind, subject: null, ref: 'A-1' })] }).text).toContain(says);
});

test('what follows from a promise without words bears the number of that one, and not ours', () => {
  const call = member({ reason: 'promised', kind: 'callback', subject: null, ref: '#A-1#callback-1', follows: true });
  const { subject, text } = content({ members: [call] });
  expect(subject).toBe('We will call you: #A-1');
  expect(text).not.toContain('#callback');
});

test('days are told as days and windows as ranges', () => {
  const day = member({
    precision: 'day',
    day: '2026-11-27',
    promisedAt: at('2026-11-27T22:00:00Z'),
    told: { at: at('2026-11-29T22:00:00Z'), day: '2026-11-29' },
  });
  expect(content({ members: [day] }).text).toContain('3 books, order A-1001, on Fri 27 Nov 2026.');
  expect(content({ members: [day] }).text).toContain('The new time is Sun 29 Nov 2026.');
  const call = member({
    kind: 'callback',
    subject: null,
    ref: 'C-9',
    precision: 'window',
    windowFrom: at('2026-11-27T11:00:00Z'),
  });
  expect(content({ members: [call] }).text).toContain(
    'We promised to call you back on Fri 27 Nov 2026 between 13:00 and 15:00 (Europe/Tallinn) about your call.',
  );
});

test('a kind with a suffix reads like its base, an unknown kind is still a sentence', () => {
  const said = (kind: string, subject: string): string => content({ members: [member({ kind, subject })] }).text;
  const time = 'by Fri 27 Nov 2026, 15:00 (Europe/Tallinn)';
  expect(said('reply-sample', 'Where is my parcel?')).toContain(
    `We promised to answer you ${time}: Where is my parcel?\n`,
  );
  expect(said('reply', 'your parcel')).toContain(`We promised to answer you ${time} about your parcel.\n`);
  expect(said('constructor', 'a lamp')).toContain(`We promised you this ${time}: a lamp.\n`);
});

test('several promises leave as one digest with one greeting, one apology and one contact', () => {
  const members = [
    member({ promiseId: '01930000-0000-7000-8000-000000000002', subject: 'a lamp', told }),
    member({
      promiseId: '01930000-0000-7000-8000-000000000003',
      reason: 'recovery',
      subject: 'a chair',
      promisedAt: at('2026-11-26T13:00:00Z'),
    }),
    member({
      promiseId: '01930000-0000-7000-8000-000000000004',
      reason: 'recovery',
      subject: 'a table',
      promisedAt: at('2026-11-26T12:00:00Z'),
    }),
  ];
  const mail = content({ members });
  expect(mail.subject).toBe('News about 3 promises we made to you');
  for (const once of [/Hello/g, /sorry/g, /can be reached directly/g]) expect(mail.text.match(once)).toHaveLength(1);
  expect([...mail.text.matchAll(/— (.*) —/g)].map(([, what]) => what)).toEqual(['a table', 'a chair', 'a lamp']);
  expect(mail.headers['Kept-Notices']).toBe(
    '01930000-0000-7000-8000-000000000002:risk:1, 01930000-0000-7000-8000-000000000003:recovery:1, 01930000-0000-7000-8000-000000000004:recovery:1',
  );
});

test('different people are each named with their promise, and a reply reaches both', () => {
  const jaan = { role: 'owner', name: 'Jaan Tamm', email: 'jaan@books.example', phone: null } as const;
  const mail = content({
    members: [member(), member({ promiseId: '01930000-0000-7000-8000-000000000002', contact: jaan })],
  });
  expect(mail.replyTo).toBe('kati@books.example, jaan@books.example');
  expect(mail.text).toContain('Kati Kask looks after this');
  expect(mail.text).toContain('Jaan Tamm looks after this');
});

test('a confirmation and a warning of the same promise are told as the warning alone, and both are recorded', () => {
  const mail = content({ members: [member({ reason: 'promised' }), member({ told })] });
  expect(mail.text).not.toContain('We have promised');
  expect(mail.subject).toBe('Later than promised: 3 books, order A-1001');
  expect(mail.headers['Kept-Notices']).toMatch(/:promised:1, .*:risk:1$/);
});

test('a contact without a direct line is named and promises no reply', () => {
  const mail = content({ members: [member({ contact: { ...KATI, email: null, phone: null } })] });
  expect(mail.replyTo).toBeNull();
  expect(mail.text).toContain('Kati Kask looks after this.\n');
  expect(mail.text).not.toContain('reply');
});

test.each([
  null,
  '',
  'nobody',
  'a@b.example, c@d.example',
  'a@b.example\r\nBcc: x@y.example',
  'A <a@b.example>',
  'a b@c.example',
  'a@b@c.example',
])('the address %j is no address', (email) => {
  expect(compose({ recipient: { ...MARI, email }, members: [member()], now: BEFORE, from: FROM })).toEqual({
    failed: 'no_address',
  });
});

const HOSTILE = [
  'x\r\nBcc: evil@mail.example',
  'x\nSubject: other',
  'x\u0000y',
  'x\u2028Bcc: evil@mail.example',
  '\u202Egpj.exe',
  '\u2066x\u2069',
  '\uD800broken',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='x",
  '&lt;b&gt;',
  'a'.repeat(5_000),
];

test.each(HOSTILE)('hostile text cannot leave its place: %j', (text) => {
  const contact = { ...KATI, name: text, email: 'kati@books.example\r\nBcc: evil@mail.example', phone: text };
  const mail = content({
    recipient: { ...MARI, name: text },
    members: [member({ subject: text, contact }), member({ promiseId: 'p2', subject: null, ref: text, contact })],
    from: `${text} <care@books.example>`,
  });
  const single = content({ members: [member({ subject: text })] });
  for (const line of [mail.subject, single.subject, mail.replyTo ?? '', ...Object.values(mail.headers)]) {
    expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
    expect(line.length).toBeLessThan(400);
  }
  expect(mail.text).not.toMatch(/^(Bcc|Subject):/m);
  expect(mail.text).not.toMatch(/\p{Cs}/u);
  expect(mail.html).not.toMatch(/<script|<img|onmouseover='|[\u202A-\u202E\u2066-\u2069]/);
});

test('the same request gives the same content', () => {
  expect(content({ members: [member({ told })] })).toEqual(content({ members: [member({ told })] }));
});

test('no text shouts, promises to do better or names a cause', () => {
  for (const reason of ['promised', 'risk', 'recovery'] as const)
    for (const changes of [{ told }, {}, { withdrawnBy: 'company' as const }]) {
      const { text, subject } = content({
        now: reason === 'recovery' ? AFTER : BEFORE,
        members: [member({ reason, ...changes })],
      });
      expect(`${subject}${text}`).not.toMatch(/!|better|because|due to|unfortunately|today|tomorrow|soon/i);
    }
});

test('the HTML says what the text says, with links to the contact and no styles of its own', () => {
  const { html, text } = content({ members: [member({ told })] });
  const words = (said: string): string => said.replace(/\s+/g, ' ').trim();
  const body = html
    .slice(html.indexOf('<body>'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  expect(words(body)).toBe(words(text));
  expect(html).toContain('<a href="tel:+3726000001">+372 600 0001</a>');
  expect(html).toContain('<a href="mailto:kati@books.example">kati@books.example</a>');
  expect(html).not.toMatch(/style|<img|<script/);
});

test('the Message-ID follows from the dispatch', () => {
  expect(messageIdOf('01930000-0000-7000-8000-00000000000a', 'books.example')).toBe(
    '<01930000-0000-7000-8000-00000000000a@books.example>',
  );
  expect(messageIdOf('a', 'x>\r\nBcc: y')).toBe('<a@kept.invalid>');
});
