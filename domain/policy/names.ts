import { show } from './documents.ts';
import { textLike, type Form } from './forms.ts';

const SHORT_NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** A kind of promise. */
export const KIND = textLike(SHORT_NAME, 'name', 'kind is a short lower-case name such as delivery');

/** The id of a calendar, as its own file writes it. */
export const CALENDAR = textLike(SHORT_NAME, 'name', 'A calendar is named by its short lower-case id such as office');

/** The id of a team in people.yaml. */
export const TEAM = textLike(SHORT_NAME, 'name', 'A team is named by its short lower-case id such as care');

/** What `progressed` says when a checkpoint is passed: a code, no free text. */
export const CHECKPOINT = textLike(
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
  'name',
  'A checkpoint is named by a code such as handed-to-carrier (letters, digits and _ . -, at most 63)',
);

const LONGEST = 200;

/** A partner, as promises name it: histories bring the full names of firms. Control characters are none of a name. */
export const PARTNER: Form<string> = {
  read: (value, say) =>
    typeof value === 'string' && value.length <= LONGEST && /^[^\p{Cc}\p{Surrogate}]+$/u.test(value)
      ? value
      : say(
          '',
          `A partner is named as promises name it, such as dpd, in up to ${LONGEST} characters, not ${show(value)}.`,
        ),
  write: (name) => name,
  schema: { type: 'string', minLength: 1, maxLength: LONGEST },
  unit: 'text',
  parts: [],
};
