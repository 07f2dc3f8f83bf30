/** A subject with a comma in it ends with one. */
const before = (what: string, time: string): string => `${what}${what.includes(',') ? ',' : ''} ${time}`;

/**
 * What a call or an answer is about: after its time, since "about your call on Friday" is read as a call on Friday. A phrase
 * (`your return`) goes on with the sentence, a title (`Question about a return`) ends it.
 */
export const about = (what: string, time: string): string =>
  /^\p{Lu}/u.test(what) ? `${time}: ${what}` : `${time} about ${what}`;

/** What each kind promises, after "We promised"; `other` for kinds not named here. `time` comes with its preposition. */
export const promised: Readonly<Record<string, (what: string, time: string) => string>> & {
  readonly other: (what: string, time: string) => string;
} = {
  delivery: (what, time) => `to deliver ${before(what, time)}`,
  callback: (what, time) => `to call you back ${about(what, time)}`,
  reply: (what, time) => `to answer you ${about(what, time)}`,
  repair: (what, time) => `to finish your repair ${time}: ${what}`,
  refund: (what, time) => `to pay you back ${time}: ${what}`,
  other: (what, time) => `you this ${time}: ${what}`,
};

/** What stands for a promise of which only its number is known; for kinds not named here the number stands alone. */
export const unnamed: Readonly<Record<string, (ref: string) => string>> = {
  delivery: (ref) => `your order ${ref}`,
  callback: () => 'your call',
  reply: (ref) => `your question ${ref}`,
  repair: (ref) => `repair ${ref}`,
  refund: (ref) => `refund ${ref}`,
};
