import { describe, expect, it } from 'vitest';
import { nearest } from '../../../domain/policy/nearest.ts';

const KNOWN = ['holidays', 'calendar', 'week', 'mon', 'tue', 'sun', 'from', 'factLag'];

describe('the known word that was meant', () => {
  it.each([
    ['holiday', 'holidays'],
    ['Hollidays', 'holidays'],
    ['calender', 'calendar'],
    ['fact_lag', 'factLag'],
    ['FACT-LAG', 'factLag'],
    ['f.a.c.t l.a.g', 'factLag'],
    ['tues', 'tue'],
    ['form', 'from'],
  ])('by %s is %s', (word, meant) => {
    expect(nearest(word, KNOWN)).toBe(meant);
  });

  it.each(['', 'zone', 'holy', 'xyz', 'calendarium'])('by %j is none', (word) => {
    expect(nearest(word, KNOWN)).toBeNull();
  });

  it('is the nearest of several, not the first', () => {
    expect(nearest('sum', ['mum', 'some', 'sum'])).toBe('sum');
    expect(nearest('partners', ['partner', 'parents'])).toBe('partner');
  });
});
