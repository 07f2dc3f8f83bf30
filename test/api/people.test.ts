import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, HOUR, itemsOf, pointersOf, registered, soon, testApi, type Json, type TestApi } from './testing.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
  await api.call('PUT', '/v1/calendars/office', { zone: 'Europe/Riga', week: { fri: ['09:00-17:00'] } });
});
afterAll(() => api.database.drop());

const put = (id: string, changes: Json = {}) =>
  api.call('PUT', `/v1/people/${id}`, { name: `${id} of care`, ...changes });
const get = async (path: string): Promise<Json> => (await api.call('GET', path)).body;
const post = (path: string, body: Json) => api.call('POST', path, body);

describe('people', () => {
  it('are stored by a route and read back with what follows', async () => {
    const stored = await put('anna', {
      email: 'anna@books.example',
      hours: 'office',
      deputy: 'kati',
      team: 'care',
      parallel: 2,
    });
    expect(stored.status).toBe(200);
    expect(await get('/v1/people/anna?at=2026-11-27T12:00:00Z')).toMatchObject({
      id: 'anna',
      hours: 'office',
      deputy: 'kati',
      team: 'care',
      parallel: 2,
      absences: [],
      onDuty: true,
      openPromises: 0,
    });
    expect(await get('/v1/people/anna?at=2026-11-27T15:00:00Z')).toMatchObject({ onDuty: false });
    expect(itemsOf(await get('/v1/people')).map(({ id }) => id)).toEqual(['anna', 'jaan', 'kati', 'mall']);
  });

  it('keep their absences when they are stored again without any', async () => {
    await put('berta', { absences: [{ from: '2026-12-24', to: '2026-12-27' }] });
    await put('berta', { name: 'Berta Berg' });
    expect(await get('/v1/people/berta')).toMatchObject({
      name: 'Berta Berg',
      absences: [{ from: '2026-12-24', to: '2026-12-27' }],
    });
  });

  it.each<[string, Json, readonly string[]]>([
    ['unknown people', { lead: 'nobody', deputy: 'noone' }, ['/lead', '/deputy']],
    ['their own deputy', { deputy: 'anna' }, ['/deputy']],
    ['a calendar that is not stored', { hours: 'night' }, ['/hours']],
    ['another id', { id: 'berta' }, ['/id']],
    [
      'an absence that ends before it begins',
      { absences: [{ from: '2026-12-24', to: '2026-12-20' }] },
      ['/absences/0/to'],
    ],
    ['no calls at once', { parallel: 0 }, ['/parallel']],
  ])('are refused with %s', async (_, changes, pointers) => {
    const { status, body } = await put('anna', changes);
    expect([status, pointersOf(body)]).toEqual([422, pointers]);
  });

  it.each([
    ['GET', '/v1/people/nobody'],
    ['GET', '/v1/people/hotline'],
    ['POST', '/v1/people/nobody/absences'],
    ['DELETE', '/v1/people/nobody/absences/0199c0de-0000-7000-8000-000000000000'],
    ['POST', '/v1/people/nobody:hand-over'],
  ])('are not there: %s %s', async (method, path) => {
    const body = path.endsWith('absences')
      ? { from: '2026-12-24', to: '2026-12-27' }
      : path.endsWith('over')
        ? { by: 'kati' }
        : undefined;
    const { status, body: refusal } = await api.call(method, path, body);
    expect([status, refusal['code']]).toEqual([404, 'PERSON_UNKNOWN']);
  });
});

describe('absences', () => {
  it('are told once, read with the person, and taken back', async () => {
    const friday = { every: 'fri', from: '12:00', to: '17:00' };
    const added = await post('/v1/people/jaan/absences', friday);
    expect(added.status).toBe(201);
    expect(await post('/v1/people/jaan/absences', friday)).toMatchObject({ status: 200, body: added.body });
    expect(await get('/v1/people/jaan?at=2026-11-27T11:00:00Z')).toMatchObject({ onDuty: false, absences: [friday] });
    const path = `/v1/people/jaan/absences/${String(added.body['id'])}`;
    for (let times = 0; times < 2; times += 1) expect((await api.call('DELETE', path)).status).toBe(204);
    expect(await get('/v1/people/jaan?at=2026-11-27T11:00:00Z')).toMatchObject({ onDuty: true, absences: [] });
  });

  it('with a reason are refused: none is asked', async () => {
    const { status, body } = await post('/v1/people/jaan/absences', {
      from: '2026-12-24',
      to: '2026-12-27',
      why: 'ill',
    });
    expect([status, pointersOf(body)]).toEqual([422, ['/why']]);
  });

  it('make a notice name the deputy, else the hotline', async () => {
    await put('carl', { email: 'carl@books.example', deputy: 'jaan' });
    const id = await registered(api.call, { owner: 'carl' });
    const contact = async () => (await get(`/v1/promises/${id}`))['contact'];
    expect(await contact()).toMatchObject({ role: 'owner', email: 'carl@books.example' });
    await post('/v1/people/carl/absences', { from: soon(-HOUR), to: soon(HOUR) });
    expect(await contact()).toMatchObject({ role: 'deputy', email: 'jaan@books.example' });
    await post('/v1/people/jaan/absences', { from: soon(-HOUR), to: soon(HOUR) });
    expect(await contact()).toMatchObject({ role: 'hotline', email: 'care@books.example' });
  });
});

describe('handing over', () => {
  it('answers the promise with its new owner; the same again changes nothing', async () => {
    const id = await registered(api.call);
    const first = await post(`/v1/promises/${id}:hand-over`, { to: 'mall', by: 'kati', note: 'On leave from Monday.' });
    expect(first).toMatchObject({
      status: 200,
      body: {
        owner: 'mall',
        handOver: { from: 'kati', to: 'mall', acknowledgedAt: null },
        contact: { name: 'Mall Saar' },
      },
    });
    expect(await post(`/v1/promises/${id}:hand-over`, { to: 'mall', by: 'kati' })).toMatchObject({
      status: 200,
      body: first.body,
    });
    expect(itemsOf(await get(`/v1/promises/${id}/timeline`)).map(({ kind, by }) => [kind, by])).toEqual([
      ['registered', null],
      ['handed_over', 'kati'],
    ]);
    expect(itemsOf(await get(`/v1/promises/${id}/notes`))).toMatchObject([
      { by: 'kati', text: 'On leave from Monday.' },
    ]);
  });

  it('is acknowledged by the new owner only', async () => {
    const id = await registered(api.call);
    await post(`/v1/promises/${id}:hand-over`, { to: 'mall', by: 'kati' });
    expect(await post(`/v1/promises/${id}:acknowledge`, { by: 'kati' })).toMatchObject({
      status: 409,
      body: { code: 'NOT_OWNER', owner: 'mall' },
    });
    const done = await post(`/v1/promises/${id}:acknowledge`, { by: 'mall' });
    expect(done.body['handOver']).toMatchObject({ acknowledgedAt: expect.any(String) as string });
    expect(await post(`/v1/promises/${id}:acknowledge`, { by: 'mall' })).toMatchObject({
      status: 200,
      body: done.body,
    });
  });

  it('is refused of unknown people, at their place, and once it is closed', async () => {
    const id = await registered(api.call);
    const unknown = await post(`/v1/promises/${id}:hand-over`, { to: 'nobody', by: 'noone' });
    expect([unknown.status, pointersOf(unknown.body)]).toEqual([422, ['/to', '/by']]);
    await post(`/v1/promises/${id}/facts`, { kind: 'fulfilled', factKey: 'f', occurredAt: soon(-1000) });
    for (const path of ['hand-over', 'acknowledge'])
      expect(
        await post(`/v1/promises/${id}:${path}`, path === 'acknowledge' ? { by: 'jaan' } : { to: 'jaan', by: 'kati' }),
      ).toMatchObject({
        status: 409,
        body: { code: 'PROMISE_CLOSED' },
      });
  });

  it('is no fact that somebody may send', async () => {
    const id = await registered(api.call);
    const sent = await post(`/v1/promises/${id}/facts`, {
      kind: 'handed_over',
      factKey: 'f',
      occurredAt: soon(0),
      owner: 'jaan',
    });
    expect([sent.status, pointersOf(sent.body)]).toEqual([422, ['/kind']]);
    expect(JSON.stringify(sent.body)).toContain(':hand-over');
    const key = await post(`/v1/promises/${id}/facts`, {
      kind: 'resumed',
      factKey: 'owner:1:handed_over',
      occurredAt: soon(0),
    });
    expect(pointersOf(key.body)).toEqual(['/factKey']);
  });

  it('of everything somebody has says how many went to whom', async () => {
    await put('dora');
    for (let count = 0; count < 3; count += 1)
      await registered(api.call, { owner: 'dora', promised: { at: soon(5 * DAY) } });
    expect(await get('/v1/people/dora')).toMatchObject({ openPromises: 3 });
    const done = await post('/v1/people/dora:hand-over', { to: 'mall', by: 'kati' });
    expect(done).toMatchObject({ status: 200, body: { handedOver: 3, to: { mall: 3 } } });
    expect(await post('/v1/people/dora:hand-over', { to: 'mall', by: 'kati' })).toMatchObject({
      body: { handedOver: 0, to: {} },
    });
    expect(pointersOf((await post('/v1/people/dora:hand-over', { to: 'dora', by: 'kati' })).body)).toEqual(['/to']);
  });
});
