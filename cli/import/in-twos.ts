export interface InTwosOptions<T, R> {
  /** What it works on: things that share a key are never under work together. */
  readonly keys: (thing: T) => readonly string[];
  readonly work: (thing: T) => Promise<R>;
  /** One after the other, in the order in which they were begun. */
  readonly done: (thing: T, result: R) => Promise<void>;
}

export interface InTwos<T> {
  /** Resolves when it is under work, and with it at most the one before. @throws what became of earlier ones */
  begin(thing: T): Promise<void>;
  /** Resolves when all are done. @throws what became of any */
  ended(): Promise<void>;
}

/** Works on two things at a time: while the database stores one, the next is made ready. */
export function inTwos<T, R>({ keys, work, done }: InTwosOptions<T, R>): InTwos<T> {
  let older: Promise<unknown> = Promise.resolve();
  let newer: { readonly keys: ReadonlySet<string>; readonly done: Promise<unknown> } = { keys: new Set(), done: older };

  const finish = async (thing: T, result: Promise<R>, before: Promise<unknown>): Promise<void> => {
    const [given] = await Promise.all([result, before]);
    await done(thing, given);
  };

  return {
    begin: async (thing) => {
      await older;
      const wanted = keys(thing);
      if (wanted.some((key) => newer.keys.has(key))) await newer.done;
      older = newer.done;
      newer = { keys: new Set(wanted), done: finish(thing, work(thing), older) };
      // Whoever begins or ends hears of it; until then it is no unhandled rejection.
      newer.done.catch(() => {});
    },
    ended: async () => void (await newer.done),
  };
}
