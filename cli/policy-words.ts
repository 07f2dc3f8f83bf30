import type { PolicyDiff } from '../db/policy-diff.ts';
import type { Carried } from '../db/replan-pokes.ts';
import type { Applied } from '../db/replan.ts';
import type { Moves, Turns } from '../domain/policy/differences.ts';

/** What `kept policy diff` prints for people. */
export function diffLines(diff: PolicyDiff): string {
  const { kind, version, open, changed, unchanged, dueAtOnce, failed } = diff;
  const { risk, recovery, alerts } = dueAtOnce;
  return lines([
    `${kind}, version ${version}: ${changed} of ${open} open promises change, ${unchanged} do not.`,
    ...diff.fields.map(({ field, from, to }) => `  ${field}: ${textOf(from)} -> ${textOf(to)}`),
    ...Object.entries(diff.instants).flatMap(([name, moves]) => moved(name, moves)),
    ...customersUnaware(diff.instants.promisedAt),
    ...moved('looked at next', diff.wakeAt),
    ...Object.entries(diff.flags).flatMap(([name, turns]) => turned(`flag ${name}`, turns)),
    ...turned('checkpoints', diff.checkpoints),
    ...otherwise('tried more or less often', diff.otherwise.tries),
    ...otherwise('with a checkpoint for which somebody else answers', diff.otherwise.partners),
    ...otherwise('whose alerts go to others, or more or less often', diff.otherwise.alerts),
    ...(risk + recovery + alerts > 0
      ? [`  due at once: ${risk} warnings, ${recovery} apologies, ${alerts} alerts to the staff`]
      : []),
    ...cannot(failed),
    ...(diff.examples.length > 0 ? ['The nearest:'] : []),
    ...diff.examples.map(
      ({ source, ref, instant, from, to }) => `  ${source} ${ref}: ${instant} ${from ?? 'never'} -> ${to ?? 'never'}`,
    ),
  ]);
}

/** What `kept policy apply` prints for people. */
export function appliedLines(result: Omit<Applied, 'since'> & Carried): string {
  const { kind, version, open, applied, replanned, earlier, pokes, planningMs, failed } = result;
  return lines([
    `${kind}, version ${version}: applied to ${applied} of ${open} open promises in ${secondsOf(planningMs)}.`,
    `  ${replanned} changed by it; ${earlier} are looked at earlier; the engine has to be told of ${pokes}.`,
    `  ${pokesLine(result)}`,
    `  Missed wakes: ${result.missedWakes}.`,
    ...cannot(failed),
  ]);
}

function pokesLine({ pokes, pokedMs, stillWaiting, isCarried }: Pick<Applied, 'pokes'> & Carried): string {
  if (pokedMs !== null)
    return pokes === 0 ? 'The engine had to be told of none.' : `It was told of all in ${secondsOf(pokedMs)}.`;
  return isCarried
    ? `It is still to be told of ${stillWaiting}; the worker goes on with them.`
    : `It is still to be told of ${stillWaiting}: no worker carries them. Is "npx kept worker" running?`;
}

const moved = (name: string, { earlier, later }: Moves): readonly string[] =>
  earlier + later === 0 ? [] : [`  ${name}: ${earlier} earlier, ${later} later`];

/** A calendar that has changed moves durations by itself: nobody writes to their customers about it. */
const customersUnaware = ({ earlier, later }: Moves): readonly string[] =>
  earlier + later === 0
    ? []
    : ['  Their customers are not told that the promised time moves: agree on it with them (repromised).'];

const turned = (name: string, { gained, lost }: Turns): readonly string[] =>
  gained + lost === 0 ? [] : [`  ${name}: ${gained} more, ${lost} fewer`];

const otherwise = (what: string, count: number): readonly string[] => (count === 0 ? [] : [`  ${what}: ${count}`]);

const SHOWN = 5;

function cannot(failed: readonly string[]): readonly string[] {
  if (failed.length === 0) return [];
  const more = failed.length > SHOWN ? ', …' : '';
  return [`  ${failed.length} cannot be planned so, and stay: ${failed.slice(0, SHOWN).join(', ')}${more}`];
}

const secondsOf = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
