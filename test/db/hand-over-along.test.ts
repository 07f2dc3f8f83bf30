import { describe, expect, it } from 'vitest';
import { handOver, handOverAll } from '../../db/hand-over.ts';
import { sweepHandOvers } from '../../db/hand-over-sweep.ts';
import { notesOf } from '../../db/notes.ts';
import { getPromise } from '../../db/promises.ts';
import { recordFact } from '../../db/settle.ts';
import { alertsOf } from '../support/alerts.ts';
import { fromNow } from '../support/registrations.ts';
import { away, deliver, HOUR, kinds, late, overdue, ownerOf, pool, register } from './care.ts';

describe('a promise to be in touch again', () => {
  /** A repair of which nothing is known, warned of, with the promise of the next news that was told with it. */
  async function putOff(): Promise<{ readonly id: string; readonly news: string }> {
    const id = await register({ kind: 'repair', dueMs: HOUR });
    await deliver();
    const [news = ''] = (await getPromise(pool, id))?.children ?? [];
    expect(await ownerOf(news)).toBe('kati');
    return { id, news };
  }

  it('goes along with the promise that it is about, which alone is to be acknowledged', async () => {
    const { id, news } = await putOff();
    await handOver(pool, id, { to: 'mari', by: 'kati', note: 'n' });
    expect(await getPromise(pool, news)).toMatchObject({ owner: 'mari', handOver: { from: 'kati', dueAt: null } });
    expect((await alertsOf(pool, news)).map(({ reason }) => reason)).toEqual([]);
    expect(await notesOf(pool, news)).toEqual([]);
    await overdue(id);
    expect((await sweepHandOvers(pool)).handedOver).toBe(2);
    expect([await ownerOf(id), await ownerOf(news)]).toEqual(['lena', 'lena']);
  });

  it('goes along to the deputy, though its own target is another', async () => {
    const { id, news } = await putOff();
    await away('kati', fromNow(-HOUR), fromNow(2 * HOUR));
    expect((await sweepHandOvers(pool)).handedOver).toBe(2);
    expect([await ownerOf(id), await ownerOf(news)]).toEqual(['jaan', 'jaan']);
  });

  it('goes along once with everything of who leaves, and stays with whom it was given to by itself', async () => {
    const [first, second] = [await putOff(), await putOff()];
    await handOver(pool, second.news, { to: 'lena', by: 'kati' });
    expect(await handOverAll(pool, 'kati', { to: 'mari', by: 'lena' })).toEqual({ handedOver: 3, to: { mari: 3 } });
    expect([await ownerOf(first.news), await ownerOf(second.news)]).toEqual(['mari', 'lena']);
    expect(await kinds(first.news)).toEqual(['registered', 'handed_over']);
  });

  it('is not kept by word of who looks after it now', async () => {
    const { id, news } = await putOff();
    await handOver(pool, id, { to: 'mari', by: 'kati' });
    expect(await deliver()).toHaveLength(1);
    expect(await getPromise(pool, news)).toMatchObject({ closedAt: null });
  });
});

describe('handing over everything of who leaves', () => {
  it('gives it to one person where one is named', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => register()));
    const other = await register({ owner: 'mari' });
    expect(await handOverAll(pool, 'kati', { to: 'jaan', by: 'lena', note: 'Kati has left.' })).toEqual({
      handedOver: 12,
      to: { jaan: 12 },
    });
    expect(await Promise.all([...ids, other].map(ownerOf))).toEqual([...ids.map(() => 'jaan'), 'mari']);
    expect(await handOverAll(pool, 'kati', { to: 'jaan', by: 'lena' })).toEqual({ handedOver: 0, to: {} });
  });

  it('causes one mail to each customer who was warned, and none to the others', async () => {
    const customers = Array.from({ length: 200 }, (_, index) => `C-${String(index).padStart(3, '0')}`);
    const wishes = Array.from({ length: 500 }, (_, index) => ({ customer: customers[index % 200] ?? '' }));
    const ids: string[] = [];
    for (let at = 0; at < wishes.length; at += 10)
      ids.push(...(await Promise.all(wishes.slice(at, at + 10).map((wish) => register({ kind: 'reply', ...wish })))));
    // All that each of the first fifty has.
    const warned = ids.filter((_, index) => index % 200 < 50);
    for (let at = 0; at < warned.length; at += 10)
      await Promise.all(warned.slice(at, at + 10).map((id) => recordFact(pool, id, late(30 * HOUR))));
    await deliver();
    const { handedOver, to } = await handOverAll(pool, 'kati', { to: null, by: 'lena' });
    expect(handedOver).toBe(500);
    expect(Object.keys(to)).toEqual(['mari']);
    const mails = await deliver();
    expect(mails.map((mail) => mail.to ?? '').sort()).toEqual(
      customers.slice(0, 50).map((ref) => `${ref.toLowerCase()}@customers.example`),
    );
    expect(mails.flatMap(({ members }) => members)).toHaveLength(warned.length);
  }, 120_000);
});
