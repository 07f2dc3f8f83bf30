import { DEFAULT_POLICIES } from '../../domain/policy/defaults.ts';
import { COMPANY_RULES } from '../../domain/policy/company.ts';
import { partnerForm } from '../../domain/policy/partner.ts';
import { POLICY_FIELDS, policyDocument, policyForm } from '../../domain/policy/fields.ts';
import type { Part } from '../../domain/policy/forms.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { yamlOf } from '../policy-yaml.ts';
import { code, page, table } from './markdown.ts';

/** Whose defaults may differ. */
const KINDS = ['delivery', 'callback', 'reply', 'repair'];

/** Every field of a policy file and every key inside: unit, default, meaning; the kinds that come with Kept. */
export function policyPage(): string {
  const { parts } = policyForm('other');
  const fields = parts.filter(({ path }) => !path.includes('.'));
  const inside = fields.filter(({ path }) => parts.some((part) => part.path.startsWith(`${path}.`)));
  return page(
    'Policy files',
    'npm run docs',
    'One YAML file per kind of promise in the folder `KEPT_POLICIES`. Durations are ISO 8601; days and longer are calendar days ' +
      "in the promise's zone. Amounts stand in quotes. An unknown field is a fault, and so is what cannot be together; each " +
      'is named with file, line and key. `kept policy check FILE` says them before anything is stored; an editor knows the ' +
      'forms by [policy.schema.json](policy.schema.json).',
    '## Fields',
    tableOf(fields.map((part) => rowOf(part, part.path))),
    ...inside.flatMap((field) => sectionOf(field, parts)),
    '## Kinds that come with Kept',
    'A file of the same kind takes the place of one; fields that are not named have their defaults.',
    `\`\`\`yaml\n${DEFAULT_POLICIES.map(documentOf).join('\n---\n')}\n\`\`\``,
    '## partners.yaml',
    'What resellers and carriers are held to, in a file of its own in the same folder: `partners: [{ id: dpd, goal: 97% }]`. ' +
      'Also by `PUT /v1/partners/{id}`. New promises that name the partner are planned by it, those that are open from ' +
      '`kept policy apply` of their kind on. An editor knows the form of one by [partner.schema.json](partner.schema.json).',
    tableOf(
      partnerForm('')
        .parts.filter(({ meaning }) => meaning !== '')
        .map(ownRow),
    ),
    '## company.yaml',
    'What holds for all kinds, in a file of its own in the same folder, beside `zone` and `causes`; from the moment it is stored.',
    tableOf(COMPANY_RULES.parts.map(ownRow)),
  );
}

/** Of a file whose defaults are the same for all kinds. */
const ownRow = ({ path, unit, meaning, fallback }: Part): readonly string[] => [
  code(path),
  unit,
  fallback === undefined ? 'required' : fallback === '' ? 'the id' : code(yamlOf(fallback)),
  meaning,
];

const tableOf = (rows: readonly (readonly string[])[]): string => table(['field', 'unit', 'default', 'meaning'], rows);

/** What stands inside a field. */
function sectionOf({ path, meaning }: Part, parts: readonly Part[]): readonly string[] {
  const begin = `${path}.`;
  const rows = parts.filter((part) => part.path.startsWith(begin));
  return [`## ${path}`, meaning, tableOf(rows.map((part) => rowOf(part, part.path.slice(begin.length))))];
}

const rowOf = (part: Part, name: string): readonly string[] => [code(name), part.unit, defaultOf(part), part.meaning];

/** `silent; reply, repair: warn`: what most kinds get, then those that differ. */
function defaultOf({ path, fallback }: Part): string {
  if (fallback === undefined) return 'required';
  const usual = yamlOf(fallback);
  const byKind = KINDS.map((kind) => ({ kind, value: yamlOf(partOf(kind, path)?.fallback) }));
  const differing = byKind.filter(({ value }) => value !== usual);
  const values = [...new Set(differing.map(({ value }) => value))];
  const others = values.map(
    (value) =>
      `${differing
        .filter((each) => each.value === value)
        .map(({ kind }) => kind)
        .join(', ')}: ${code(value)}`,
  );
  return [usual === 'none' ? usual : code(usual), ...others].join('; ');
}

const partOf = (kind: string, path: string): Part | undefined =>
  policyForm(kind).parts.find((part) => part.path === path);

/** What a file must say to be this policy. */
function documentOf(policy: Policy): string {
  const { kind } = policy;
  const said = Object.entries(policyDocument(policy)).filter(
    ([name, value]) => !(name in POLICY_FIELDS) || yamlOf(value) !== yamlOf(partOf(kind, name)?.fallback),
  );
  return said.map(([name, value]) => `${name}: ${yamlOf(value)}`).join('\n');
}
