import { expect, it } from 'vitest';
import { scoresOf, type Mutant } from './scores.ts';

const became = (fileName: string, ...statuses: string[]): Mutant[] => statuses.map((status) => ({ fileName, status }));

it('scores each folder by itself, so that a good one does not hide a poor one', () => {
  const mutants = [
    ...became('domain/policy/fields.ts', 'Killed', 'Killed', 'Killed', 'Timeout'),
    ...became('/kept/domain/calendar/week.ts', 'Killed', 'Survived'),
    ...became('/kept/domain/calendar/zones.ts', 'NoCoverage', 'Survived'),
  ];
  expect(scoresOf(mutants, ['domain/policy', 'domain/calendar'])).toEqual([
    { folder: 'domain/policy', noticed: 4, counted: 4, percent: 100 },
    { folder: 'domain/calendar', noticed: 1, counted: 4, percent: 25 },
  ]);
});

it('leaves out what says nothing of the tests, and a folder in which nothing else is', () => {
  const mutants = [
    ...became('domain/policy/fields.ts', 'Killed', 'Ignored', 'CompileError', 'RuntimeError', 'Survived'),
    ...became('domain/promise/words.ts', 'Ignored'),
  ];
  expect(scoresOf(mutants, ['domain/policy', 'domain/promise'])).toEqual([
    { folder: 'domain/policy', noticed: 1, counted: 2, percent: 50 },
  ]);
});
