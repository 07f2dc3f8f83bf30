import { expect, it } from 'vitest';
import { createProgram } from '../../cli/program.ts';

const names = async (asked?: string): Promise<readonly string[]> =>
  (await createProgram(asked)).commands.map((command) => command.name());

it('has only the command that was asked for, since the others would load what it does not need', async () => {
  expect(await names('import')).toEqual(['import']);
});

it('has all of them, to list them or to say that there is no such one', async () => {
  const all = await names();
  expect(all).toEqual(expect.arrayContaining(['up', 'import', 'report']));
  expect(await names('imoprt')).toEqual(all);
  expect(await names('constructor')).toEqual(all);
});

it('names each command as it is asked for', async () => {
  for (const name of await names()) expect(await names(name)).toEqual([name]);
});
