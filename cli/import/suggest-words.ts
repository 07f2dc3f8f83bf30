import type { Field, Meaning } from './yaml-mapping-spec.ts';

/** What in the name of a column speaks for a field, and how much; points below nothing speak against it. */
type Signs = readonly (readonly [RegExp, number])[];

/** English, German, Estonian, and the commonest of some neighbours; without accents, in lower case. */
const SIGNS: Readonly<Partial<Record<Field, Signs>>> = {
  promised: [
    [/(window|slot|promised|delivery) (to|until|end|latest|lopp|bis)$/, 5],
    [
      /promis|deadline|\bdue\b|lubat|lubadus|tahta(eg|ja)|solit|termin|frist|fa(e)?llig|zugesagt|versproch|vereinbart|zusage|kokkulepi|lovet|luvat|prometi|обещан|срок/,
      5,
    ],
    [
      /estimated deliver|schedul|expect|agreed|required by|\btarget|\bsla\b|\beta\b|planned|plaan|geplant|\bsoll|voraussichtlich|eeldatav/,
      3,
    ],
    [/actual|record|sent|clos|creat|open|made|\bist\b|tatsachlich|tegelik/, -4],
    [/(from|start|begin|von|ab|alates)$/, -2],
  ],
  promisedFrom: [
    [
      /(window|slot|promised|promise|due|delivery|lubatud|zugesagt|zeitfenster|termin) (from|start|begin|algus|alates|von|ab)$/,
      5,
    ],
  ],
  fulfilled: [
    [
      /fulfil|deliver|complet|finish|resolv|\bdone\b|arriv|tarnit|taidet|lopet|toimetat|valjasta|kohal|piegad|izpild|geliefert|zugestellt|erledigt|abgeschlossen|eingetroffen|erfullt|ausgefuhrt|beendet|livre|entregad|toimitettu|levererad|dostarcz|доставлен|выполнен/,
      4,
    ],
    [
      /clos|actual|suletud|slegt|returned call|liefer(datum|ung)|zustell(datum|ung)|\bist\b|tatsachlich|tegelik|tarne/,
      3,
    ],
    [/customer|client/, 1],
    [/carrier|courier|record|vendor/, -2],
    [
      /estimat|schedul|expect|promis|target|\bdue\b|deadline|planned|creat|order date|lubat|tahta(eg|ja)|termin|frist|zugesagt|geplant|voraussichtlich|\bsoll|wunsch|plaan|eeldatav/,
      -6,
    ],
  ],
  withdrawn: [
    [
      /cancel|withdraw|void|storn|tuhist|katkesta|loobu|atcelt|annul|abgesagt|gekundigt|widerruf|peruut|anulow|отмен/,
      5,
    ],
  ],
  madeAt: [
    [
      /creat|placed|purchas|ordered|order (date|time)|\bopen|booked|regist|submit|request|made|loodud|tellit|tellimuse (kuupaev|aeg)|esitat|saabu|izveidot|pasutit|erstellt|bestell|auftrags(datum|eingang|zeit)|angelegt|erfasst|eingang|ero(e)?ffnet|commande|tilattu|bestalld|zamowi|заказан/,
      4,
    ],
    [/\bpo\b|start|quote|report|gemeldet|beginn|algus/, 3],
    [/^(date|time|timestamp|datum|kuupaev|aeg)$|sent/, 2],
    [
      /approv|carrier|deliver|clos|promis|\bdue\b|resolv|updat|modif|cancel|storn|tuhist|liefer|zugesagt|termin|lubat|tahta(eg|ja)|geandert|muudet/,
      -5,
    ],
  ],
  target: [[/\btarget|internal|goal|\bziel|intern/, 4]],
  ref: [
    [
      /\b(id|no|nr|nro|num|number|ref|reference|code|key|kennung|kood|referenz|referents|numer|numero|numurs|n|номер)\b|(nr|nummer|number|numero|viitenumber|zeichen)\b/,
      4,
    ],
    [
      /order|ticket|case|promise|incident|enquiry|tellimus|bestell|auftrag|vorgang|poordumi|pasutijum|tilaus|zamowien|commande|pedido|заказ/,
      2,
    ],
    [
      /customer|client|buyer|vendor|supplier|product|artikel|toote?|phone|telefo|mobil|handy|rufnummer|\btel\b|e ?mail|e ?post|kund|klien|kaufer|ostja|\bzip|post(al)? ?code|postleit|\bplz\b|siht|haus|konto|account|carrier|tracking|name|nimi/,
      -6,
    ],
    [
      /value|amount|total|price|quantity|\bqty\b|count|status|type|menge|wert|betrag|preis|summe|anzahl|summa|hind|kogus|olek/,
      -6,
    ],
  ],
  kind: [[/\bkind\b|\btype\b|\bsort\b|liik|veids|art\b/, 4]],
  status: [[/status|state|staatus|olek|seis\b|stavokl|zustand|\bstand\b|phase|stage|статус/, 4]],
  partner: [
    [
      /carrier|courier|vendor|supplier|partner|resell|department|dealer|assignment group|\bteam\b|vedaja|kuller|tarnija|parvadat|lieferant|spedit|kurier|zusteller|paketdienst|versand(art|dienst)|dienstleister/,
      4,
    ],
  ],
  region: [
    [
      /region|country|county|city|neighbou?rhood|district|\bstate\b|province|origin|\barea\b|maakond|linn|riik|valsts|pilset|\bland\b|bundesland|stadt|\bort\b|wohnort|lieferort/,
      4,
    ],
  ],
  product: [
    [/product|categor|\btype\b|\bsku\b|\bitem\b|toode|toote|kategoor|kaup|produkt|artikel|\bware\b/, 4],
    [/\bmode\b|service|\bdest|tariff|\bgroup\b/, 3],
    [/contact|customer|quantity|value|price/, -4],
  ],
  owner: [
    [
      /owner|agent|assignee|assigned to|handler|managed by|responsib|operator|vastuta|teenindaja|haldur|bearbeiter|betreuer|zustandig|verantwort|atbildig/,
      4,
    ],
  ],
  subject: [[/subject|\btitle\b|summary|teema|pealkiri|betreff|nosaukums/, 4]],
  customer: [
    [
      /^(customer|client|buyer|account|klien(t|di|ts|ta)?|ostja|kunden?|kd|kaufer|besteller|asiakas|asiakkaan|kund) ?(id|no|nr|number|ref|code|kood|nummer|numurs|numero)?$/,
      4,
    ],
  ],
  customerName: [
    [
      /(customer|client|buyer|recipient|contact|klien(t|di|ta?)?|ostja|saaja|kunden?|kaufer|empfanger|besteller) ?(full )?(name|nimi|vards)|^(full )?(name|nimi)$/,
      4,
    ],
    [
      /^(customer|client|buyer|recipient|contact person|klient|ostja|saaja|kunde|kaufer|empfanger|besteller|ansprechpartner|kontaktperson|asiakas|kund)$/,
      3,
    ],
  ],
  customerEmail: [[/e ?mail|e ?post|epasts|\bmail|meiliaadress|courriel|sahkoposti/, 4]],
  customerPhone: [[/phone|mobile|telef|\btel\b|mobil|handy|rufnummer|\bgsm\b|talrun|puhelin/, 4]],
  customerLanguage: [[/language|locale|keel|sprache|valoda/, 4]],
  customerZone: [[/time ?zone|zeitzone|ajavoond/, 4]],
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
  [
    /refus|reject|declin|out of stock|abgelehnt|ausverkauft|nicht lieferbar|vergriffen|keeldu|pole laos|otsas/,
    'withdrawn by company',
  ],
  [
    /cancel|withdraw|\bvoid|unavailable|aborted|tuhist|katkesta|loobu|atcelt|storn|annul|abgebrochen|abgesagt|gekundigt|widerruf|zuru(e)?ckgezogen|peruut|anulow|отмен/,
    'withdrawn',
  ],
  [/^(un|not |partially |nicht |noch nicht|teil|osalis)|mata$/, 'open'],
  [
    /deliver|complet|clos|resolv|\bdone\b|fulfil|finish|arriv|tarnit|taidet|suletud|lopet|katte toimetat|kohal|valjasta|piegad|izpild|geliefert|erledigt|zugestellt|abgeschlossen|beendet|eingetroffen|erfullt|fertig|livre|entregad|доставлен|выполнен/,
    'fulfilled',
  ],
  [
    /new|open|creat|process|approv|ship|progress|pend|active|assign|wait|invoic|transit|hold|paid|sent|uus|avatud|tootlem|toos\b|teel\b|ootel|saadet|kinnitat|makstud|neu|offen|bearbeit|versandt|versendet|verschickt|unterwegs|wartet|bestatigt|bezahlt/,
    'open',
  ],
];

/** What a word of a status column seems to say; null: it tells nothing. */
export const meaningOf = (word: string): Meaning | null =>
  STATUS_SIGNS.find(([sign]) => sign.test(plain(word)))?.[1] ?? null;

/** The kind of promise that a heading speaks of. */
export function kindOf(heading: readonly string[]): string {
  const all = heading.map(plain).join(' ');
  if (/deliver|ship|carrier|courier|tarn|piegad|liefer|versand/.test(all)) return 'delivery';
  if (/callback|call back/.test(all)) return 'callback';
  return /incident|ticket|case|request|enquiry|complaint|poordumi|pieteikum|anfrage|vorgang|storung/.test(all)
    ? 'reply'
    : 'delivery';
}

/** What stands in files for "not known", and nowhere for anything else. */
export const isNoValue = (text: string): boolean =>
  NO_VALUES.has(text.trim().toLowerCase().replaceAll(/\s+/g, ' ')) || /^([-–—?]+|\.)$/.test(text.trim());

const NO_VALUES: ReadonlySet<string> = new Set([
  ...['n/a', '#n/a', 'n.a.', 'n.a', 'na', 'none', 'null', '(null)', 'nil', 'nan', 'unknown', 'not known', 'undefined'],
  ...['not available', 'not applicable', '(blank)', '(empty)', 'tbd', 'tba'],
  ...[
    'k.a.',
    'k. a.',
    'k.a',
    'keine angabe',
    'unbekannt',
    'entfällt',
    'puudub',
    'teadmata',
    'nav',
    'nezināms',
    'ei tiedossa',
  ],
]);
