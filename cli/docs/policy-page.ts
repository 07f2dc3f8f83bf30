import { DEFAULT_POLICIES } from '../../domain/policy/defaults.ts';
import { POLICY_FIELDS, type PolicyField } from '../../domain/policy/fields.ts';
import type { BufferRule, Policy } from '../../domain/policy/policy.ts';
import { code, page, table } from './markdown.ts';

type KeyOf<T> = T extends unknown ? keyof T : never;

/** The two that have no default. */
const KIND = 'What sort of promise the file is about: lower-case letters, digits and -, a letter first.';
const BUFFER = 'How far before the promised time our own target lies; see below.';

const BUFFER_RULES: { readonly [F in KeyOf<BufferRule>]: readonly [unit: string, meaning: string] } = {
  fixed: ['ISO 8601 duration', 'Always this much. Stands alone.'],
  share: ['per cent', 'This share of the time promised, above 0 % and below 100 %.'],
  min: ['ISO 8601 duration', 'With `share`: at least this much.'],
  max: ['ISO 8601 duration', 'With `share`: at most this much.'],
};

/** Whose defaults may differ. */
const KINDS = ['delivery', 'callback', 'reply', 'repair'];

/** Every field of a policy file: unit, default, meaning; the buffer rules; the kinds that come with Kept. */
export function policyPage(): string {
  const rows = Object.entries<PolicyField<unknown>>(POLICY_FIELDS).map(([name, field]) => [
    code(name),
    field.unit,
    defaultOf(field),
    field.meaning,
  ]);
  return page(
    'Policy files',
    'npm run docs',
    'One YAML file per kind of promise in the folder `KEPT_POLICIES`. Durations are ISO 8601; days and longer are calendar days ' +
      "in the promise's zone. An unknown field is a fault that is named with file, line and key.",
    '## Fields',
    table(
      ['field', 'unit', 'default', 'meaning'],
      [['`kind`', 'name', 'required', KIND], ['`buffer`', 'rule', 'required', BUFFER], ...rows],
    ),
    '## Buffer rules',
    'Either `{ fixed: P1D }` or `{ share: 20%, min: PT4H, max: P3D }`, of which `min` and `max` may be left out.',
    table(
      ['key', 'unit', 'meaning'],
      Object.entries(BUFFER_RULES).map(([key, [unit, meaning]]) => [code(key), unit, meaning]),
    ),
    '## Kinds that come with Kept',
    'A file of the same kind takes the place of one; fields that are not named have their defaults.',
    `\`\`\`yaml\n${DEFAULT_POLICIES.map(documentOf).join('\n---\n')}\n\`\`\``,
  );
}

/** `silent; reply, repair: warn`: what most kinds get, then those that differ. */
function defaultOf({ fallback }: PolicyField<unknown>): string {
  const usual = shown(fallback('other'));
  const differing = KINDS.filter((kind) => shown(fallback(kind)) !== usual);
  const values = [...new Set(differing.map((kind) => shown(fallback(kind))))];
  const others = values.map(
    (value) => `${differing.filter((kind) => shown(fallback(kind)) === value).join(', ')}: ${code(value)}`,
  );
  return [usual === 'null' ? 'none' : code(usual), ...others].join('; ');
}

/** What a file must say to be this policy. */
function documentOf({ kind, buffer, ...fields }: Policy): string {
  const said = Object.entries(fields).filter(
    ([name, value]) => shown(value) !== shown(fallbackOf(name as keyof typeof POLICY_FIELDS, kind)),
  );
  const lines = said.map(([name, value]) => `${name}: ${shown(value)}`);
  return [`kind: ${kind}`, `buffer: ${shown(ruleOf(buffer))}`, ...lines].join('\n');
}

const fallbackOf = (name: keyof typeof POLICY_FIELDS, kind: string): unknown => POLICY_FIELDS[name].fallback(kind);

const ruleOf = (rule: BufferRule): Readonly<Record<string, unknown>> =>
  'fixed' in rule ? rule : { ...rule, share: `${Math.round(rule.share * 100)}%` };

/** As YAML on one line. */
function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : JSON.stringify(value);
  const pairs = Object.entries(value as object).filter(([, each]) => each !== null);
  return `{ ${pairs.map(([key, each]) => `${key}: ${shown(each)}`).join(', ')} }`;
}
