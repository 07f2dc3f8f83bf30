import { parse } from 'yaml';
import { POLICY_FIELDS, policyDocument, REQUIRED_FIELDS } from '../domain/policy/fields.ts';
import type { Policy } from '../domain/policy/policy.ts';

const FIELDS: Readonly<Record<string, { readonly meaning: string }>> = { ...REQUIRED_FIELDS, ...POLICY_FIELDS };

/** A policy as a file that is read as the same policy: every field under its meaning, and the version on top. */
export function policyYaml(policy: Policy, version: number): string {
  const fields = Object.entries(policyDocument(policy)).map(
    ([name, value]) => `# ${FIELDS[name]?.meaning ?? ''}\n${name}: ${yamlOf(value)}\n`,
  );
  return `# ${policy.kind}, version ${version}\n\n${fields.join('\n')}`;
}

/** A value on one line, as people write it into a policy file. */
export function yamlOf(value: unknown): string {
  if (typeof value === 'string') return isPlain(value) ? value : JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(yamlOf).join(', ')}]`;
  const pairs = Object.entries(value).map(([key, each]) => `${key}: ${yamlOf(each)}`);
  return pairs.length > 0 ? `{ ${pairs.join(', ')} }` : '{}';
}

/** Whether a text stays one without quotes, also for readers of YAML 1.1, to whom 21:00 is a number and `no` is false. */
const isPlain = (text: string): boolean => /^[\w.%-]+$/.test(text) && parse(text, { version: '1.1' }) === text;
