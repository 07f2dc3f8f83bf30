import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isRejected, type FileRow, type HistoryRow } from '../../../cli/import/mapping.ts';
import { mappingOf, MAPPINGS } from '../../../cli/import/mappings.ts';
import { firstRecords } from '../../../cli/import/records.ts';
import { suggestMapping } from '../../../cli/import/suggest.ts';
import { UnreadableFile } from '../../../cli/import/unreadable-file.ts';
import { sharedFile } from './mapped.ts';
import { file } from './reading.ts';

let count = 0;
/** The mapping that a draft is, as it stands. */
function loaded(yaml: string) {
  count += 1;
  return mappingOf(file(`draft-${count}.yaml`, yaml));
}

function drafted(text: string, name = 'shop.csv') {
  return suggestMapping(file(name, text));
}

/** What the draft, as it stands, makes of the rows it was drafted from. */
async function readBack(path: string) {
  const { yaml, unsure } = await suggestMapping(path);
  const mapping = await loaded(yaml);
  const { rows } = await firstRecords(path, 1_000);
  const read = rows.map((row: FileRow) => mapping.read(row));
  const good = read.filter((row): row is HistoryRow => !isRejected(row));
  return {
    yaml,
    unsure,
    mapping,
    good,
    rejected: read.filter(isRejected).map(({ code, column }) => `${code} ${column}`),
    ends: Object.fromEntries(
      ['fulfilled', 'withdrawn'].map((kind) => [kind, good.filter(({ facts }) => facts.at(-1)?.kind === kind).length]),
    ),
  };
}

const CARRIER = `Order No;Ordered on;Lubatud tähtaeg;Delivered at;Cancelled at;Olek;E-mail;Client no;Maakond
A-1;01.05.2026 10:12;04.05.2026;03.05.2026 12:00;;delivered;mari@example.com;C-1;Tartu
A-2;02.05.2026 11:00;14.05.2026;;;new;jaan@example.com;C-2;Tartu
A-3;02.05.2026 11:30;14.05.2026;;03.05.2026 10:00;cancelled;mari@example.com;C-1;Harju
A-4;02.05.2026 12:30;14.05.2026;;;parked;n/a;C-3;Harju
`;

describe('a draft', () => {
  it('names columns by their heading and content, in several languages, with formats, words and empty words', async () => {
    expect((await drafted(CARRIER)).yaml.replaceAll(/ +# \?.*/g, '')).toBe(`\
# Drafted from the heading and the first 4 rows of shop.csv; look at each "# ?".
name: shop
zone: UTC
precision: day
columns:
  ref: Order No
  madeAt: Ordered on
  promised: Lubatud tähtaeg
  fulfilled: Delivered at
  withdrawn: Cancelled at
  region: Maakond
  status: Olek
  customer: Client no
  customerEmail: E-mail
values:
  kind: delivery
formats:
  madeAt: d.M.yyyy H:mm
  promised: d.M.yyyy
  fulfilled: d.M.yyyy H:mm
  withdrawn: d.M.yyyy H:mm
status:
  delivered: fulfilled
  new: open
  cancelled: withdrawn
  parked: open
empty: [n/a]
`);
  });

  it('says what it is unsure of, at the line and in a list, with the same words', async () => {
    const { yaml, unsure } = await drafted(CARRIER);
    expect(unsure.map((doubt) => doubt.split(':')[0])).toEqual([
      'zone',
      'values.kind',
      'status',
      'status.cancelled',
      'status.parked',
    ]);
    for (const doubt of unsure) expect(yaml).toContain(` # ? ${doubt.slice(doubt.indexOf(': ') + 2)}\n`);
  });

  it('reads the rows it was drafted from', async () => {
    const { good, rejected, ends } = await readBack(file('carrier.csv', CARRIER));
    expect(rejected).toEqual([]);
    expect(ends).toEqual({ fulfilled: 1, withdrawn: 1 });
    expect(good[0]).toMatchObject({
      madeAt: '2026-05-01T10:12:00.000Z',
      promised: { precision: 'day', day: '2026-05-04' },
      customer: { ref: 'C-1', email: 'mari@example.com' },
      region: 'Tartu',
    });
  });

  it.each([
    ['3/4/2026', '5/6/2026', 'd/M/yyyy', true],
    ['3/4/2026', '25/6/2026', 'd/M/yyyy', false],
    ['3/4/2026', '5/26/2026', 'M/d/yyyy', false],
    ['3-4-26', '5-6-26', 'd-M-yy', true],
    ['3.4.2026', '5.6.2026', 'd.M.yyyy', false],
  ])('takes %s and %s as %s, unsure where day and month could change places', async (made, due, format, unsure) => {
    const draft = await drafted(`id,created,due\n1,${made},${due}\n2,${made},${due}\n`);
    expect(draft.yaml).toContain(`\n  promised: ${format}`);
    expect(draft.unsure.some((doubt) => doubt.includes('the other way round'))).toBe(unsure);
  });

  it('reads a day out of what is midnight everywhere', async () => {
    const { yaml, good } = await readBack(
      file(
        'midnight.csv',
        'id,due,delivered\n1,2026-05-04 00:00:00,2026-05-04 00:00:00\n2,2026-05-05 00:00:00,2026-05-06 00:00:00\n',
      ),
    );
    expect(yaml).toContain('precision: day # ? Every promised time is midnight');
    expect(good.map(({ facts }) => facts[0])).toMatchObject([
      { asDay: true, occurredAt: '2026-05-05T00:00:00.000Z' },
      { asDay: true, occurredAt: '2026-05-07T00:00:00.000Z' },
    ]);
  });

  it('finds windows, times of an American clock and seconds since 1970', async () => {
    const draft = await readBack(
      file(
        'windows.csv',
        'ticket,created,window start,window end,finished\nT-1,1777852800,5/4/2026 1:00 PM,5/4/2026 3:00 PM,5/14/2026 2:10 PM\nT-2,1777852801,5/4/2026 1:00 PM,5/4/2026 3:00 PM,5/14/2026 2:10 PM\n',
      ),
    );
    expect(draft.yaml).toContain('precision: window');
    expect(draft.rejected).toEqual([]);
    expect(draft.good[0]).toMatchObject({
      madeAt: '2026-05-04T00:00:00.000Z',
      promised: { precision: 'window', from: '2026-05-04T13:00:00.000Z', to: '2026-05-04T15:00:00.000Z' },
      facts: [{ kind: 'fulfilled', occurredAt: '2026-05-14T14:10:00.000Z' }],
    });
  });

  it('finds a column of times among which there is a slip of the pen, and says so', async () => {
    const days = ['6.11.2025', '10.11.2025', '31.11.2025', '11.11.2025', '12.11.2025'];
    const { yaml, unsure } = await drafted(
      `id;due;done\n${days.map((day, no) => `${no};14.11.2025;${day}\n`).join('')}`,
    );
    expect(yaml).toContain('  fulfilled: done # ? ');
    expect(unsure).toContain('columns.fulfilled: 1 of its values cannot be read as d.M.yyyy.');
  });

  it('lets a sure column settle how an unsure one is written', async () => {
    const { yaml, unsure } = await drafted(
      'id,created,due,done\n1,1/2/2026,1/31/2026,2/3/2026\n2,1/3/2026,1/31/2026,2/4/2026\n',
    );
    expect(yaml).toContain('formats:\n  madeAt: M/d/yyyy\n  promised: M/d/yyyy\n  fulfilled: M/d/yyyy\n');
    expect(unsure.map((doubt) => doubt.split(':')[0])).toEqual(['zone', 'values.kind']);
  });

  it.each([
    [
      'Auftragsnr;Bestelldatum;Zugesagt am;Geliefert am;Storniert am;Status;Bearbeiter;Bundesland',
      ['geliefert', 'storniert', 'in Bearbeitung', 'nicht zugestellt'],
    ],
    [
      'Vorgangsnummer;Angelegt am;Liefertermin;Lieferdatum;Storno;Zustand;Betreuer;Ort',
      ['Zugestellt', 'Abgebrochen', 'unterwegs', 'noch nicht geliefert'],
    ],
    [
      'Tellimuse nr;Loodud;Lubatud tähtaeg;Kätte toimetatud;Tühistatud;Olek;Vastutaja;Maakond',
      ['tarnitud', 'tühistatud', 'töös', 'tarnimata'],
    ],
    [
      'Bestellnr.;Erstellt;Fällig am;Erledigt;Annulliert;Stand;Zuständig;Land',
      ['erledigt', 'widerrufen', 'offen', 'teilgeliefert'],
    ],
  ])('understands the heading %s and its words', async (heading, [done, cancelled, going, partly]) => {
    const days = '01.05.2026;04.05.2026';
    const { yaml } = await drafted(
      `${heading}\n` +
        `A-1;${days};03.05.2026;;${done};Mari;Harju\nA-2;${days};;03.05.2026;${cancelled};Mari;Harju\n` +
        `A-3;${days};;;${going};Mari;Harju\nA-4;${days};;;${partly};Mari;Harju\n`,
    );
    const [ref, madeAt, promised, fulfilled, withdrawn, status, owner, region] = heading.split(';');
    const { columns, status: words } = parse(yaml) as Record<string, Record<string, string>>;
    expect(columns).toEqual({ ref, madeAt, promised, fulfilled, withdrawn, owner, region, status });
    expect(Object.values(words ?? {})).toEqual(['fulfilled', 'withdrawn', 'open', 'open']);
    expect(yaml).not.toContain('# Not used');
  });

  describe('of words in the place of times', () => {
    const withDone = (...done: readonly string[]) =>
      drafted(
        `id,due,done\n${[...done, '2026-05-05', '2026-05-06'].map((day, no) => `${no},2026-05-04,${day}\n`).join('')}`,
      );

    it('takes a usual word for "not known" at once', async () => {
      const { yaml } = await withDone('k.A.', 'N/A', '--', '?');
      expect(yaml).toContain('empty: [k.A., N/A, "--", "?"]\n');
    });

    it('never takes a slip for one, and says that it cannot be read', async () => {
      const { yaml, unsure } = await withDone('gestern', 'k.A.', 'gestern');
      expect(yaml).toContain('empty: [k.A.]\n');
      expect(unsure).toContain('columns.fulfilled: 2 of its values cannot be read as iso.');
    });

    it('takes another that stands there three times, but marks it', async () => {
      const { yaml, unsure } = await withDone('folgt', '-', 'folgt', 'folgt');
      expect(yaml).toContain('empty: [folgt, "-"] # ? Guessed of folgt');
      expect(unsure.join('\n')).toContain('empty: Guessed of folgt: it stands several times in the place of a time.');
    });
  });

  describe('of a file that is damaged', () => {
    const NOT_UTF8 = 'This file is not UTF-8 (perhaps Windows-1252): save it as UTF-8.';

    it.each(['id;due;Für wen\n1;2026-05-04;Mari\n', 'id;due;Kunde\n1;2026-05-04;Müller\n2;2026-05-04;Mari\n'])(
      'says first of all that it is not UTF-8',
      async (text) => {
        const { yaml, unsure } = await suggestMapping(file('latin.csv', Buffer.from(text, 'latin1')));
        expect(unsure[0]).toBe(NOT_UTF8);
        expect(yaml.split('\n')[1]).toBe(`# ? ${NOT_UTF8}`);
        expect((await drafted(text)).unsure).not.toContain(NOT_UTF8);
      },
    );

    it('says nothing of the kind for one strange cell among many', async () => {
      const rows = Array.from({ length: 200 }, (_, no) => `${no};2026-05-04;${no === 7 ? '\uFFFD' : 'x'}\n`);
      expect((await drafted(`id;due;what\n${rows.join('')}`)).unsure).not.toContain(NOT_UTF8);
    });

    it('says how many lines could not be read', async () => {
      const { yaml, unsure } = await drafted('id;due\n1;2026-05-04\n2\n3;4;5\n4;2026-05-04\n');
      expect(unsure[0]).toMatch(/^2 lines could not be read/);
      expect(yaml).toContain(`\n# ? ${unsure[0]}\n`);
      expect((await drafted('id;due\n1;2026-05-04\n2\n')).unsure[0]).toMatch(/^1 line could not be read, and is/);
    });
  });

  it('asks for the zone of days, too, and only says what it is for where times name their offset', async () => {
    const zone = async (text: string) => (await drafted(text)).unsure.find((doubt) => doubt.startsWith('zone'));
    expect(await zone('id,due\n1,2-May-06\n2,2-May-06\n')).toMatch(/without a zone/);
    expect(await zone('id,due\n1,2026-05-04\n2,2026-05-04\n')).toMatch(/without a zone/);
    expect(await zone('id,due\n1,2026-05-04T10:00:00+03:00\n2,2026-05-04T10:00Z\n')).toMatch(/name their offset/);
  });

  it('lists a word of the status once, however it is written', async () => {
    const { yaml } = await readBack(
      file(
        'words.csv',
        'id,due,done,status\n1,2026-05-04,2026-05-04,Closed\n2,2026-05-04,2026-05-04,CLOSED\n3,2026-05-04,,cancelled\n',
      ),
    );
    expect(yaml.match(/closed: fulfilled/gi)).toHaveLength(1);
  });

  it('reads NDJSON, and fields of objects within', async () => {
    const line = (no: number) =>
      JSON.stringify({ id: `T-${no}`, due: '2026-05-04T10:00:00Z', customer: { id: 7, email: 'mari@example.com' } });
    const { yaml, good } = await readBack(file('tickets.ndjson', `${line(1)}\n${line(2)}\n`));
    expect(yaml).toContain('  customer: customer.id\n  customerEmail: customer.email\n');
    expect(good[0]?.customer).toMatchObject({ ref: '7', email: 'mari@example.com' });
  });

  it('leaves out a status column that says no more than the times do', async () => {
    const { yaml } = await drafted('id,due,done,status\n1,2026-05-04,2026-05-04,closed\n2,2026-05-04,,open\n');
    expect(yaml).not.toContain('status:');
    expect(yaml).toContain('# Not used: status\n');
  });

  it('of a file without rows says what it did not find', async () => {
    const { unsure } = await drafted('id,due\n');
    expect(unsure.join('\n')).toMatch(/columns\.promised: No column looks like a promised time/);
  });

  it('does not take the name of a shipped mapping', async () => {
    const { yaml } = await drafted('id,due\n1,2026-05-04\n', 'olist.csv');
    expect(yaml).toContain('\nname: olist-history\n');
    expect(MAPPINGS.map(({ name }) => name)).not.toContain('olist-history');
  });

  it('writes names that mean something in YAML so that they are read as they stand', async () => {
    const heading = ['id', 'due: by', '#carrier', 'true'];
    const { yaml } = await drafted(`${heading.join(',')}\n1,2026-05-04,dpd,x\n2,2026-05-04,dpd,y\n`);
    expect((await loaded(yaml)).columns).toEqual(expect.arrayContaining(['id', 'due: by', '#carrier']));
  });

  it('of a file that cannot be read is refused with the reason', async () => {
    await expect(drafted('')).rejects.toBeInstanceOf(UnreadableFile);
  });
});

const files = {
  olist: sharedFile('olist_orders.csv.gz'),
  scms: sharedFile('scms_deliveries.csv.gz'),
  boston: sharedFile('boston_311.csv.gz'),
  nyc: sharedFile('nyc_flights_2013.csv.gz'),
  uci: sharedFile('uci_incidents.csv.gz'),
};

describe.skipIf(Object.values(files).includes(null))('of the shared data', () => {
  it('orders: the promised day, the milestones and the words', async () => {
    const { yaml, rejected, ends } = await readBack(files.olist ?? '');
    expect(yaml).toMatch(
      /ref: order_id\n {2}madeAt: order_purchase_timestamp\n {2}promised: order_estimated_delivery_date/,
    );
    expect(yaml).toMatch(/fulfilled: order_delivered_customer_date\n {2}status: order_status\ncheckpoints:/);
    expect(rejected).toEqual([]);
    expect(ends['withdrawn']).toBeGreaterThan(0);
  });

  it('deliveries: days in two formats, words for "not known", vendor and country', async () => {
    const { yaml, rejected, good } = await readBack(files.scms ?? '');
    expect(yaml).toMatch(/promised: d-MMM-yy\n/);
    expect(yaml).toContain('madeAt: M/d/yy\n');
    expect(yaml).toContain('empty: [Date Not Captured, N/A - From RDC] # ? Guessed of Date Not Captured');
    expect(yaml).toMatch(/partner: Vendor\n {2}region: Country\n/);
    // One of its orders is later than its delivery.
    expect(rejected).toEqual(['FULFILLED_BEFORE_MADE Delivered to Client Date']);
    expect(good.flatMap(({ ignored }) => ignored)).toEqual([]);
  });

  it('requests: exact times, and rows without a deadline', async () => {
    const { yaml, rejected } = await readBack(files.boston ?? '');
    expect(yaml).toMatch(
      /precision: instant\n[^]*madeAt: OPEN_DT\n {2}promised: TARGET_DT\n {2}fulfilled: CLOSED_DT\n/,
    );
    expect(new Set(rejected)).toEqual(new Set(['NO_DEADLINE TARGET_DT']));
  });

  it.each([
    [
      'incidents: no deadline, many rows for one number',
      files.uci,
      [/columns\.promised: No column .*Times stand in opened_at/, /columns\.ref: 155 different values/],
    ],
    [
      'flights: no whole times, no reference',
      files.nyc,
      [/columns\.promised: .*No column holds whole times/, /columns\.ref: No column has a value of its own/],
    ],
  ])('%s', async (_what, path, doubts) => {
    const { yaml, unsure } = await suggestMapping(path ?? '');
    for (const doubt of doubts) expect(unsure.join('\n')).toMatch(doubt);
    await expect(loaded(yaml)).rejects.toThrow(/columns\.promised: Missing: the column of the promised time\./);
  });
});
