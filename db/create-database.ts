import { Client } from './pool.ts';

const DUPLICATE_DATABASE = '42P04';

/** Makes a database beside the one that `url` names, unless it is there. The name is ours, never a caller's. */
export async function createDatabase(url: string, name: 'kept'): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } catch (error) {
    if ((error as { code?: unknown }).code !== DUPLICATE_DATABASE) throw error;
  } finally {
    await client.end();
  }
}
