import { expect, it } from 'vitest';
import { didYouMean, escaped, isRecord, sayUnknown, show, within } from '../../../domain/policy/documents.ts';

const said: string[] = [];
const say = (pointer: string, message: string): undefined => void said.push(`${pointer} ${message}`);

it('says something inside by keys and places, escaped as a JSON pointer asks', () => {
  said.length = 0;
  within(within(say, 'a/b~c'), 0)('/x', 'wrong');
  expect(said).toEqual(['/a~1b~0c/0/x wrong']);
  expect(escaped('~/~/')).toBe('~0~1~0~1');
});

it('says every unknown key, with the nearest known one, else with all of them', () => {
  said.length = 0;
  sayUnknown({ from: 1, form: 2, 'a/b': 3 }, ['from', 'to'], '/quiet', say);
  expect(said).toEqual(['/quiet/form Unknown: form. Did you mean from?', '/quiet/a~1b Unknown: a/b. Known: from, to.']);
});

it('asks whether a near word was meant, and nothing where none is near', () => {
  expect([didYouMean('owmer', ['owner']), didYouMean('boss', ['owner'])]).toEqual([' Did you mean owner?', '']);
});

it('takes mappings for records, and neither lists nor nothing', () => {
  expect([{}, { a: 1 }, [], null, undefined, 'a', 1].map(isRecord)).toEqual([
    true,
    true,
    ...[false, false, false, false, false],
  ]);
});

it('shows a value as it was written', () => {
  expect([undefined, null, 'a', 1, ['b']].map(show)).toEqual(['nothing', 'null', '"a"', '1', '["b"]']);
});
