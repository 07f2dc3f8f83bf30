import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import type { DevMail } from '../../api/deps.ts';
import type { StoredMail } from './mail-sink.ts';

/**
 * Reads the sink's file, only what is new at each call, oldest mail first. The sink may be writing meanwhile; a file
 * that became shorter (begun anew) is read from its start.
 */
export function mailReader(file: string): () => Promise<readonly DevMail[]> {
  let offset = 0;
  let mails: readonly DevMail[] = [];
  const readOn = async (): Promise<readonly DevMail[]> => {
    const part = await readFrom(file, offset);
    if (part === null) {
      offset = 0;
      mails = [];
      return mails;
    }
    if (part.restarted) {
      offset = 0;
      mails = [];
    }
    const end = part.bytes.lastIndexOf(0x0a) + 1;
    const lines = part.bytes.toString('utf8', 0, end).split('\n').filter(Boolean);
    const parsed: DevMail[] = [];
    for (const line of lines) parsed.push(await readLine(line, (parsed.at(-1) ?? mails.at(-1))?.at));
    offset += end;
    mails = parsed.length > 0 ? [...mails, ...parsed] : mails;
    return mails;
  };
  // One at a time: two readers at once would each count the same part.
  let turn: Promise<readonly DevMail[]> = Promise.resolve(mails);
  return () => (turn = turn.catch(() => mails).then(readOn));
}

async function readFrom(file: string, offset: number): Promise<{ bytes: Buffer; restarted: boolean } | null> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const from = size < offset ? 0 : offset;
    const bytes = Buffer.alloc(size - from);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    return { bytes: bytes.subarray(0, bytesRead), restarted: from < offset };
  } finally {
    await handle.close();
  }
}

/** One line that cannot be read hides no other mail; `before` is when the mail before it came. */
async function readLine(line: string, before: string | undefined): Promise<DevMail> {
  try {
    return await parseMail(storedMail.parse(JSON.parse(line)));
  } catch (error) {
    return {
      at: before ?? new Date(0).toISOString(),
      from: '',
      to: '',
      subject: 'A mail that cannot be read',
      messageId: '',
      headers: {},
      text: `This line of the mail sink's file cannot be read: ${error instanceof Error ? error.name : 'unknown fault'}.`,
      html: null,
    };
  }
}

const storedMail: z.ZodType<StoredMail> = z.object({
  at: z.iso.datetime(),
  from: z.string(),
  to: z.array(z.string()),
  raw: z.string(),
});

async function parseMail({ at, from, to, raw }: StoredMail): Promise<DevMail> {
  // An optional package: where no sink is, nothing is read.
  const { default: PostalMime } = await import('postal-mime');
  const email = await PostalMime.parse(Buffer.from(raw, 'base64'));
  const headers: Record<string, string> = {};
  // A header that comes several times is shown as one value with commas.
  for (const { originalKey, value } of email.headers)
    headers[originalKey] = originalKey in headers ? `${headers[originalKey]}, ${value}` : value;
  return {
    at,
    from: email.from?.address ?? from,
    to: to.join(', '),
    subject: email.subject ?? '',
    messageId: email.messageId ?? '',
    headers,
    text: email.text ?? null,
    html: email.html ?? null,
  };
}
