import { createServer, type IncomingHttpHeaders } from 'node:http2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectWorkers, createEngineClient, type TemporalOptions } from '../../temporal/connection.ts';

/** Takes every call, remembers its headers and answers that it knows no such method. */
const seen: IncomingHttpHeaders[] = [];
const server = createServer().on('stream', (stream, headers) => {
  seen.push(headers);
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' }, { endStream: true });
});
let options: TemporalOptions;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as { port: number };
  options = {
    address: `127.0.0.1:${port}`,
    namespace: 'default',
    metadata: { 'x-gateway': 'letmein' },
  };
});
beforeEach(() => void seen.splice(0));
afterAll(() => void server.close());

describe('gRPC headers of the configuration', () => {
  it('go with the calls of a client', async () => {
    const client = createEngineClient(options);
    const call = client.call(() => client.connection.workflowService.describeNamespace({ namespace: 'default' }));
    await expect(call).rejects.toMatchObject({ code: 12 });
    await client.close();
    expect(seen.map((headers) => headers['x-gateway'])).toContain('letmein');
  });

  it('go with the calls of workers', async () => {
    const connection = await connectWorkers(options).catch(() => null);
    await connection?.close();
    expect(seen.map((headers) => headers['x-gateway'])).toContain('letmein');
  });
});
