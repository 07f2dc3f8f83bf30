import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffMember } from '../../db/duty.ts';
import { ALWAYS } from '../../domain/calendar/duty.ts';
import { msBetween, plusMs } from '../../domain/promise/instant.ts';
import type { Partner } from '../../domain/policy/partner.ts';
import { policy } from '../support/registrations.ts';
import { acknowledge, sweepAlerts } from './promises-in-memory.ts';
import { skippedTime, type SkippedTime, type Story } from './time-skipping.ts';

const HOUR = 3_600_000;
let time: SkippedTime;
beforeAll(async () => void (time = await skippedTime()));
afterAll(() => time.stop());

/** Of ten days: target after nine, deadline after ten, and two hours of its own for late facts. What we pack is due after a day. */
const delivery = policy({
  ...{ kind: 'delivery', buffer: { fixed: 'P1D' }, lead: 'P2D', factLag: 'PT2H', whenUnknown: 'silent' },
  checkpoints: [{ name: 'packed', at: '10%' }],
  escalation: { repeat: 'PT4H', times: 1 },
});
/** Scans after two days. */
const partner = (id: string): Partner => ({
  ...{ id, name: id.toUpperCase(), goal: 0.97, factLag: 'PT6H' as const },
  checkpoints: { delivery: [{ name: 'scanned', at: { share: 0.2 } }] },
});

const someone = (id: string, more: Partial<StaffMember> = {}): readonly [string, StaffMember] => [
  id,
  {
    ...{ id, name: id, email: null, phone: null, lead: null, manager: null, hours: null, deputy: null, team: null },
    ...{ parallel: 1, partner: null, absences: [], duty: ALWAYS, ...more },
  },
];
/** Kati promises; she answers to Jaan, he to Mall. Ivo is of DPD, Olev of Omniva. */
const staffed = (jaans: Partial<StaffMember> = {}) =>
  new Map([
    someone('hotline'),
    someone('kati', { lead: 'jaan' }),
    someone('jaan', { manager: 'mall', ...jaans }),
    someone('mall'),
    someone('mari'),
    someone('ivo', { partner: 'dpd' }),
    someone('olev', { partner: 'omniva' }),
  ]);

const stories: Story[] = [];
async function promised(by: string | null, staff = staffed()): Promise<Story> {
  const at = plusMs(await time.now(), 240 * HOUR);
  const named = { partner: by === null ? null : partner(by), staff };
  const story = await time.staffed({ precision: 'instant', at }, delivery, named);
  stories.push(story);
  await story.tell({ kind: 'progressed', checkpoint: 'packed' });
  return story;
}

/** Time passes; what nobody has acknowledged is looked at each hour. */
async function later(hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour += 1) {
    await time.env.sleep(HOUR);
    const now = await time.now();
    for (const { promise } of stories) sweepAlerts(promise, now);
  }
}

const kept = async (story: Story): Promise<void> => {
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('kept');
};

/** Who heard what after how many hours, in the order of time. */
const heard = ({ promise: { madeAt, alerts } }: Story): readonly string[] =>
  alerts
    .flatMap(({ reason, checkpoint, told }) =>
      told.map(({ at, person }) => ({ at, text: `${person} ${reason} ${checkpoint}` })),
    )
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.text < b.text ? -1 : 1))
    .map(({ at, text }) => `${Math.round(msBetween(madeAt, at) / HOUR)} h: ${text.trim()}`);
const slipsOf = ({ promise }: Story) => promise.alerts.map((row) => row.partner);

it('missed, its own checkpoint alerts the owner and its people, and is its slip; ours is nothing to them', async () => {
  const story = await promised('dpd');
  await later(49);
  expect(heard(story)).toEqual(['48 h: ivo checkpoint scanned', '48 h: kati checkpoint scanned']);
  expect(slipsOf(story)).toEqual(['dpd', 'dpd']);
  await kept(story);
  const unpacked = await promised('dpd');
  unpacked.promise.facts.pop();
  await later(25);
  expect(heard(unpacked)).toEqual(['24 h: kati checkpoint packed']);
  expect(slipsOf(unpacked)).toEqual([null]);
  await kept(unpacked);
});

it('scanned in time, it alerts nobody', async () => {
  const story = await promised('dpd');
  await later(30);
  await story.tell({ kind: 'progressed', checkpoint: 'scanned' });
  await later(30);
  await kept(story);
  expect(heard(story)).toEqual([]);
});

it('the people of each partner hear of its promises, and of none of another’s or of ours alone', async () => {
  const all = [await promised('dpd'), await promised('omniva'), await promised(null)];
  for (const story of all) await story.tell({ kind: 'estimated', at: plusMs(story.promise.madeAt, 300 * HOUR) });
  await later(1);
  const ladder = ['0 h: jaan at_risk', '0 h: kati at_risk'];
  expect(all.map((story) => heard(story).filter((line) => !ladder.includes(line)))).toEqual([
    ['0 h: ivo at_risk'],
    ['0 h: olev at_risk'],
    [],
  ]);
  for (const story of all) expect(heard(story)).toEqual(expect.arrayContaining(ladder));
  for (const story of all) await story.tell({ kind: 'fulfilled' });
  for (const story of all) expect(await story.outcome()).toBe('kept');
});

it('acknowledged by nobody, each goes again, then up: from the partner to the owner, from her to lead and manager', async () => {
  const story = await promised('dpd');
  await later(80);
  await kept(story);
  const [theirs, hers] = ['checkpoint scanned', 'unacknowledged scanned'];
  expect(heard(story)).toEqual([
    ...[`48 h: ivo ${theirs}`, `48 h: kati ${theirs}`, `52 h: ivo ${theirs}`, `52 h: kati ${theirs}`],
    ...[`56 h: jaan ${hers}`, `56 h: kati ${hers}`, `60 h: jaan ${hers}`, `60 h: kati ${hers}`],
    ...[`64 h: jaan ${hers}`, `64 h: mall ${hers}`, `68 h: jaan ${hers}`, `68 h: mall ${hers}`],
    ...[`72 h: mall ${hers}`, `76 h: mall ${hers}`],
  ]);
});

it('acknowledged by the partner, it goes no further from them; from the owner it does', async () => {
  const story = await promised('dpd');
  await later(49);
  acknowledge(story.promise, 'ivo');
  await later(12);
  expect(heard(story).slice(2)).toEqual([
    '52 h: kati checkpoint scanned',
    '56 h: jaan unacknowledged scanned',
    '60 h: jaan unacknowledged scanned',
  ]);
  acknowledge(story.promise, 'jaan');
  await later(24);
  await kept(story);
  expect(heard(story)).toHaveLength(5);
});

it('goes to who is lead when it goes up, and in place of one who is away to their deputy', async () => {
  const story = await promised('dpd');
  await later(49);
  acknowledge(story.promise, 'ivo');
  const away = { ...ALWAYS, absences: [{ from: '2000-01-01', to: '2100-01-01' }] };
  story.promise.staff = staffed({ deputy: 'mari', duty: away });
  await later(8);
  expect(heard(story).at(-1)).toBe('56 h: mari unacknowledged scanned');
  story.promise.staff = new Map([...staffed(), someone('kati', { lead: 'mall' })]);
  await later(4);
  expect(heard(story).at(-1)).toBe('60 h: mall unacknowledged scanned');
  await kept(story);
});

it('late, waits for the facts of the partner as long as they usually take, not as long as the policy says', async () => {
  const story = await promised('dpd');
  await later(250);
  expect(story.told().filter((line) => line.includes('recovery'))).toEqual(['246 h: recovery sent']);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('broken');
});
