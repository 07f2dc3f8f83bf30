import { describe, expect, it } from 'vitest';
import { MappingFileError, readYamlMapping } from '../../../cli/import/yaml-mapping.ts';
import { file } from './reading.ts';

const GOOD = `name: shop
zone: Europe/Tallinn
precision: day
columns:
  ref: order_no
  promised: due
  fulfilled: delivered
  status: state
values: { kind: delivery }
formats: { promised: dd.MM.yyyy }
status: { delivered: fulfilled, cancelled: withdrawn, new: open }
empty: ["", "N/A"]
`;

let count = 0;
function load(text: string) {
  count += 1;
  return readYamlMapping(file(`mapping-${count}.yaml`, text), ['olist']);
}

it('a mapping names every column it reads, once', () => {
  const mapping = load(
    GOOD.replace('promised: due', 'promised: due\n  madeAt: due\n  owner: "who "').replace(
      'status: {',
      'checkpoints: { sent: sent_on }\nseparator: ";"\nstatus: {',
    ),
  );
  expect(mapping).toMatchObject({ name: 'shop', zone: 'Europe/Tallinn', separator: ';' });
  expect(mapping.columns.toSorted()).toEqual(['delivered', 'due', 'order_no', 'sent_on', 'state', 'who ']);
});

describe('a fault of a mapping file is named with line and key:', () => {
  it.each<[string, string, string, RegExp]>([
    ['no name', 'name: shop\n', '', /:1: name: Missing: a short name/],
    ['a name that is none', 'name: shop', 'name: My Shop', /:1: name: Not a name/],
    ['a name that is taken', 'name: shop', 'name: olist', /:1: name: olist is taken/],
    ['our own name', 'name: shop', 'name: kept', /:1: name: kept is taken/],
    ['no zone', 'zone: Europe/Tallinn\n', '', /:1: zone: Missing: the IANA time zone/],
    ['an unknown zone', 'Europe/Tallinn', 'Europe/Tallin', /:2: zone: Europe\/Tallin is no IANA time zone/],
    ['no precision', 'precision: day\n', '', /:1: precision: Missing: one of day, instant, window/],
    ['an unknown precision', 'precision: day', 'precision: date', /:3: precision: One of day, instant, window/],
    ['a key with a slip', 'empty:', 'emtpy:', /:12: emtpy: Unknown key\. Do you mean empty\?/],
    [
      'a key of another way of writing',
      'promised: due',
      'promised: due\n  made_at: x',
      /:7: columns\.made_at: Unknown key\. Do you mean madeAt\?/,
    ],
    [
      'a key far from any',
      'values: {',
      'values: { colour: red,',
      /:9: values\.colour: Unknown key\. There are kind, partner/,
    ],
    ['no reference', '  ref: order_no\n', '', /:4: columns\.ref: Missing/],
    ['no promised time', '  promised: due\n', '', /:4: columns\.promised: Missing/],
    [
      'no kind',
      'values: { kind: delivery }',
      'values: {}',
      /:9: values\.kind: Missing: write values: \{ kind: delivery \}/,
    ],
    [
      'a column and a value for one thing',
      '  ref: order_no',
      '  ref: order_no\n  kind: sort',
      /:10: values\.kind: Stands under columns, too/,
    ],
    ['a column that is no text', 'ref: order_no', 'ref: [order_no]', /:5: columns\.ref: A text stands here/],
    [
      'columns that are no columns',
      /columns:\n( .*\n)+/.exec(GOOD)?.[0] ?? '',
      'columns: order_no\n',
      /:4: columns: A mapping \(key: value\)/,
    ],
    ['a value that is too long', 'kind: delivery', `kind: ${'x'.repeat(65)}`, /:9: values\.kind: Longer than 64/],
    ['a format of another tool', 'dd.MM.yyyy', 'DD.MM.YYYY', /:10: formats\.promised: DD is not known here; write dd/],
    [
      'a format without its column',
      'formats: {',
      'formats: { madeAt: iso,',
      /:10: formats\.madeAt: There is no column for madeAt/,
    ],
    ['a format for what is no time', 'formats: {', 'formats: { ref: iso,', /:10: formats\.ref: Unknown key/],
    [
      'a day for an exact promise',
      'precision: day',
      'precision: instant',
      /:10: formats\.promised: A day without a time of day cannot be judged against an instant/,
    ],
    [
      'a window without a beginning',
      'precision: day',
      'precision: window',
      /:4: columns\.promisedFrom: Missing: the column in which a window begins/,
    ],
    [
      'a beginning without a window',
      'promised: due',
      'promised: due\n  promisedFrom: from',
      /:7: columns\.promisedFrom: Only a window has a beginning/,
    ],
    ['an unknown meaning', 'new: open', 'new: opened', /:11: status\.new: One of open, fulfilled, withdrawn, /],
    ['a word twice', 'new: open', 'Delivered: open', /:11: status\.Delivered: This word stands here twice/],
    ['no meanings', /status: \{.*\n/.exec(GOOD)?.[0] ?? '', '', /:8: columns\.status: Needs status/],
    ['meanings without a column', '  status: state\n', '', /:10: status: There is no column for it/],
    [
      'words that cannot be fulfilled',
      '  fulfilled: delivered\n',
      '',
      /:10: status: fulfilled needs the column fulfilled/,
    ],
    [
      'a customer who withdrew nobody knows when',
      'cancelled: withdrawn',
      'cancelled: withdrawn by customer',
      /:11: status: withdrawn by customer needs the column withdrawn/,
    ],
    [
      'an estimate made nobody knows when',
      'promised: due',
      'promised: due\n  estimated: eta',
      /:7: columns\.estimated: .*estimateMade/,
    ],
    [
      'an estimate of nothing',
      'promised: due',
      'promised: due\n  estimateMade: eta_on',
      /:7: columns\.estimateMade: Without the column estimated/,
    ],
    [
      'a customer without a number',
      'promised: due',
      'promised: due\n  customerEmail: mail',
      /:7: columns\.customerEmail: Needs the column customer/,
    ],
    [
      'a checkpoint named as a column',
      'empty:',
      'checkpoints: { promised: x }\nempty:',
      /:12: checkpoints\.promised: This is the name of a column/,
    ],
    ['a separator of two characters', 'empty:', 'separator: "||"\nempty:', /:12: separator: One character/],
    ['one empty word', 'empty: ["", "N/A"]', 'empty: N/A', /:12: empty: A list of words/],
    ['no YAML', 'values: {', 'values: {{', /:\d+: /],
    ['the same key twice', 'zone: Europe', 'name: shop\nzone: Europe', /:2: .*unique/],
    ['no mapping at all', GOOD, '- shop\n', /:1: A mapping \(key: value\) stands here\. "kept import --suggest FILE"/],
    ['an empty file', GOOD, '', /:1: A mapping \(key: value\)/],
  ])('%s', (_what, old, changed, message) => {
    expect(GOOD).toContain(old);
    const reading = () => load(GOOD.replace(old, changed));
    expect(reading).toThrow(MappingFileError);
    expect(reading).toThrow(message);
  });

  it('all of them together', () => {
    const faulty = GOOD.replace('Tallinn', 'Tallin')
      .replace('ref: order_no', 'reff: order_no')
      .replace('new: open', 'new: maybe');
    expect(() => load(faulty)).toThrow(/:2: zone[^]*:5: columns\.reff[^]*:11: status\.new/);
  });

  it('and nothing else', () => {
    expect(load(GOOD).name).toBe('shop');
  });
});
