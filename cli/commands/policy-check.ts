import type { Command } from 'commander';
import { newestPolicy } from '../../db/policies.ts';
import { parsePolicy, policyDocument } from '../../domain/policy/fields.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { SHARE } from '../../domain/policy/shares.ts';
import { isFile, unknownKind } from '../policy-file.ts';
import { databaseOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';
import { faultLine, pathOf, readYamlFile } from '../yaml-file.ts';

interface CheckOptions {
  readonly json?: true;
  readonly state?: string;
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
    .description(
      'Reads policy files, or the stored rules of kinds, and says every fault with file, line, key and reason.',
    )
    .argument('<file-or-kind...>', 'such as delivery.yaml, or delivery (required)')
    .option('--json', 'as JSON')
    .addOption(stateOption())
    .action(check);
}

async function check(names: readonly string[], { json, state }: CheckOptions): Promise<void> {
  const checked: Checked[] = [];
  for (const name of names) checked.push(isFile(name) ? checkFile(name) : await checkKind(name, state));
  const isFine = checked.every(({ policy }) => policy !== null);
  process.stdout.write(json ? `${jsonOf(checked, isFine)}\n` : checked.map(linesOf).join(''));
  if (!isFine) process.exitCode = 1;
}

/** As its file would be: rules that were stored by an older Kept may be refused by this one. */
async function checkKind(kind: string, state: string | undefined): Promise<Checked> {
  const url = databaseOf(configFor(state));
  const { policy } = await withDatabase(
    { url, name: 'kept policy' },
    async (pool) => (await newestPolicy(pool, kind)) ?? unknownKind(pool, kind),
  );
  const read = parsePolicy(policyDocument(policy));
  if ('policy' in read) return { file: kind, policy: read.policy, faults: [] };
  return { file: kind, policy: null, faults: read.faults.map((fault) => ({ ...fault, line: null })) };
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
