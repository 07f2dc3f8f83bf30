import { expect, it } from 'vitest';
import { ESCALATION_RULES } from '../../../domain/policy/escalation.ts';
import { reading } from '../support/reading.ts';

const USUAL = {
  slip: ['owner'],
  at_risk: ['owner', 'lead'],
  broken: ['owner', 'manager'],
  checkpoint: ['owner'],
  repeat: null,
  times: 2,
};

it('alerts climb as they always have, where a file is silent', () => {
  expect(reading(ESCALATION_RULES, {})).toEqual(USUAL);
});

it.each<[object, object]>([
  [{ slip: [] }, { slip: [] }],
  [{ broken: ['owner', 'lead', 'manager'] }, { broken: ['owner', 'lead', 'manager'] }],
  [{ checkpoint: ['manager'] }, { checkpoint: ['manager'] }],
  [
    { repeat: 'PT4H', times: 0 },
    { repeat: 'PT4H', times: 0 },
  ],
  [{ repeat: 'none', times: 20 }, { times: 20 }],
])('alerts may climb by %j', (said, read) => {
  expect(reading(ESCALATION_RULES, said)).toEqual({ ...USUAL, ...read });
  expect(reading(ESCALATION_RULES, ESCALATION_RULES.write({ ...USUAL, ...read } as never))).toEqual({
    ...USUAL,
    ...read,
  });
});

it.each<[object, readonly string[]]>([
  [{ slip: ['owner', 'owner'] }, ['/slip/1 owner stands here twice, and is told once. Leave one out.']],
  [
    { at_risk: ['lead', 'owner'] },
    ['/at_risk/1 owner is below lead: an alert goes up. Write them as owner, lead, manager.'],
  ],
  [
    { broken: ['manager', 'lead', 'owner'] },
    [
      '/broken/1 lead is below manager: an alert goes up. Write them as owner, lead, manager.',
      '/broken/2 owner is below manager: an alert goes up. Write them as owner, lead, manager.',
    ],
  ],
  [{ broken: ['owner', 'lead', 'owner'] }, ['/broken/2 owner stands here twice, and is told once. Leave one out.']],
  [{ checkpoint: ['boss'] }, ['/checkpoint/0 One of owner, lead, manager, not "boss".']],
  [
    { checkpoint: ['owner', 'lead', 'manager', 'owner'] },
    ['/checkpoint Write a list of up to 3 such as [owner, lead].'],
  ],
  [{ repeat: 'PT0S' }, ['/repeat An alert repeated after PT0S would never pause. Write e.g. PT4H, or none.']],
  [{ times: -1 }, ['/times A whole number from 0 to 20, not -1.']],
  [{ times: 21 }, ['/times A whole number from 0 to 20, not 21.']],
  [{ late: ['owner'] }, ['/late Unknown: late. Known: slip, at_risk, broken, checkpoint, repeat, times.']],
])('alerts do not climb by %j, which says why', (said, faults) => {
  expect(reading(ESCALATION_RULES, said)).toEqual(faults);
});
