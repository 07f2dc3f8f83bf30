import { describe, expect, it } from 'vitest';
import {
  checked,
  listOf,
  mapping,
  oneOf,
  orNone,
  textLike,
  wholeNumber,
  YES_NO,
} from '../../../domain/policy/forms.ts';
import { reading } from '../support/reading.ts';

const CODE = textLike(/^[a-z]+$/, 'code', 'A code');
const PAIR = mapping<{ readonly name: string; readonly size: number }>('{ name: x, size: 2 }', {
  name: { form: CODE, meaning: 'How it is called.' },
  size: { form: wholeNumber(1, 3), meaning: 'How big it is.', fallback: 1 },
});

describe('a mapping', () => {
  it('is read key by key, with the fallbacks of those that are left out', () => {
    expect(reading(PAIR, { size: 3, name: 'x' })).toEqual({ name: 'x', size: 3 });
    expect(reading(PAIR, { name: 'x' })).toEqual({ name: 'x', size: 1 });
  });

  it.each<[unknown, readonly string[]]>([
    ['x', [' Write a mapping such as { name: x, size: 2 }, not "x".']],
    [undefined, [' Write a mapping such as { name: x, size: 2 }, not nothing.']],
    [[], [' Write a mapping such as { name: x, size: 2 }, not [].']],
    [{}, ['/name name is missing. Write e.g. { name: x, size: 2 }.']],
    [{ name: 'x', colour: 1 }, ['/colour Unknown: colour. Known: name, size.']],
    [{ nmae: 'x' }, ['/nmae Unknown: nmae. Did you mean name?']],
    [
      { sise: 2 },
      ['/sise Unknown: sise. Did you mean size?', '/name name is missing. Write e.g. { name: x, size: 2 }.'],
    ],
    [{ name: 'x', constructor: 1 }, ['/constructor Unknown: constructor. Known: name, size.']],
    [{ name: 'X', size: 0 }, ['/name A code, not "X".', '/size A whole number from 1 to 3, not 0.']],
    [{ name: null }, ['/name A code, not null.']],
  ])('%j is none, and every fault is said', (value, faults) => {
    expect(reading(PAIR, value)).toEqual(faults);
  });

  it('is written key by key, and described with its meanings, fallbacks and what must be said', () => {
    expect(PAIR.write({ name: 'x', size: 2 })).toEqual({ name: 'x', size: 2 });
    expect(PAIR.schema).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string', pattern: '^[a-z]+$', description: 'How it is called.' },
        size: { type: 'integer', minimum: 1, maximum: 3, description: 'How big it is.', default: 1 },
      },
      required: ['name'],
      additionalProperties: false,
    });
  });

  it('lists what stands inside, also further in, with fallbacks as a file says them', () => {
    const outer = mapping<{ readonly pair: { readonly name: string; readonly size: number } | null }>(
      '{ pair: none }',
      {
        pair: { form: orNone(PAIR), meaning: 'Two things.', fallback: null },
      },
    );
    expect(outer.parts).toEqual([
      { path: 'pair', unit: 'mapping, or none', meaning: 'Two things.', fallback: 'none' },
      { path: 'pair.name', unit: 'code', meaning: 'How it is called.', fallback: undefined },
      { path: 'pair.size', unit: 'number', meaning: 'How big it is.', fallback: 1 },
    ]);
    expect(outer.unit).toBe('mapping');
  });
});

describe('a list', () => {
  const CODES = listOf(CODE, 2, '[a, b]');
  const pairs = () => listOf(PAIR, 2, '[]');

  it('is read in its order, up to its length', () => {
    expect([reading(CODES, []), reading(CODES, ['b', 'a'])]).toEqual([[], ['b', 'a']]);
  });

  it.each<[unknown, readonly string[]]>([
    ['a', [' Write a list of up to 2 such as [a, b].']],
    [['a', 'b', 'c'], [' Write a list of up to 2 such as [a, b].']],
    [['a', 1], ['/1 A code, not 1.']],
    [
      [1, 2],
      ['/0 A code, not 1.', '/1 A code, not 2.'],
    ],
  ])('%j is none, and every fault is said', (value, faults) => {
    expect(reading(CODES, value)).toEqual(faults);
  });

  it('is written and described by what it lists', () => {
    const codes = listOf(CODE, 2, '[a, b]');
    expect(pairs().write([{ name: 'x', size: 2 }])).toEqual([{ name: 'x', size: 2 }]);
    expect(codes.schema).toEqual({ type: 'array', items: { type: 'string', pattern: '^[a-z]+$' }, maxItems: 2 });
    expect([codes.unit, pairs().unit]).toEqual(['list of code', 'list of mappings']);
    expect([codes.parts, pairs().parts]).toEqual([[], PAIR.parts]);
  });
});

describe('none', () => {
  it('stands for null, and everything else is read as before', () => {
    const maybe = orNone(listOf(YES_NO, 2, '[true]'));
    expect([reading(maybe, 'none'), reading(maybe, [true])]).toEqual([null, [true]]);
    expect(reading(maybe, null)).toEqual([' Write a list of up to 2 such as [true].']);
    expect([maybe.write(null), maybe.write([false])]).toEqual(['none', [false]]);
    expect(maybe.schema).toEqual({
      anyOf: [{ const: 'none' }, { type: 'array', items: { type: 'boolean' }, maxItems: 2 }],
    });
    expect(maybe.unit).toBe('list of true | false, or none');
  });
});

describe('a form with a check', () => {
  it('gives only what passes, and checks only what could be read', () => {
    const even = checked(wholeNumber(0, 8), (number, say) => {
      if (number % 2 > 0) say('', `${number} is odd.`);
    });
    expect([reading(even, 4), reading(even, 3), reading(even, 9)]).toEqual([
      4,
      [' 3 is odd.'],
      [' A whole number from 0 to 8, not 9.'],
    ]);
    expect([even.schema, even.unit, even.write(2)]).toEqual([{ type: 'integer', minimum: 0, maximum: 8 }, 'number', 2]);
  });
});

describe('the simple forms', () => {
  it.each([
    [0, [' A whole number from 1 to 3, not 0.']],
    [1, 1],
    [3, 3],
    [4, [' A whole number from 1 to 3, not 4.']],
    [1.5, [' A whole number from 1 to 3, not 1.5.']],
    ['2', [' A whole number from 1 to 3, not "2".']],
  ])('a whole number: %j', (value, expected) => {
    expect(reading(wholeNumber(1, 3), value)).toEqual(expected);
  });

  it('one of some words', () => {
    const word = oneOf(['silent', 'warn']);
    expect([reading(word, 'warn'), reading(word, 'wran'), reading(word, 7)]).toEqual([
      'warn',
      [' One of silent, warn, not "wran". Did you mean warn?'],
      [' One of silent, warn, not 7.'],
    ]);
    expect([word.write('warn'), word.schema, word.unit, word.parts]).toEqual([
      'warn',
      { enum: ['silent', 'warn'] },
      'silent | warn',
      [],
    ]);
  });

  it('yes or no', () => {
    expect([true, false, 'yes', null].map((value) => reading(YES_NO, value))).toEqual([
      true,
      false,
      [' true or false, not "yes".'],
      [' true or false, not null.'],
    ]);
    expect([YES_NO.write(true), YES_NO.schema, YES_NO.parts]).toEqual([true, { type: 'boolean' }, []]);
  });

  it('a text of a form', () => {
    expect([reading(CODE, 'abc'), reading(CODE, 'aBc'), reading(CODE, 7)]).toEqual([
      'abc',
      [' A code, not "aBc".'],
      [' A code, not 7.'],
    ]);
    expect([CODE.write('x'), CODE.parts, wholeNumber(1, 2).parts, wholeNumber(1, 2).write(2)]).toEqual([
      'x',
      [],
      [],
      2,
    ]);
  });
});
