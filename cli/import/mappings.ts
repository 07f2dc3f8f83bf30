import type { Mapping } from './mapping.ts';
import { bookshop } from './bookshop.ts';
import { boston } from './boston.ts';
import { nyc } from './nyc.ts';
import { olist } from './olist.ts';
import { scms } from './scms.ts';

/** Every shipped mapping by hand; `--mapping` takes their names. */
export const MAPPINGS: readonly Mapping[] = [bookshop, boston, nyc, olist, scms];

export const mappingNamed = (name: string): Mapping | null => MAPPINGS.find((mapping) => mapping.name === name) ?? null;

/**
 * The mapping that `--mapping` means: a shipped one by its name, any other text is the path of a YAML file.
 * @throws Error whose message is for the user: no such file and the names there are, or every fault of the file.
 */
export async function mappingOf(nameOrFile: string): Promise<Mapping> {
  const shipped = mappingNamed(nameOrFile);
  if (shipped) return shipped;
  // Loaded only here: the shipped mappings need no YAML.
  const { readYamlMapping } = await import('./yaml-mapping.ts');
  return readYamlMapping(
    nameOrFile,
    MAPPINGS.map(({ name }) => name),
  );
}
