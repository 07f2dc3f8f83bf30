import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, expect, it } from 'vitest';
import { startMailSink, type StoredMail } from '../../../cli/up/mail-sink.ts';
import { mailReader } from '../../../cli/up/mails.ts';

const home = mkdtempSync(join(tmpdir(), 'kept-mails-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const stored = (file: string): readonly StoredMail[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as StoredMail);

const MAIL = {
  from: 'Customer care <care@books.example>',
  to: 'mari@post.example',
  subject: 'Õhtul, kell 18',
  messageId: '<one@books.example>',
  text: 'Tere, Mari.',
  html: '<p>Tere, Mari.</p>',
  headers: { 'Kept-Notices': 'id:risk:1' },
};

it('a mail is on disk, byte for byte, when it is accepted, and reads as it was written', async () => {
  const file = join(home, 'one.ndjson');
  const sink = await startMailSink(file);
  const transport = createTransport(sink.smtpUrl);
  await transport.sendMail(MAIL);
  const [mail] = stored(file);
  expect(mail).toMatchObject({ from: 'care@books.example', to: ['mari@post.example'] });
  const raw = 'From: a@b.example\r\nSubject: as  it\tis\r\n\r\n.\r\nå\r\n';
  await transport.sendMail({ envelope: { from: 'a@b.example', to: 'c@d.example' }, raw });
  expect(Buffer.from(stored(file)[1]?.raw ?? '', 'base64').toString()).toBe(raw);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  transport.close();
  await sink.stop();

  const [read] = await mailReader(file)();
  expect(read).toMatchObject({
    at: mail?.at,
    from: 'care@books.example',
    to: 'mari@post.example',
    subject: MAIL.subject,
    messageId: MAIL.messageId,
    headers: { 'Kept-Notices': 'id:risk:1' },
  });
  expect(read?.text?.trim()).toBe(MAIL.text);
  expect(read?.html).toContain(MAIL.html);
});

it('many at once are all there, each once', async () => {
  const file = join(home, 'many.ndjson');
  const sink = await startMailSink(file);
  const transport = createTransport({ url: sink.smtpUrl, pool: true, maxConnections: 8 });
  const ids = Array.from({ length: 60 }, (_, at) => `<m${at}@books.example>`);
  await Promise.all(ids.map((messageId) => transport.sendMail({ ...MAIL, messageId })));
  const read = await mailReader(file)();
  expect(read.map(({ messageId }) => messageId).sort()).toEqual([...ids].sort());
  transport.close();
  await sink.stop();
});

it('a reader takes up what is new, waits for a half line and begins anew with a new file', async () => {
  const file = join(home, 'growing.ndjson');
  const read = mailReader(file);
  const line = (subject: string): string =>
    JSON.stringify({
      at: '2031-05-14T09:00:00.000Z',
      from: 'a@b.example',
      to: ['c@d.example'],
      raw: Buffer.from(`Subject: ${subject}\r\n\r\nx`).toString('base64'),
    });
  const subjects = async (): Promise<readonly string[]> => (await read()).map(({ subject }) => subject);
  expect(await subjects()).toEqual([]);
  writeFileSync(file, `${line('one')}\n${line('two').slice(0, 30)}`);
  expect(await subjects()).toEqual(['one']);
  appendFileSync(file, `${line('two').slice(30)}\n`);
  expect(await Promise.all([subjects(), subjects()])).toEqual([
    ['one', 'two'],
    ['one', 'two'],
  ]);
  writeFileSync(file, `${line('anew')}\n`);
  expect(await subjects()).toEqual(['anew']);
});

it('one line that cannot be read hides no other mail and is shown as such', async () => {
  const file = join(home, 'unreadable.ndjson');
  const line = (subject: string): string =>
    JSON.stringify({
      at: '2031-05-14T09:00:00.000Z',
      from: 'a@b.example',
      to: ['c@d.example'],
      raw: Buffer.from(`Subject: ${subject}\r\n\r\nx`).toString('base64'),
    });
  const foreign = JSON.stringify({ at: 'yesterday', to: 7 });
  writeFileSync(file, [line('one'), '{"at":', foreign, line('two'), ''].join('\n'));
  const read = mailReader(file);
  const subjects = (await read()).map(({ subject }) => subject);
  expect(subjects).toEqual(['one', 'A mail that cannot be read', 'A mail that cannot be read', 'two']);
  expect((await read()).map(({ at }) => at)).toEqual(subjects.map(() => '2031-05-14T09:00:00.000Z'));
});

it('drops the half line of a killed sink and goes on behind what is whole', async () => {
  const file = join(home, 'killed.ndjson');
  writeFileSync(file, '{"at":"1","from":"","to":[],"raw":""}\n{"at":"2","fr');
  const sink = await startMailSink(file);
  const transport = createTransport(sink.smtpUrl);
  await transport.sendMail(MAIL);
  expect(stored(file)).toHaveLength(2);
  transport.close();
  await sink.stop();
});
