import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packedCount, unpack } from '../../db/packed.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function pack(numbers: readonly (number | null)[]): Promise<Buffer | null> {
  const { rows } = await database.pool.query<{ packed: Buffer | null }>('select packed($1::bigint[]) as packed', [
    numbers,
  ]);
  return rows[0]?.packed ?? null;
}

function read(bytes: Buffer, count = packedCount(bytes)): (number | null)[] {
  const into = new Float64Array(count + 1);
  unpack(bytes, count, into, 1, NaN);
  return [...into.subarray(1)].map((each) => (Number.isNaN(each) ? null : each));
}

describe('packed numbers', () => {
  it('come back as they went in, whatever their size, with nulls among them', async () => {
    const sizes = [5, 32_768, 2_147_483_648, 2 ** 52].map((most) => fc.integer({ min: -most, max: most }));
    const number = fc.oneof(...sizes, ...sizes.map((size) => size.map((each) => Math.trunc(each / 1_000) * 1_000)));
    const numbers = fc.array(fc.option(number, { freq: 5 }), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(numbers, async (values) => {
        const bytes = await pack(values);
        if (bytes === null) expect(values.every((value) => value === null)).toBe(true);
        else expect(read(bytes)).toEqual(values.map((value) => (value === null ? null : value + 0)));
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['whole seconds of an hour', [3_600_000, 1_000, null], 2],
    ['whole seconds of a year', [31_536_000_000, null], 4],
    ['milliseconds of a year', [31_536_000_001, null], 8],
    ['nothing but 0', [0, 0], 2],
  ])('take no more room than %s need', async (_, numbers, width) => {
    expect((await pack(numbers))?.length).toBe(8 + width * numbers.length);
  });

  it.each([
    ['too few', (bytes: Buffer) => bytes.subarray(0, -2)],
    ['half a number too many', (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(1)])],
    ['an unknown width', (bytes: Buffer) => Buffer.concat([Buffer.of(0, 0, 0, 3), bytes.subarray(4)])],
    ['nothing at all', () => Buffer.of()],
  ])('that are damaged are refused with the way to mend them: %s', async (_, damage) => {
    const bytes = (await pack([1, 2, 3, 4])) ?? Buffer.of();
    expect(() => read(damage(bytes), 4)).toThrow('kept report --rebuild');
  });
});
