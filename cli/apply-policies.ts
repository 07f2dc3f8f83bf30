import { savePeople, type Staff } from '../db/people.ts';
import { newestPolicies, savePolicies } from '../db/policies.ts';
import { createPool, type Pool } from '../db/pool.ts';
import { DEFAULT_POLICIES } from '../domain/policy/defaults.ts';
import { PolicyFilesError, readPolicyFiles, withDefaults, type PolicyFiles } from './policies.ts';

const COMPANY_ZONE = 'UTC';

/** Who works in the sample's bookshop; used by `kept up` where no people.yaml says otherwise. */
export const SAMPLE_STAFF: Staff = {
  people: [
    { id: 'kati', name: 'Kati Kask', email: 'kati@books.example', phone: '+372 600 0001', lead: 'jaan', manager: null },
    { id: 'jaan', name: 'Jaan Tamm', email: 'jaan@books.example', phone: null, lead: null, manager: 'mall' },
    { id: 'mall', name: 'Mall Saar', email: 'mall@books.example', phone: null, lead: null, manager: null },
  ],
  hotline: {
    id: 'hotline',
    name: 'Customer care',
    email: 'care@books.example',
    phone: '+372 600 0000',
    lead: null,
    manager: null,
  },
  zone: 'Europe/Tallinn',
};

/** Stores what the files of `KEPT_POLICIES` say; without the variable nothing. @throws PolicyFilesError */
export async function applyPolicyFiles(databaseUrl: string, folder: string | null): Promise<void> {
  if (folder === null) return;
  const { policies, people, zone } = readPolicyFiles(folder);
  if (!people)
    throw new PolicyFilesError([`${folder}/people.yaml is missing: notices name the owner, or the hotline in it.`]);
  const pool = createPool({ url: databaseUrl, max: 1, name: 'kept policies' });
  try {
    if (policies.length > 0) await savePolicies(pool, policies);
    await savePeople(pool, { ...people, zone: zone ?? COMPANY_ZONE });
  } finally {
    await pool.end();
  }
}

/** Stores the kinds that come with Kept, where no policy of the same kind is stored. */
export async function applyDefaultPolicies(databaseUrl: string): Promise<void> {
  const pool = createPool({ url: databaseUrl, max: 1, name: 'kept policies' });
  try {
    const known = new Set((await newestPolicies(pool)).map(({ policy }) => policy.kind));
    const missing = DEFAULT_POLICIES.filter(({ kind }) => !known.has(kind));
    if (missing.length > 0) await savePolicies(pool, missing);
  } finally {
    await pool.end();
  }
}

/** For `kept up`: the files, and where they are silent the kinds that come with Kept and the sample's staff. */
export async function applyLaptopPolicies(pool: Pool, files: PolicyFiles | null): Promise<void> {
  await savePolicies(pool, withDefaults(files?.policies ?? []));
  const staff = files?.people ? { ...files.people, zone: files.zone ?? COMPANY_ZONE } : SAMPLE_STAFF;
  await savePeople(pool, { ...staff, zone: files?.zone ?? staff.zone });
}
