import { wordsFor } from '../../words/languages.ts';
import { Page, documentOf } from '../parts/page.tsx';

/** Why a form was not even read: a page of somebody else sent it, or it is no form. */
export type FormRefusal = 'foreign' | 'type';

/** What is seen then; to be sent with status 403 or 415. */
export function formRefusedPage(why: FormRefusal): string {
  const words = wordsFor('en');
  const { refused } = words.forms;
  return documentOf(
    <Page words={words} title={refused.title} here={null}>
      <h1>{refused.title}</h1>
      <p>{refused[why]}</p>
      <p>
        <a href="/">{words.page.promise.back}</a>
      </p>
    </Page>,
  );
}
