import { inParallel } from '../../temporal/in-parallel.ts';
import type { Client } from './journal.ts';
import type { Load, Promised } from './load.ts';
import type { Version } from './old-version.ts';
import { LINKS, within, type LinkName, type Rig } from './rig.ts';

/** Where a case does its harm: a rig under load. */
export interface Field {
  readonly rig: Rig;
  readonly load: Load;
  readonly client: Client;
  /** From 0 to 1, by the seed. */
  readonly random: () => number;
  /** How many faults. */
  readonly times: number;
  /** Pauses between them are multiplied by this: less than 1 in `npm test`. */
  readonly pace: number;
}

/** One fault, and by what is seen that work goes on. */
export interface Fault {
  /** From when on it is counted how long nothing went on. */
  readonly atMs: number;
  /** What went on before has nothing to do with it. */
  readonly signsFromMs: number;
  readonly seenBy: 'mail' | 'answer';
  readonly what: string;
}

/** A text that was being handed over when its worker was killed. */
export interface Interrupted {
  readonly id: string;
  readonly atMs: number;
  /** When the next worker took it over that was killed as well, which counts by itself; null: none was. */
  takenOverMs: number | null;
}

/** What a case has done, and what it found wrong by itself. */
export interface Done {
  readonly faults: readonly Fault[];
  readonly inFlight: readonly Interrupted[];
  readonly wrong: readonly string[];
  /** What the case has registered itself, beside the load. */
  readonly promised?: readonly Promised[];
}

export interface Case {
  readonly title: string;
  readonly times: number;
  /** Registrations of the load; 0: the case brings its own. */
  readonly perSecond: number;
  /** Further lines of company.yaml, by how many faults there are to be. */
  readonly company?: (times: number) => string;
  /** Further files of `KEPT_POLICIES`, by name. */
  readonly policies?: Readonly<Record<string, string>>;
  /** Whether no link of API and worker is spoilt: then none goes through a proxy. */
  readonly direct?: boolean;
  /** What runs at first, where it is not this tree. */
  readonly version?: (say: (line: string) => void) => Version;
  readonly harm: (field: Field) => Promise<Done>;
}

/** Registers them, many at a time. Whoever was not acknowledged has no id. */
export async function registerAll<T extends Promised>(
  client: Client,
  all: readonly T[],
  bodyOf: (one: T) => object,
): Promise<void> {
  await inParallel(all, 32, async (one) => {
    const answer = await client.post({ what: 'register', ref: one.ref }, '/v1/promises', bodyOf(one));
    one.id = typeof answer?.['id'] === 'string' ? answer['id'] : null;
  });
}

/** For cases after which nobody asks how long what was on its way took. */
export const NOTHING: Done['inFlight'] = [];

export const pick = <T>(random: () => number, from: readonly [T, ...T[]] | readonly T[]): T =>
  from[Math.floor(random() * from.length)] as T;

/** Silent connections end after `silentMs`, held ones go on after `heldMs`. */
export interface Spoiling {
  readonly kind: 'cut' | 'half-open' | 'delay';
  readonly silentMs: number;
  readonly heldMs: number;
}

/** Spoils a link that somebody uses just then. @throws where nobody uses any for a while */
export async function spoilLink(
  { links }: Rig,
  random: () => number,
  { kind, silentMs, heldMs }: Spoiling,
): Promise<Fault> {
  const name = await within(async (): Promise<LinkName> => {
    const used = LINKS.filter((each) => links[each].lines() > 0);
    if (used.length === 0) throw new Error('Nobody uses any link.');
    return pick(random, used);
  });
  const link = links[name];
  if (kind === 'cut') link.cut();
  else if (kind === 'half-open') link.halfOpen(silentMs);
  else link.hold(heldMs);
  const atMs = Date.now();
  const seenBy = name === 'clients' || name === 'apiDatabase' ? 'answer' : 'mail';
  return { atMs, signsFromMs: atMs, seenBy, what: `${kind} ${name}` };
}

/** The most mails to customers in any 60 s of the sink's clock. */
export function mostAMinute(acceptedAtMs: readonly number[]): number {
  const sorted = acceptedAtMs.toSorted((a, b) => a - b);
  let [most, from] = [0, 0];
  for (const [at, atMs] of sorted.entries()) {
    while ((sorted[from] ?? atMs) <= atMs - 60_000) from += 1;
    most = Math.max(most, at - from + 1);
  }
  return most;
}
