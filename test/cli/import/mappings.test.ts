import { describe, expect, it } from 'vitest';
import { mappingNamed, mappingOf, MAPPINGS } from '../../../cli/import/mappings.ts';
import { isZone } from '../../../domain/calendar/zones.ts';
import { file, folder } from './reading.ts';

describe('the shipped mappings', () => {
  it('have names of their own, a known zone and something to say', () => {
    const names = MAPPINGS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(MAPPINGS.filter(({ zone, notes }) => !isZone(zone) || notes.length === 0)).toEqual([]);
  });

  it.each(MAPPINGS)('$name reads a row of which it knows nothing as rejected', ({ read }) => {
    expect(read({})).toMatchObject({ rejected: true, value: '' });
  });
});

describe('--mapping', () => {
  it('means a shipped mapping by its name', async () => {
    expect(await mappingOf('olist')).toBe(mappingNamed('olist'));
  });

  it('means a YAML file by its path', async () => {
    const path = file(
      'shop.yaml',
      'name: shop\nzone: UTC\nprecision: day\ncolumns: { ref: no, promised: due }\nvalues: { kind: delivery }\n',
    );
    expect(await mappingOf(path)).toMatchObject({ name: 'shop', zone: 'UTC', columns: ['no', 'due'] });
  });

  it('that means nothing is answered with the names there are', async () => {
    await expect(mappingOf('olist2')).rejects.toThrow(
      /No mapping is called olist2, and there is no such file\. There are bookshop, boston, nyc, olist, scms, or the path/,
    );
    await expect(mappingOf(folder)).rejects.toThrow(/it is a folder\. There are bookshop/);
  });
});
