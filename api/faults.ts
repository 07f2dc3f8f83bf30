import type { z } from '@hono/zod-openapi';
import type { Fault } from './problem.ts';

type Issue = z.core.$ZodIssue;
type UnionIssue = z.core.$ZodIssueInvalidUnion;

/** What a schema found wrong with `input`, each fault at the pointer of the field it is about. */
export function faultsOf(
  issues: readonly Issue[],
  input: unknown,
  base: readonly PropertyKey[] = [],
): readonly Fault[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => fault([...path, key], 'Unknown field. Remove it, or check its spelling.'));
      case 'invalid_union':
        return unionFaults(issue, path, input);
      case 'invalid_type':
        return [fault(path, typeMessage(issue.expected, valueAt(input, path), issue.message))];
      case 'too_small':
        return [fault(path, issue.origin === 'string' ? 'Must not be empty.' : issue.message)];
      case 'too_big':
        return [
          fault(path, issue.origin === 'string' ? `Must have at most ${issue.maximum} characters.` : issue.message),
        ];
      case 'invalid_value':
        return [fault(path, oneOf(issue.values))];
      default:
        return [fault(path, issue.message)];
    }
  });
}

/** The pointer (RFC 6901) of a path, e.g. `/promised/at`; of the whole body the empty text. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const fault = (path: readonly PropertyKey[], message: string): Fault => ({ pointer: pointerOf(path), message });

/**
 * A union chosen by its keys tells what is wrong with the one form that was meant; where none or several were meant,
 * it says so at the union itself. A form is meant when at least one of the keys sent is its own.
 */
function unionFaults(issue: UnionIssue, path: readonly PropertyKey[], input: unknown): readonly Fault[] {
  if ('options' in issue) {
    const isOwn = !/^Invalid (input|discriminator)/.test(issue.message);
    return [fault(path, isOwn ? issue.message : oneOf(issue.options ?? []))];
  }
  const value = valueAt(input, path);
  const sent = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
  const meant = issue.errors.filter((found) => unknownKeys(found) < sent);
  const [only] = meant;
  if (meant.length === 1 && only) return faultsOf(only, input, path);
  return [fault(path, value === undefined ? `Missing. ${issue.message}` : issue.message)];
}

const unknownKeys = (issues: readonly Issue[]): number =>
  issues.reduce((sum, i) => sum + (i.code === 'unrecognized_keys' && i.path.length === 0 ? i.keys.length : 0), 0);

function typeMessage(expected: string, value: unknown, message: string): string {
  if (value === undefined) return `Missing. ${needed(expected)}`;
  return message.startsWith('Invalid input') ? `${needed(expected)} It is ${nameOf(value)}.` : message;
}

const oneOf = (values: readonly unknown[]): string => `Must be one of: ${values.map(String).join(', ')}.`;

const needed = (expected: string): string => `Must be ${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}.`;

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );
}
