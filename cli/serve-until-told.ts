import { setFlagsFromString } from 'node:v8';
import { hasParent, tellParent, toldToEnd } from './up/child-link.ts';

/** A part that serves. */
export interface Serving {
  /** Where it listens, where it does. */
  readonly url: string | null;
  stop(): Promise<void>;
}

/**
 * How much garbage may lie about before the next great clearing, in percent of what lives. By itself V8 waits for several
 * times as much: a worker's memory went up and down between 240 and 450 MB.
 */
const GARBAGE_PERCENT = 30;

/**
 * Runs a part until a signal comes or the parent goes, and says to a parent how it went.
 * @throws what the start throws
 */
export async function serveUntilTold(start: (ending: AbortSignal) => Promise<Serving>): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
  const ending = new AbortController();
  const told = toldToEnd().then(() => ending.abort());
  let serving: Serving;
  try {
    serving = await start(ending.signal);
  } catch (error) {
    // Told to end while it waited for another part: that is no fault.
    if (ending.signal.aborted) return leaveParent();
    const { code } = error as { code?: unknown };
    tellParent({
      type: 'failed',
      code: typeof code === 'string' ? code : null,
      message: error instanceof Error ? error.message : String(error),
    });
    leaveParent();
    throw error;
  }
  tellParent({ type: 'ready', url: serving.url });
  if (serving.url && !hasParent()) process.stderr.write(`Listening on ${serving.url}\n`);
  await told;
  await serving.stop();
  leaveParent();
}

/** The line to a parent would keep the process. */
function leaveParent(): void {
  if (process.connected) process.disconnect();
}
