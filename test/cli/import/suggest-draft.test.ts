import { assert, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { doubtsOf, yamlOf } from '../../../cli/import/suggest-draft.ts';

it('whatever a column is called, or a word in it, the draft says just that', () => {
  assert(
    property(string({ unit: 'binary' }), string({ unit: 'grapheme' }), (key, value) => {
      const yaml = yamlOf([
        { key: 'a', value: { lines: [{ key, value, doubt: `about ${value}` }] } },
        { key: 'b', value: [value] },
      ]);
      expect(parse(yaml)).toEqual({ a: { [key]: value }, b: [value] });
    }),
    {
      examples: [
        ['true', 'no'],
        ['1e3', '- x'],
        ['a: b', '#c'],
        ['a ', ' b'],
        ['~', 'x:'],
        ['12:30', 'null'],
        ['a\nb', "it's"],
      ],
    },
  );
});

it('what was not found stands as a comment, and among the doubts', () => {
  const lines = [{ key: 'columns', value: { lines: [{ key: 'ref', value: null, doubt: 'None.' }] } }];
  expect(yamlOf(lines)).toBe('columns:\n  # ref: # ? None.\n');
  expect(doubtsOf(lines)).toEqual(['columns.ref: None.']);
});
