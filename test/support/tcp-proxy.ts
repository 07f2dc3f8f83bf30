import net from 'node:net';

/** A door to a server that a test can shut: what is open breaks, what comes is refused. */
export interface TcpProxy {
  readonly port: number;
  shut(): Promise<void>;
  open(): Promise<void>;
}

export async function tcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<net.Socket>();
  let port = 0;
  const keep = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = net.createServer((inside) => {
    const outside = net.connect(target.port, target.host);
    keep(inside);
    keep(outside);
    inside.pipe(outside).pipe(inside);
  });
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await open();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  port = address.port;
  return {
    port,
    open,
    shut: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
