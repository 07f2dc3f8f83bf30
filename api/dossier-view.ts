import { z } from '@hono/zod-openapi';
import { membersOf, type StaffMember } from '../db/duty.ts';
import type { Queryable } from '../db/pool.ts';
import type { Contact, Dossier } from '../db/dossiers.ts';
import type { Instant } from '../domain/promise/instant.ts';
import { CONTACT_CHANNELS, CONTACT_SUBJECTS } from '../domain/promise/words.ts';
import { instantAnswer } from './fields.ts';
import { noticeOf, noticeView } from './routes/history.ts';
import { noteOf, noteView } from './routes/notes.ts';
import { promiseView, viewOf } from './promise-view.ts';

const ofPromise = { promiseId: z.uuid() };

const contactView = z
  .strictObject({
    ...ofPromise,
    at: instantAnswer,
    channel: z.enum(CONTACT_CHANNELS),
    about: z.enum(CONTACT_SUBJECTS),
  })
  .openapi('Contact', { description: 'The customer came to us.' });

/** What is known of the promises of one customer. */
const parts = {
  promises: z.array(promiseView),
  notices: z.array(noticeView.extend(ofPromise).openapi('PromiseNotice')),
  contacts: z.array(contactView),
  notes: z.array(noteView.extend(ofPromise).openapi('PromiseNote')),
};

export const dossierView = z
  .strictObject({
    ref: z.string().nullable().openapi({ description: 'Of the customer; null: history that names nobody.' }),
    name: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable().openapi({ description: 'E.164, where it could be read.' }),
    ...parts,
  })
  .openapi('Dossier', {
    description:
      'All that is known of a customer: open promises first, then those with the latest times, at most 100; of the rest ' +
      'the newest first.',
  });

export const briefView = z
  .strictObject(parts)
  .openapi('Brief', { description: 'What somebody needs to know who is about to call.' });

/** Where links lead, and the moment of the answer. */
interface At {
  readonly baseUrl: string;
  readonly now: Instant;
}

/** As answered: with the owners of the promises as contacts. */
export async function dossierViews(
  q: Queryable,
  dossiers: readonly Dossier[],
  at: At,
): Promise<z.input<typeof dossierView>[]> {
  const owners = dossiers.flatMap(({ promises }) => promises.flatMap(({ owner }) => (owner === null ? [] : [owner])));
  const staff = await membersOf(q, [...new Set(owners)]);
  return dossiers.map((dossier) => ({
    ref: dossier.customer?.ref ?? null,
    name: dossier.customer?.name ?? null,
    email: dossier.customer?.email ?? null,
    phone: dossier.customer?.phone ?? null,
    ...partsOf(dossier, staff, at),
  }));
}

const partsOf = (
  { promises, notices, contacts, notes }: Dossier,
  staff: ReadonlyMap<string, StaffMember>,
  at: At,
): z.input<typeof briefView> => ({
  promises: promises.map((promise) => viewOf(promise, staff, at)),
  notices: notices.map((notice) => ({ ...noticeOf(notice), promiseId: notice.promiseId })),
  contacts: contacts.map(contactOf),
  notes: notes.map((note) => ({ ...noteOf(note), promiseId: note.promiseId })),
});

const contactOf = ({ promiseId, fact }: Contact): z.input<typeof contactView> => ({
  promiseId,
  at: fact.occurredAt,
  channel: fact.channel,
  about: fact.about,
});
