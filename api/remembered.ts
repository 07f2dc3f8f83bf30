/** What was read, by key. */
export interface Remembered<T> {
  readonly get: (key: string) => Promise<T>;
  readonly forget: () => void;
}

const MAX_ENTRIES = 1_000;

/** Remembers for so many milliseconds what `load` found; what it did not find (null) or could not read is asked for again. */
export function rememberedFor<T>(ms: number, load: (key: string) => Promise<T>): Remembered<T> {
  const entries = new Map<string, { readonly value: Promise<T>; readonly until: number }>();
  const get = async (key: string): Promise<T> => {
    const known = entries.get(key);
    if (known && known.until > performance.now()) return known.value;
    if (entries.size >= MAX_ENTRIES) entries.clear();
    const entry = { value: load(key), until: performance.now() + ms };
    entries.set(key, entry);
    const forget = (): void => {
      if (entries.get(key) === entry) entries.delete(key);
    };
    return entry.value.then(
      (value) => {
        if (value === null) forget();
        return value;
      },
      (error: unknown) => {
        forget();
        throw error;
      },
    );
  };
  return { get, forget: () => entries.clear() };
}
