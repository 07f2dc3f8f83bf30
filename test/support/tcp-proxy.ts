import net from 'node:net';

interface Target {
  readonly host: string;
  readonly port: number;
}

/** `sent`: what was asked has just gone on to the server; `answered`: its answer has come, and goes no further. */
export type TrapAt = 'sent' | 'answered';

/** A door to a server. A test can shut it, and spoil what goes through it. */
export interface TcpProxy {
  readonly port: number;
  /** What is open breaks, what comes is refused. */
  shut(): Promise<void>;
  open(): Promise<void>;
  /** How many connections are open on which something passes. */
  lines(): number;
  /** What is open breaks, what comes is let through. */
  cut(): void;
  /**
   * What is open falls silent, and neither side is told; what comes is let through. After `ms` both are told, as when TCP
   * gives up.
   */
  halfOpen(ms?: number): void;
  /** For so long not a byte passes in either direction; then all do, in order. */
  hold(ms: number): void;
  /** Calls `spring` at once, once, when a client says `text`, as soon as that has got to `at`. Answers how to take it away. */
  trap(text: string, at: TrapAt, spring: () => void): () => void;
}

interface Trap {
  readonly text: string;
  readonly at: TrapAt;
  readonly spring: () => void;
}

/** One connection: two sockets and what is known of it. */
interface Line {
  readonly inside: net.Socket;
  readonly outside: net.Socket;
  /** Nothing passes any more, not even its end. */
  silent: boolean;
  /** Its next answer springs this. */
  awaited: Trap | null;
}

export async function tcpProxy(target: Target): Promise<TcpProxy> {
  const lines = new Set<Line>();
  const traps = new Set<Trap>();
  let heldUntilMs = 0;
  let port = 0;

  const spring = (trap: Trap): void => {
    if (traps.delete(trap)) trap.spring();
  };
  const ask = (line: Line, chunk: Buffer): void => {
    const trap = [...traps].find(({ text }) => chunk.includes(text));
    line.outside.write(chunk);
    if (trap?.at === 'sent') spring(trap);
    else if (trap) line.awaited = trap;
  };
  const answer = (line: Line, chunk: Buffer): void => {
    if (line.awaited !== null && traps.has(line.awaited)) spring(line.awaited);
    else line.inside.write(chunk);
  };
  const pass = (line: Line, from: net.Socket, to: net.Socket, say: (line: Line, chunk: Buffer) => void): void => {
    from.on('data', (chunk: Buffer) => {
      const leftMs = heldUntilMs - performance.now();
      if (leftMs <= 0) return void (line.silent || say(line, chunk));
      // Put back: it comes again, before all that follows it, once time is up.
      from.pause();
      from.unshift(chunk);
      setTimeout(() => from.resume(), leftMs + 1);
    });
    from.on('end', () => void (line.silent || to.end()));
    from.on('error', () => from.destroy());
    from.on('close', () => {
      if (!line.silent) to.destroy();
      if (from.destroyed && to.destroyed) lines.delete(line);
    });
  };
  const server = net.createServer((inside) => {
    const outside = net.connect(target.port, target.host);
    const line: Line = { inside, outside, silent: false, awaited: null };
    lines.add(line);
    pass(line, inside, outside, ask);
    pass(line, outside, inside, answer);
  });
  const broken = ({ inside, outside }: Line): void => {
    for (const socket of [inside, outside]) socket.destroy();
  };
  const heard = (): readonly Line[] => [...lines].filter(({ silent }) => !silent);
  const breakAll = (): void => lines.forEach(broken);
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
      breakAll();
      await closed;
    },
    lines: () => heard().length,
    cut: breakAll,
    halfOpen: (ms) => {
      const those = heard();
      for (const line of those) line.silent = true;
      if (ms !== undefined) setTimeout(() => those.forEach(broken), ms).unref();
    },
    hold: (ms) => void (heldUntilMs = performance.now() + ms),
    trap: (text, at, onSpring) => {
      const trap = { text, at, spring: onSpring };
      traps.add(trap);
      return () => void traps.delete(trap);
    },
  };
}
