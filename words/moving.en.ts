/** What the pages say where a clock stands, a checkpoint waits, or another time was told. */
export const moving = {
  /** `working`: what is left is counted by a calendar. */
  left: (length: string, working: boolean) =>
    working ? `${length} of working time left` : `${length} left once it goes on`,
  within: (length: string, working: boolean) => `within ${length}${working ? ' of working time' : ''}`,
  used: (used: string, within: string, working: boolean) =>
    `${used} of ${within}${working ? ' of working time' : ''} used.`,
  standing: 'Nothing has a time until the clock goes on.',

  waiting: (who: string, since: string) => `Waiting for ${who} since ${since}`,
  waitingUntil: (time: string) => `, until ${time}`,
  clockStands: '; the clock stands',
  clockStandsUntil: (time: string) => `; the clock stands until ${time}`,
  dateStays: '; the promised time stays as it is',

  partnerNamed: (partner: string) => `the partner (${partner})`,

  checkpoints: {
    title: 'Checkpoints',
    column: { name: 'Checkpoint', target: 'Target', state: 'State', whose: 'Answers for it' },
    passed: (time: string) => `passed ${time}`,
    passedLate: (time: string) => `missed, passed ${time}`,
    missed: 'missed',
    ahead: 'not passed yet',
    unneeded: 'not passed before it ended',
    us: 'us',
    partner: 'the partner',
    missedBy: (partner: string, name: string) => `${partner} missed checkpoint ${name}`,
  },

  tries: 'Tries',
  triesOf: (counted: number, max: number) => `${counted} of ${max}`,
  givenUp: (tries: string, length: string, early: boolean) =>
    `given up after ${tries} tries, ${length} ${early ? 'before' : 'after'} the promised time`,

  chain: {
    title: 'What the customer was told',
    column: { what: 'What', told: 'Time', when: 'When', cause: 'Cause' },
    first: 'First promised',
    agreed: 'Agreed later',
    imposed: 'Told later',
    inForce: 'judged by this',
    noTime: 'no time while the clock stands',
    judged: 'Judged by the time that the customer agreed to, not by the one first promised.',
    firstKept: 'The one first promised was kept, too.',
    firstLate: (length: string) => `By the one first promised it is ${length} late.`,
  },
};
