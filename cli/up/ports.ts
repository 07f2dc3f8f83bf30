import { createServer } from 'node:net';

/** The asked-for port where it is free, else the next free one above it; 0 asks for any. Loopback only. */
export async function freePort(asked: number, taken: ReadonlySet<number> = new Set()): Promise<number> {
  if (asked === 0) return listenOnce(0).then(required);
  const last = Math.min(asked + 200, 65_535);
  for (let port = asked; port <= last; port += 1) {
    if (!taken.has(port) && (await listenOnce(port)) !== null) return port;
  }
  throw new Error(`No free port between ${asked} and ${last}. Name another with --port.`);
}

/** The port as listened on for a moment, or null where somebody else has it. */
function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(null) : reject(error),
    );
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}

function required(port: number | null): number {
  if (port === null) throw new Error('The system has no free port.');
  return port;
}
