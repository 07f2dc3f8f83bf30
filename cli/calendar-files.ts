import { existsSync } from 'node:fs';
import { parseCalendar, type Calendar } from '../domain/calendar/calendar.ts';
import { didYouMean } from '../domain/policy/documents.ts';
import { listYaml, pathOf, readYaml } from './yaml-file.ts';

/** The calendars of a folder that may be absent, one a file, under whichever name. Faults are added to `faults`. */
export function readCalendarFiles(folder: string, faults: string[]): readonly Calendar[] {
  const files = new Map<string, { readonly calendar: Calendar; readonly file: string }>();
  for (const file of existsSync(folder) ? listYaml(folder, faults) : []) {
    const parsed = readYaml(file, faults);
    if (!parsed) continue;
    const { value, report } = parsed;
    const read = parseCalendar(value);
    if ('faults' in read) {
      for (const fault of read.faults) report(pathOf(fault.pointer), fault.message);
      continue;
    }
    const { calendar } = read;
    const other = files.get(calendar.id);
    if (other) report(['calendar'], `calendar ${calendar.id} stands already in ${other.file}.`);
    files.set(calendar.id, { calendar, file });
  }
  return [...files.values()].map(({ calendar }) => calendar);
}

/** A calendar that a policy names, and where it does. */
export interface NamedCalendar {
  readonly calendar: string;
  /** A fault at the key that names it, with file and line. */
  readonly faultAt: (message: string) => string;
}

/** A fault for each calendar that is named and not known. */
export const unknownCalendars = (named: readonly NamedCalendar[], known: ReadonlySet<string>): readonly string[] =>
  named
    .filter(({ calendar }) => !known.has(calendar))
    .map(({ calendar, faultAt }) => faultAt(`No calendar ${calendar}.${whatInstead(calendar, [...known].sort())}`));

function whatInstead(calendar: string, known: readonly string[]): string {
  if (known.length === 0) return ` There is none yet: write calendars/${calendar}.yaml.`;
  return didYouMean(calendar, known) || ` Known: ${known.join(', ')}. Or write calendars/${calendar}.yaml.`;
}
