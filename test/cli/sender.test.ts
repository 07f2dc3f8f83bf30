import { afterEach, beforeEach, expect, it } from 'vitest';
import { senderOf } from '../../cli/sender.ts';
import { savePeople } from '../../db/people.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { STAFF } from '../support/registrations.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

/** Begins to wait; resolves when that has been said. */
function waiting(): Promise<{ ending: AbortController; sender: Promise<string>; line: string }> {
  const ending = new AbortController();
  return new Promise((resolve) => {
    const warn = (line: string): void => resolve({ ending, sender, line });
    const sender = senderOf(database.pool, { ending: ending.signal, warn });
    void sender.catch(() => {});
  });
}

it('is the hotline, its name quoted', async () => {
  await savePeople(database.pool, { ...STAFF, hotline: { ...STAFF.hotline, name: 'Customer "care"\r\nBcc: x' } });
  const sender = await senderOf(database.pool, { ending: new AbortController().signal, warn: () => {} });
  expect(sender).toBe('"Customer  care   Bcc: x" <care@books.example>');
});

it('waits for a first staff list, naming people.yaml, and goes on when there is one', async () => {
  const { sender, line } = await waiting();
  expect(line).toMatch(/hotline.*people\.yaml.*kept migrate/);
  await savePeople(database.pool, STAFF);
  expect(await sender).toBe('"Customer care" <care@books.example>');
});

it('does not send from nobody: a hotline without an e-mail address is waited over, until told to end', async () => {
  await savePeople(database.pool, { ...STAFF, hotline: { ...STAFF.hotline, email: null } });
  const { ending, sender, line } = await waiting();
  expect(line).toContain('e-mail address');
  ending.abort();
  await expect(sender).rejects.toMatchObject({ name: 'AbortError' });
});
