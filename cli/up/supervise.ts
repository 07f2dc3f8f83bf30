/** A running part of `kept up`. */
export interface Part {
  readonly pid: number;
  /** Resolves with a sentence when it ends, wanted or not. */
  readonly exited: Promise<string>;
  /** Resolves when its process is gone. */
  stop(): Promise<void>;
}

export interface Supervised<P extends Part> {
  /** The part as it runs now; while it is being restarted, as it last ran. */
  current(): P;
  /** Stops and starts it anew, as when it had died. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface SuperviseOptions<P extends Part> {
  readonly name: string;
  start(): Promise<P>;
  /** It was restarted: pid and address may be others now. */
  changed(part: P): void;
  log(line: string): void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** Who has run so long starts again with the first pause. */
const STEADY_MS = 30_000;

/**
 * Starts a part and starts it again whenever it dies, after half a second, doubling to ten.
 * @throws what the first start throws; later failures are logged and tried again
 */
export async function supervise<P extends Part>({
  name,
  start,
  changed,
  log,
}: SuperviseOptions<P>): Promise<Supervised<P>> {
  let part = await start();
  let startedAt = performance.now();
  let pauseMs = FIRST_PAUSE_MS;
  const stopping = new AbortController();

  const revive = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await pause(pauseMs, stopping.signal);
      if (stopping.signal.aborted) return;
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      try {
        part = await start();
      } catch (error) {
        log(`${name} does not start: ${wordsOf(error)}`);
        continue;
      }
      startedAt = performance.now();
      // Told to stop while it was starting: the loop's end stops it.
      if (!stopping.signal.aborted) announce();
      return;
    }
  };

  /** Whatever goes wrong here, the part runs. */
  const announce = (): void => {
    log(`${name} runs again.`);
    try {
      changed(part);
    } catch (error) {
      log(`${name} runs, but others could not be told where: ${wordsOf(error)}`);
    }
  };

  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const sentence = await part.exited;
      if (stopping.signal.aborted) return;
      if (performance.now() - startedAt >= STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      log(`${sentence} Starting it again in ${pauseMs / 1000} s.`);
      await revive();
    }
    await part.stop();
  };
  const watching = watch();

  return {
    current: () => part,
    restart: () => part.stop(),
    stop: async () => {
      stopping.abort();
      await part.stop();
      await watching;
    },
  };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
