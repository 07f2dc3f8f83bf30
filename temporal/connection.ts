import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';

/** Where the engine is; what `@temporalio/envconfig` reads from `TEMPORAL_*` fits in. */
export interface TemporalOptions {
  /** host:port */
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string;
  readonly tls?: NonNullable<ConnectionOptions['tls']>;
  /** gRPC headers that go with every call, such as those a gateway asks for. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A call that takes longer than this is a call that failed. */
const CALL_MS = 5_000;
const RECONNECT_MAX_MS = 2_000;

export interface EngineClient {
  readonly client: Client;
  readonly connection: Connection;
  readonly namespace: string;
  /** Runs calls of `client` or `connection` under one deadline; rejects with gRPC's error. */
  call<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Connects when first used, so that an engine that is down stops nobody from starting. Retries are left to the callers. */
export function createEngineClient(options: TemporalOptions): EngineClient {
  const { namespace } = options;
  const connection = Connection.lazy({
    ...accessOf(options),
    interceptors: [],
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': RECONNECT_MAX_MS,
      // Channels of one process to one address share a socket otherwise, and its back-off.
      'grpc.use_local_subchannel_pool': 1,
    },
  });
  return {
    client: new Client({ connection, namespace }),
    connection,
    namespace,
    call: (work) => connection.withDeadline(Date.now() + CALL_MS, work),
    close: () => connection.close(),
  };
}

/** The connection of workers. @throws TransportError while the engine is down. */
export function connectWorkers(options: TemporalOptions): Promise<NativeConnection> {
  return NativeConnection.connect({ ...accessOf(options), grpcCompression: { codec: 'none' } });
}

/** What both kinds of connection take alike. */
const accessOf = ({ address, apiKey, tls, metadata }: TemporalOptions) => ({
  address,
  ...(apiKey === undefined ? {} : { apiKey }),
  ...(tls === undefined ? {} : { tls }),
  ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
});
