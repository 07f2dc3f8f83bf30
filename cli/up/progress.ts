const QUIET_MS = 1_000;
const AGAIN_MS = 5_000;

/** Says what is going on where it takes longer than a second, again every five, and how long it took in the end. */
export async function shown<T>(what: string, log: (line: string) => void, work: () => Promise<T>): Promise<T> {
  const beganAt = performance.now();
  const seconds = (): string => `${Math.round((performance.now() - beganAt) / 1000)} s`;
  let said = false;
  let timer = setTimeout(function say() {
    log(said ? `${what} … ${seconds()}` : `${what} …`);
    said = true;
    timer = setTimeout(say, AGAIN_MS);
  }, QUIET_MS);
  try {
    const result = await work();
    if (said) log(`${what}: done in ${seconds()}.`);
    return result;
  } finally {
    clearTimeout(timer);
  }
}
