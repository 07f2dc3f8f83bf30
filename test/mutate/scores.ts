/** What became of one change of the code, of all that Stryker tells. */
export interface Mutant {
  readonly fileName: string;
  readonly status: string;
}

/** How many of the changes of a folder a test noticed. */
export interface Score {
  readonly folder: string;
  /** A test failed, or no longer came to an end. */
  readonly noticed: number;
  /** All but those that say nothing of the tests: what did not run, and what is no program. */
  readonly counted: number;
  /** 0 to 100. */
  readonly percent: number;
}

const NOTICED: readonly string[] = ['Killed', 'Timeout'];
const COUNTED: readonly string[] = [...NOTICED, 'Survived', 'NoCoverage'];

/** The score of each folder in which something was counted. */
export function scoresOf(mutants: readonly Mutant[], folders: readonly string[]): readonly Score[] {
  return folders.flatMap((folder) => {
    const statuses = mutants.filter(({ fileName }) => fileName.includes(`${folder}/`)).map(({ status }) => status);
    const counted = statuses.filter((status) => COUNTED.includes(status)).length;
    const noticed = statuses.filter((status) => NOTICED.includes(status)).length;
    return counted === 0 ? [] : [{ folder, noticed, counted, percent: (100 * noticed) / counted }];
  });
}
