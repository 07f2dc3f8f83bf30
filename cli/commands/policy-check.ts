import type { Command } from 'commander';
import { parsePolicy } from '../../domain/policy/fields.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { SHARE } from '../../domain/policy/shares.ts';
import { faultLine, pathOf, readYamlFile } from '../yaml-file.ts';

interface CheckOptions {
  readonly json?: true;
}

/** `line`: null where the file could not be read at all. */
interface Fault {
  readonly line: number | null;
  readonly pointer: string;
  readonly message: string;
}

interface Checked {
  readonly file: string;
  /** Null where the file has faults. */
  readonly policy: Policy | null;
  readonly faults: readonly Fault[];
}

/** Adds `kept policy check`. */
export function policyCheckCommand(policy: Command): void {
  policy
    .command('check')
    .description('Reads policy files and says every fault with file, line, key and reason. Stores nothing.')
    .argument('<file...>', 'one file per kind (required)')
    .option('--json', 'as JSON')
    .action(check);
}

function check(files: readonly string[], { json }: CheckOptions): void {
  const checked = files.map(checkFile);
  const isFine = checked.every(({ policy }) => policy !== null);
  process.stdout.write(json ? `${jsonOf(checked, isFine)}\n` : checked.map(linesOf).join(''));
  if (!isFine) process.exitCode = 1;
}

function checkFile(file: string): Checked {
  const refused = (faults: readonly Fault[]): Checked => ({ file, policy: null, faults });
  const yaml = readable(file);
  if ('error' in yaml) return refused([{ line: null, pointer: '', message: yaml.error }]);
  if ('faults' in yaml) return refused(yaml.faults.map(({ line, message }) => ({ line, pointer: '', message })));
  const read = parsePolicy(yaml.value);
  if ('policy' in read) return { file, policy: read.policy, faults: [] };
  const at = (pointer: string): number => yaml.lineOf(pathOf(pointer));
  return refused(read.faults.map(({ pointer, message }) => ({ line: at(pointer), pointer, message })));
}

function readable(file: string): ReturnType<typeof readYamlFile> | { readonly error: string } {
  try {
    return readYamlFile(file);
  } catch (error) {
    return { error: `Cannot be read: ${error instanceof Error ? error.message : String(error)}.` };
  }
}

function jsonOf(checked: readonly Checked[], ok: boolean): string {
  const files = checked.map(({ file, policy, faults }) => ({ file, kind: policy?.kind ?? null, faults }));
  return JSON.stringify({ ok, files });
}

function linesOf({ file, policy, faults }: Checked): string {
  if (policy) return `${policy.kind}: fine. ${summaryOf(policy)}\n`;
  return faults
    .map(({ line, pointer, message }) =>
      line === null ? `${file}: ${message}\n` : `${faultLine(file, { line, path: pathOf(pointer), message })}\n`,
    )
    .join('');
}

/** `Target P1D before the promised time; the customer hears PT4H before it.` */
const summaryOf = (policy: Policy): string =>
  `Target ${wordsOf(policy)} before the promised time; the customer hears ${policy.lead} before it.`;

function wordsOf({ buffer }: Policy): string {
  if ('fixed' in buffer) return buffer.fixed;
  if ('working' in buffer) return `${buffer.working} of working time (calendar ${buffer.calendar})`;
  const { share, min, max } = buffer;
  const bounds = [...(min === null ? [] : [`at least ${min}`]), ...(max === null ? [] : [`at most ${max}`])];
  return [`${String(SHARE.write(share))} of the time promised`, ...bounds].join(', ');
}
