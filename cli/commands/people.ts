import type { Command } from 'commander';
import { addAbsence, everybody, membersOf } from '../../db/duty.ts';
import { handOverAll, openCounts } from '../../db/hand-over.ts';
import { HOTLINE } from '../../db/people.ts';
import { databaseNow, type Pool } from '../../db/pool.ts';
import { ABSENCE, type Absence } from '../../domain/calendar/absences.ts';
import { isOnDuty } from '../../domain/calendar/duty.ts';
import { databaseOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';

interface Common {
  readonly json?: true;
  readonly state?: string;
}

/** Adds `kept people`. */
export function peopleCommand(program: Command): void {
  const people = program.command('people').description('Who answers for promises, and when they are on duty.');
  people
    .command('list')
    .description('Everybody, on duty or not, with how many open promises they have.')
    .option('--json', 'as JSON')
    .addOption(stateOption())
    .action(list);
  people
    .command('absent')
    .description('Says when somebody is away; promises whose target lies in it go to others when it begins.')
    .argument('<id>', 'who (required)')
    .requiredOption('--from <time>', 'a day, or a time such as 2026-12-24T12:00, in their own zone (required)')
    .requiredOption('--to <time>', 'when they are back; written like --from (required)')
    .option('--json', 'as JSON')
    .addOption(stateOption())
    .action(absent);
  people
    .command('hand-over')
    .description('Hands over every open promise of somebody: to one person, else by the owner rule.')
    .argument('<id>', 'whose (required)')
    .option('--to <id>', 'who gets all of them')
    .requiredOption('--by <id>', 'who says so (required)')
    .option('--note <text>', 'what the new owners should know; a note with each promise')
    .option('--json', 'as JSON')
    .addOption(stateOption())
    .action(handOver);
}

const inDatabase = <T>({ state }: Common, work: (pool: Pool) => Promise<T>): Promise<T> =>
  withDatabase({ url: databaseOf(configFor(state)), name: 'kept people' }, work);

const say = (json: true | undefined, answer: object, lines: readonly string[]): void =>
  void process.stdout.write(json ? `${JSON.stringify(answer)}\n` : lines.map((line) => `${line}\n`).join(''));

async function list(options: Common): Promise<void> {
  const items = await inDatabase(options, async (pool) => {
    const [members, now] = await Promise.all([everybody(pool), databaseNow(pool)]);
    const open = await openCounts(
      pool,
      members.map(({ id }) => id),
    );
    return members.map(({ duty, ...person }) => ({
      ...person,
      onDuty: isOnDuty(duty, now),
      openPromises: open.get(person.id) ?? 0,
    }));
  });
  const width = Math.max(0, ...items.map(({ id }) => id.length));
  say(
    options.json,
    { items },
    items.map(
      ({ id, onDuty, openPromises }) =>
        `${id.padEnd(width)}  ${onDuty ? 'on duty ' : 'off duty'}  open promises: ${openPromises}`,
    ),
  );
}

async function absent(id: string, { from, to, ...options }: Common & { from: string; to: string }): Promise<void> {
  const absence = absenceOf(from, to);
  const added = await inDatabase(options, async (pool) => {
    await refuseUnknown(pool, [id]);
    return addAbsence(pool, id, absence);
  });
  const lines = [
    `${id} is away from ${absence.from} and back at ${absence.to}.${added.isNew ? '' : ' That was known.'}`,
  ];
  say(options.json, { id: added.id }, lines);
}

function absenceOf(from: string, to: string): Absence {
  const faults: string[] = [];
  const read = ABSENCE.read({ from, to }, (pointer, message) => void faults.push(`--${pointer.slice(1)}: ${message}`));
  if (!read) throw new Error(faults.join('\n'));
  return read;
}

async function handOver(
  id: string,
  { to, by, note, ...options }: Common & { to?: string; by: string; note?: string },
): Promise<void> {
  if (to === id) throw new Error(`${id} has them already: name somebody else with --to.`);
  const done = await inDatabase(options, async (pool) => {
    await refuseUnknown(pool, to === undefined ? [by] : [to, by]);
    // Who has left people.yaml may still have promises.
    if (!(await membersOf(pool, [id])).has(id) && (await openCounts(pool, [id])).get(id) === 0)
      await refuseUnknown(pool, [id]);
    return handOverAll(pool, id, { to: to ?? null, by, note });
  });
  const lines = Object.entries(done.to).map(([who, count]) => `  ${who}  ${count}`);
  say(options.json, done, [`Handed over from ${id}: ${done.handedOver}.`, ...lines]);
}

async function refuseUnknown(pool: Pool, ids: readonly string[]): Promise<void> {
  const known = await membersOf(pool, ids);
  const unknown = ids.find((id) => !known.has(id) || id === HOTLINE);
  if (unknown !== undefined)
    throw new Error(`Nobody of the staff has the id ${unknown}. "kept people list" names everybody.`);
}
