import { open, readFile, type FileHandle } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

/** One mail as it stands in the file, a line each. */
export interface StoredMail {
  readonly at: string;
  /** Envelope. */
  readonly from: string;
  readonly to: readonly string[];
  /** The message exactly as it arrived, base64. */
  readonly raw: string;
}

export interface MailSink {
  readonly smtpUrl: string;
  stop(): Promise<void>;
}

/** A mail server on loopback that accepts everything, sends nothing on and is the only one a laptop writes to. */
export async function startMailSink(
  file: string,
  { port = 0, log = () => {} }: { readonly port?: number; readonly log?: (line: string) => void } = {},
): Promise<MailSink> {
  // An optional package: whoever does without it has a mail server.
  const { SMTPServer } = await import('smtp-server');
  const lines = await openLines(file);
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 1_000,
    logger: false,
    onData(stream, session, done) {
      const { mailFrom, rcptTo } = session.envelope;
      const stored = async (): Promise<void> => {
        const raw = await buffer(stream);
        const mail: StoredMail = {
          at: new Date().toISOString(),
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          raw: raw.toString('base64'),
        };
        await lines.append(JSON.stringify(mail));
      };
      stored().then(
        () => done(),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  server.on('error', (error: Error) => log(`Mail sink: ${error.message}`));
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  const address = server.server.address();
  if (typeof address !== 'object' || !address) throw new Error('The mail sink has no port.');
  return {
    smtpUrl: `smtp://127.0.0.1:${address.port}`,
    stop: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await lines.close();
    },
  };
}

interface Lines {
  /** Resolves when the line is on disk. */
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

/** Lines that come while others are being written share the next write and its flush. */
async function openLines(file: string): Promise<Lines> {
  await dropHalfLine(file);
  const handle = await open(file, 'a', 0o600);
  let { size } = await handle.stat();
  let waiting: string[] = [];
  /** That of what waits; null: nothing does. */
  let next: Promise<void> | null = null;
  let turn: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    const batch = Buffer.from(waiting.map((line) => `${line}\n`).join(''));
    waiting = [];
    next = null;
    try {
      await handle.appendFile(batch);
      await handle.datasync();
      size += batch.length;
    } catch (error) {
      // Nobody is told that it was taken, so nothing of it stays.
      await handle.truncate(size).catch(() => {});
      throw error;
    }
  };
  return {
    append(line) {
      waiting.push(line);
      next ??= turn.then(flush);
      turn = next.catch(() => {});
      return next;
    },
    close: async () => {
      await turn;
      await handle.close();
    },
  };
}

/** A write that a kill cut off was never answered with 250: its rest goes. */
async function dropHalfLine(file: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const content = await readFile(file);
    await handle.truncate(content.lastIndexOf(0x0a) + 1);
  } finally {
    await handle.close();
  }
}
