import { describe, expect, it } from 'vitest';
import { parseCalendar } from '../../../domain/calendar/calendar.ts';
import type { Absence } from '../../../domain/calendar/absences.ts';
import { ALWAYS, type Duty } from '../../../domain/calendar/duty.ts';
import { isTakenFrom, nextOf, ownerFor, type Candidate, type RotaMember } from '../../../domain/calendar/owner-rule.ts';
import { IDLE, type Instant } from '../../../domain/promise/instant.ts';

const at = (text: string): Instant => new Date(text).toISOString() as Instant;
/** A Friday; nobody of the office works at night, nor at the week-end. */
const [NIGHT, NOON, AFTERNOON] = ['2026-11-26T22:30:00Z', '2026-11-27T10:00:00Z', '2026-11-27T13:00:00Z'].map(at) as [
  Instant,
  Instant,
  Instant,
];

function hours(): Duty {
  const week = { mon: ['09:00-17:00'], fri: ['09:00-17:00'] };
  const read = parseCalendar({ calendar: 'office', zone: 'Europe/Tallinn', week });
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return { hours: read.calendar, zone: 'Europe/Tallinn', absences: [] };
}

const office = hours();
const person = (id: string, duty: Duty = ALWAYS): Candidate => ({ id, duty });
const member = (id: string, more: Partial<RotaMember> = {}): RotaMember => ({
  id,
  duty: ALWAYS,
  dueToday: 0,
  lastGivenAt: null,
  ...more,
});
const without = (absence: Absence, duty: Duty = ALWAYS): Duty => ({
  ...duty,
  zone: 'Europe/Tallinn',
  absences: [absence],
});
const friday = without({ every: 'fri', from: '00:00', to: '24:00' }, office);

describe('whose turn it is', () => {
  it.each<[string, readonly RotaMember[], string | undefined]>([
    ['nobody of an empty team', [], undefined],
    ['the one with the fewest due today', [member('a', { dueToday: 2 }), member('b', { dueToday: 1 })], 'b'],
    [
      'of those the one longest without a new one',
      [member('a', { lastGivenAt: NOON }), member('b', { lastGivenAt: NIGHT }), member('c', { dueToday: 1 })],
      'b',
    ],
    ['one who never got one before all who did', [member('a', { lastGivenAt: NIGHT }), member('b')], 'b'],
    ['of equals the first by id', [member('b'), member('a'), member('c')], 'a'],
  ])('is %s', (_, rota, id) => {
    expect(nextOf(rota)?.id).toBe(id);
  });
});

describe('who answers for a promise', () => {
  it('is the first one asked who is on duty', () => {
    const first = [person('last', friday), person('deputy')];
    expect(ownerFor({ first, rota: [member('rota')], leads: [] }, NOON, AFTERNOON)).toBe('deputy');
  });

  it('is one of the team on duty where those asked first are not', () => {
    const first = [person('last', office)];
    expect(ownerFor({ first, rota: [member('rota')], leads: [person('lead')] }, NIGHT, AFTERNOON)).toBe('rota');
  });

  it('is, at night, who works before the target, rather than a lead without hours', () => {
    const candidates = {
      first: [person('last', office)],
      rota: [member('rota', { duty: office })],
      leads: [person('lead')],
    };
    expect(ownerFor(candidates, NIGHT, AFTERNOON)).toBe('last');
    expect(ownerFor({ ...candidates, first: [] }, NIGHT, AFTERNOON)).toBe('rota');
  });

  it('is the lead where nobody works before the target', () => {
    const candidates = { first: [person('last', office)], rota: [], leads: [person('lead')] };
    expect(ownerFor(candidates, NIGHT, at('2026-11-27T06:00:00Z'))).toBe('lead');
  });

  it('is never one who is away at the target, nor one who is away now', () => {
    const back = without({ from: '2026-11-27T00:00', to: '2026-11-27T13:00' });
    const rota = [
      member('a', { duty: without({ from: '2026-11-27T14:00', to: '2026-11-28T00:00' }) }),
      member('b', { duty: back }),
    ];
    expect(ownerFor({ first: [], rota, leads: [person('lead', friday)] }, NOON, AFTERNOON)).toBeNull();
    expect(ownerFor({ first: [], rota: [...rota, member('c')], leads: [] }, NOON, AFTERNOON)).toBe('c');
  });

  it('goes up to the first lead who is there', () => {
    const leads = [person('lead', friday), person('above')];
    expect(ownerFor({ first: [person('deputy', friday)], rota: [], leads }, NOON, AFTERNOON)).toBe('above');
  });

  it('is somebody who is there, though off duty, before it is nobody', () => {
    expect(ownerFor({ first: [person('last', office)], rota: [], leads: [] }, NIGHT, NIGHT)).toBe('last');
    expect(ownerFor({ first: [], rota: [], leads: [] }, NOON, AFTERNOON)).toBeNull();
  });

  it('counts by now where the clock stands and the target has no time', () => {
    expect(ownerFor({ first: [person('last', office)], rota: [member('rota')], leads: [] }, NOON, IDLE)).toBe('last');
  });
});

describe('an absence takes a promise from its owner', () => {
  const away = person('kati', without({ from: NOON, to: AFTERNOON }));
  const [ahead, before, inside, over] = [
    '2026-11-27T09:00:00Z',
    '2026-11-27T09:59:59.999Z',
    '2026-11-27T11:00:00Z',
    '2026-11-27T13:00:00Z',
  ].map(at) as [Instant, Instant, Instant, Instant];

  it.each<[string, targetAt: Instant, now: Instant, isNew: boolean, taken: boolean]>([
    ['once it has begun', inside, NOON, false, true],
    ['not before it begins', inside, before, false, false],
    ['before it begins, where the promise is new', inside, ahead, true, true],
    ['not once it is over', inside, over, true, false],
    ['not where its target lies before it', before, NOON, true, false],
    ['not where its target is when it ends', AFTERNOON, NOON, true, false],
    ['not where its clock stands', IDLE, NOON, true, false],
  ])('%s', (_, targetAt, now, isNew, taken) => {
    expect(isTakenFrom(away, targetAt, now, isNew)).toBe(taken);
  });
});
