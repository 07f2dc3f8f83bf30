import { newestCalendars } from '../db/calendars.ts';
import { newestPolicies } from '../db/policies.ts';
import type { Queryable } from '../db/pool.ts';
import { parsePolicy } from '../domain/policy/fields.ts';
import { calendarsOf, type Policy } from '../domain/policy/policy.ts';
import { unknownCalendars, type NamedCalendar } from './calendar-files.ts';
import { pathOf, readYaml } from './yaml-file.ts';

/** A policy file that is one by itself. */
export interface PolicyFile {
  readonly policy: Policy;
  /** The calendars that it names. */
  readonly named: readonly NamedCalendar[];
}

/** A policy file with faults, each as `file:line: key: message`. */
export class FaultyPolicyFile extends Error {
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'FaultyPolicyFile';
  }
}

/** @throws FaultyPolicyFile naming every fault, also that the file cannot be read */
export function readPolicyFile(file: string): PolicyFile {
  const faults: string[] = [];
  const yaml = readable(file, faults);
  const read = yaml && parsePolicy(yaml.value);
  if (yaml && read && 'faults' in read)
    for (const { pointer, message } of read.faults) yaml.report(pathOf(pointer), message);
  if (!yaml || !read || 'faults' in read) throw new FaultyPolicyFile(faults);
  const faultAt = (message: string): string => yaml.faultAt(['buffer', 'calendar'], message);
  return { policy: read.policy, named: calendarsOf(read.policy).map((calendar) => ({ calendar, faultAt })) };
}

/** @throws FaultyPolicyFile where it names a calendar that is not stored */
export async function refuseUnknownCalendars(q: Queryable, { named }: PolicyFile): Promise<void> {
  if (named.length === 0) return;
  const stored = new Set((await newestCalendars(q)).map(({ calendar }) => calendar.id));
  const faults = unknownCalendars(named, stored);
  if (faults.length > 0) throw new FaultyPolicyFile(faults);
}

/** @throws always, naming the kinds there are */
export async function unknownKind(q: Queryable, kind: string): Promise<never> {
  const kinds = (await newestPolicies(q)).map(({ policy }) => policy.kind);
  throw new Error(`There is no policy for the kind ${kind}. There are: ${kinds.join(', ') || 'none yet'}.`);
}

/** Whether an argument is a file; else it is a kind, which has neither a dot nor a slash. */
export const isFile = (argument: string): boolean => /[./\\]/.test(argument);

function readable(file: string, faults: string[]): ReturnType<typeof readYaml> {
  try {
    return readYaml(file, faults);
  } catch (error) {
    faults.push(`${file}: Cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
    return null;
  }
}
