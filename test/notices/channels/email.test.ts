import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import PostalMime from 'postal-mime';
import { afterEach, expect, test } from 'vitest';
import { createEmailChannel } from '../../../notices/channels/email.ts';
import type { HandOver, Message } from '../../../notices/notice.ts';
import { FROM, message } from '../fixtures.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface Sink {
  readonly url: string;
  /** As they arrived. */
  readonly mails: string[];
  connections(): number;
  /** Ends every connection without a word. */
  cut(): void;
}

/** An SMTP server on loopback. */
async function sink(options: SMTPServerOptions = {}): Promise<Sink> {
  const mails: string[] = [];
  const sockets: Socket[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString('utf8'));
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  server.server.on('connection', (socket: Socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    connections: () => sockets.length,
    cut: () => sockets.forEach((socket) => socket.destroy()),
  };
}

/** A server that says its lines in order, one per line it hears, and then does `atEnd`. */
async function scripted(lines: readonly string[], atEnd: 'hang' | 'cut'): Promise<string> {
  const server: Server = createServer((socket) => {
    const rest = [...lines];
    socket.on('error', () => {});
    socket.write(`${rest.shift() ?? ''}\r\n`);
    let heard = '';
    let inData = false;
    socket.on('data', (chunk) => {
      heard += chunk.toString('utf8');
      while (inData ? heard.includes('\r\n.\r\n') : heard.includes('\r\n')) {
        heard = heard.slice(heard.indexOf(inData ? '\r\n.\r\n' : '\r\n') + (inData ? 5 : 2));
        const line = rest.shift();
        if (line === undefined) return void (atEnd === 'cut' && socket.destroy());
        inData = line.startsWith('354');
        socket.write(`${line}\r\n`);
      }
    });
    cleanUps.push(() => void socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function send(url: string, timeoutMs = 10_000, changes: Partial<Message> = {}): Promise<HandOver> {
  const channel = createEmailChannel({ url, from: FROM });
  cleanUps.push(() => channel.close());
  return channel.send(message(changes), timeoutMs);
}

const failing = (responseCode: number): Error =>
  Object.assign(new Error('4.2.1 mari@mail.example is not at home'), { responseCode });

test('an accepted mail arrives with its exact Message-ID, headers, sender, reply address and both texts', async () => {
  const { url, mails } = await sink();
  expect(await send(url)).toEqual({ outcome: 'accepted' });
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatch(/^Message-ID: <01930000-0000-7000-8000-00000000000a@books.example>\r$/im);
  expect(mails[0]).toMatch(/^Kept-Notices: 01930000-0000-7000-8000-000000000001:risk:1\r$/im);
  const mail = await PostalMime.parse(mails[0] ?? '');
  expect(mail.from).toMatchObject({ name: 'Bookshop', address: 'care@books.example' });
  expect(mail.replyTo).toMatchObject([{ address: 'kati@books.example' }]);
  expect(mail.to).toMatchObject([{ address: 'mari@mail.example' }]);
  expect(mail.subject).toBe('Later than promised: 3 books');
  expect(mail.text).toContain('Hello Mari Tamm,');
  expect(mail.html).toContain('<p>Hello Mari Tamm,</p>');
  expect(mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
});

test('letters of other alphabets and a long list of notices arrive unharmed', async () => {
  const { url, mails } = await sink();
  const ids = Array.from({ length: 40 }, (_, n) => `01930000-0000-7000-8000-0000000000${10 + n}:risk:1`).join(', ');
  await send(url, 10_000, { subject: 'Hilineb: „Sügisõhtu” – Цветы', headers: { 'Kept-Notices': ids } });
  const mail = await PostalMime.parse(mails[0] ?? '');
  expect(mail.subject).toBe('Hilineb: „Sügisõhtu” – Цветы');
  expect(mail.headers.find(({ key }) => key === 'kept-notices')?.value.replace(/\s+/g, ' ')).toBe(ids);
});

test('one connection serves several mails', async () => {
  const { url, mails, connections } = await sink();
  const channel = createEmailChannel({ url, from: FROM, maxConnections: 1 });
  cleanUps.push(() => channel.close());
  for (let n = 0; n < 3; n += 1) expect(await channel.send(message(), 10_000)).toEqual({ outcome: 'accepted' });
  expect({ mails: mails.length, connections: connections() }).toEqual({ mails: 3, connections: 1 });
});

test.each([
  ['421 at RCPT', { onRcptTo: (_a, _s, done) => done(failing(421)) }, 'not_accepted', 'SMTP_421'],
  ['451 at MAIL', { onMailFrom: (_a, _s, done) => done(failing(451)) }, 'not_accepted', 'SMTP_451'],
  [
    '451 after DATA',
    { onData: (stream, _s, done) => void stream.resume().on('end', () => done(failing(451))) },
    'not_accepted',
    'SMTP_451',
  ],
  ['550 at RCPT', { onRcptTo: (_a, _s, done) => done(failing(550)) }, 'refused', 'SMTP_550'],
  ['553 at MAIL, which is about us', { onMailFrom: (_a, _s, done) => done(failing(553)) }, 'not_accepted', 'SMTP_553'],
  [
    '554 after DATA',
    { onData: (stream, _s, done) => void stream.resume().on('end', () => done(failing(554))) },
    'refused',
    'SMTP_554',
  ],
  ['554 instead of a greeting', { onConnect: (_s, done) => done(failing(554)) }, 'not_accepted', 'SMTP_554'],
] satisfies [string, SMTPServerOptions, string, string][])('%s', async (_, options, outcome, code) => {
  const { url } = await sink(options);
  expect(await send(url)).toEqual({ outcome, code });
});

test('nobody listening: nothing left', async () => {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  expect(await send(`smtp://127.0.0.1:${port}`)).toMatchObject({ outcome: 'not_accepted', code: 'ESOCKET' });
});

test('a server that hangs before the body: nothing left', async () => {
  expect(await send(await scripted(['220 here', '250 hello'], 'hang'), 300)).toEqual({
    outcome: 'not_accepted',
    code: 'EABORT',
  });
});

const UP_TO_DATA = ['220 here', '250 hello', '250 sender', '250 recipient', '354 go on'];

test('a server that hangs after the body: not known', async () => {
  expect(await send(await scripted(UP_TO_DATA, 'hang'), 300)).toEqual({ outcome: 'unknown', code: 'EABORT' });
});

test('a connection cut after the body: not known, and not sent a second time', async () => {
  expect(await send(await scripted(UP_TO_DATA, 'cut'))).toEqual({ outcome: 'unknown', code: 'ECONNECTION' });
});

test('a connection cut before the body: nothing left', async () => {
  expect(await send(await scripted(UP_TO_DATA.slice(0, 3), 'cut'))).toMatchObject({ outcome: 'not_accepted' });
});

test('a connection the server cut while idle is replaced without a word', async () => {
  const { url, mails, cut } = await sink();
  const channel = createEmailChannel({ url, from: FROM, maxConnections: 1 });
  cleanUps.push(() => channel.close());
  await channel.send(message(), 10_000);
  cut();
  expect(await channel.send(message(), 10_000)).toEqual({ outcome: 'accepted' });
  expect(mails).toHaveLength(2);
});
