import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { choose } from '../../db/choose.ts';
import { savePeople } from '../../db/people.ts';
import { createSlotRegistrar, type SlotAnswer, type SlotRequest } from '../../db/register-slot.ts';
import { recordFact } from '../../db/settle.ts';
import { offeredSlots, type OfferedSlot, type SlotKind } from '../../db/slots.ts';
import { databaseNow } from '../../db/pool.ts';
import { timelineOf } from '../../db/promises.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed, STAFF } from '../support/registrations.ts';

const callback = policy({ kind: 'callback', buffer: { fixed: 'PT10M' }, slots: { length: 'PT30M', team: 'care' } });
const slots: SlotKind = {
  kind: 'callback',
  rule: { length: 'PT30M', ahead: 'P14D', team: 'care' },
  zone: 'Europe/Tallinn',
};
let database: TestDatabase;

beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('truncate promises, facts, duties, outbox cascade');
  await seed(database.pool, [callback]);
});

/** Always on duty, so that every slot has the same places. */
const staffWith = (places: Readonly<Record<string, number>>) =>
  savePeople(database.pool, {
    ...STAFF,
    people: Object.entries(places).map(([id, parallel]) => ({
      ...{ id, name: id, email: null, phone: null, lead: null, manager: null },
      ...{ team: 'care', parallel },
    })),
    teams: [{ id: 'care', kinds: ['callback'] }],
  });

/** Some slots well ahead, so that none begins while a test runs. */
async function ahead(limit = 2): Promise<readonly OfferedSlot[]> {
  const now = await databaseNow(database.pool);
  return offeredSlots(database.pool, slots, now, { from: fromNow(2 * 3_600_000), limit });
}

/** As many requests as refs, for one wish. */
const requests = async (wish: string, refs: readonly string[], owner?: string): Promise<readonly SlotRequest[]> => {
  const promised = { precision: 'window', from: fromNow(3_600_000), to: fromNow(7_200_000) } as const;
  const one = await registration(database.pool, { kind: 'callback', promised });
  const customerRef = one.customer?.ref ?? '';
  const made = refs.map((ref) => ({ ...one, id: uuid(), ref }));
  return made.map((each) => ({
    ...{ source: each.source, ref: each.ref, bodyHash: each.bodyHash, slots, wish, customerRef },
    registrationFor: (_, given) => ({ ...each, owner: owner ?? given }),
  }));
};

const named = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `${at}`);
const ask = async (all: readonly SlotRequest[], registrar = createSlotRegistrar(database.pool)) =>
  Promise.all(all.map((request) => registrar.register(request)));
const results = (answers: readonly SlotAnswer[]): Readonly<Record<string, number>> =>
  answers.reduce<Record<string, number>>((all, { result }) => ({ ...all, [result]: (all[result] ?? 0) + 1 }), {});

describe('a place in a slot', () => {
  it('is given to exactly 100 of 1,000 who ask for 100 places at once, in two processes', async () => {
    await staffWith({ kati: 60, mari: 40 });
    const [slot] = await ahead();
    const all = await requests(slot?.id ?? '', named(1_000));
    const [one, other] = [createSlotRegistrar(database.pool), createSlotRegistrar(database.pool)];
    const answers = (await Promise.all([ask(all.slice(0, 500), one), ask(all.slice(500), other)])).flat();
    expect(results(answers)).toEqual({ created: 100, taken: 900 });
    const { rows } = await database.pool.query(
      'select owner, count(*)::int as n from promises where slot = $1 group by 1 order by 1',
      [slot?.id],
    );
    expect(rows).toEqual([
      { owner: 'kati', n: 60 },
      { owner: 'mari', n: 40 },
    ]);
    expect((await ahead())[0]).toMatchObject({ id: slot?.id, capacity: 100, free: 0 });
  });

  it('is taken once by a request that is sent again, also at the same time and when the slot is full', async () => {
    await staffWith({ kati: 2 });
    const [slot] = await ahead();
    const [first, second] = await requests(slot?.id ?? '', ['a', 'b']);
    if (!first || !second) throw new Error('Two were made.');
    expect(results(await ask([first, first, first]))).toEqual({ created: 1, existing: 2 });
    expect(results(await ask([second, first]))).toEqual({ created: 1, existing: 1 });
    expect((await ahead())[0]?.free).toBe(0);
  });

  it('is, where it is full, answered with the next three that are free', async () => {
    await staffWith({ kati: 1 });
    const [wished, full, ...free] = await ahead(5);
    await ask([...(await requests(wished?.id ?? '', ['a'])), ...(await requests(full?.id ?? '', ['b']))]);
    const [answer] = await ask(await requests(wished?.id ?? '', ['c']));
    expect(answer).toMatchObject({ result: 'taken', next: free.map(({ id }) => ({ id, free: 1 })) });
  });

  it('is for `next` the first that is free, one after the other', async () => {
    await staffWith({ kati: 1, mari: 1 });
    const answers = await ask(await requests('next', named(6)));
    expect(results(answers)).toEqual({ created: 6 });
    const { rows } = await database.pool.query<{ n: number }>(
      'select count(*)::int as n from promises group by slot order by slot',
    );
    expect(rows.map(({ n }) => n)).toEqual([2, 2, 2]);
  });

  it('is with the last owner of the customer, where they have one left', async () => {
    await staffWith({ kati: 3, mari: 1 });
    const [slot, next] = await ahead();
    const [first] = await requests(slot?.id ?? '', ['first'], 'mari');
    if (!first) throw new Error('One was made.');
    await ask([first]);
    const again = (wish: string, ref: string): SlotRequest => ({
      ...{ ...first, wish, ref },
      registrationFor: (of, owner) => {
        const made = first.registrationFor(of, owner);
        return made && { ...made, id: uuid(), ref, owner };
      },
    });
    const ownerOf = async (request: SlotRequest): Promise<string | null> => {
      const [answer] = await ask([request]);
      return answer && 'promise' in answer ? answer.promise.owner : null;
    };
    expect(await ownerOf(again(next?.id ?? '', 'second'))).toBe('mari');
    // Her one call at once is taken there.
    expect(await ownerOf(again(slot?.id ?? '', 'third'))).toBe('kati');
  });

  it('is free again when the promise ends, and when another time is chosen, in the same commit', async () => {
    await staffWith({ kati: 1 });
    const [first, second] = await ahead();
    const [made] = await ask(await requests(first?.id ?? '', ['a']));
    const id = made && 'promise' in made ? made.promise.id : '';
    expect(await choose(database.pool, id, { slot: second?.id ?? '', slots })).toMatchObject({
      result: 'chosen',
      promise: { slot: second?.id, revision: 2, agreedRevision: 2, promisedAt: second?.to },
    });
    expect((await ahead()).map(({ free }) => free)).toEqual([1, 0]);
    expect((await choose(database.pool, id, { slot: second?.id ?? '', slots })).result).toBe('same');
    expect((await timelineOf(database.pool, id)).filter(({ fact }) => fact.kind === 'chosen')).toHaveLength(1);
    await recordFact(database.pool, id, { kind: 'withdrawn', factKey: 'w', occurredAt: fromNow(0), by: 'customer' });
    expect((await ahead()).map(({ free }) => free)).toEqual([1, 1]);
    expect((await choose(database.pool, id, { slot: first?.id ?? '', slots })).result).toBe('closed');
  });

  it('cannot be chosen where none is free, and the one before stays', async () => {
    await staffWith({ kati: 1 });
    const [first, second, third] = await ahead(3);
    const [made] = await ask(await requests(first?.id ?? '', ['a']));
    await ask(await requests(second?.id ?? '', ['b']));
    const id = made && 'promise' in made ? made.promise.id : '';
    const refused = await choose(database.pool, id, { slot: second?.id ?? '', slots });
    expect(refused).toMatchObject({ result: 'taken', next: [{ id: third?.id }, {}, {}] });
    expect((await ahead(3)).map(({ free }) => free)).toEqual([0, 0, 1]);
  });

  it('is none of a slot that has begun, lies too far ahead, or has nobody on duty', async () => {
    await staffWith({ kati: 1 });
    const ids = [
      'callback@2020-01-01T10:00:00.000Z',
      'callback@2099-01-01T10:00:00.000Z',
      'reply@2099-01-01T10:00:00.000Z',
    ];
    for (const id of ids) expect(results(await ask(await requests(id, [id])))).toEqual({ unknown: 1 });
    await staffWith({});
    const now = await databaseNow(database.pool);
    expect(await offeredSlots(database.pool, slots, now, { limit: 5 })).toEqual([]);
  });
});
