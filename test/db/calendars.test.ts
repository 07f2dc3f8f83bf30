import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  calendarOf,
  findCalendar,
  newestCalendar,
  newestCalendars,
  saveCalendar,
  saveCalendars,
} from '../../db/calendars.ts';
import { inTransaction } from '../../db/pool.ts';
import type { Calendar } from '../../domain/calendar/calendar.ts';
import { calendar, OFFICE } from '../domain/support/calendars.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** A calendar of this id that opens at a minute of its Mondays: another one for every minute. */
const opening = (id: string, minute: number): Calendar => ({
  ...calendar({ zone: 'Europe/Tallinn', week: { mon: [`08:${String(minute).padStart(2, '0')}-17:00`] } }),
  id,
});

const versionsOf = async (id: string): Promise<readonly number[]> => {
  const { rows } = await database.pool.query<{ version: number }>(
    'select version from calendars where id = $1 order by version limit 1000',
    [id],
  );
  return rows.map(({ version }) => version);
};

describe('a stored calendar', () => {
  it('is read as it was saved', async () => {
    expect(await saveCalendar(database.pool, OFFICE)).toBe(1);
    expect(await newestCalendar(database.pool, 'office')).toEqual({ calendar: OFFICE, version: 1 });
    expect(await calendarOf(database.pool, 'office', 1)).toEqual(OFFICE);
  });

  it('changed is the next version, and the former one stays', async () => {
    const { pool } = database;
    for (const minute of [1, 2, 1]) await saveCalendar(pool, opening('changed', minute));
    expect(await newestCalendar(pool, 'changed')).toEqual({ calendar: opening('changed', 1), version: 3 });
    expect(await calendarOf(pool, 'changed', 2)).toEqual(opening('changed', 2));
    expect(await calendarOf(pool, 'changed', 1)).toEqual(opening('changed', 1));
  });

  it('saved again changes nothing, in whichever order its document names its keys', async () => {
    const { pool } = database;
    const { id, zone, week, holidays } = opening('same', 1);
    expect(await saveCalendar(pool, { id, zone, week, holidays })).toBe(1);
    const { mon, ...others } = week;
    expect(await saveCalendar(pool, { holidays, week: { ...others, mon }, zone, id })).toBe(1);
    expect(await versionsOf('same')).toEqual([1]);
  });

  it('is the file as it would be written, for whoever looks into the table', async () => {
    await saveCalendar(database.pool, opening('seen', 5));
    const { rows } = await database.pool.query(`select document from calendars where id = 'seen' limit 1`);
    expect(rows).toEqual([
      {
        document: {
          calendar: 'seen',
          zone: 'Europe/Tallinn',
          week: { mon: ['08:05-17:00'], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
        },
      },
    ]);
  });

  it('is one object per version, whoever asks and however often', async () => {
    const { pool } = database;
    await saveCalendar(pool, opening('one', 1));
    const [a, b] = await Promise.all([calendarOf(pool, 'one', 1), calendarOf(pool, 'one', 1)]);
    expect(b).toBe(a);
    expect((await newestCalendar(pool, 'one'))?.calendar).toBe(a);
    expect((await newestCalendars(pool)).find((each) => each.calendar.id === 'one')?.calendar).toBe(a);
    await saveCalendar(pool, opening('one', 2));
    expect(await calendarOf(pool, 'one', 1)).toBe(a);
    expect((await newestCalendar(pool, 'one'))?.calendar).not.toBe(a);
  });

  it('is asked of the database once per process', async () => {
    await saveCalendar(database.pool, opening('once', 1));
    const first = await calendarOf(database.pool, 'once', 1);
    const nobody = { query: () => Promise.reject(new Error('asked again')) } as unknown as typeof database.pool;
    expect(await calendarOf(nobody, 'once', 1)).toBe(first);
  });

  it('that is not there is none, and a fault where a promise names it', async () => {
    const { pool } = database;
    await saveCalendar(pool, opening('there', 1));
    expect(await newestCalendar(pool, 'nowhere')).toBeNull();
    expect(await findCalendar(pool, 'there', 2)).toBeNull();
    await expect(calendarOf(pool, 'there', 2)).rejects.toThrow('Calendar there@2 is not stored.');
  });

  it('that this Kept cannot read is named with the keys that are at fault', async () => {
    await database.pool.query(
      `insert into calendars (id, version, document)
       values ('foreign', 1, '{"calendar": "foreign", "zone": "Mars/Base", "week": {"mon": ["00:00-24:00"]}}')`,
    );
    await expect(newestCalendar(database.pool, 'foreign')).rejects.toThrow(
      'Calendar foreign@1 cannot be read any more: /zone.',
    );
    await database.pool.query(`delete from calendars where id = 'foreign'`);
  });
});

it('lists the newest version of each, by id', async () => {
  const own = await testDatabase();
  try {
    await saveCalendars(own.pool, [opening('shop', 1), opening('desk', 1)]);
    await saveCalendars(own.pool, [opening('shop', 2), opening('desk', 1)]);
    const listed = (await newestCalendars(own.pool)).map((each) => `${each.calendar.id} ${each.version}`);
    expect(listed).toEqual(['desk 1', 'shop 2']);
  } finally {
    await own.drop();
  }
});

describe('saved by many at once', () => {
  it('each changed calendar has a version of its own: none is lost, none doubled, none fails', async () => {
    const minutes = Array.from({ length: 24 }, (_, minute) => minute);
    const saved = await Promise.all(
      minutes.map(async (minute) => ({
        minute,
        version: await saveCalendar(database.pool, opening('busy', minute)),
      })),
    );
    expect(await versionsOf('busy')).toEqual(minutes.map((minute) => minute + 1));
    for (const { minute, version } of saved)
      expect(await calendarOf(database.pool, 'busy', version)).toEqual(opening('busy', minute));
  });

  it('the same calendar is one version, and all are told that one', async () => {
    const saved = await Promise.all(Array.from({ length: 12 }, () => saveCalendar(database.pool, opening('start', 1))));
    expect(saved).toEqual(saved.map(() => 1));
    expect(await versionsOf('start')).toEqual([1]);
  });

  it('several of them inside transactions do not wait for each other', async () => {
    const save = (minute: number, ...ids: readonly string[]): Promise<void> =>
      inTransaction(database.pool, (tx) =>
        saveCalendars(
          tx,
          ids.map((id) => opening(id, minute)),
        ),
      );
    await Promise.all([save(1, 'left', 'right'), save(2, 'right', 'left'), save(3, 'left', 'right')]);
    expect([await versionsOf('left'), await versionsOf('right')]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });
});
