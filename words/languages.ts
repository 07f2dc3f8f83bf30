import { en, type Words } from './en.ts';

/** Every language Kept speaks. To add one: one file of the shape `Words` and one line here. */
const LANGUAGES: readonly Words[] = [en];

/**
 * The words of a language, by its BCP 47 tag: the exact one, else the same language of another region, else English.
 * @example wordsFor('en-GB').language //=> 'en'
 */
export function wordsFor(tag: string | null): Words {
  const wanted = tag?.toLowerCase() ?? '';
  const [base = ''] = wanted.split(/[-_]/);
  return (
    LANGUAGES.find((words) => words.language === wanted) ?? LANGUAGES.find((words) => words.language === base) ?? en
  );
}
