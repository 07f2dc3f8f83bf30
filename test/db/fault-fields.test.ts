import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultFields, KeptError } from '../../db/fault-fields.ts';
import { NotCommitted } from '../../db/pool.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.drop());

const thrownBy = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('It did not throw.');
};

describe('what is logged of an error', () => {
  it('is its name, its code and where it was thrown, not what a database quotes of a caller', async () => {
    const error: unknown = await database.pool.query(`select 'Mari Tamm'::uuid`).catch((thrown: unknown) => thrown);
    expect(faultFields(error)).toEqual({ error: 'error', code: '22P02', at: expect.any(Array) as unknown });
    expect(JSON.stringify(faultFields(error))).not.toContain('Mari');
  });

  it.each([
    ['a parser', () => JSON.parse('{"name": Mari Tamm}')],
    [
      'anybody else',
      () => {
        throw new Error('Mari Tamm');
      },
    ],
    ['the zones of the machine', () => new Intl.DateTimeFormat('en', { timeZone: 'Mari Tamm' })],
  ])('is not what %s quotes of a caller', (_, act) => {
    expect(JSON.stringify(faultFields(thrownBy(act)))).not.toContain('Mari');
  });

  it('is our own message', () => {
    expect(faultFields(new KeptError('PostgreSQL gave no time.'))).toMatchObject({
      reason: 'PostgreSQL gave no time.',
    });
    expect(faultFields(new NotCommitted())).toMatchObject({
      error: 'NotCommitted',
      reason: expect.any(String) as unknown,
    });
  });

  it('is the code of the error below, where one wraps another, and the type of a failure of ours', () => {
    const below = Object.assign(new Error('mari@customers.example'), { code: 14 });
    const wrapped = new Error('Could not signal mari@customers.example', { cause: below });
    expect(faultFields(wrapped)).toEqual({ error: 'Error', code: 14, at: expect.any(Array) as unknown });
    expect(faultFields(ApplicationFailure.create({ type: 'NOT_ACCEPTED' }))).toMatchObject({ code: 'NOT_ACCEPTED' });
  });

  it('is what kind of thing was thrown, where it is no error', () => {
    expect(faultFields('Mari Tamm')).toEqual({ error: 'string' });
  });
});
