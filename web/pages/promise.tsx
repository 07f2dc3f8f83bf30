import type { Child } from 'hono/jsx';
import { passedAt } from '../../domain/promise/fold.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import { dayOf } from '../../domain/calendar/zones.ts';
import { msBetween, type Instant } from '../../domain/promise/instant.ts';
import { baseOf } from '../../domain/promise/words.ts';
import { isLate, stands } from '../../domain/promise/plan.ts';
import type { Words } from '../../words/en.ts';
import { explainReason } from '../../words/explain.en.ts';
import { dayBeforeText, hasSeconds, lengthText, shortTimeText, timeText, whenText } from '../../words/format.ts';
import { promiseName } from '../../words/alert-texts.ts';
import { wordsFor } from '../../words/languages.ts';
import { Alarms } from '../parts/alarms.tsx';
import { Bar, Legend, leftText } from '../parts/bar.tsx';
import { Chain, Checkpoints, Judged } from '../parts/chain.tsx';
import { factText } from '../parts/facts.ts';
import { FactsTable } from '../parts/facts-table.tsx';
import { Flags } from '../parts/flags.tsx';
import { HandOverTo, PersonLink, Untaken } from '../parts/hand-over.tsx';
import { Notes } from '../parts/notes.tsx';
import { Page, documentOf } from '../parts/page.tsx';
import { PhaseTag } from '../parts/phase.tsx';
import { sayingOf } from '../parts/saying.ts';
import { Waiting, leftStanding, usedText, withinText } from '../parts/waiting.tsx';
import { toldLater, waitsFor } from '../parts/waits.ts';
import type { PageNotice, PagePromise, PromisePageData, RelatedPromise } from '../shapes.ts';

/** One promise with its plan and the reasons for it, what happened, and what the customer was told. */
export function promisePage(data: PromisePageData): string {
  const words = wordsFor('en');
  const { promise: says } = words.page;
  const { promise } = data;
  const shown = (together: readonly (Instant | null)[]) => timeIn(words, data, together);
  const title = promise.subject ?? `${promise.source} ${promise.ref}`;
  return documentOf(
    <Page words={words} title={title} here={null}>
      <p class="back">
        <a href="/">{says.back}</a>
      </p>
      <h1>{title}</h1>
      <p class="sub">{says.of(promise.kind, promise.source, promise.ref)}</p>
      <Flags words={words} flags={promise.flags} />
      <Untaken
        words={words}
        promiseId={promise.id}
        handOver={promise.closedAt === null ? promise.handOver : null}
        nameOf={(id) => data.handOverForm.people.find((person) => person.id === id)?.name ?? id}
        time={shown([promise.handOver?.dueAt ?? null])}
      />
      <Life words={words} data={data} />
      <div class="halves">
        <Summary words={words} data={data} />
        <Timeline words={words} data={data} />
      </div>
      <Chain words={words} data={data} time={shown(data.revisions.map(({ at }) => at))} />
      <Checkpoints words={words} data={data} time={shown(moments(data))} />
      <Plan words={words} data={data} />
      <Notices words={words} data={data} />
      <Notes
        words={words}
        promiseId={promise.id}
        notes={data.notes}
        form={data.noteForm}
        time={shown(data.notes.map(({ at }) => at))}
      />
      {promise.closedAt === null ? (
        <HandOverTo
          words={words}
          form={data.handOverForm}
          action={`/promises/${promise.id}/hand-over`}
          title={words.people.form.one}
          nobody={{ text: words.people.form.choose }}
        />
      ) : null}
    </Page>,
  );
}

/** What a caller sees for an id that no promise has, or an address that no page has; to be sent with status 404. */
export function missingPage(what: 'promise' | 'nowhere'): string {
  const words = wordsFor('en');
  const { promise } = words.page;
  const { missing, missingHint } = words.page[what];
  return documentOf(
    <Page words={words} title={missing} here={null}>
      <h1>{missing}</h1>
      <p>{missingHint}</p>
      <p>
        <a href="/">{promise.back}</a>
      </p>
    </Page>,
  );
}

interface PartProps {
  readonly words: Words;
  readonly data: PromisePageData;
}

/** A promise as bars and sentences take it. */
const timesOf = ({ promise }: PromisePageData): PagePromise => ({
  ...promise,
  zone: promise.plan.zone,
  day: promise.plan.day,
  clock: promise.plan.clock,
  checkpoints: promise.plan.checkpoints,
});

/** How times read on this page, where these stand beside each other. */
const timeIn = (
  words: Words,
  data: PromisePageData,
  together: readonly (Instant | null)[],
): ((at: Instant) => string) =>
  sayingOf(words, timesOf(data), { now: data.now, zone: data.promise.plan.zone }, together).time;

/** When its checkpoints are due and were passed. */
const moments = ({ promise: { plan, passed } }: PromisePageData): readonly (Instant | null)[] =>
  plan.checkpoints.flatMap(({ at, name }) => [at, passedAt(passed, name)]);

/** The bar, what is left of the time, and who must act. */
function Life({ words, data }: PartProps) {
  const { promise, now } = data;
  const times = timesOf(data);
  const { clock } = times;
  const leftMs = leftStanding(times);
  const waiting = { ...times, partner: promise.partner };
  const time = timeIn(words, data, [promise.waitingSince, promise.waitingUntil]);
  return (
    <section aria-label={words.page.bar.section} class="card wide">
      <p class="now-line">
        <PhaseTag words={words} phase={promise.phase} />
        <strong class="left">{outcomeText(words, data)}</strong>
        <Waiting words={words} promise={waiting} time={time} />
      </p>
      <Judged words={words} data={data} />
      <Calls words={words} data={data} />
      <Bar words={words} times={times} now={now} zone={times.zone} />
      {clock !== null && leftMs !== null ? <p class="sub">{usedText(words, clock, leftMs)}</p> : null}
      <Legend words={words} times={times} now={now} />
      <p class="sub">{words.page.zone(times.zone)}</p>
    </section>
  );
}

/** What to act on by hand, by the newest notice that left or failed. A promise we took back still owes its notice. */
function Calls({ words, data }: PartProps) {
  const { promise, timeline, now } = data;
  const owesWord = promise.closedAt === null || promise.withdrawnBy === 'company';
  if (!owesWord) return null;
  const facts = timeline.map(({ fact }) => fact);
  const newest = facts.findLast(
    (fact) =>
      (fact.kind === 'notice_sent' || fact.kind === 'notice_failed') &&
      // Whom we call anyway needs no other call because her confirmation could not be sent.
      !(baseOf(promise.kind) === 'callback' && fact.reason === 'promised'),
  );
  const heard = facts.findLast((fact) => fact.kind === 'notice_sent' && fact.reason !== 'promised');
  const nextNewsAt = heard?.kind === 'notice_sent' ? heard.nextNewsAt : null;
  const { time } = sayingOf(words, timesOf(data), { now, zone: promise.plan.zone }, [nextNewsAt]);
  return (
    <Alarms words={words} unreached={newest?.kind === 'notice_failed'} nextNewsAt={nextNewsAt} now={now} time={time} />
  );
}

function outcomeText(words: Words, data: PromisePageData): string {
  const { promise, now } = data;
  const { promise: says } = words.page;
  const endedAt = promise.fulfilledAt ?? promise.closedAt;
  if (endedAt === null) return leftText(words, timesOf(data), now);
  const marginMs = msBetween(endedAt, promise.promisedAt);
  const length = lengthText(words.clock, marginMs);
  if (promise.phase === 'unreachable') return unreachedText(words, data, length, marginMs >= 0);
  if (promise.fulfilledAt === null) return says.takenBack(promise.withdrawnBy ?? 'unknown', length, marginMs >= 0);
  if (promise.fulfilledAsDay && marginMs === 0) return says.onTheDay;
  return marginMs >= 0 ? says.early(length) : says.lateBy(length);
}

function unreachedText(words: Words, { promise }: PromisePageData, length: string, early: boolean): string {
  const { moving } = words.page;
  return moving.givenUp(moving.triesOf(promise.attempts, promise.plan.tries?.max ?? promise.attempts), length, early);
}

function Summary({ words, data }: PartProps) {
  const { promise, ownerName, now, notices } = data;
  const { promise: says, moving } = words.page;
  const { plan } = promise;
  const { promisedAt, wakeAt, estimatedAt, fulfilledAt, madeAt } = promise;
  const told = toldLater(promise);
  const together = [promisedAt, plan.windowFrom, wakeAt, estimatedAt, told, fulfilledAt, madeAt, promise.waitingUntil];
  const saying = sayingOf(words, timesOf(data), { now, zone: plan.zone }, together);
  const { time, deadline, seconds } = saying;
  const promised = { at: promisedAt, day: plan.day, from: plan.windowFrom, zone: plan.zone };
  const late = fulfilledAt !== null && isLate(plan, fulfilledAt, promise.fulfilledAsDay);
  const done =
    fulfilledAt === null
      ? null
      : promise.fulfilledAsDay
        ? dayBeforeText(words.clock, fulfilledAt, plan.zone)
        : time(fulfilledAt);
  const waiting = notices.find(({ state }) => state === 'owed' || state === 'claimed')?.reason ?? null;
  const row = { ...timesOf(data), recoveryAt: plan.recoveryAt, notice: waiting };
  const lines: readonly (readonly [string, Child, string?])[] = [
    [
      says.promised,
      stands(plan) && plan.clock ? withinText(words, plan.clock) : whenText(words.clock, promised, seconds),
    ],
    [says.waits, promise.closedAt === null && !promise.history ? waitsFor(words, row, now, saying) : null],
    [says.estimate, estimatedAt === null ? null : time(estimatedAt)],
    [says.told, told === null ? null : deadline(told)],
    [late ? says.fulfilledLate : says.fulfilled, done, late ? 'bad' : ''],
    [moving.tries, plan.tries === null ? null : moving.triesOf(promise.attempts, plan.tries.max)],
    [
      says.owner,
      promise.owner === null ? says.noOwner : <PersonLink id={promise.owner} name={ownerName ?? promise.owner} />,
    ],
    [says.parent, relatedLinks(words, data, 'parent')],
    [says.children, relatedLinks(words, data, 'child')],
    [says.customer, promise.customerRef],
    [says.partner, promise.partner],
    [says.region, promise.region],
    [says.product, promise.product],
    [says.made, madeAt === null ? says.madeUnknown : time(madeAt)],
    [says.history, promise.history ? says.historyMeans : null],
  ];
  return (
    <dl class="card summary">
      {lines.map(([name, value, look = '']) =>
        value === null ? null : (
          <div class={look}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function relatedLinks(words: Words, { related = [] }: PromisePageData, is: RelatedPromise['is']): Child {
  const links = related.filter((each) => each.is === is);
  if (links.length === 0) return null;
  return (
    <ul>
      {links.map(({ id, kind, phase, ...each }) => (
        <li>
          <a href={`/promises/${id}`}>{words.page.promise.related(kind, promiseName(each))}</a>{' '}
          <PhaseTag words={words} phase={phase} />
        </li>
      ))}
    </ul>
  );
}

function Timeline({ words, data: { timeline, promise, now } }: PartProps) {
  const { promise: says } = words.page;
  const { plan } = promise;
  const { zone } = plan;
  const seconds = timeline.some(({ fact }) => hasSeconds(fact.occurredAt));
  const time = (at: Instant): string => shortTimeText(words.clock, at, zone, now, seconds);
  const when = (fact: Fact): string =>
    fact.kind === 'fulfilled' && fact.asDay ? dayBeforeText(words.clock, fact.occurredAt, zone) : time(fact.occurredAt);
  /** Beside a time of another day, a time alone would be taken for that day's. */
  const heard = (at: Instant, occurredAt: Instant): string =>
    dayOf(at, zone) === dayOf(occurredAt, zone) ? time(at) : timeText(words.clock, at, zone, seconds);
  const bad = (fact: Fact): boolean =>
    fact.kind === 'notice_failed' || (fact.kind === 'fulfilled' && isLate(plan, fact.occurredAt, fact.asDay));
  return (
    <section aria-labelledby="timeline-title" class="card">
      <h2 id="timeline-title">{says.timeline}</h2>
      {timeline.length === 0 ? <p class="sub">{says.noTimeline}</p> : null}
      <ol class="timeline">
        {timeline.map(({ recordedAt, fact }) => (
          <li class={`fact ${bad(fact) ? 'bad' : fact.kind}`}>
            <time datetime={fact.occurredAt} title={timeText(words.clock, fact.occurredAt, zone)}>
              {when(fact)}
            </time>
            <span>
              {factText(words, fact, promise, time)}
              {msBetween(fact.occurredAt, recordedAt) > LATE_NEWS_MS ? (
                <span class="sub">{says.recordedLater(heard(recordedAt, fact.occurredAt))}</span>
              ) : null}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** News this much older than its arrival is worth saying so. */
const LATE_NEWS_MS = 60_000;

function Plan({ words, data }: PartProps) {
  const { promise: says } = words.page;
  const { promise, now } = data;
  const { plan, toldAt } = promise;
  const { what, at, why } = says.planColumn;
  const together = plan.reasons.map((reason) => reason.at);
  const { time, deadline } = sayingOf(words, timesOf(data), { now, zone: plan.zone }, together);
  // Of history only what was promised and aimed at means something: it is never warned about, nor recovered.
  const shown = plan.reasons.filter(
    ({ instant: name }) => !promise.history || name === 'promisedAt' || name === 'targetAt',
  );
  const rows = shown.map((reason) => {
    const { instant: name, at: due } = reason;
    const when = due === null ? says.noInstant : name === 'promisedAt' ? deadline(due) : time(due);
    // A later time that was told puts the apology off, not the alert.
    const putOff = name === 'recoveryAt' && toldAt > plan.promisedAt;
    return { name: putOff ? says.managerAt : says.planName[name], when, why: explainReason(reason, plan, toldAt) };
  });
  return (
    <section aria-labelledby="plan-title" class="card">
      <h2 id="plan-title">{says.plan}</h2>
      {stands(plan) ? (
        <p>{words.page.moving.standing}</p>
      ) : (
        <FactsTable columns={[what, at, why]} rows={rows.map((row) => [row.name, row.when, row.why])} />
      )}
      <p class="more">
        <a href={`/promises/${promise.id}/explain`}>{words.page.explain.link}</a>
      </p>
    </section>
  );
}

function Notices({ words, data: { notices, promise, now } }: PartProps) {
  const { promise: says, none } = words.page;
  const { zone } = promise.plan;
  const { reason, state } = words.names;
  const { noticeColumn: columns } = says;
  const seconds = notices
    .flatMap(({ dueAt, sentAt, told, nextNewsAt }) => [dueAt, sentAt, told?.at ?? null, nextNewsAt])
    .some((at) => at !== null && hasSeconds(at));
  const time = (at: Instant): string => shortTimeText(words.clock, at, zone, now, seconds);
  const tells = (notice: PageNotice): string => {
    if (notice.state !== 'sent') return none;
    const { told, nextNewsAt } = notice;
    if (told) return says.tellsTime(whenText(words.clock, { at: told.at, day: told.day, from: null, zone }, seconds));
    return nextNewsAt ? says.tellsNews(time(nextNewsAt)) : none;
  };
  return (
    <section aria-labelledby="notices-title" class="card">
      <h2 id="notices-title">{says.notices}</h2>
      {notices.length === 0 ? (
        <p class="sub">{says.noNotices}</p>
      ) : (
        <FactsTable
          columns={[columns.what, columns.state, columns.due, columns.told]}
          rows={notices.map((notice) => [
            reason[notice.reason],
            {
              text: notice.sentAt === null ? state[notice.state] : `${state[notice.state]} ${time(notice.sentAt)}`,
              look: notice.state === 'failed' ? 'bad' : '',
            },
            time(notice.dueAt),
            tells(notice),
          ])}
          labelled
        />
      )}
    </section>
  );
}
