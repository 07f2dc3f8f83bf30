import type { AlertLine } from '../../domain/promise/alerts.ts';
import type { Words } from '../../words/en.ts';
import { alertHead, alertName, alertSays, promiseTitle } from '../../words/alert-texts.ts';

interface AlertTasksProps {
  readonly words: Words;
  readonly lines: readonly AlertLine[];
  /** Where the buttons are sent. */
  readonly action: string;
  /** Whether they lead to the pages of their promises. */
  readonly pages: boolean;
}

/** Alerts to one of the staff, each with a button to say that they take care of it. */
export const AlertTasks = ({ words, lines, action, pages }: AlertTasksProps) => (
  <ul class="tasks">
    {lines.map((line) => (
      <li>
        <div>
          <span class={`feed-what alert-${line.reason}`}>{alertName(words, line)}</span>{' '}
          {pages ? <a href={`/promises/${line.promiseId}`}>{alertHead(words, line)}</a> : alertHead(words, line)}
          <p>{alertSays(words, line).join(' ')}</p>
        </div>
        <Act action={action} name="alert" value={line.id} text={words.people.takeCare}>
          {words.people.takeCareOf(promiseTitle(words, line))}
        </Act>
      </li>
    ))}
  </ul>
);

interface ActProps {
  readonly action: string;
  readonly name: string;
  readonly value: string;
  readonly text: string;
  /** Which one, for who hears the button by itself. */
  readonly children: string;
}

/** A button that sends one thing. */
export function Act({ action, name, value, text, children }: ActProps) {
  return (
    <form method="post" action={action}>
      <input type="hidden" name={name} value={value} />
      <button type="submit">
        {text}
        <span class="unseen">{children}</span>
      </button>
    </form>
  );
}
