import { describe, expect, it } from 'vitest';
import { sweepAlerts } from '../../db/alert-sweep.ts';
import { acknowledgeAlert, alertLines, listAlerts } from '../../db/alerts.ts';
import { acknowledge, handOver } from '../../db/hand-over.ts';
import { sweepHandOvers } from '../../db/hand-over-sweep.ts';
import { notesOf } from '../../db/notes.ts';
import { getPromise, noticesOf, timelineOf } from '../../db/promises.ts';
import { recordFact } from '../../db/settle.ts';
import { alertsOf } from '../support/alerts.ts';
import { fromNow, policy, seed, type RegistrationWish } from '../support/registrations.ts';
import { away, CARE, DAY, deliver, HOUR, kinds, late, overdue, ownerOf, poked, pool, register } from './care.ts';

describe('handing a promise over by hand', () => {
  it('changes the owner, alerts the new one, keeps the note, and pokes nobody', async () => {
    const id = await register();
    const done = await handOver(pool, id, { to: 'mari', by: 'kati', note: 'She prefers mornings.' });
    expect(done).toMatchObject({
      result: 'done',
      promise: { owner: 'mari', handOver: { from: 'kati', to: 'mari', acknowledgedAt: null } },
    });
    expect((await alertsOf(pool, id)).map((a) => [a.reason, a.person])).toEqual([['handed_over', 'mari']]);
    const [note] = await notesOf(pool, id);
    expect(note).toMatchObject({ by: 'kati', text: 'She prefers mornings.' });
    const ids = (await listAlerts(pool, { person: 'mari', limit: 9 })).filter(({ promiseId }) => promiseId === id);
    const [line] = await alertLines(
      pool,
      ids.map((alert) => alert.id),
      fromNow(0),
    );
    expect(line?.note).toEqual({ by: 'kati of care', text: 'She prefers mornings.' });
    expect((await timelineOf(pool, id)).at(-1)?.fact).toMatchObject({
      kind: 'handed_over',
      owner: 'mari',
      note: note?.id,
    });
    expect(await poked()).toBe(0);
  });

  it('to somebody who is away is told to their deputy, until it is acknowledged', async () => {
    const id = await register({ owner: 'mari' });
    await away('kati', fromNow(-HOUR), fromNow(HOUR));
    await handOver(pool, id, { to: 'kati', by: 'mari' });
    const open = async () => (await listAlerts(pool, { person: 'jaan', open: true, limit: 9 })).map((a) => a.promiseId);
    expect(await open()).toEqual([id]);
    const [alert] = await listAlerts(pool, { person: 'jaan', open: true, limit: 9 });
    const [line] = await alertLines(pool, [alert?.id ?? ''], fromNow(0));
    expect(line).toMatchObject({ standsIn: true, owner: 'kati of care' });
    await acknowledgeAlert(pool, alert?.id ?? '', 'jaan');
    expect(await open()).toEqual([]);
    expect((await getPromise(pool, id))?.handOver?.acknowledgedAt).not.toBeNull();
    expect((await timelineOf(pool, id)).at(-1)?.fact).toMatchObject({ kind: 'acknowledged', by: 'kati' });
  });

  it('changes nothing when it is said again', async () => {
    const id = await register();
    for (let times = 0; times < 2; times += 1) await handOver(pool, id, { to: 'mari', by: 'kati', note: 'n' });
    expect(await kinds(id)).toEqual(['registered', 'handed_over']);
    expect(await notesOf(pool, id)).toHaveLength(1);
  });

  it('is refused once the promise has ended, and where there is none', async () => {
    const id = await register();
    await recordFact(pool, id, { kind: 'fulfilled', factKey: 'f', occurredAt: fromNow(0) });
    expect(await handOver(pool, id, { to: 'mari', by: 'kati' })).toEqual({ result: 'closed' });
    expect(await handOver(pool, '01890000-0000-7000-8000-000000000000', { to: 'mari', by: 'kati' })).toEqual({
      result: 'unknown',
    });
  });

  it('keeps the owner it was registered with, so that a fact that arrives late folds to the same', async () => {
    const id = await register();
    await handOver(pool, id, { to: 'mari', by: 'kati' });
    await handOver(pool, id, { to: 'jaan', by: 'mari' });
    await recordFact(pool, id, { kind: 'progressed', factKey: 'p', occurredAt: fromNow(-HOUR), checkpoint: 'packed' });
    expect(await getPromise(pool, id)).toMatchObject({ owner: 'jaan', handOver: { from: 'mari', to: 'jaan' } });
    const { rows } = await pool.query('select registered_owner, hand_overs from promises where id = $1', [id]);
    expect(rows).toEqual([{ registered_owner: 'kati', hand_overs: 2 }]);
  });

  it('takes two at once one after the other, and loses none', async () => {
    const id = await register();
    await Promise.all(['mari', 'jaan', 'lena'].map((to) => handOver(pool, id, { to, by: 'kati' })));
    expect((await kinds(id)).filter((kind) => kind === 'handed_over')).toHaveLength(3);
  });
});

describe('acknowledging', () => {
  it('is the new owner’s, once, and ends the alert', async () => {
    const id = await register();
    await handOver(pool, id, { to: 'mari', by: 'kati' });
    expect(await acknowledge(pool, id, 'kati')).toEqual({ result: 'not_owner' });
    for (let times = 0; times < 2; times += 1)
      expect(await acknowledge(pool, id, 'mari')).toMatchObject({ result: 'done' });
    expect((await getPromise(pool, id))?.handOver?.acknowledgedAt).toBeTruthy();
    expect(await kinds(id)).toEqual(['registered', 'handed_over', 'acknowledged']);
    const { rows } = await pool.query('select acknowledged_by from staff_alerts');
    expect(rows).toEqual([{ acknowledged_by: 'mari' }]);
  });

  it('of the alert is that of the hand-over, written once, by the new owner only', async () => {
    const id = await register();
    await handOver(pool, id, { to: 'mari', by: 'kati' });
    const [alert] = await listAlerts(pool, { person: 'mari', limit: 10 });
    const handedOver = (await getPromise(pool, id))?.handOver;
    expect(alert).toMatchObject({ reason: 'handed_over', dueAt: handedOver?.dueAt, acknowledgedAt: null });
    expect(await alertLines(pool, [alert?.id ?? ''], fromNow(0))).toMatchObject([
      { from: 'kati of care', acknowledgeBy: handedOver?.dueAt, silent: null },
    ]);
    for (let times = 0; times < 2; times += 1) await acknowledgeAlert(pool, alert?.id ?? '', 'mari');
    expect(await kinds(id)).toEqual(['registered', 'handed_over', 'acknowledged']);
    expect((await listAlerts(pool, { limit: 10 }))[0]).toMatchObject({ acknowledgedBy: 'mari', dueAt: null });

    await handOver(pool, id, { to: 'jaan', by: 'mari' });
    const [another] = await listAlerts(pool, { person: 'jaan', limit: 10 });
    expect(await acknowledgeAlert(pool, another?.id ?? '', 'lena')).toMatchObject({ acknowledgedBy: 'lena' });
    expect((await getPromise(pool, id))?.handOver).toMatchObject({ to: 'jaan', acknowledgedAt: null });
    expect(await kinds(id)).toEqual(['registered', 'handed_over', 'acknowledged', 'handed_over']);
  });

  it('left out, the alert does not come again, also where others would: the promise goes to the lead', async () => {
    await seed(pool, [policy({ kind: 'delivery', buffer: { fixed: 'PT1H' }, escalation: { repeat: 'PT1H' } })]);
    await register({ owner: 'mari' }).then((id) => handOver(pool, id, { to: 'jaan', by: 'mari' }));
    await pool.query(`update staff_alerts set due_at = clock_timestamp() - interval '1 s'`);
    expect(await sweepAlerts(pool, 10)).toBe(1);
    const { rows } = await pool.query('select person, reason, times, due_at from staff_alerts');
    expect(rows).toEqual([{ person: 'jaan', reason: 'handed_over', times: 1, due_at: null }]);
  });

  it('is not asked of who takes it over by their own word', async () => {
    const id = await register();
    await handOver(pool, id, { to: 'mari', by: 'mari' });
    expect((await getPromise(pool, id))?.handOver?.dueAt).toBeNull();
    expect(await alertsOf(pool, id)).toEqual([]);
  });

  it('left out for too long gives it to the lead, who need not acknowledge', async () => {
    const id = await register();
    await handOver(pool, id, { to: 'mari', by: 'kati' });
    expect((await sweepHandOvers(pool)).handedOver).toBe(0);
    await overdue(id);
    expect((await sweepHandOvers(pool)).handedOver).toBe(1);
    expect(await getPromise(pool, id)).toMatchObject({
      owner: 'lena',
      handOver: { from: 'mari', to: 'lena', dueAt: null },
    });
    expect((await alertsOf(pool, id)).map((a) => [a.reason, a.person])).toContainEqual(['unacknowledged', 'lena']);
    expect((await sweepHandOvers(pool)).handedOver).toBe(0);
    expect(await poked()).toBe(0);
  });

  it('left out where there is no lead is waited for no more', async () => {
    const id = await register();
    await handOver(pool, id, { to: 'lena', by: 'kati' });
    await overdue(id);
    await sweepHandOvers(pool);
    await sweepHandOvers(pool);
    expect(await kinds(id)).toEqual(['registered', 'handed_over', 'handed_over']);
    expect(await getPromise(pool, id)).toMatchObject({ owner: 'lena', handOver: { from: 'kati', dueAt: null } });
    const { rows } = await pool.query('select hand_overs from promises where id = $1', [id]);
    expect(rows).toEqual([{ hand_overs: 1 }]);
  });
});

describe('an absence at the target', () => {
  it('gives a promise to the deputy when it begins, and leaves those with another target', async () => {
    const [inside, after] = [await register({ dueMs: 3 * HOUR }), await register({ dueMs: 20 * HOUR })];
    await away('kati', fromNow(HOUR), fromNow(5 * HOUR));
    expect((await sweepHandOvers(pool)).handedOver).toBe(0);
    await away('kati', fromNow(-HOUR), fromNow(2 * HOUR));
    expect((await sweepHandOvers(pool)).handedOver).toBe(1);
    expect([await ownerOf(inside), await ownerOf(after)]).toEqual(['jaan', 'kati']);
    expect((await timelineOf(pool, inside)).at(-1)?.fact).toMatchObject({ because: 'absence', by: null });
    expect((await alertsOf(pool, inside)).map((a) => a.person)).toEqual(['jaan']);
    expect(await poked()).toBe(0);
  });

  it('gives it to the team where the deputy is away, too, and to the lead where all of them are', async () => {
    const [first, second] = [
      await register({ kind: 'reply', dueMs: 3 * HOUR }),
      await register({ kind: 'reply', dueMs: 4 * HOUR }),
    ];
    for (const who of ['kati', 'jaan']) await away(who, fromNow(-HOUR), fromNow(9 * HOUR));
    await away('mari', fromNow(2.5 * HOUR), fromNow(9 * HOUR));
    await sweepHandOvers(pool);
    expect([await ownerOf(first), await ownerOf(second)]).toEqual(['mari', 'lena']);
  });

  it('takes a new promise away at once, also where it has not begun', async () => {
    await away('kati', fromNow(HOUR), fromNow(5 * HOUR));
    const id = await register({ dueMs: 3 * HOUR });
    expect(await getPromise(pool, id)).toMatchObject({ owner: 'jaan', handOver: { from: 'kati' } });
    expect(await ownerOf(await register({ dueMs: DAY }))).toBe('kati');
  });

  it('leaves it where nobody is there, and finds nothing to do about it', async () => {
    const id = await register({ dueMs: 3 * HOUR });
    for (const { id: who } of CARE) await away(who, fromNow(-HOUR), fromNow(9 * HOUR));
    expect(await sweepHandOvers(pool)).toEqual({ handedOver: 0, failed: [] });
    expect(await kinds(id)).toEqual(['registered']);
  });
});

describe('a new promise without an owner', () => {
  const reply = (wish: Partial<RegistrationWish> = {}) => register({ kind: 'reply', owner: null, ...wish });

  it('goes round in the team', async () => {
    const owners = [];
    for (let count = 0; count < 4; count += 1) owners.push(await ownerOf(await reply()));
    expect(owners).toEqual(['kati', 'mari', 'kati', 'mari']);
  });

  it('goes round also where many come at once', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => reply()));
    const owners = await Promise.all(ids.map(ownerOf));
    // What comes in one flush comes in one instant: after it nobody waits longer, and the id decides.
    const givenTo = (id: string): number => owners.filter((owner) => owner === id).length;
    expect(Math.abs(givenTo('kati') - givenTo('mari'))).toBeLessThanOrEqual(2);
    expect(givenTo('kati') + givenTo('mari')).toBe(20);
  });

  it('goes to who has fewest due today', async () => {
    for (let count = 0; count < 2; count += 1)
      await register({ owner: 'kati', dueMs: HOUR + 1000, target: fromNow(1000) });
    const owners = [await ownerOf(await reply()), await ownerOf(await reply())];
    expect(owners).toEqual(['mari', 'mari']);
  });

  it('goes to the customer’s last owner who is on duty', async () => {
    await register({ customer: 'C-1', owner: 'lena' });
    expect(await ownerOf(await reply({ customer: 'C-1' }))).toBe('lena');
    await away('lena', fromNow(-HOUR), fromNow(HOUR));
    expect(await ownerOf(await reply({ customer: 'C-1' }))).toBe('kati');
  });

  it('goes to the customer’s last owner, too, where no team serves its kind', async () => {
    await register({ customer: 'C-1', owner: 'mari' });
    expect(await ownerOf(await register({ customer: 'C-1', owner: null }))).toBe('mari');
  });

  it('stays without one where no team serves its kind, nor anybody has had its customer', async () => {
    expect(await ownerOf(await register({ owner: null }))).toBeNull();
  });
});

describe('the customer', () => {
  it('who was warned by the old name is told the new one at once, in one notice, and once', async () => {
    const id = await register();
    await recordFact(pool, id, late(30 * HOUR));
    expect((await deliver()).map(({ members }) => members[0]?.contact.person.id)).toEqual(['kati']);
    await pool.query('delete from outbox');
    await handOver(pool, id, { to: 'mari', by: 'kati' });
    expect(await poked()).toBe(1);
    const [mail, ...others] = await deliver();
    expect(mail?.members).toMatchObject([
      {
        reason: 'progress',
        newOwner: 'mari of care',
        contact: { role: 'owner', person: { id: 'mari' } },
        told: null,
        nextNewsAt: null,
      },
    ]);
    expect(others).toEqual([]);
    await handOver(pool, id, { to: 'jaan', by: 'mari' });
    expect(await deliver()).toHaveLength(1);
  });

  it('who was never warned hears nothing of it', async () => {
    const id = await register();
    await handOver(pool, id, { to: 'mari', by: 'kati' });
    expect(await noticesOf(pool, id)).toEqual([]);
  });

  it('hears nothing where it goes back before the mail left', async () => {
    const id = await register();
    await recordFact(pool, id, late(30 * HOUR));
    await deliver();
    await handOver(pool, id, { to: 'mari', by: 'kati' });
    await handOver(pool, id, { to: 'kati', by: 'mari' });
    expect(await deliver()).toEqual([]);
    expect((await noticesOf(pool, id)).map(({ reason, state }) => [reason, state])).toEqual([
      ['risk', 'sent'],
      ['progress', 'dropped'],
    ]);
  });

  it('is told the new name though the new owner is off duty, and whom she reaches', async () => {
    const id = await register();
    await recordFact(pool, id, late(30 * HOUR));
    await deliver();
    await away('mari', fromNow(-HOUR), fromNow(HOUR));
    await handOver(pool, id, { to: 'mari', by: 'kati' });
    const [mail] = await deliver();
    expect(mail?.members).toMatchObject([{ newOwner: 'mari of care', contact: { role: 'hotline' } }]);
    expect(await deliver()).toEqual([]);
  });
});
