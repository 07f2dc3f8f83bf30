import type { Fact } from '../domain/promise/facts.ts';
import type { Instant, Zone } from '../domain/promise/instant.ts';
import { stands, type Plan } from '../domain/promise/plan.ts';
import type { NoticeReason, NoticeState, Phase } from '../domain/promise/words.ts';
import { en } from './en.ts';
import { shortTimeText, whenText } from './format.ts';

/** What is known of a customer, as a terminal shows it; a dossier of `db/` fits. */
export interface ShownDossier {
  readonly customer: Readonly<Record<'ref' | 'name' | 'email' | 'phone', string | null>> | null;
  readonly promises: readonly {
    readonly id: string;
    readonly source: string;
    readonly ref: string;
    readonly kind: string;
    readonly subject: string | null;
    readonly phase: Phase;
    readonly promisedAt: Instant;
    readonly plan: Pick<Plan, 'day' | 'windowFrom' | 'zone'>;
    readonly owner: string | null;
  }[];
  readonly notices: readonly {
    readonly reason: NoticeReason;
    readonly state: NoticeState;
    readonly dueAt: Instant;
    readonly sentAt: Instant | null;
  }[];
  readonly contacts: readonly { readonly fact: Extract<Fact, { readonly kind: 'contacted' }> }[];
  readonly notes: readonly { readonly at: Instant; readonly by: string; readonly text: string }[];
  /** Names of the staff, by id. */
  readonly people: ReadonlyMap<string, string>;
}

/** When a dossier is read, and in which zone its times are written. */
interface Reading {
  readonly now: Instant;
  readonly zone: Zone;
}

/** The lines of a dossier: who it is, then promises, notices, contacts and notes, each indented below its title. */
export function dossierLines(dossier: ShownDossier, reading: Reading): readonly string[] {
  const { who, parts } = partsOf(dossier, reading, true);
  return [
    who,
    ...parts.flatMap(({ title, lines }) => [
      `  ${title}`,
      ...lines.map((line) => `    ${line.replaceAll('\n', '\n    ')}`),
    ]),
  ];
}

/** A dossier in parts. */
export interface Brief {
  readonly who: string;
  readonly parts: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

/** So many of each are worth reading before a call. */
const NEWEST = 5;

/** What somebody needs who is about to call: the promises that are open, and the newest notices, contacts and notes. */
export const briefOf = (
  { customer, promises, notices, contacts, notes, people }: ShownDossier,
  reading: Reading,
): Brief =>
  partsOf(
    {
      customer,
      promises: promises.filter(({ phase }) => !ENDED.has(phase)),
      notices: notices.slice(0, NEWEST),
      contacts: contacts.slice(0, NEWEST),
      notes: notes.slice(0, NEWEST),
      people,
    },
    reading,
    false,
  );

const ENDED = new Set<Phase>(['kept', 'broken', 'withdrawn', 'unreachable']);

/** `ids`: for commands, which take them, also of people; else these have names. */
function partsOf(
  { customer, promises, notices, contacts, notes, people }: ShownDossier,
  { now, zone }: Reading,
  ids: boolean,
): Brief {
  const { find: says, names, clock } = en;
  const time = (at: Instant): string => shortTimeText(clock, at, zone, now);
  const person = (id: string): string => (ids ? id : (people.get(id) ?? id));
  const when = ({ promisedAt, plan }: ShownDossier['promises'][number]): string =>
    stands({ promisedAt })
      ? names.phase.paused
      : whenText(clock, { at: promisedAt, day: plan.day, from: plan.windowFrom, zone: plan.zone });
  const who = customer
    ? // Shops often know customers by their addresses.
      [...new Set([customer.name, customer.ref, customer.phone, customer.email])].filter((part) => part !== null)
    : [says.nobody];
  const all = [
    {
      title: says.promises(promises.length),
      lines: promises.map((one) =>
        [
          names.phase[one.phase],
          when(one),
          one.subject ?? '',
          `${one.kind}, ${one.source} ${one.ref}`,
          one.owner === null ? '' : person(one.owner),
          ids ? one.id : '',
        ]
          .filter((cell) => cell !== '')
          .join(' · '),
      ),
    },
    {
      title: says.notices(notices.length),
      lines: notices.map(
        (one) => `${names.reason[one.reason]} · ${names.state[one.state]} · ${time(one.sentAt ?? one.dueAt)}`,
      ),
    },
    {
      title: says.contacts(contacts.length),
      lines: contacts.map(
        ({ fact }) => `${time(fact.occurredAt)} · ${names.contactAbout[fact.about]} ${says.channel[fact.channel]}`,
      ),
    },
    {
      title: says.notes(notes.length),
      lines: notes.map(({ at, by, text }) => `${time(at)} · ${person(by)} · ${text}`),
    },
  ];
  return { who: who.join(', '), parts: all.filter(({ lines }) => lines.length > 0) };
}
