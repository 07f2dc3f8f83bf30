import { describe, expect, it, test } from 'vitest';
import type { Instant } from '../../domain/promise/instant.ts';
import { composeAlerts, type AlertMailRequest } from '../../notices/alert-mail.ts';
import type { Content } from '../../notices/notice.ts';

const at = (text: string): Instant => text as Instant;
const NOW = at('2026-11-27T08:00:00.000Z');
const ID = '01a20611-7b16-77ce-aa85-949730dd75db';

const line = (changes: Partial<AlertMailRequest['lines'][number]> = {}): AlertMailRequest['lines'][number] => ({
  id: ID,
  promiseId: ID,
  reason: 'slip',
  group: 'slip',
  rung: 'owner',
  about: null,
  silent: null,
  from: null,
  acknowledgeBy: null,
  ...{ standsIn: false, note: null, offers: null, shortage: null },
  occasion: '',
  checkpoint: null,
  partner: null,
  times: 1,
  at: NOW,
  kind: 'delivery',
  source: 'shop',
  ref: 'A-1001',
  subject: '3 books, order A-1001',
  owner: 'Kati Kask',
  zone: 'Europe/Tallinn',
  day: null,
  windowFrom: null,
  promisedAt: at('2026-11-28T13:00:00.000Z'),
  targetAt: at('2026-11-27T07:00:00.000Z'),
  estimatedAt: null,
  phase: 'open',
  takenBack: false,
  ...{ token: 'key', brief: null },
  ...changes,
});

function mail(lines: AlertMailRequest['lines'], changes: Partial<AlertMailRequest> = {}): Content {
  const counts: Record<string, number> = {};
  for (const { group } of lines) counts[group] = (counts[group] ?? 0) + 1;
  const content = composeAlerts({
    recipient: { id: 'kati', name: 'Kati Kask', email: 'kati@books.example', partner: null },
    lines,
    counts,
    now: NOW,
    from: 'Bookshop <care@books.example>',
    links: { baseUrl: 'http://127.0.0.1:7400', pages: true },
    ...changes,
  });
  if (!content) throw new Error('No mail.');
  return content;
}

/** What is known of a customer who is to be called. */
const BRIEF: AlertMailRequest['lines'][number]['brief'] = {
  customer: { ref: 'C-17', name: 'Mari Tamm', phone: '+3725110017', email: null },
  promises: [
    {
      ...{
        id: ID,
        source: 'shop',
        ref: 'A-1001',
        kind: 'delivery',
        subject: '3 books',
        phase: 'overdue',
        owner: 'kati',
      },
      promisedAt: at('2026-11-26T13:00:00.000Z'),
      plan: { day: null, windowFrom: null, zone: 'Europe/Tallinn' },
    },
    {
      ...{ id: ID, source: 'shop', ref: 'A-900', kind: 'delivery', subject: 'An atlas', phase: 'kept', owner: 'kati' },
      promisedAt: at('2026-11-20T13:00:00.000Z'),
      plan: { day: null, windowFrom: null, zone: 'Europe/Tallinn' },
    },
  ],
  notices: [{ reason: 'recovery', state: 'sent', dueAt: NOW, sentAt: at('2026-11-26T15:00:00.000Z') }],
  contacts: [
    {
      fact: {
        ...{ kind: 'contacted', factKey: 'c', channel: 'phone', about: 'trouble' },
        occurredAt: at('2026-11-27T06:30:00.000Z'),
      },
    },
  ],
  notes: [{ at: at('2026-11-27T06:31:00.000Z'), by: 'jaan', text: 'After 17:00, <please>.\nNot on Fridays.' }],
  people: new Map([['kati', 'Kati Kask']]),
};

describe('a reminder of a call', () => {
  const call = (changes = {}) => line({ reason: 'callback', group: 'callback', occasion: 'call:1', ...changes });

  it('brings what is known of the customer: who it is, what is open, what she heard and said, and notes', () => {
    const { text, html } = mail([call({ brief: BRIEF })]);
    expect(text).toContain(
      [
        'Please call within that time.',
        'Mari Tamm, C-17, +3725110017',
        'Promises (1):',
        '- Overdue · Thu 26 Nov 2026, 15:00 (Europe/Tallinn) · 3 books · delivery, shop A-1001 · Kati Kask',
        'Notices (1):',
        '- Recovery notice · sent · Thu 26 Nov, 17:00',
        'Contacts (1):',
        '- 08:30 · told of trouble by phone',
        'Notes (1):',
        '- 08:31 · jaan · After 17:00, <please>. Not on Fridays.',
        'Open the promise: ',
      ].join('\n'),
    );
    expect(html).toContain('After 17:00, &#60;please&#62;. Not on Fridays.');
    expect(html).not.toContain('An atlas');
  });

  it('says when its time has passed that it has', () => {
    expect(mail([call({ phase: 'overdue', promisedAt: NOW })]).text).toContain(
      'That time has passed, and the call has not been made.',
    );
  });
});

describe('a mail of alerts', () => {
  it('of one promise names it, says until when, why, and where to go', () => {
    const { subject, text, headers, to } = mail([line()]);
    expect({ subject, to, count: headers['Kept-Alerts'] }).toEqual({
      subject: 'Slipping: 3 books, order A-1001',
      to: 'kati@books.example',
      count: '1',
    });
    expect(text).toBe(`Hello Kati Kask,

One promise needs you.

— Slipping inside the buffer (1) —

3 books, order A-1001, promised by Sat 28 Nov 2026, 15:00 (Europe/Tallinn)
There is no news of it. Our own target: Fri 27 Nov 2026, 09:00 (Europe/Tallinn).
Open the promise: http://127.0.0.1:7400/promises/${ID}
Acknowledge: http://127.0.0.1:7400/a/key

A link shows a page and changes nothing; there you acknowledge.

Bookshop
`);
  });

  it('of several counts each group in its subject, most urgent first, and keeps them apart', () => {
    const { subject, text } = mail([line(), line({ reason: 'at_risk', group: 'at_risk' }), line()]);
    expect(subject).toBe('3 alerts: 1 at risk, 2 slipping');
    expect(text.indexOf('— At risk (1) —')).toBeLessThan(text.indexOf('— Slipping inside the buffer (2) —'));
  });

  it('that lists a part says so, counts all, and leads to the others', () => {
    const { subject, text, headers } = mail([line()], { counts: { slip: 5_000 } });
    expect([subject, headers['Kept-Alerts']]).toEqual(['5,000 alerts: 5,000 slipping', '5000']);
    expect(text).toContain('The 1 most urgent of 5,000 are listed here.');
    expect(text).toContain('More of them on your page: http://127.0.0.1:7400/people/kati\n');
  });

  it('that lists a part leads whom it leads to no page of ours to their own alerts, by the key of one', () => {
    const part = { counts: { slip: 5_000 } };
    const all = 'More of them on your page: http://127.0.0.1:7400/a/key/all\n';
    const ivo = { id: 'ivo', name: 'Ivo', email: 'ivo@dpd.example', partner: 'dpd' };
    expect(mail([line()], { ...part, recipient: ivo }).text).toContain(all);
    expect(mail([line()], { ...part, links: { baseUrl: 'http://127.0.0.1:7400', pages: false } }).text).toContain(all);
    expect(mail([line()], { recipient: ivo }).text).not.toContain('/all');
  });

  it('leads to no page of a promise where there is none, and holds no link where there are no pages', () => {
    const apart = { baseUrl: 'https://kept.example', pages: false };
    expect(mail([line()], { links: apart }).text).not.toContain('/promises/');
    expect(mail([line()], { links: apart }).text).toContain('https://kept.example/a/key');
    expect(mail([line()], { links: null }).text).not.toContain('http');
    expect(mail([line()], { links: null }).html).not.toContain('<a ');
  });

  it('says nothing of what may come once the deadline has passed', () => {
    const { text } = mail([line({ reason: 'at_risk', group: 'overdue', phase: 'overdue' })]);
    expect(text).toContain('— Overdue or broken (1) —');
    expect(text).toContain('That time has passed. There is no news of it.');
    expect(text).not.toMatch(/may|target/);
  });

  it('is none where the person has no address', () => {
    const nobody = { id: 'kati', name: 'Kati', email: null, partner: null };
    const request = { lines: [line()], counts: { slip: 1 }, now: NOW, from: 'x@books.example', links: null } as const;
    expect(composeAlerts({ ...request, recipient: nobody })).toBeNull();
  });

  it('shows texts from outside as text, on one line', () => {
    const { subject, html } = mail([line({ subject: '<img src=x>\r\nBcc: evil@x.example' })]);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).not.toContain('<img');
  });
});

test('a mail about what was taken back does not call it overdue', () => {
  const taken = line({ reason: 'broken', group: 'overdue', phase: 'broken', takenBack: true });
  expect(mail([taken]).subject).toBe('Taken back by us: 3 books, order A-1001');
});

test('a mail about a remedy leads to where it is decided', () => {
  expect(mail([line({ reason: 'approval', group: 'approval' })]).text).toContain(
    'Decide: http://127.0.0.1:7400/remedies',
  );
});

test('a mail about a hand-over tells its note to our own people, and to nobody else', () => {
  const note = { by: 'Jaan Tamm', text: 'She prefers <mornings>.' };
  const lines = [line({ reason: 'handed_over', group: 'handed_over', note })];
  expect(mail(lines).text).toContain('\nNote of Jaan Tamm: She prefers <mornings>.\n');
  expect(mail(lines).html).toContain('<br>Note of Jaan Tamm: She prefers &#60;mornings&#62;.<br>');
  const recipient = { id: 'cora', name: 'Cora', email: 'cora@carrier.example', partner: 'carrier' };
  expect(mail(lines, { recipient }).text).not.toContain('mornings');
});

const LATE = at('2026-11-29T08:00:00.000Z');
const HERD = {
  ...{ from: LATE, until: at('2026-11-29T08:22:14.000Z'), count: 20_000, promiseId: ID },
  ...{ neededMs: 1_333_333, haveMs: 240_000 },
};

test.each([
  ['a wrong number', { reason: 'callback', group: 'callback', occasion: 'wrong_number:1' }, 'find another one'],
  ['a call', { reason: 'callback', group: 'callback', occasion: 'remind' }, 'Please call within that time.'],
  ['a refund', { kind: 'refund' }, '3 books, order A-1001 (refund), promised by'],
  ['a call that was broken', { kind: 'callback', reason: 'broken' }, '3 books, order A-1001 (call), promised by'],
  ['the next news', { kind: 'reply', source: 'kept' }, '3 books, order A-1001 (next news), promised by'],
  [
    'a call nobody acknowledged',
    { reason: 'unacknowledged', group: 'unacknowledged', about: 'callback', silent: 'Kati Kask', rung: 'lead' },
    '“Callback needs you”. Please call within that time.',
  ],
  ['a promise at risk', { reason: 'at_risk', group: 'at_risk', estimatedAt: LATE }, 'Now expected Sun 29 Nov 2026'],
  [
    'a missed checkpoint',
    { reason: 'checkpoint', group: 'checkpoint', checkpoint: 'packed' },
    'Checkpoint packed was missed.',
  ],
  [
    "a partner's checkpoint",
    { reason: 'checkpoint', group: 'checkpoint', checkpoint: 'scanned', partner: 'DPD' },
    'DPD missed checkpoint scanned.',
  ],
  [
    'news that a person is to give',
    { source: 'kept', kind: 'reply', reason: 'broken', group: 'overdue', phase: 'overdue' },
    'That time has passed. Please be in touch with the customer.',
  ],
  [
    'a promise told to the people of its partner, by the number they know it by, too',
    { rung: 'partner', subject: 'Cook book', ref: 'A-1004' },
    'Cook book (A-1004), promised',
  ],
  ['one whose words hold its number', { rung: 'partner', ref: 'A-1001' }, '3 books, order A-1001, promised'],
  [
    'an alert nobody acknowledged',
    { reason: 'unacknowledged', group: 'unacknowledged', about: 'at_risk', silent: 'Kati Kask', rung: 'lead' },
    'Kati Kask has not acknowledged the alert “May not hold”. There is no news of it. Owner: Kati Kask.',
  ],
  ['a hand-over', { reason: 'handed_over', group: 'handed_over' }, 'It is yours from now on.'],
  [
    'a hand-over to acknowledge',
    { reason: 'handed_over', group: 'handed_over', from: 'Jaan Tamm', acknowledgeBy: LATE },
    'Jaan Tamm had it; it is yours from now on. Please acknowledge it by Sun 29 Nov 2026, 10:00 (Europe/Tallinn).',
  ],
  [
    'a hand-over nobody acknowledged',
    { reason: 'unacknowledged', group: 'unacknowledged' },
    'The hand-over was not acknowledged in time. It is yours now. There is no news of it.',
  ],
  [
    'a remedy',
    { reason: 'approval', group: 'approval', offers: [{ kind: 'voucher', amount: '5.00', currency: 'EUR' }] },
    'A remedy waits for your decision: a voucher of 5.00 EUR.',
  ],
  ['a remedy that is gone', { reason: 'approval', group: 'approval' }, 'A remedy waits for your decision.'],
  [
    'a herd that comes too fast',
    { reason: 'capacity', group: 'capacity', rung: 'manager', shortage: HERD },
    '20,000 promises are to be looked at from Sun 29 Nov 2026, 10:00 (Europe/Tallinn) on',
  ],
  [
    'what a herd needs',
    { reason: 'capacity', group: 'capacity', rung: 'manager', shortage: HERD },
    'To warn their customers in time the engine has 4 min, and needs 22 min 13 s: some will be warned late. No more ' +
      'promises to the minute are taken for that time. Give their policy a longer spread or lead; or, where the engine can ' +
      'do more, raise wakesPerSecond in company.yaml.\nOpen one of them: ',
  ],
  ['a herd that fits by now', { reason: 'capacity', group: 'capacity' }, 'By now the engine can wake them in time.'],
  ['one taken back', { reason: 'broken', group: 'overdue', takenBack: true }, 'We have taken it back.'],
  ['one told again', { times: 2 }, 'Nobody has acknowledged it: this is the 2nd time that it is told.'],
  ['a clock that stands', { promisedAt: 'infinity' as Instant }, 'its clock stands'],
] as const)('an alert about %s says what is to be known', (_, changes, says) => {
  expect(mail([line(changes)]).text).toContain(says);
});

it('a mail about a herd alone speaks of no promise that needs somebody', () => {
  const herd = mail([line({ reason: 'capacity', group: 'capacity', rung: 'manager', shortage: HERD })]);
  expect(herd.subject).toBe(
    'Capacity is short: 20,000 promises are to be looked at from Sun 29 Nov 2026, 10:00 (Europe/Tallinn) on',
  );
  expect(herd.text).toMatch(/^Hello .*,\n\nThe engine will fall behind\.\n/);
  expect(herd.text).not.toContain('Owner:');
});
