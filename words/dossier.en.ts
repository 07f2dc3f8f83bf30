import type { Fact } from '../domain/promise/facts.ts';
import type { Instant, Zone } from '../domain/promise/instant.ts';
import { stands, type Plan } from '../domain/promise/plan.ts';
import type { NoticeReason, NoticeState, Phase } from '../domain/promise/words.ts';
import { en } from './en.ts';
import { shortTimeText, whenText } from './format.ts';

/** What is known of a customer, as a terminal shows it; a dossier of `db/` fits. */
export interface ShownDossier {
  readonly customer:
    (Readonly<Record<'ref', string>> & Readonly<Record<'name' | 'email' | 'phone', string | null>>) | null;
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
}

/** The lines of a dossier: who it is, then promises, notices, contacts and notes, each indented below its title. */
export function dossierLines(
  { customer, promises, notices, contacts, notes }: ShownDossier,
  { now, zone }: { readonly now: Instant; readonly zone: Zone },
): readonly string[] {
  const { find: says, names, clock } = en;
  const time = (at: Instant): string => shortTimeText(clock, at, zone, now);
  const when = ({ promisedAt, plan }: ShownDossier['promises'][number]): string =>
    stands({ promisedAt })
      ? names.phase.paused
      : whenText(clock, { at: promisedAt, day: plan.day, from: plan.windowFrom, zone: plan.zone });
  const who = customer
    ? [customer.name, customer.ref, customer.phone, customer.email].filter((part) => part !== null)
    : [says.nobody];
  return [
    who.join(', '),
    ...part(
      says.promises(promises.length),
      promises.map((one) =>
        [
          names.phase[one.phase],
          when(one),
          one.subject ?? '',
          `${one.kind}, ${one.source} ${one.ref}`,
          one.owner,
          one.id,
        ]
          .filter((cell) => cell !== null && cell !== '')
          .join(' · '),
      ),
    ),
    ...part(
      says.notices(notices.length),
      notices.map(
        (one) => `${names.reason[one.reason]} · ${names.state[one.state]} · ${time(one.sentAt ?? one.dueAt)}`,
      ),
    ),
    ...part(
      says.contacts(contacts.length),
      contacts.map(
        ({ fact }) => `${time(fact.occurredAt)} · ${names.contactAbout[fact.about]} ${says.channel[fact.channel]}`,
      ),
    ),
    ...part(
      says.notes(notes.length),
      notes.map(({ at, by, text }) => `${time(at)} · ${by} · ${text.replaceAll('\n', '\n    ')}`),
    ),
  ];
}

const part = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)];
