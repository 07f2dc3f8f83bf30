import type { Field, Meaning } from './yaml-mapping-spec.ts';

/** What in the name of a column speaks for a field, and how much; points below nothing speak against it. */
type Signs = readonly (readonly [RegExp, number])[];

/** English, and what is said in Estonian, Latvian and German; without accents, in lower case. */
const SIGNS: Readonly<Partial<Record<Field, Signs>>> = {
  promised: [
    [/(window|slot|promised|delivery) (to|until|end|latest|lopp|bis)$/, 5],
    [/promis|deadline|\bdue\b|lubat|lubadus|tahta(eg|ja)|solit|termin|frist|fallig|zugesagt/, 5],
    [/estimated deliver|schedul|expect|agreed|required by|\btarget|\bsla\b|\beta\b|planned|plaan/, 3],
    [/actual|record|sent|clos|creat|open|made/, -4],
    [/(from|start|begin)$/, -2],
  ],
  promisedFrom: [[/(window|slot|promised|promise|due|delivery|lubatud) (from|start|begin|algus)/, 5]],
  fulfilled: [
    [
      /fulfil|deliver|complet|finish|resolv|\bdone\b|arriv|tarnit|taidet|lopet|piegad|izpild|geliefert|zugestellt|erledigt|abgeschlossen/,
      4,
    ],
    [/clos|actual|suletud|slegt|returned call/, 3],
    [/customer|client/, 1],
    [/carrier|courier|record|vendor/, -2],
    [/estimat|schedul|expect|promis|target|\bdue\b|deadline|planned|creat|order date|lubat/, -6],
  ],
  withdrawn: [[/cancel|withdraw|void|storn|tuhist|atcelt|annul/, 5]],
  madeAt: [
    [
      /creat|placed|purchas|ordered|order (date|time)|\bopen|booked|regist|submit|request|made|loodud|tellit|izveidot|pasutit|erstellt|bestell|eroffnet/,
      4,
    ],
    [/\bpo\b|start|quote|report/, 3],
    [/^(date|time|timestamp)$|sent/, 2],
    [/approv|carrier|deliver|clos|promis|\bdue\b|resolv|updat|modif|cancel/, -5],
  ],
  target: [[/\btarget|internal|goal/, 4]],
  ref: [
    [/\b(id|no|nr|number|ref|reference|code|key|nummer|viitenumber|numurs)\b/, 4],
    [/order|ticket|case|promise|incident|enquiry|tellimus|bestell/, 1],
    [/customer|client|vendor|product|phone|klien/, -4],
  ],
  kind: [[/\bkind\b|\btype\b|\bsort\b|liik|veids|art\b/, 4]],
  status: [[/status|state|staatus|olek|stavokl|zustand|phase|stage/, 4]],
  partner: [
    [
      /carrier|courier|vendor|supplier|partner|resell|department|dealer|assignment group|\bteam\b|vedaja|kuller|parvadat|lieferant|spedit/,
      4,
    ],
  ],
  region: [
    [
      /region|country|county|city|neighbou?rhood|district|\bstate\b|province|origin|\barea\b|maakond|linn|riik|valsts|pilset|\bland\b|stadt/,
      4,
    ],
  ],
  product: [
    [/product|categor|\btype\b|\bsku\b|\bitem\b|toode|toote|kategoor|kaup|produkt|artikel/, 4],
    [/\bmode\b|service|\bdest|tariff|\bgroup\b/, 3],
    [/contact|customer|quantity|value|price/, -4],
  ],
  owner: [
    [
      /owner|agent|assignee|assigned to|handler|managed by|responsib|operator|vastuta|teenindaja|bearbeiter|atbildig/,
      4,
    ],
  ],
  subject: [[/subject|\btitle\b|summary|teema|pealkiri|betreff|nosaukums/, 4]],
  customer: [[/^(customer|client|buyer|account|klien\w*|kunden?)( (id|no|nr|number|ref|code|kood|nummer))?$/, 4]],
  customerName: [[/(customer|client|buyer|klien\w*|kunden?) ?(name|nimi)|^name$/, 4]],
  customerEmail: [[/e ?mail|e ?post|epasts/, 4]],
  customerPhone: [[/phone|mobile|telef|\btel\b|mobil/, 4]],
  customerLanguage: [[/language|locale|keel|sprache|valoda/, 4]],
  customerZone: [[/time ?zone/, 4]],
};

/** How much the name of a column speaks for a field; 0 and less: not at all. */
export function pointsOf(field: Field, column: string): number {
  const name = plain(column);
  return (SIGNS[field] ?? []).reduce((sum, [sign, points]) => sum + (sign.test(name) ? points : 0), 0);
}

/** `orderDate`, `order_date` and `Order-Date` are `order date`; accents are dropped. */
export const plain = (text: string): string =>
  text
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Words of a status column; the first sign that fits counts. */
const STATUS_SIGNS: readonly (readonly [RegExp, Meaning])[] = [
  [/refus|reject|declin|out of stock/, 'withdrawn by company'],
  [/cancel|withdraw|\bvoid|unavailable|aborted|tuhist|atcelt|storn|annul/, 'withdrawn'],
  [/^(un|not |partially )/, 'open'],
  [
    /deliver|complet|clos|resolv|\bdone\b|fulfil|finish|arriv|tarnit|taidet|suletud|lopet|piegad|izpild|geliefert|erledigt|zugestellt/,
    'fulfilled',
  ],
  [
    /new|open|creat|process|approv|ship|progress|pend|active|assign|wait|invoic|transit|hold|paid|sent|uus|avatud|tootlem|neu|offen/,
    'open',
  ],
];

/** What a word of a status column seems to say; null: it tells nothing. */
export const meaningOf = (word: string): Meaning | null =>
  STATUS_SIGNS.find(([sign]) => sign.test(plain(word)))?.[1] ?? null;

/** The kind of promise that a heading speaks of. */
export function kindOf(heading: readonly string[]): string {
  const all = heading.map(plain).join(' ');
  if (/deliver|ship|carrier|courier|tarn|piegad|liefer/.test(all)) return 'delivery';
  if (/callback|call back/.test(all)) return 'callback';
  return /incident|ticket|case|request|enquiry|complaint|poordumi|pieteikum|anfrage/.test(all) ? 'reply' : 'delivery';
}

/** What stands in files for "not known". */
export const isNoValue = (text: string): boolean =>
  /^(n\/?a|none|null|nil|nan|unknown|not known|-+|\?+|\.|puudub)$/i.test(text.trim());
