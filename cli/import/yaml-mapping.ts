import { readYaml } from '../yaml-file.ts';
import type { Mapping } from './mapping.ts';
import { promiseMapping } from './yaml-mapping-row.ts';
import { mappingSpec } from './yaml-mapping-check.ts';

/** A mapping file that cannot be used; every fault is named with file, line and key, from the top. */
export class MappingFileError extends Error {
  constructor(file: string, faults: readonly string[]) {
    const line = (fault: string): number => Number.parseInt(fault.slice(file.length + 1), 10);
    const sorted = [...faults].sort((a, b) => line(a) - line(b));
    super(`The mapping ${file} cannot be used:\n${sorted.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'MappingFileError';
  }
}

/**
 * The mapping that a user's YAML file describes; its keys are explained in docs/guides/import.md.
 * @param shipped names that are taken
 * @throws MappingFileError naming all faults together; Error where there is no such file
 */
export function readYamlMapping(file: string, shipped: readonly string[]): Mapping {
  const faults: string[] = [];
  const parsed = readFile(file, faults, shipped);
  const spec = parsed && mappingSpec(parsed.value, parsed.report, shipped);
  if (faults.length > 0 || !spec) throw new MappingFileError(file, faults);
  return promiseMapping(spec);
}

function readFile(file: string, faults: string[], shipped: readonly string[]): ReturnType<typeof readYaml> {
  try {
    return readYaml(file, faults);
  } catch (error) {
    const names = `There are ${shipped.join(', ')}, or the path of a YAML file of your own (docs/guides/import.md).`;
    const why = reasonOf((error as { readonly code?: unknown }).code);
    if (why === null) throw error;
    throw new Error(`No mapping is called ${file}, and ${why}. ${names}`, { cause: error });
  }
}

function reasonOf(code: unknown): string | null {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  return code === 'EACCES' ? 'this user may not read the file' : null;
}
