import type { Connection } from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';

/** For operators who list workflows; the product itself reads PostgreSQL. */
export const PROMISE_KIND = defineSearchAttributeKey('PromiseKind', 'KEYWORD');
export const PROMISE_PARTNER = defineSearchAttributeKey('PromisePartner', 'KEYWORD');

const KEYWORD = 2;
const ALREADY_EXISTS = 6;

/**
 * Creates both search attributes where they are missing; safe to call again.
 * @throws where the server does not let us: then an operator creates them, and until then promises start without.
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  // One by one: a server that knows one of them refuses both.
  for (const { name } of [PROMISE_KIND, PROMISE_PARTNER]) {
    try {
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: { [name]: KEYWORD } });
    } catch (error) {
      if ((error as { code?: unknown }).code !== ALREADY_EXISTS) throw error;
    }
  }
}

export function searchAttributesOf(kind: string, partner: string | null): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: PROMISE_KIND, value: kind },
    ...(partner === null ? [] : [{ key: PROMISE_PARTNER, value: partner }]),
  ]);
}
