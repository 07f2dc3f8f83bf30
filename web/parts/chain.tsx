import { dayBeforeText, lengthText } from '../../words/format.ts';
import { msBetween, type Instant } from '../../domain/promise/instant.ts';
import type { ExplainedRevision } from '../../domain/promise/explanation.ts';
import { isLate } from '../../domain/promise/plan.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import type { Words } from '../../words/en.ts';
import type { PromisePageData } from '../shapes.ts';
import { promisedText } from './facts.ts';
import { FactsTable } from './facts-table.tsx';
import { milestonesOf, type Milestone } from './milestones.ts';

interface ChainProps {
  readonly words: Words;
  readonly data: PromisePageData;
  readonly time: (at: Instant) => string;
}

/** Every time the customer was told, side by side; nothing where there is but the first. */
export function Chain({ words, data, time }: ChainProps) {
  const { chain } = words.page.moving;
  const { revisions, promise, timeline } = data;
  if (revisions.length < 2) return null;
  const facts = new Map(timeline.map(({ fact }) => [fact.factKey, fact]));
  const { column } = chain;
  const rows = revisions.map((told) => {
    const what = told.revision === 1 ? chain.first : told.agreed ? chain.agreed : chain.imposed;
    return [
      {
        text:
          told.revision === promise.agreedRevision ? (
            <>
              {what} <span class="sub">{chain.inForce}</span>
            </>
          ) : (
            what
          ),
      },
      toldText(words, told, facts.get(told.factKey), { promise, time }),
      time(told.at),
      told.cause ?? words.page.none,
    ];
  });
  return (
    <section aria-labelledby="chain-title" class="card">
      <h2 id="chain-title">{chain.title}</h2>
      <FactsTable columns={[column.what, column.told, column.when, column.cause]} rows={rows} labelled />
    </section>
  );
}

type Shown = Pick<ChainProps, 'time'> & Pick<PromisePageData, 'promise'>;

/** In the words in which it was told; of a duration also the time that it came to. */
function toldText(
  words: Words,
  { revision, promisedAt, day }: ExplainedRevision,
  fact: Fact | undefined,
  { promise, time }: Shown,
): string {
  const { moving } = words.page;
  const { zone } = promise.plan;
  const told =
    revision === 1 ? promise.basis.promised : fact !== undefined && 'promised' in fact ? fact.promised : null;
  const at =
    promisedAt === null
      ? moving.chain.noTime
      : day === null
        ? time(promisedAt)
        : dayBeforeText(words.clock, promisedAt, zone);
  if (told === null) return at;
  const text = promisedText(words, told, time);
  return 'within' in told ? `${text}: ${at}` : text;
}

/** By which of the times a promise is judged, where the customer agreed to another than the first; and what that changes. */
export function Judged({ words, data: { promise } }: Pick<ChainProps, 'words' | 'data'>) {
  const { chain } = words.page.moving;
  if (promise.agreedRevision === 1) return null;
  return (
    <p class="sub">
      {chain.judged} {promise.fulfilledAt === null ? '' : firstText(words, promise.fulfilledAt, promise)}
    </p>
  );
}

function firstText(words: Words, at: Instant, promise: PromisePageData['promise']): string {
  const { chain } = words.page.moving;
  const { basis, firstPromisedAt, fulfilledAsDay, plan } = promise;
  const { precision } = basis.promised;
  if (isLate({ precision, promisedAt: firstPromisedAt }, at, fulfilledAsDay))
    return chain.firstLate(lengthText(words.clock, msBetween(firstPromisedAt, at)));
  return isLate(plan, at, fulfilledAsDay) ? '' : chain.firstKept;
}

/** The checkpoints of the plan in force; while its clock stands it has none, but those missed before are still said. */
export function Checkpoints({ words, data, time }: ChainProps) {
  const { checkpoints: says } = words.page.moving;
  const { promise, timeline, now } = data;
  const { plan } = promise;
  const planned = milestonesOf({ ...promise, checkpoints: plan.checkpoints }, now);
  const alerted = timeline.flatMap(({ fact }) =>
    fact.kind === 'escalated' && fact.checkpoint ? [fact.checkpoint] : [],
  );
  const before = [...new Set(alerted)].filter((name) => !planned.some((each) => each.name === name));
  if (planned.length + before.length === 0) return null;
  const whose = (partner: boolean): string => (partner ? (promise.partner ?? says.partner) : says.us);
  const state = (each: Milestone) => ({
    text:
      each.passedAt === null
        ? says[untimed(each)]
        : (each.state === 'passed' ? says.passed : says.passedLate)(time(each.passedAt)),
    look: each.state === 'missed' || each.state === 'passedLate' ? 'bad' : '',
  });
  const missed = { text: says.missed, look: 'bad' };
  const rows = [
    ...planned.map((each) => [each.name, time(each.at), state(each), whose(each.partner)]),
    ...before.map((name) => [name, words.page.none, missed, words.page.none]),
  ];
  const { column } = says;
  return (
    <section aria-labelledby="checkpoints-title" class="card">
      <h2 id="checkpoints-title">{says.title}</h2>
      <FactsTable columns={[column.name, column.target, column.state, column.whose]} rows={rows} labelled />
    </section>
  );
}

const untimed = ({ state }: Milestone): 'missed' | 'ahead' | 'unneeded' =>
  state === 'ahead' || state === 'unneeded' ? state : 'missed';
