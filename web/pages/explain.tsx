import type { Fact } from '../../domain/promise/facts.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import type { Phase } from '../../domain/promise/words.ts';
import type { Words } from '../../words/en.ts';
import { readable } from '../../words/explain.en.ts';
import { dayText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { Segments } from '../parts/clock-table.tsx';
import { factText } from '../parts/facts.ts';
import { FactsTable } from '../parts/facts-table.tsx';
import { LifePicture } from '../parts/life.tsx';
import { lifeOf } from '../parts/life-scale.ts';
import { Page, documentOf } from '../parts/page.tsx';
import { PhaseTag } from '../parts/phase.tsx';
import { storedTime, type StoredTime } from '../parts/stored-time.ts';
import type { ExplainPageData } from '../shapes.ts';

/** How everything about a promise was computed: its life as a picture, and beside it the tables it is drawn from. */
export function explainPage(data: ExplainPageData): string {
  const words = wordsFor('en');
  const { explain } = words.page;
  const { explanation } = data;
  const { id, kind, source, ref, policyVersion, calendars, partner, zone, phase } = explanation;
  const subject = data.promise.subject ?? `${source} ${ref}`;
  const made = [
    explain.policy(kind, policyVersion),
    ...Object.keys(calendars)
      .sort()
      .map((name) => explain.calendar(name, calendars[name] ?? 0)),
    ...(partner ? [explain.partner(partner.id, partner.version)] : []),
    explain.zone(zone),
  ];
  return documentOf(
    <Page words={words} title={explain.title(subject)} here={null}>
      <p class="back">
        <a href={`/promises/${id}`}>{explain.back}</a>
      </p>
      <h1>{explain.title(subject)}</h1>
      <p class="sub">{made.join('; ')}</p>
      <section aria-labelledby="life-title" class="card wide">
        <h2 id="life-title">
          {explain.life.title} <PhaseTag words={words} phase={phase} />
        </h2>
        <Life words={words} data={data} />
      </section>
      <Segments words={words} data={data} />
      <PlanTable words={words} data={data} />
      <Told words={words} data={data} />
      <Steps words={words} data={data} />
      <Turns words={words} data={data} />
    </Page>,
  );
}

interface PartProps {
  readonly words: Words;
  readonly data: ExplainPageData;
}

const timeOf = (
  words: Words,
  { explanation, now }: ExplainPageData,
  together: readonly (Instant | null)[],
): StoredTime => storedTime(words, explanation.offsets, now, together);

function Life({ words, data }: PartProps) {
  const { explanation, now, promise } = data;
  const { life } = words.page.explain;
  const endedAt = endOf(data);
  const scale = lifeOf(explanation, endedAt, now);
  if (scale === null) return <p class="sub">{life.unknown}</p>;
  const { madeAt, targetAt, lastCallAt, promisedAt, checkpoints } = explanation;
  const together = [madeAt, targetAt, lastCallAt, promisedAt, ...checkpoints.map(({ at }) => at)];
  const isMerged = scale.stretches.some(({ look }) => look === 'merged');
  return (
    <>
      <LifePicture
        words={words}
        explanation={explanation}
        scale={scale}
        endedAt={endedAt}
        now={now}
        time={timeOf(words, data, together)}
        hasCalendar={(promise.plan.clock?.calendar ?? null) !== null}
      />
      {isMerged ? <p class="sub">{life.merged}</p> : scale.shortened ? <p class="sub">{life.shortened}</p> : null}
    </>
  );
}

const OPEN: ReadonlySet<Phase> = new Set(['open', 'at_risk', 'paused', 'overdue']);

/** When it ended, by its last change of state; null while it is open. */
function endOf({ explanation: { phase, transitions } }: ExplainPageData): Instant | null {
  return OPEN.has(phase) ? null : (transitions.at(-1)?.at ?? null);
}

function PlanTable({ words, data }: PartProps) {
  const { explain, promise: says } = words.page;
  const { title, column, noField, field, checkpoint, share, fixed, by } = explain.plan;
  const { reasons, day, promisedAt, checkpoints } = data.explanation;
  const { full } = timeOf(
    words,
    data,
    [...reasons, ...checkpoints].map(({ at }) => at),
  );
  const when = (name: string, at: Instant | null): string => {
    if (at === null) return says.noInstant;
    return name === 'promisedAt' && day !== null ? dayText(words.clock, day) : full(at);
  };
  return (
    <section aria-labelledby="plan-title" class="card">
      <h2 id="plan-title">{title}</h2>
      {promisedAt === null ? (
        <p>{reasons[0]?.text}</p>
      ) : (
        <FactsTable
          columns={[column.what, column.at, column.why, column.field]}
          rows={[
            ...reasons.map((reason) => [
              says.planName[reason.instant],
              when(reason.instant, reason.at),
              reason.text,
              reason.field === null ? noField : field(reason.field, reason.value ?? noField),
            ]),
            ...checkpoints.map(({ name, at, value, field: from }) => [
              checkpoint(name),
              full(at),
              (value.endsWith('%') ? share : fixed)(readable(value), from === 'checkpoints' ? by.policy : by.partner),
              field(from, value),
            ]),
          ]}
          labelled
        />
      )}
    </section>
  );
}

/** Every time the customer was told, and by which fact; nothing where there is but the first. */
function Told({ words, data }: PartProps) {
  const { chain } = words.page.moving;
  const { steps, turns } = words.page.explain;
  const { revisions } = data.explanation;
  if (revisions.length < 2) return null;
  const { full } = timeOf(
    words,
    data,
    revisions.flatMap(({ at, promisedAt }) => [at, promisedAt]),
  );
  const told = factsBy(words, data);
  const what = (agreed: boolean): string => (agreed ? chain.agreed : chain.imposed);
  return (
    <section aria-labelledby="told-title" class="card">
      <h2 id="told-title">{chain.title}</h2>
      <FactsTable
        columns={[chain.column.what, chain.column.told, chain.column.when, steps.column.cause]}
        rows={revisions.map(({ revision, agreed, promisedAt, day, at, factKey }) => [
          revision === 1 ? chain.first : what(agreed),
          day === null ? (promisedAt === null ? chain.noTime : full(promisedAt)) : dayText(words.clock, day),
          full(at),
          {
            text:
              revision === 1 ? (
                steps.registered
              ) : (
                <>
                  {told(factKey)} <span class="sub">{turns.fact(factKey)}</span>
                </>
              ),
          },
        ])}
        labelled
      />
    </section>
  );
}

/** The plans before the one in force; nothing where nothing has moved it. */
function Steps({ words, data }: PartProps) {
  const { explain } = words.page;
  const { title, column, version, imposed, noTime, registered } = explain.steps;
  const { steps, revisions } = data.explanation;
  if (steps.length < 2) return null;
  const together = steps.flatMap(({ at, promisedAt, targetAt, lastCallAt }) => [at, promisedAt, targetAt, lastCallAt]);
  const { full } = timeOf(words, data, together);
  const told = factsBy(words, data);
  const time = (at: Instant | null): string => (at === null ? noTime : full(at));
  const days = new Map(revisions.map((revision) => [revision.promisedAt, revision.day]));
  const promised = (at: Instant | null): string => {
    const day = days.get(at) ?? null;
    return day === null ? time(at) : dayText(words.clock, day);
  };
  return (
    <section aria-labelledby="steps-title" class="card">
      <h2 id="steps-title">{title}</h2>
      <FactsTable
        columns={[column.cause, column.at, column.promised, column.target, column.lastCall]}
        rows={steps.map((step) => [
          {
            text: (
              <>
                {step.factKey === 'registered' ? registered : (told(step.factKey) ?? explain.turns.fact(step.factKey))}
                <span class="sub">{[version(step.policyVersion), ...(step.imposed ? [imposed] : [])].join('; ')}</span>
              </>
            ),
          },
          full(step.at),
          promised(step.promisedAt),
          time(step.targetAt),
          time(step.lastCallAt),
        ])}
        labelled
      />
    </section>
  );
}

function Turns({ words, data }: PartProps) {
  const { turns } = words.page.explain;
  const { title, column, change, cause } = turns;
  const { transitions } = data.explanation;
  const { phase } = words.names;
  const { full } = timeOf(
    words,
    data,
    transitions.map(({ at }) => at),
  );
  const told = factsBy(words, data);
  return (
    <section aria-labelledby="turns-title" class="card">
      <h2 id="turns-title">{title}</h2>
      {transitions.length === 0 ? (
        <p class="sub">{turns.none}</p>
      ) : (
        <FactsTable
          columns={[column.at, column.to, column.because]}
          rows={transitions.map(({ at, from, to, because, factKey }) => [
            full(at),
            from === null ? phase[to] : change(phase[from], phase[to]),
            {
              text:
                factKey === null || because === 'registered' ? (
                  cause[because]
                ) : (
                  <>
                    {told(factKey) ?? cause.fact} <span class="sub">{turns.fact(factKey)}</span>
                  </>
                ),
            },
          ])}
        />
      )}
    </section>
  );
}

/** The facts as sentences, by their keys. */
function factsBy(words: Words, data: ExplainPageData): (key: string) => string | null {
  const facts = new Map<string, Fact>(data.timeline.map(({ fact }) => [fact.factKey, fact]));
  const { full } = timeOf(words, data, []);
  return (key) => {
    const fact = facts.get(key);
    return fact ? factText(words, fact, data.promise, full) : null;
  };
}
