import { KeptError } from './fault-fields.ts';

/** Width of a number and unit, before the numbers. */
const HEADER_BYTES = 8;
const LEAST = { 2: -32_768, 4: -2_147_483_648 } as const;

/** How many numbers there are in what the SQL function `packed` wrote. */
export function packedCount(bytes: Buffer): number {
  return (bytes.length - HEADER_BYTES) / widthOf(bytes);
}

/**
 * Writes the numbers of `bytes` into `into` from `at` on, null as `none`. The bytes are used up.
 * @throws KeptError where there are not `count` of them
 */
export function unpack(
  bytes: Buffer,
  count: number,
  into: Float64Array | Int32Array | Int16Array,
  at: number,
  none: number,
): void {
  if (packedCount(bytes) !== count) throw damaged();
  const unit = bytes.readInt32BE(4);
  const numbers = nativeOf(bytes);
  const least = numbers instanceof Float64Array ? NaN : LEAST[numbers.BYTES_PER_ELEMENT === 2 ? 2 : 4];
  for (let i = 0; i < count; i += 1) {
    const number = numbers[i] ?? NaN;
    into[at + i] = number === least || number !== number ? none : number * unit;
  }
}

/** The numbers in the byte order of this machine. */
function nativeOf(bytes: Buffer): Int16Array | Int32Array | Float64Array {
  const width = widthOf(bytes);
  const numbers = aligned(bytes.subarray(HEADER_BYTES), width);
  const { buffer, byteOffset, length } = numbers;
  switch (width) {
    case 2:
      numbers.swap16();
      return new Int16Array(buffer, byteOffset, length / width);
    case 4:
      numbers.swap32();
      return new Int32Array(buffer, byteOffset, length / width);
    case 8:
      numbers.swap64();
      return new Float64Array(buffer, byteOffset, length / width);
  }
}

/** A typed array begins at a multiple of its width; nearly always the bytes do. */
function aligned(bytes: Buffer, width: number): Buffer {
  if (bytes.byteOffset % width === 0) return bytes;
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

function widthOf(bytes: Buffer): 2 | 4 | 8 {
  const width = bytes.length < HEADER_BYTES ? 0 : bytes.readInt32BE(0);
  if ((width !== 2 && width !== 4 && width !== 8) || (bytes.length - HEADER_BYTES) % width !== 0) throw damaged();
  return width;
}

export const damaged = (): KeptError =>
  new KeptError('The roll-up of the reports is damaged. Run "npx kept report --rebuild": it is made anew.');
