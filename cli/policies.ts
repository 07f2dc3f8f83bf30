import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Calendar } from '../domain/calendar/calendar.ts';
import { isZone } from '../domain/calendar/zones.ts';
import { parseCompanyRules } from '../domain/policy/company.ts';
import { isRecord } from '../domain/policy/documents.ts';
import { parsePolicy } from '../domain/policy/fields.ts';
import { parsePartner, type Partner } from '../domain/policy/partner.ts';
import { calendarsOf, type Policy } from '../domain/policy/policy.ts';
import type { CompanyChange } from '../db/company.ts';
import type { Staff } from '../db/people.ts';
import { readCalendarFiles, type NamedCalendar } from './calendar-files.ts';
import { hoursNamed, peopleFile } from './people-file.ts';
import { listYaml, pathOf, readYaml, type Report, type YamlFile } from './yaml-file.ts';

/** What the files of `KEPT_POLICIES` say. Null: the folder has no such file, or the file is silent about it. */
export interface PolicyFiles {
  readonly policies: readonly Policy[];
  readonly calendars: readonly Calendar[];
  /** Calendars that policies and people name and no file holds: faults, unless the database holds them. */
  readonly calendarsElsewhere: readonly NamedCalendar[];
  readonly people: Pick<Staff, 'people' | 'hotline' | 'teams'> | null;
  readonly partners: readonly Partner[];
  /** Kinds that partners have checkpoints for and no file holds: faults, unless the database holds them. */
  readonly kindsElsewhere: readonly NamedKind[];
  readonly company: CompanyChange | null;
}

/** A kind that a partner names, and where it does. */
export interface NamedKind {
  readonly kind: string;
  /** A fault at the key that names it, with file and line. */
  readonly faultAt: (message: string) => string;
}

/** Files that cannot be used; every fault is named with file, line and key. */
export class PolicyFilesError extends Error {
  constructor(faults: readonly string[]) {
    super(`The files of KEPT_POLICIES cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'PolicyFilesError';
  }
}

/** @throws PolicyFilesError naming all faults of all files together */
export function readPolicyFiles(folder: string): PolicyFiles {
  const faults: string[] = [];
  const policies = new Map<string, PolicyFile>();
  let people: PolicyFiles['people'] = null;
  let hours: readonly NamedCalendar[] = [];
  let company: CompanyChange | null = null;
  let partners: PartnersFile = { partners: [], named: [] };
  for (const file of listYaml(folder, faults)) {
    const yaml = readYaml(file, faults);
    if (!yaml) continue;
    const base = basename(file).replace(/\.ya?ml$/, '');
    if (base === 'people') {
      people = check(peopleFile, yaml.value, yaml.report);
      hours = people ? hoursNamed(people, yaml) : [];
    } else if (base === 'company') company = readCompany(yaml);
    else if (base === 'partners') partners = readPartners(yaml);
    else readPolicy(file, yaml, policies);
  }
  const calendars = readCalendarFiles(join(folder, 'calendars'), faults);
  if (faults.length > 0) throw new PolicyFilesError(faults);
  const files = [...policies.values()];
  const held = new Set(calendars.map(({ id }) => id));
  return {
    policies: files.map(({ policy }) => policy),
    calendars,
    calendarsElsewhere: [...files.flatMap((each) => named(each)), ...hours].filter(
      ({ calendar }) => !held.has(calendar),
    ),
    people,
    partners: partners.partners,
    kindsElsewhere: partners.named.filter(({ kind }) => !policies.has(kind)),
    company,
  };
}

interface PartnersFile {
  readonly partners: readonly Partner[];
  readonly named: readonly NamedKind[];
}

/** Each by itself, and no two of one id. */
function readPartners({ value, report, faultAt }: YamlFile): PartnersFile {
  const partners: Partner[] = [];
  const named: NamedKind[] = [];
  const list = check(partnersFile, value, report)?.partners ?? [];
  for (const [index, document] of list.entries()) {
    const read = parsePartner(document);
    if ('faults' in read) {
      for (const { pointer, message } of read.faults) report(['partners', index, ...pathOf(pointer)], message);
      continue;
    }
    const { partner } = read;
    if (partners.some(({ id }) => id === partner.id))
      report(['partners', index, 'id'], `${partner.id} stands here twice.`);
    partners.push(partner);
    for (const kind of Object.keys(partner.checkpoints))
      named.push({ kind, faultAt: (message) => faultAt(['partners', index, 'checkpoints', kind], message) });
  }
  return { partners, named };
}

const partnersFile = z.strictObject({ partners: z.array(z.unknown()) });

interface PolicyFile extends Pick<YamlFile, 'faultAt'> {
  readonly policy: Policy;
  readonly file: string;
}

function readPolicy(file: string, { value, report, faultAt }: YamlFile, policies: Map<string, PolicyFile>): void {
  const read = parsePolicy(value);
  if ('faults' in read) {
    for (const fault of read.faults) report(pathOf(fault.pointer), fault.message);
    return;
  }
  const { policy } = read;
  const other = policies.get(policy.kind);
  if (other) report(['kind'], `kind ${policy.kind} stands already in ${other.file}.`);
  policies.set(policy.kind, { policy, file, faultAt });
}

const named = ({ policy, faultAt }: PolicyFile): readonly NamedCalendar[] =>
  calendarsOf(policy).map((calendar) => ({
    calendar,
    faultAt: (message) => faultAt(['buffer', 'calendar'], message),
  }));

const cause = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,62}$/,
    'A cause is a code such as stock: lower-case letters, digits, _ and -, a letter first.',
  );

/** Zone and causes are checked here, since what they name is not known to the rules. */
function readCompany({ value, report }: YamlFile): CompanyChange | null {
  if (!isRecord(value)) return check(companyFile, value, report);
  const { zone, causes, ...others } = value;
  const said = check(companyFile, { zone, causes }, report);
  const read = parseCompanyRules(others);
  if ('faults' in read) for (const { pointer, message } of read.faults) report(pathOf(pointer), message);
  return said && 'rules' in read ? { ...said, rules: read.rules } : null;
}

const companyFile = z.strictObject({
  zone: z.string().refine(isZone, 'Not an IANA time zone, such as Europe/Tallinn.'),
  causes: z
    .array(cause)
    .min(1)
    .max(100)
    .check(({ value, issues }) => {
      for (const [index, one] of value.entries())
        if (value.indexOf(one) !== index)
          issues.push({ code: 'custom', path: [index], message: `${one} stands here twice.`, input: value });
    })
    .optional()
    .transform((causes) => causes ?? null),
});

function check<T>(schema: z.ZodType<T>, value: unknown, report: Report): T | null {
  const read = schema.safeParse(value, { error: ({ code, input, ...issue }) => wordsOf(code, input, issue) });
  if (read.success) return read.data;
  for (const issue of read.error.issues) {
    const path = issue.path.filter((step) => typeof step !== 'symbol');
    if (issue.code !== 'unrecognized_keys') report(path, issue.message);
    else for (const key of issue.keys) report([...path, key], `Unknown key ${key}.`);
  }
  return null;
}

/** What zod says in terms of its own types, in terms of the file. Values are not repeated: they are about people. */
function wordsOf(code: string, input: unknown, { expected, format }: Readonly<Record<string, unknown>>): string | null {
  if (code === 'invalid_type') {
    const wanted = SHAPES[String(expected)] ?? String(expected);
    return input === undefined || input === null
      ? `Missing: ${wanted} stands here.`
      : `${wanted} stands here, not ${SHAPES[shapeOf(input)] ?? typeof input}.`.replace(/^./, (c) => c.toUpperCase());
  }
  if (code === 'invalid_format' && format === 'email') return 'Not an e-mail address, such as care@books.example.';
  if (code === 'too_small') return 'Empty: write something or leave the key out.';
  return code === 'too_big' ? 'Too long.' : null;
}

const SHAPES: Readonly<Record<string, string>> = {
  object: 'a mapping (key: value)',
  array: 'a list (one "- " each)',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
};

const shapeOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);
