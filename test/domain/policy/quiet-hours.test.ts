import { expect, it } from 'vitest';
import { QUIET_HOURS } from '../../../domain/policy/quiet-hours.ts';
import { reading } from '../support/reading.ts';

const USUAL = { channels: ['sms', 'call'], from: '21:00', to: '09:00' };

it('quiet hours are those of SMS and calls at night, where a file is silent', () => {
  expect(reading(QUIET_HOURS, {})).toEqual(USUAL);
  expect(QUIET_HOURS.parts.map(({ path, fallback }) => [path, fallback])).toEqual(Object.entries(USUAL));
});

it.each<[object]>([[{ from: '00:00', to: '23:59' }], [{ channels: ['call', 'email', 'sms'] }], [{ to: '19:30' }]])(
  'quiet hours may be %j',
  (said) => {
    expect(reading(QUIET_HOURS, said)).toEqual({ ...USUAL, ...said });
    expect(QUIET_HOURS.write({ ...USUAL, ...said } as never)).toEqual({ ...USUAL, ...said });
  },
);

const NO_TIME = 'A wall time from "00:00" to "23:59", in quotes, not';

it.each<[object, readonly string[]]>([
  [{ channels: [] }, ['/channels Quiet on no channel is never quiet. Write quiet: none.']],
  [{ channels: ['sms', 'call', 'sms'] }, ['/channels/2 sms stands here twice. Leave one of them out.']],
  [{ channels: ['post'] }, ['/channels/0 One of email, sms, call, not "post".']],
  [{ channels: ['sms', 'call', 'email', 'sms'] }, ['/channels Write a list of up to 3 such as [sms, call].']],
  [
    { from: '09:00' },
    ['/to From 09:00 to 09:00 is the whole day: no hour would be left to write or call. Let to differ.'],
  ],
  ...['24:00', '9:00', '21:60', '21:00:00', 'x21:00', '30:00', '19:000', 1260].map((from): [object, string[]] => [
    { from },
    [`/from ${NO_TIME} ${JSON.stringify(from)}.`],
  ]),
  [{ to: 'noon', till: '1' }, ['/till Unknown: till. Known: channels, from, to.', `/to ${NO_TIME} "noon".`]],
])('quiet hours are not %j, and say why', (said, faults) => {
  expect(reading(QUIET_HOURS, said)).toEqual(faults);
});
