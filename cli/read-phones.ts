import { readPhone } from '../api/phone.ts';
import { companyRules } from '../db/company.ts';
import { readPhonesAgain } from '../db/customers.ts';
import type { Queryable } from '../db/pool.ts';

/** Brings the phones of customers into the one notation by which they are found, as far as the company's country tells. */
export async function readPhones(q: Queryable): Promise<void> {
  const { country } = await companyRules(q);
  await readPhonesAgain(q, (phone) => readPhone(phone, country));
}
