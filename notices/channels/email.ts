import type { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import type { HandOver, Message, NoticeChannel } from '../notice.ts';

export interface EmailOptions {
  /** `smtp://` or `smtps://`, with user and password where the server asks for them. */
  readonly url: string;
  /** `Bookshop <care@books.example>`. */
  readonly from: string;
  /** Connections held open at most. */
  readonly maxConnections?: number;
}

/** E-mail over SMTP, over a few connections that stay open. */
export function createEmailChannel({ url, from, maxConnections = 5 }: EmailOptions): NoticeChannel {
  const bodies = new WeakMap<AbortSignal, Readable[]>();
  const transport = createTransport({
    url,
    pool: true,
    maxConnections,
    // Only a message of which not a byte has left goes to another connection: this one was closed by the server while idle.
    maxRequeues: 1,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // The body is read only after the server has said yes to DATA: from then on it may have the mail.
  transport.use('stream', (mail, done) => {
    mail.message.processFunc((body: Readable) => {
      if (mail.data.signal) bodies.get(mail.data.signal)?.push(body);
      return body;
    });
    done();
  });
  return {
    name: 'email',
    send: async (message, timeoutMs) => {
      const signal = AbortSignal.timeout(Math.max(1, timeoutMs));
      const read: Readable[] = [];
      bodies.set(signal, read);
      try {
        await transport.sendMail({ ...fieldsOf(message), from, signal });
        return { outcome: 'accepted' };
      } catch (error) {
        return outcomeOf(
          error,
          read.some((body) => body.readableDidRead),
        );
      }
    },
    close: async () => transport.close(),
  };
}

function fieldsOf({ to, replyTo, subject, text, html, headers, messageId }: Message) {
  return { to, subject, text, html, headers, messageId, ...(replyTo === null ? {} : { replyTo }) };
}

/** What nodemailer tells about a failure. Its text may quote the server, so only codes are taken. */
interface SmtpFailure {
  readonly code?: unknown;
  readonly command?: unknown;
  /** The server's answer, where it gave one. */
  readonly responseCode?: unknown;
}

/** Steps that concern this one recipient or text; an answer to any other step, the sender's too, concerns us. */
const MESSAGE_STEPS = new Set(['RCPT TO', 'DATA']);

function outcomeOf(error: unknown, bodyLeft: boolean): HandOver {
  const { code, command, responseCode } = (typeof error === 'object' && error !== null ? error : {}) as SmtpFailure;
  const step = typeof command === 'string' ? command : '';
  if (typeof responseCode === 'number') {
    const forGood = responseCode >= 500 && MESSAGE_STEPS.has(step);
    return { outcome: forGood ? 'refused' : 'not_accepted', code: `SMTP_${responseCode}` };
  }
  const name = typeof code === 'string' && /^[A-Z_]{1,20}$/.test(code) ? code : 'FAILED';
  // Addresses nodemailer itself will not put into an envelope.
  if (name === 'EENVELOPE') return { outcome: 'refused', code: name };
  return { outcome: bodyLeft ? 'unknown' : 'not_accepted', code: name };
}
