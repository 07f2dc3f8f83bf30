import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/** One mail as it came in, whatever it was answered. */
export interface SinkMail {
  /** When its last byte was here, in milliseconds: from then on the customer may have it. */
  readonly atMs: number;
  readonly messageId: string;
  readonly to: string;
  /** Of `Kept-Notices`: `<promise>:<reason>:<revision>` each. Empty for mails to staff. */
  readonly notices: readonly string[];
  /** When 250 was said, in milliseconds; null: the sender was never told that it arrived. */
  readonly acceptedAtMs: number | null;
}

/**
 * `421`: the greeting refuses; `451`: the text is refused; `hang`: no answer to the text; `cut`: the line breaks instead of
 * one. After the last two the mail has arrived or not, and nobody can tell.
 */
export type SinkMode = 'ok' | '421' | '451' | 'hang' | 'cut';

export interface Sink {
  readonly port: number;
  /** In the order of arrival. */
  readonly mails: readonly SinkMail[];
  be(mode: SinkMode): void;
  /** How often a client came and was not served. */
  refused(): number;
  /** Called at once each time 250 has been said. */
  onAccepted(listener: ((mail: SinkMail) => void) | null): void;
  stop(): Promise<void>;
}

/** A mail server on loopback that remembers what came when, and can be made to behave badly. */
export async function startSink(): Promise<Sink> {
  const mails: SinkMail[] = [];
  const refusing = (code: number): Error => Object.assign(new Error('not now'), { responseCode: code });
  let mode: SinkMode = 'ok';
  let refused = 0;
  let listener: ((mail: SinkMail) => void) | null = null;

  const sockets = new Map<number, Socket>();

  const take = async (stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): Promise<void> => {
    const raw = await buffer(stream);
    const how = mode;
    if (how !== 'ok') refused += 1;
    if (how === '451') return done(refusing(451));
    const atMs = Date.now();
    const mail: SinkMail = {
      ...{
        atMs,
        messageId: header(raw, 'Message-ID'),
        to: session.envelope.rcptTo.map(({ address }) => address).join(', '),
      },
      notices: header(raw, 'Kept-Notices').split(/,\s*/).filter(Boolean),
      acceptedAtMs: how === 'ok' ? atMs : null,
    };
    // Of those that nobody was told about every second one has arrived.
    if (how === 'ok' || refused % 2 === 0) mails.push(mail);
    if (how === 'hang') return;
    if (how === 'cut') return void sockets.get(session.remotePort)?.destroy();
    done();
    listener?.(mail);
  };
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true, closeTimeout: 200 },
    logger: false,
    onConnect: (_, done) => {
      if (mode === '421') refused += 1;
      done(mode === '421' ? refusing(421) : undefined);
    },
    // A text that breaks off has not arrived.
    onData: (stream, session, done) => void take(stream, session, done).catch(done),
  });
  server.on('error', () => {});
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.on('close', () => sockets.delete(port));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    be: (next) => void (mode = next),
    refused: () => refused,
    onAccepted: (next) => void (listener = next),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

type Done = (error?: Error | null) => void;

/** A header's value, its folded lines joined; empty where it is missing. */
function header(raw: Buffer, name: string): string {
  const head = raw.toString('utf8').split('\r\n\r\n', 1)[0] ?? '';
  const value = new RegExp(`^${name}:((?:.*(?:\r\n[ \t])?)*)`, 'im').exec(head)?.[1] ?? '';
  return value.replaceAll(/\r\n[ \t]/g, ' ').trim();
}
