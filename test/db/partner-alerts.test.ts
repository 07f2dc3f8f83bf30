import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweepAlerts } from '../../db/alert-sweep.ts';
import { acknowledgeAlert, alertByKey, listAlerts, standingAlerts } from '../../db/alerts.ts';
import { claimDigest, type DigestRequest } from '../../db/digests.ts';
import { addNote } from '../../db/notes.ts';
import { savePartner } from '../../db/partners.ts';
import { savePeople } from '../../db/people.ts';
import { databaseNow } from '../../db/pool.ts';
import { createRegistrar } from '../../db/register.ts';
import { wordKept } from '../../db/report.ts';
import { advance, recordFact } from '../../db/settle.ts';
import { slipsOf } from '../../db/slips.ts';
import { composeAlerts } from '../../notices/alert-mail.ts';
import { alertsOf } from '../support/alerts.ts';
import { companySays } from '../support/company.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed, STAFF, type RegistrationWish } from '../support/registrations.ts';
import { messageFrom } from '../support/deliver.ts';

const HOUR = 3_600_000;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  const kind = { kind: 'delivery', buffer: { fixed: 'PT2H' }, lead: 'PT1M', factLag: 'PT0S' };
  await seed(database.pool, [
    policy({ ...kind, escalation: { repeat: 'PT1H', times: 1 } }),
    policy({ kind: 'call', buffer: { fixed: 'PT1M' }, tries: { max: 3, every: 'PT20M', remind: 'PT15M' } }),
  ]);
  await savePartner(database.pool, {
    ...{ id: 'dpd', name: 'DPD Eesti', goal: null, factLag: null },
    checkpoints: { delivery: [{ name: 'scanned', at: { share: 0.5 } }] },
  });
  await companySays(database.pool, { alerts: { window: 'PT0S', urgent: 'PT0S' } });
});
afterAll(() => database.drop());

const someone = (id: string, more: object = {}) => ({
  ...{ id, name: id, email: `${id}@people.example`, phone: null, lead: null, manager: null },
  ...more,
});
/** Ivo and Eva are people of DPD, Olev of Omniva. Sirje answers to Olev, Kati to Jaan. */
const people = (ivos = 'dpd') =>
  savePeople(database.pool, {
    ...STAFF,
    people: [
      ...STAFF.people,
      someone('ivo', { partner: ivos }),
      someone('eva', { partner: 'dpd' }),
      someone('olev', { partner: 'omniva' }),
      someone('sirje', { lead: 'olev', manager: 'mall' }),
    ],
  });
beforeEach(async () => {
  await database.pool.query('truncate promises, facts, duties, outbox, staff_alerts, digests, alert_links cascade');
  await people();
});

async function made(wish: Partial<RegistrationWish> = {}): Promise<string> {
  const promised = { precision: 'instant', at: fromNow(10 * HOUR) } as const;
  const wished = { kind: 'delivery', promised, partner: 'dpd', madeAt: fromNow(-HOUR), ...wish };
  const { promise } = await createRegistrar(database.pool).register(await registration(database.pool, wished));
  return promise.id;
}

const told = async (id: string) => (await alertsOf(database.pool, id)).map(({ rung, person }) => `${rung} ${person}`);

/** It will come too late: the ladder tells owner and lead. */
async function late(wish: Partial<RegistrationWish> = {}): Promise<string> {
  const id = await made(wish);
  await recordFact(database.pool, id, {
    ...{ kind: 'estimated', factKey: randomUUID(), occurredAt: fromNow(0), at: fromNow(20 * HOUR) },
  });
  return id;
}

/** What somebody's mail would say, with the keys of its lines. */
async function mailTo(person: string): Promise<DigestRequest | null> {
  const { rows } = await database.pool.query<{ id: string }>('select row_id as id from people where id = $1', [person]);
  let seen: DigestRequest | null = null;
  await claimDigest(database.pool, {
    ...{ personId: rows[0]?.id ?? '', workerName: 'worker-1', claimMs: 30_000 },
    newLink: () => {
      const token = randomUUID();
      return { token, hash: createHash('sha256').update(token).digest() };
    },
    compose: (request) => {
      seen = request;
      return messageFrom(request.digestId);
    },
  });
  return seen;
}
const mailed = async (person: string) => (await mailTo(person))?.lines.map(({ promiseId }) => promiseId) ?? [];
const textOf = (request: DigestRequest | null): string =>
  composeAlerts({ ...request, links: { baseUrl: 'http://kept.test', pages: true } } as never)?.text ?? '';

describe('the people of a partner', () => {
  it('are told of its promises beside the ladder, and of nobody else’s', async () => {
    const [theirs, others, ours] = [await late(), await late({ partner: 'omniva' }), await late({ partner: null })];
    expect(await told(theirs)).toEqual(['lead jaan', 'owner kati', 'partner eva', 'partner ivo']);
    expect(await told(others)).toEqual(['lead jaan', 'owner kati', 'partner olev']);
    expect(await told(ours)).toEqual(['lead jaan', 'owner kati']);
    expect([await mailed('ivo'), await mailed('eva'), await mailed('olev')]).toEqual([[theirs], [theirs], [others]]);
    expect((await mailed('kati')).toSorted()).toEqual([theirs, others, ours].toSorted());
  });

  it('are told of a checkpoint that it missed, which is its slip by name; the rest stays with the company', async () => {
    const id = await made({ madeAt: fromNow(-15 * HOUR) });
    await recordFact(database.pool, id, { kind: 'rated', factKey: 'now', occurredAt: fromNow(0), score: 5 });
    expect(await told(id)).toEqual(['owner kati', 'partner eva', 'partner ivo']);
    const request = await mailTo('ivo');
    expect(request?.lines).toMatchObject([{ reason: 'checkpoint', checkpoint: 'scanned', partner: 'DPD Eesti' }]);
    if (!request) throw new Error('No mail.');
    const text = textOf(request);
    expect(text).toContain('DPD Eesti missed checkpoint scanned.');
    expect(text).toContain('http://kept.test/a/');
    expect(text).not.toContain('/promises/');
  });

  it('are told once: who is named on a rung of the ladder is told there, the others beside it', async () => {
    expect(await told(await late({ owner: 'ivo' }))).toEqual(['lead null', 'owner ivo', 'partner eva']);
  });

  it('who answer for a call are told whom to call, and nothing else of her: no other promise, note or page', async () => {
    const call = {
      kind: 'call',
      customer: 'C-17',
      madeAt: fromNow(0),
      promised: { precision: 'window', from: fromNow(60_000), to: fromNow(HOUR) },
    } as const;
    await made({ customer: 'C-17', partner: 'omniva', ref: 'OTHERS-1' });
    const id = await made({ ...call, owner: 'ivo' });
    await database.pool.query(`update customers set phone = '+3725110017'`);
    await addNote(database.pool, { promiseId: id, by: 'kati', text: 'She owes us money.' });
    await advance(database.pool, id);
    const theirs = textOf(await mailTo('ivo'));
    expect(theirs).toContain('Mari Tamm, +3725110017');
    for (const other of ['OTHERS-1', 'C-17', 'c-17@', 'owes us money', 'Promises', '/promises/', '/people/'])
      expect(theirs).not.toContain(other);
    await advance(database.pool, await made({ ...call, owner: 'kati' }));
    const ours = textOf(await mailTo('kati'));
    for (const all of ['OTHERS-1', 'C-17', 'c-17@', 'owes us money', '/promises/']) expect(ours).toContain(all);
  });

  it('acknowledge for each other, and not for the owner', async () => {
    const id = await late();
    const all = await listAlerts(database.pool, { limit: 10 });
    const evas = all.find(({ person }) => person === 'eva');
    await acknowledgeAlert(database.pool, evas?.id ?? '', 'eva');
    const open = await listAlerts(database.pool, { open: true, limit: 10 });
    const left = open.filter((alert) => alert.promiseId === id).map(({ person }) => person);
    expect(new Set(left)).toEqual(new Set(['jaan', 'kati']));
  });

  it('are told again, and where none acknowledges the owner hears so, once', async () => {
    await late();
    for (let time = 0; time < 2; time += 1) {
      await database.pool.query(
        `update staff_alerts set due_at = case when rung = 'partner' then clock_timestamp() end`,
      );
      await sweepAlerts(database.pool, 100);
    }
    const rows = await listAlerts(database.pool, { limit: 20 });
    expect(rows.filter(({ rung }) => rung === 'partner').map(({ times }) => times)).toEqual([2, 2]);
    const above = rows.filter(({ reason }) => reason === 'unacknowledged');
    expect(above.map(({ rung, person }) => [rung, person])).toEqual([['owner', 'kati']]);
  });
});

describe('an alert to the people of a partner, which none acknowledges', () => {
  /** Only theirs come again, and at once. */
  async function again(): Promise<readonly string[]> {
    await database.pool.query(`update staff_alerts set due_at = case when rung = 'partner' then clock_timestamp() end`);
    await sweepAlerts(database.pool, 100);
    const rows = await listAlerts(database.pool, { limit: 20 });
    return rows.map(({ rung, person, times }) => `${rung} ${person} ${times}`).toSorted();
  }
  /** Not Ivo, who has gone to Omniva, but Uku has come; `more` is said of Uku. */
  const withUku = (more: object = {}, evas = {}) =>
    savePeople(database.pool, {
      ...STAFF,
      people: [
        ...STAFF.people,
        someone('ivo', { partner: 'omniva' }),
        someone('eva', { partner: 'dpd', ...evas }),
        someone('uku', { partner: 'dpd', ...more }),
      ],
    });
  const gone = { absences: [{ from: '2000-01-01', to: '2100-01-01' }] };
  const ours = ['lead jaan 1', 'owner kati 1'];

  it('goes to who has come in place of who has gone, to each once', async () => {
    await late();
    await withUku();
    expect(await again()).toEqual([...ours, 'partner eva 2', 'partner uku 1']);
  });

  it('is not opened by the key of who has gone, nor acknowledged in the name of who has come', async () => {
    await late();
    const key = (token: string | undefined) =>
      createHash('sha256')
        .update(token ?? '')
        .digest();
    const [ivos, evas] = [key((await mailTo('ivo'))?.lines[0]?.token), key((await mailTo('eva'))?.lines[0]?.token)];
    await withUku();
    await again();
    expect(await alertByKey(database.pool, ivos)).toBeNull();
    expect((await alertByKey(database.pool, evas))?.reader).toEqual({ id: 'eva', partner: 'dpd' });
  });

  it('goes to none of them twice, where one has gone and nobody has come', async () => {
    await late();
    await people('omniva');
    expect(await again()).toEqual([...ours, 'partner eva 2', 'partner ivo 1']);
  });

  it('goes to who is there in place of who is away', async () => {
    await people('omniva');
    await late();
    await withUku({}, gone);
    expect(await again()).toEqual([...ours, 'partner uku 2']);
  });

  it('goes to the owner at once, where the partner has nobody any more', async () => {
    await late();
    await savePeople(database.pool, STAFF);
    expect(await again()).toEqual([...ours, 'owner kati 1', 'partner eva 1', 'partner ivo 1']);
  });
});

describe('somebody of another partner', () => {
  it('is not told as owner, lead or manager: the hotline is, or nobody', async () => {
    expect(await told(await late({ owner: 'olev' }))).toContain('owner hotline');
    const led = await late({ owner: 'sirje' });
    expect(await told(led)).toEqual(['lead null', 'owner sirje', 'partner eva', 'partner ivo']);
    expect(await mailed('olev')).toEqual([]);
    expect(await told(await late({ owner: 'sirje', partner: 'omniva' }))).toContain('lead olev');
  });

  it('sees nothing that was given before they were: no list, no mail, no page', async () => {
    const id = await late();
    const token = (await mailTo('ivo'))?.lines[0]?.token ?? '';
    const key = createHash('sha256').update(token).digest();
    expect((await alertByKey(database.pool, key))?.alert.promiseId).toBe(id);
    await late();
    await people('omniva');
    expect(await listAlerts(database.pool, { person: 'ivo', limit: 10 })).toEqual([]);
    const now = await databaseNow(database.pool);
    expect(await standingAlerts(database.pool, 'ivo', now)).toEqual({ lines: [], count: 0 });
    expect(await alertByKey(database.pool, key)).toBeNull();
    await database.pool.query(`update digests set state = 'sent', content = '{}'`);
    expect(await mailed('ivo')).toEqual([]);
  });
});

it('each checkpoint that a partner missed counts once a promise on its scorecard, and nobody else’s', async () => {
  for (const partner of ['dpd', 'dpd', 'omniva']) {
    const id = await made({ madeAt: fromNow(-15 * HOUR), partner });
    await recordFact(database.pool, id, { kind: 'rated', factKey: 'now', occurredAt: fromNow(0), score: 5 });
  }
  expect(await slipsOf(database.pool, 'dpd', {})).toEqual([{ checkpoint: 'scanned', promises: 2 }]);
  expect(await slipsOf(database.pool, 'dpd', { kind: 'repair' })).toEqual([]);
  expect(await slipsOf(database.pool, 'dpd', { to: { day: '2020-01-01' } })).toEqual([]);
  expect(await slipsOf(database.pool, 'omniva', {})).toEqual([]);
  const report = (query: object) => wordKept(database.pool, { by: 'kind', ...query });
  expect((await report({ partner: 'dpd' })).slips).toEqual([{ checkpoint: 'scanned', promises: 2 }]);
  expect(await report({})).not.toHaveProperty('slips');
});

it('a checkpoint that was passed in time is none that was missed, though it was told late; one passed late is', async () => {
  const scanned = { kind: 'progressed', checkpoint: 'scanned' } as const;
  const missed = () => slipsOf(database.pool, 'dpd', { from: { day: '2020-01-01' }, to: { day: '2999-12-31' } });
  // Its target was 2.5 hours ago.
  const id = await made({ madeAt: fromNow(-15 * HOUR) });
  await recordFact(database.pool, id, { kind: 'rated', factKey: 'now', occurredAt: fromNow(0), score: 5 });
  expect(await missed()).toEqual([{ checkpoint: 'scanned', promises: 1 }]);
  await recordFact(database.pool, id, { ...scanned, factKey: 'in time', occurredAt: fromNow(-5 * HOUR) });
  expect(await missed()).toEqual([]);
  const passedLate = await made({ madeAt: fromNow(-15 * HOUR) });
  await recordFact(database.pool, passedLate, { ...scanned, factKey: 'late', occurredAt: fromNow(-HOUR) });
  expect(await missed()).toEqual([{ checkpoint: 'scanned', promises: 1 }]);
  const ended = await made({ madeAt: fromNow(-15 * HOUR) });
  await recordFact(database.pool, ended, { kind: 'fulfilled', factKey: 'early', occurredAt: fromNow(-5 * HOUR) });
  expect(await missed()).toEqual([{ checkpoint: 'scanned', promises: 1 }]);
});
