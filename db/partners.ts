import { documentsIn, type StoredDocument } from './documents.ts';
import { KeptError } from './fault-fields.ts';
import type { Queryable } from './pool.ts';
import { completedPartner, type Partner, type VersionedPartner } from '../domain/policy/partner.ts';

const PARTNERS = documentsIn('partners', 'id');

const read = ({ document, version }: StoredDocument): VersionedPartner => ({
  partner: completedPartner(document),
  version,
});

/** Stores partners, each as `savePartner` does. */
export async function savePartners(q: Queryable, partners: readonly Partner[]): Promise<void> {
  // In the order of their ids, so that two who save several of them inside transactions cannot wait for each other.
  const inOrder = partners.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const partner of inOrder) await savePartner(q, partner);
}

/** Stores a partner; a changed one becomes the next version. Answers the version that it is stored as. */
export const savePartner = (q: Queryable, partner: Partner): Promise<number> => PARTNERS.save(q, partner.id, partner);

/** What new promises of a partner are planned by; null where nothing is said of it. */
export async function newestPartner(q: Queryable, id: string): Promise<VersionedPartner | null> {
  const row = await PARTNERS.newest(q, id);
  return row && read(row);
}

/** The newest version of every partner, by id. */
export const newestPartners = async (q: Queryable): Promise<readonly VersionedPartner[]> =>
  (await PARTNERS.newestOfAll(q)).map(read);

/** The newest version of at most `limit` partners, by id: those after one; null: from the first on. */
export const newestPartnersAfter = async (
  q: Queryable,
  id: string | null,
  limit: number,
): Promise<readonly VersionedPartner[]> => (await PARTNERS.newestAfter(q, id, limit)).map(read);

/** One version of a partner; null where it was never stored. */
export async function findPartner(q: Queryable, id: string, version: number): Promise<Partner | null> {
  const row = await PARTNERS.find(q, id, version);
  return row && completedPartner(row.document);
}

/**
 * The partner that a promise is planned by. A version never changes, so each is read once per process.
 * @throws when the version is not there: promises name only what was stored
 */
export async function partnerOf(q: Queryable, id: string, version: number): Promise<Partner> {
  const name = `${id}@${version}`;
  const known = versions.get(name);
  if (known) return known;
  const partner = await findPartner(q, id, version);
  if (!partner) throw new KeptError(`Partner ${name} is not stored.`);
  versions.set(name, partner);
  return partner;
}

const versions = new Map<string, Partner>();
