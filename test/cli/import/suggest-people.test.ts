import { describe, expect, it } from 'vitest';
import { mappingOf } from '../../../cli/import/mappings.ts';
import { suggestMapping } from '../../../cli/import/suggest.ts';
import { file } from './reading.ts';

let count = 0;
/** The draft of a CSV file with a due day in each row: its YAML, and its lines under `columns` by key. */
async function drafted(heading: string, ...rows: readonly string[]) {
  count += 1;
  const lines = rows.map((row) => `${row};2026-05-04\n`).join('');
  const { yaml, unsure } = await suggestMapping(file(`people-${count}.csv`, `${heading};due\n${lines}`));
  const under = yaml.slice(yaml.indexOf('columns:\n'), yaml.indexOf('values:\n'));
  const keys = [...under.matchAll(/^ {2}(\w+): ([^#\n]*?)( # \?.*)?$/gm)];
  return {
    yaml,
    unsure: unsure.join('\n'),
    columns: Object.fromEntries(keys.map(([, key = '', value = '', doubt = '']) => [key, `${value}${doubt && ' ?'}`])),
  };
}

describe('the reference of a draft', () => {
  it.each([
    ['e-mail addresses', 'who', 'mari@example.com', 'jaan@example.com', 'ott@example.com'],
    ['phones', 'who', '+372 5551 2345', '+372 5551 2346', '0151 2345678'],
    ['names', 'who', 'Mari Tamm', 'Jaan Kask', 'Ott'],
    ['prices', 'paid', '12.90', '13.40', '14,10'],
    ['texts', 'what', 'order of 3 books', 'order of 4 books', 'order of 5 books'],
  ])('is never a column of %s', async (_what, heading, ...values) => {
    const { columns, unsure } = await drafted(heading, ...values);
    expect(columns).not.toHaveProperty('ref');
    expect(unsure).toContain('columns.ref: No column has a value of its own');
  });

  it.each([
    ['Order no', 'mari@example.com', 'jaan@example.com'],
    ['ID', 'Mari Tamm', 'Jaan Kask'],
    ['Ref number', '+372 5551 2345', '+372 5551 2346'],
  ])('is not the column %s either where people stand in it', async (heading, ...values) => {
    expect((await drafted(heading, ...values)).columns).not.toHaveProperty('ref');
  });

  it.each(['Kundennr', 'Telefonnummer', 'Customer id', 'Kliendi kood', 'Postleitzahl', 'Mobil', 'Artikelnr'])(
    'is not %s, though each row has its own',
    async (heading) => {
      expect((await drafted(heading, '5551', '5552', '5553')).columns).not.toHaveProperty('ref');
    },
  );

  it('chosen by what stands in the column alone is marked, and among the doubts', async () => {
    const { columns, unsure } = await drafted('Zeug', 'A-1', 'A-2', 'A-3');
    expect(columns['ref']).toBe('Zeug ?');
    expect(unsure).toContain('columns.ref: Chosen by what stands in it');
  });

  it('is the column whose name says so, though another is without gaps', async () => {
    const { columns, unsure } = await drafted('Auftragsnr;Zeug', 'A-1;1', 'A-2;2', 'A-2;3', ';4', 'A-5;5', 'A-6;6');
    expect(columns['ref']).toBe('Auftragsnr ?');
    expect(unsure).toContain('columns.ref: 4 different values in 6 rows');
  });
});

describe('the people of a draft', () => {
  it('are known by their number, where there is one', async () => {
    const { columns } = await drafted(
      'ID;Kundennr;Kunde;E-Mail',
      'A-1;17;Mari Tamm;mari@example.com',
      'A-2;18;Jaan Kask;jaan@example.com',
    );
    expect(columns).toMatchObject({ customer: 'Kundennr', customerName: 'Kunde', customerEmail: 'E-Mail' });
  });

  it('are known by their address where there is no number, never by their name', async () => {
    const { columns, yaml, unsure } = await drafted(
      'ID;Kunde;E-Mail',
      'A-1;Mari Tamm;mari@example.com',
      'A-2;Mari Tamm;mari2@example.com',
    );
    expect(columns).toMatchObject({ customer: 'E-Mail ?', customerName: 'Kunde', customerEmail: 'E-Mail' });
    expect(unsure).toContain('columns.customer: No column of customer numbers was found');
    const mapping = await mappingOf(file('people-read.yaml', yaml));
    const row = { ID: 'A-2', Kunde: 'Mari Tamm', 'E-Mail': 'mari2@example.com', due: '2026-05-04' };
    expect(mapping.read(row)).toMatchObject({ customer: { ref: 'mari2@example.com', name: 'Mari Tamm' } });
  });

  it.each(['Kunde', 'Customer', 'Klient', 'Name'])(
    'are left out, and %s is named among the doubts, where there are names only',
    async (heading) => {
      const { columns, yaml, unsure } = await drafted(`ID;${heading};Telefon`, 'A-1;Mari Tamm;1', 'A-2;Jaan Kask;2');
      expect(Object.keys(columns).filter((key) => key.startsWith('customer'))).toEqual([]);
      expect(unsure).toContain(`columns.customer: Never a name, which several people share: ${heading} is not used.`);
      expect((await mappingOf(file('people-none.yaml', yaml))).columns).toContain('ID');
    },
  );

  it('are known by a column called Kunde where numbers stand in it', async () => {
    expect((await drafted('ID;Kunde', 'A-1;K-17', 'A-2;K-18')).columns['customer']).toBe('Kunde');
  });

  it('have an address by what stands in a column, which is marked, and by its name in spite of a slip', async () => {
    const found = await drafted('ID;wohin', 'A-1;mari@example.com', 'A-2;jaan@example.com');
    expect(found.columns['customerEmail']).toBe('wohin ?');
    const slip = await drafted('ID;E-Mail', 'A-1;mari@example.com', 'A-2;jaan@example.com', 'A-3;ott@');
    expect(slip.unsure).toContain('columns.customerEmail: 1 of its values cannot be read as an e-mail address.');
  });
});
