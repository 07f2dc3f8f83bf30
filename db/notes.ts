import { v7 as uuid } from 'uuid';
import type { Queryable } from './pool.ts';
import type { Instant } from '../domain/promise/instant.ts';

/** What one of the staff wrote about a promise. Its text may hold anything about a customer: it leaves this table for pages and answers only. */
export interface Note {
  readonly id: string;
  readonly promiseId: string;
  readonly at: Instant;
  /** Id of the person. */
  readonly by: string;
  readonly text: string;
}

/** Stores a note about a promise that is there; answers its id, which a fact may carry. */
export async function addNote(q: Queryable, { promiseId, by, text }: Omit<Note, 'id' | 'at'>): Promise<string> {
  const id = uuid();
  await q.query({
    name: 'add_note',
    text: 'insert into notes (id, promise_id, written_by, text) values ($1, $2, $3, $4)',
    values: [id, promiseId, by, text],
  });
  return id;
}

/** The columns of `Note`; `n` is notes. */
export const NOTE_COLUMNS = 'n.id, n.promise_id as "promiseId", n.at, n.written_by as by, n.text';

/** The notes about a promise, oldest first. */
export async function notesOf(q: Queryable, promiseId: string): Promise<readonly Note[]> {
  const { rows } = await q.query<Note>({
    name: 'notes_of',
    text: `select ${NOTE_COLUMNS} from notes n where n.promise_id = $1 order by n.at, n.id limit 1000`,
    values: [promiseId],
  });
  return rows;
}
