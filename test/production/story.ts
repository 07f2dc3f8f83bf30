import assert from 'node:assert/strict';
import { mailReader } from '../../cli/up/mails.ts';
import { until } from './command.ts';

/** Where the services of docker-compose.yml are reached. */
export interface Reached {
  readonly api: string;
  /** Temporal's own pages. */
  readonly pages: string;
  readonly namespace: string;
  /** The file of the mail sink. */
  readonly mails: string;
  readonly key: string;
}

type Json = Readonly<Record<string, unknown>>;

const PROMISED_SECONDS = 30;

/**
 * The story of one promised answer: confirmed, told before its deadline that nobody knows more yet, then kept; each mail once and in
 * this order, and its workflow ended. @throws where anything is otherwise
 */
export async function tellStory({ api, pages, namespace, mails, key }: Reached): Promise<Json> {
  const call = async (method: string, path: string, body?: Json): Promise<Json> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${api}${path}`, { method, headers, ...sent });
    assert(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
    return (await response.json()) as Json;
  };
  const at = new Date(Date.now() + PROMISED_SECONDS * 1_000).toISOString();
  const made = await call('POST', '/v1/promises', {
    ...{ source: 'phone', ref: 'R-1', kind: 'reply', owner: 'kati', subject: 'your question' },
    promised: { at },
    customer: { ref: 'C-17', name: 'Mari Tamm', email: 'mari@customers.example' },
  });
  const id = String(made['id']);
  const read = mailReader(mails);
  const ours = async (): Promise<readonly string[]> =>
    (await read()).flatMap(({ headers }) => (headers as Record<string, string>)['Kept-Notices'] ?? []);
  await until(async () => (await ours()).length === 2);
  const occurredAt = new Date().toISOString();
  assert(occurredAt < at, `The customer heard only after ${at}.`);
  await call('POST', `/v1/promises/${id}/facts`, { factKey: 'answered', kind: 'fulfilled', occurredAt });

  assert.deepEqual(await ours(), [`${id}:promised:1`, `${id}:progress:1`]);
  const told = await call('GET', `/v1/promises/${id}`);
  assert.equal(told['phase'], 'kept');
  const listed = async (): Promise<Json | undefined> => {
    const response = await fetch(`${pages}/api/v1/namespaces/${namespace}/workflows`);
    const { executions = [] } = (await response.json()) as { readonly executions?: readonly Json[] };
    return executions.find((each) => (each['execution'] as Json)['workflowId'] === `promise/${id}`);
  };
  const workflow = await until(async () => {
    const found = await listed();
    return found?.['status'] === 'WORKFLOW_EXECUTION_STATUS_COMPLETED' ? found : null;
  });
  const ready = await call('GET', '/ready');
  assert.equal(ready['status'], 'ready');
  return { promise: id, mails: await ours(), phase: told['phase'], historyLength: workflow['historyLength'], ready };
}
