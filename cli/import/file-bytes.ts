import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

/** How much of the file on disk was read, in bytes as they lie there: of a gzipped file the packed ones. */
export interface ReadProgress {
  readonly bytes: number;
  readonly ofBytes: number;
}

/** Small, because a packed piece may unpack to a thousand times its size, which is then held at once. */
const PIECE_BYTES = 16_384;

/**
 * The content of a file piece by piece, unpacked where it is gzipped.
 * @throws what the system or zlib says, after what stands before the fault was given out: before a cut all of it, before
 *   damaged bytes all but the 16 kB that zlib had not finished
 */
export async function* fileBytes(file: string, onProgress?: (progress: ReadProgress) => void): AsyncGenerator<Buffer> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const pieces = piecesOf(
      handle.createReadStream({ highWaterMark: PIECE_BYTES, autoClose: false }),
      size,
      onProgress,
    );
    const { value: first } = await pieces.next();
    if (!first) return;
    const all = startingWith(first, pieces);
    yield* isGzip(first) ? unzipped(all) : all;
  } finally {
    await handle.close();
  }
}

/** By its first two bytes: names lie. */
const isGzip = (piece: Buffer): boolean => piece[0] === 0x1f && piece[1] === 0x8b;

async function* piecesOf(
  stream: AsyncIterable<Buffer>,
  ofBytes: number,
  onProgress: ((progress: ReadProgress) => void) | undefined,
): AsyncGenerator<Buffer, undefined> {
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    yield piece;
    onProgress?.({ bytes, ofBytes });
  }
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/** A stream's own iterator throws away what it holds when a fault comes; here it is given out first. */
async function* unzipped(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const state: { out: Buffer[]; fault: Error | null; ended: boolean; wake: () => void } = {
    out: [],
    fault: null,
    ended: false,
    wake: () => {},
  };
  gunzip.on('data', (piece: Buffer) => state.out.push(piece));
  gunzip.on('error', (fault) => {
    state.fault = fault;
    state.wake();
  });
  // Also where zeros follow, with which some programs fill up.
  gunzip.on('end', () => {
    state.ended = true;
    state.wake();
  });
  const taken = (): readonly Buffer[] => state.out.splice(0);
  const done = (step: (wake: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      state.wake = resolve;
      step(resolve);
    });
  try {
    for await (const piece of pieces) {
      await done((wake) => gunzip.write(piece, wake));
      yield* taken();
      if (state.fault ?? state.ended) break;
    }
    if (!state.fault && !state.ended) await done(() => gunzip.end());
    yield* taken();
    if (state.fault) throw state.fault;
  } finally {
    gunzip.destroy();
  }
}
