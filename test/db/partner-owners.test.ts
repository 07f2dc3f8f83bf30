import { beforeEach, describe, expect, it } from 'vitest';
import { handOver, handOverAll } from '../../db/hand-over.ts';
import { sweepHandOvers } from '../../db/hand-over-sweep.ts';
import { savePeople, type PersonData } from '../../db/people.ts';
import { callersOf } from '../../db/slots.ts';
import { fromNow, STAFF } from '../support/registrations.ts';
import { away, CARE, DAY, HOUR, overdue, ownerOf, pool, register } from './care.ts';

/** Ivo of DPD sits with the team, without anything to do; Kati’s deputy is Olev of Omniva. */
const ivo: PersonData = { ...(CARE[1] as PersonData), id: 'ivo', partner: 'dpd' };
const olev: PersonData = { ...ivo, id: 'olev', partner: 'omniva', team: null };
const save = (people: readonly PersonData[]) =>
  savePeople(pool, { ...STAFF, people, teams: [{ id: 'care', kinds: ['reply'] }] });
beforeEach(() => save([...CARE.map((each) => (each.id === 'kati' ? { ...each, deputy: 'olev' } : each)), ivo, olev]));

/** Mari has it already, so that Ivo has the least to do. */
const busy = async (): Promise<void> => {
  for (const owner of ['kati', 'mari']) await register({ kind: 'reply', owner, dueMs: HOUR });
};

describe('somebody of a partner', () => {
  it('is chosen by the rota for a promise of it, and for no other', async () => {
    await busy();
    for (const partner of [null, 'omniva'])
      expect(['kati', 'mari']).toContain(await ownerOf(await register({ kind: 'reply', owner: null, partner })));
    expect(await ownerOf(await register({ kind: 'reply', owner: null, partner: 'dpd' }))).toBe('ivo');
  });

  it('who had the customer’s last promise gets her next one only where it is of the partner', async () => {
    const hers = { kind: 'reply', customer: 'C-7' } as const;
    await register({ ...hers, owner: 'ivo', partner: 'dpd' });
    expect(await ownerOf(await register({ ...hers, owner: null }))).not.toBe('ivo');
  });

  it('gets nothing of another by the absence of whom they stand in for, nor as the lead of who was silent', async () => {
    await away('kati', fromNow(-HOUR), fromNow(2 * DAY));
    const [ours, theirs] = [await register(), await register({ partner: 'omniva' })];
    expect([await ownerOf(ours), await ownerOf(theirs)]).toEqual(['mari', 'olev']);
    await save([
      ...CARE.map((each) => (each.id === 'mari' ? { ...each, lead: 'ivo' } : each)),
      { ...ivo, lead: 'lena' },
    ]);
    const [other, dpds] = [await register(), await register({ partner: 'dpd' })];
    for (const id of [other, dpds]) {
      await handOver(pool, id, { to: 'mari', by: 'lena' });
      await overdue(id);
    }
    await sweepHandOvers(pool);
    expect([await ownerOf(other), await ownerOf(dpds)]).toEqual(['lena', 'ivo']);
  });

  it('is refused as the new owner of another’s promise, and gets those of the partner of all that somebody has', async () => {
    const [ours, theirs] = [await register(), await register({ partner: 'dpd' })];
    expect(await handOver(pool, ours, { to: 'ivo', by: 'kati' })).toEqual({ result: 'not_theirs' });
    expect(await handOverAll(pool, 'kati', { to: 'ivo', by: 'kati' })).toEqual({ handedOver: 1, to: { ivo: 1 } });
    expect([await ownerOf(ours), await ownerOf(theirs)]).toEqual(['kati', 'ivo']);
  });

  it('takes no calls that are offered to everybody', async () => {
    const rule = { length: 'PT30M', ahead: 'P1D', team: 'care' } as const;
    const callers = await callersOf(pool, { kind: 'callback', rule, zone: 'UTC' } as never);
    expect(callers.map(({ id }) => id)).toEqual(['kati', 'mari']);
  });
});
