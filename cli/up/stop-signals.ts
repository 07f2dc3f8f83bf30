export interface StopSignals {
  /** Aborted by the first signal. */
  readonly stopping: AbortSignal;
  /** Resolves with the first signal. */
  readonly told: Promise<void>;
  /** No longer listens. */
  end(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes on the Ctrl-C that the terminal has sent us as well. */
const ECHO_MS = 1_000;

/** The first signal begins the stop, a later one is told that it has begun. A fault that nobody caught stops as well. */
export function stopSignals(say: (line: string) => void): StopSignals {
  const controller = new AbortController();
  let firstAt = 0;
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - firstAt > ECHO_MS) say('Already stopping: waiting for every part to end.');
      return;
    }
    firstAt = performance.now();
    controller.abort();
  };
  const onFault = (fault: unknown): void => {
    say(
      `Kept stops because of a fault of its own: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`,
    );
    process.exitCode = 1;
    onSignal();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  return {
    stopping: controller.signal,
    told: new Promise((resolve) => controller.signal.addEventListener('abort', () => resolve(), { once: true })),
    end: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      process.off('uncaughtException', onFault);
      process.off('unhandledRejection', onFault);
    },
  };
}
