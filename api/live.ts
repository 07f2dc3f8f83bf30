/** A line that is made anew about once a second while anybody listens, one making for all of them. */
export interface Live {
  /** The next line that differs from the one seen last; null when `signal` is aborted before there is one. */
  after(seen: string | null, signal: AbortSignal): Promise<string | null>;
}

const EVERY_MS = 1_000;

/** `failed` hears of a line that could not be made; the next one is tried as usual. */
export function createLive(make: () => Promise<string>, failed: (error: unknown) => void): Live {
  let line: string | null = null;
  let waiting: { readonly seen: string | null; readonly tell: (line: string) => void }[] = [];
  let timer: NodeJS.Timeout | null = null;

  const tick = async (): Promise<void> => {
    try {
      line = await make();
    } catch (error) {
      failed(error);
    }
    const made = line;
    if (made !== null) {
      const eager = waiting.filter((one) => one.seen !== made);
      waiting = waiting.filter((one) => one.seen === made);
      for (const one of eager) one.tell(made);
    }
    timer = setTimeout(next, EVERY_MS);
  };
  // Those who were told have come back by now, if they still listen. A line of before a silence would be an old one.
  const next = (): void => {
    timer = null;
    if (waiting.length > 0) start();
    else line = null;
  };
  const start = (): void => {
    // Taken until tick sets the next one.
    timer ??= setTimeout(() => void tick(), 0);
  };

  return {
    after: (seen, signal) => {
      if (signal.aborted) return Promise.resolve(null);
      if (line !== null && line !== seen) return Promise.resolve(line);
      return new Promise((resolve) => {
        const one = { seen, tell: (made: string) => settle(made) };
        const settle = (made: string | null): void => {
          signal.removeEventListener('abort', leave);
          waiting = waiting.filter((other) => other !== one);
          resolve(made);
        };
        const leave = (): void => settle(null);
        signal.addEventListener('abort', leave);
        waiting.push(one);
        start();
      });
    },
  };
}
