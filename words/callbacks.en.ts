import type { AttemptResult } from '../domain/promise/words.ts';

/** The calls of a day: the page on which they are made, its part of the first page, and the command. */
export const calls = {
  title: 'Calls',
  lead: 'Whom to call when, and what came of it. A try counts inside the time promised.',
  /** `count` of them on `day`. */
  day: (count: number, day: string, zone: string) =>
    `${count === 0 ? 'No calls' : count === 1 ? 'One call' : `${count} calls`} on ${day}, times in ${zone}`,
  none: 'No call was promised for this day.',
  until: (time: string) => `until ${time}`,
  nobody: 'nobody yet',
  noPhone: 'no phone number',
  by: (owner: string) => `by ${owner}`,
  tries: (counted: number, max: number) => `${counted} of ${max} tries`,
  tried: (result: string, time: string) => `${time} ${result}`,
  nobodyFree: 'nobody is free for it',
  overflow: (count: number) =>
    count === 1 ? 'For one call nobody on duty is free' : `For ${count} calls nobody on duty is free`,
  overflowHint: 'Hand over, agree another time with the customer, or have somebody more on duty.',
  filter: { title: 'Which calls', day: 'Day', owner: 'Owner', all: 'everybody', submit: 'Show' },
  fault: 'No such day in the calendar.',
  /** What is pressed when the call is over. */
  press: {
    reached: 'Reached',
    no_answer: 'No answer',
    wrong_number: 'Wrong number',
    declined: 'Declined',
  } satisfies Record<AttemptResult, string>,
  pressFor: (result: string, who: string, time: string) => `${result}: ${who}, ${time}`,

  today: {
    title: 'Calls today',
    open: (count: number) => (count === 1 ? '1 call is still to be made' : `${count} calls are still to be made`),
    none: 'No call is to be made.',
    all: 'All calls of the day',
  },
};
