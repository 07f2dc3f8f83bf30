import { newestCalendars, saveCalendars } from '../db/calendars.ts';
import { proposeCompany, saveCompany } from '../db/company.ts';
import { HOTLINE, savePeople, staffOf, type Staff } from '../db/people.ts';
import { savePartners } from '../db/partners.ts';
import { newestPolicies, savePolicies } from '../db/policies.ts';
import { createPool, type Pool } from '../db/pool.ts';
import { DEFAULT_POLICIES } from '../domain/policy/defaults.ts';
import { didYouMean } from '../domain/policy/documents.ts';
import { unknownCalendars } from './calendar-files.ts';
import { readPhones } from './read-phones.ts';
import { PolicyFilesError, readPolicyFiles, type PolicyFiles } from './policies.ts';
import { whenDatabaseAnswers, type Waiting } from './when-database-answers.ts';

/** Who works in the sample's bookshop: for a laptop on which nobody is known yet. */
const SAMPLE_STAFF: Staff = {
  people: [
    { id: 'kati', name: 'Kati Kask', email: 'kati@books.example', phone: '+372 600 0001', lead: 'jaan', manager: null },
    { id: 'jaan', name: 'Jaan Tamm', email: 'jaan@books.example', phone: null, lead: null, manager: 'mall' },
    { id: 'mall', name: 'Mall Saar', email: 'mall@books.example', phone: null, lead: null, manager: null },
  ],
  hotline: {
    id: HOTLINE,
    name: 'Customer care',
    email: 'care@books.example',
    phone: '+372 600 0000',
    lead: null,
    manager: null,
  },
  zone: null,
};
const SAMPLE_COMPANY = { zone: 'Europe/Tallinn', country: 'EE' };

/** What is written where the files are silent. Never over something that is stored. */
export interface Beginnings {
  /** The kinds that come with Kept, where no policy of the same kind is stored. */
  readonly kinds: boolean;
  /** The sample's people, zone and country, where nobody is stored. */
  readonly sampleStaff: boolean;
}

/**
 * Stores what the files of `KEPT_POLICIES` say: their calendars and kinds, with `people.yaml` the staff, with
 * `partners.yaml` the partners, with `company.yaml` what it says. What they are silent about stays as it is stored. Safe to run again, and from
 * several processes at once.
 * @throws PolicyFilesError, having stored nothing, for a policy that names a calendar, or a partner that names a kind, which nobody knows
 */
export async function applyPolicies(
  pool: Pool,
  files: PolicyFiles | null,
  { kinds, sampleStaff }: Beginnings,
): Promise<void> {
  if (files) await applyFiles(pool, files, kinds);
  if (sampleStaff && !(await staffOf(pool, [])).has(HOTLINE)) {
    await savePeople(pool, SAMPLE_STAFF);
    await proposeCompany(pool, SAMPLE_COMPANY);
  }
  if (kinds) {
    const known = new Set((await newestPolicies(pool)).map(({ policy }) => policy.kind));
    const missing = DEFAULT_POLICIES.filter(({ kind }) => !known.has(kind));
    if (missing.length > 0) await savePolicies(pool, missing);
  }
  await readPhones(pool);
}

async function applyFiles(pool: Pool, files: PolicyFiles, kinds: boolean): Promise<void> {
  await refuseUnknownCalendars(pool, files);
  await refuseUnknownKinds(pool, files, kinds);
  // Before the policies: whoever reads one of them finds the calendar that it names.
  await saveCalendars(pool, files.calendars);
  if (files.policies.length > 0) await savePolicies(pool, files.policies);
  await savePartners(pool, files.partners);
  if (files.people) await savePeople(pool, { ...files.people, zone: null });
  if (files.company) await saveCompany(pool, files.company);
}

async function refuseUnknownCalendars(pool: Pool, { calendars, calendarsElsewhere }: PolicyFiles): Promise<void> {
  if (calendarsElsewhere.length === 0) return;
  const stored = (await newestCalendars(pool)).map(({ calendar }) => calendar);
  const faults = unknownCalendars(calendarsElsewhere, new Set([...calendars, ...stored].map(({ id }) => id)));
  if (faults.length > 0) throw new PolicyFilesError(faults);
}

/** `usual`: the kinds that come with Kept are about to be stored, too. */
async function refuseUnknownKinds(pool: Pool, { kindsElsewhere }: PolicyFiles, usual: boolean): Promise<void> {
  if (kindsElsewhere.length === 0) return;
  const stored = (await newestPolicies(pool)).map(({ policy }) => policy);
  const known = new Set([...stored, ...(usual ? DEFAULT_POLICIES : [])].map(({ kind }) => kind));
  const faults = kindsElsewhere
    .filter(({ kind }) => !known.has(kind))
    .map(({ kind, faultAt }) => faultAt(`No policy for the kind ${kind}.${didYouMean(kind, [...known])}`));
  if (faults.length > 0) throw new PolicyFilesError(faults);
}

/** True where notices name the people who come with the sample. */
export async function isSampleStaff(pool: Pool): Promise<boolean> {
  const hotline = (await staffOf(pool, [])).get(HOTLINE);
  return hotline?.email === SAMPLE_STAFF.hotline.email && hotline.phone === SAMPLE_STAFF.hotline.phone;
}

/**
 * For `kept api` and `kept worker`: stores what the files of `KEPT_POLICIES` say as soon as the database answers;
 * without the variable nothing.
 * @throws PolicyFilesError at once where the files cannot be used
 */
export async function applyAtStart(databaseUrl: string, folder: string | null, waiting: Waiting): Promise<void> {
  if (folder === null) return;
  const files = readPolicyFiles(folder);
  const pool = createPool({ url: databaseUrl, max: 1, name: 'kept policies' });
  try {
    await whenDatabaseAnswers(() => applyPolicies(pool, files, { kinds: false, sampleStaff: false }), waiting);
  } finally {
    await pool.end();
  }
}
