import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { saveCalendar } from '../../db/calendars.ts';
import { addAbsence, contactOf, everybody, membersOf, removeAbsence, teamFor } from '../../db/duty.ts';
import { putPerson, savePeople, type PersonData } from '../../db/people.ts';
import { parseCalendar } from '../../domain/calendar/calendar.ts';
import { isOnDuty } from '../../domain/calendar/duty.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { testDatabase } from '../support/database.ts';
import { STAFF } from '../support/registrations.ts';

const database = await testDatabase();
const { pool } = database;
afterAll(() => database.drop());

const at = (text: string): Instant => new Date(text).toISOString() as Instant;
const person = (id: string, more: Partial<PersonData> = {}): PersonData => ({
  id,
  name: `${id} of care`,
  email: `${id}@books.example`,
  phone: null,
  lead: null,
  manager: null,
  ...more,
});
const save = (people: readonly PersonData[], teams = [{ id: 'care', kinds: ['reply'] }]): Promise<void> =>
  savePeople(pool, { ...STAFF, people, teams });
const member = async (id: string) => (await membersOf(pool, [id])).get(id);
const absencesOf = async (id: string) => (await member(id))?.absences.map(({ id: _, ...absence }) => absence);

async function office(...times: readonly string[]): Promise<void> {
  const read = parseCalendar({ calendar: 'office', zone: 'Europe/Riga', week: { fri: times } });
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  await saveCalendar(pool, read.calendar);
}

const christmas = { from: '2026-12-24', to: '2026-12-27' };
const friday = { every: 'fri', from: '12:00', to: '17:00' } as const;

beforeEach(async () => {
  await pool.query('delete from people; delete from absences; delete from teams');
});

describe('the staff', () => {
  it('are read with whoever stands in for them or above them, and the hotline', async () => {
    await save([person('a', { deputy: 'b' }), person('b', { lead: 'c' }), person('c', { deputy: 'a' }), person('d')]);
    expect([...(await membersOf(pool, ['a', 'nobody'])).keys()].sort()).toEqual(['a', 'b', 'c', 'hotline']);
  });

  it('work by the newest version of their calendar, and read their absences in its zone', async () => {
    await office('09:00-12:00');
    await save([person('a', { hours: 'office', absences: [christmas] })]);
    expect(isOnDuty((await member('a'))?.duty ?? never(), at('2026-11-27T11:00:00Z'))).toBe(false);
    await office('09:00-17:00');
    const a = await member('a');
    expect(isOnDuty(a?.duty ?? never(), at('2026-11-27T11:00:00Z'))).toBe(true);
    expect(a?.duty.zone).toBe('Europe/Riga');
  });

  it('without hours are always on duty, in the zone of the company', async () => {
    await save([person('a')]);
    expect((await member('a'))?.duty).toEqual({ hours: null, zone: 'Europe/Tallinn', absences: [] });
  });

  it('of a file are replaced by the next file; those of a route stay', async () => {
    await save([person('a'), person('b')]);
    await putPerson(pool, person('c', { team: 'care', parallel: 3 }));
    await save([person('b', { team: 'care' })], [{ id: 'care', kinds: ['callback'] }]);
    expect((await everybody(pool)).map(({ id, parallel }) => [id, parallel])).toEqual([
      ['b', 1],
      ['c', 3],
    ]);
    expect((await teamFor(pool, 'callback')).map(({ id }) => id)).toEqual(['b', 'c']);
    expect(await teamFor(pool, 'reply')).toEqual([]);
  });

  it('may be saved by several processes at once', async () => {
    const people = Array.from({ length: 50 }, (_, index) => person(`p${index}`, { absences: [christmas] }));
    await Promise.all([save(people), save(people.toReversed()), save(people)]);
    expect(await everybody(pool)).toHaveLength(50);
    expect(await absencesOf('p7')).toEqual([christmas]);
  });
});

describe('absences', () => {
  it('of a file are replaced by the next file; those of a route stay', async () => {
    await save([person('a', { absences: [christmas] })]);
    await addAbsence(pool, 'a', friday);
    await save([person('a')]);
    expect(await absencesOf('a')).toEqual([friday]);
  });

  it('told of twice are one, and stay once a route was told of them', async () => {
    await save([person('a', { absences: [christmas] })]);
    const [first, again] = [await addAbsence(pool, 'a', christmas), await addAbsence(pool, 'a', christmas)];
    expect([first.isNew, again]).toEqual([false, first]);
    await save([person('a')]);
    expect(await absencesOf('a')).toEqual([christmas]);
  });

  it('are taken away from who has them only', async () => {
    await save([person('a'), person('b')]);
    const { id } = await addAbsence(pool, 'a', christmas);
    await removeAbsence(pool, 'b', id);
    expect(await absencesOf('a')).toEqual([christmas]);
    await removeAbsence(pool, 'a', id);
    expect(await absencesOf('a')).toEqual([]);
  });

  it('of a person put by a route are those it names, and stay as they are where it names none', async () => {
    await putPerson(pool, person('a', { absences: [christmas, friday] }));
    await putPerson(pool, person('a', { name: 'Another' }));
    expect(await absencesOf('a')).toHaveLength(2);
    await putPerson(pool, person('a', { absences: [friday] }));
    expect(await absencesOf('a')).toEqual([friday]);
  });
});

describe('whom a customer may turn to', () => {
  const FRIDAY_NOON = at('2026-11-27T11:00:00Z');
  const contact = async (
    owner: string | null,
    partner: string | null = null,
  ): Promise<readonly [string, string] | undefined> => {
    const found = contactOf({ owner, partner }, await membersOf(pool, owner === null ? [] : [owner]), FRIDAY_NOON);
    return found ? [found.role, found.person.id] : undefined;
  };

  it('is the owner on duty, else the deputy on duty, else the hotline', async () => {
    await save([
      person('here', { deputy: 'away' }),
      person('away', { absences: [friday], deputy: 'here' }),
      person('both', { absences: [friday], deputy: 'away' }),
    ]);
    expect(await contact('here')).toEqual(['owner', 'here']);
    expect(await contact('away')).toEqual(['deputy', 'here']);
    expect(await contact('both')).toEqual(['hotline', 'hotline']);
    expect(await contact('unknown')).toEqual(['hotline', 'hotline']);
    expect(await contact(null)).toEqual(['hotline', 'hotline']);
  });

  it('is none of another partner’s people, as owner or as deputy', async () => {
    await save([
      person('ivo', { partner: 'dpd' }),
      person('away', { absences: [friday], deputy: 'ivo' }),
      person('olev', { partner: 'omniva', absences: [friday], deputy: 'here' }),
      person('here'),
    ]);
    expect([await contact('ivo', 'dpd'), await contact('away', 'dpd')]).toEqual([
      ['owner', 'ivo'],
      ['deputy', 'ivo'],
    ]);
    for (const owner of ['ivo', 'away']) expect(await contact(owner)).toEqual(['hotline', 'hotline']);
    expect(await contact('olev', 'dpd')).toEqual(['hotline', 'hotline']);
  });

  it('is nobody where not even a hotline is stored', async () => {
    expect(await contact('kati')).toBeUndefined();
  });
});

function never(): never {
  throw new Error('There is no such person.');
}
