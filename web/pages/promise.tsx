import type { Fact } from '../../domain/promise/facts.ts';
import { dayOf } from '../../domain/calendar/zones.ts';
import { msBetween, type Instant } from '../../domain/promise/instant.ts';
import { isLate } from '../../domain/promise/plan.ts';
import type { Words } from '../../words/en.ts';
import { explainReason } from '../../words/explain.en.ts';
import { dayBeforeText, hasSeconds, lengthText, shortTimeText, timeText, whenText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { Alarms } from '../parts/alarms.tsx';
import { Bar, Legend, leftText } from '../parts/bar.tsx';
import { factText } from '../parts/facts.ts';
import { Page, documentOf } from '../parts/page.tsx';
import { PhaseTag } from '../parts/phase.tsx';
import { sayingOf } from '../parts/saying.ts';
import { toldLater, waitsFor } from '../parts/waits.ts';
import type { PageNotice, PagePromise, PromisePageData } from '../shapes.ts';

/** One promise with its plan and the reasons for it, what happened, and what the customer was told. */
export function promisePage(data: PromisePageData): string {
  const words = wordsFor('en');
  const { promise: says, zone } = words.page;
  const { promise, now } = data;
  const times = timesOf(data);
  const title = promise.subject ?? `${promise.source} ${promise.ref}`;
  return documentOf(
    <Page words={words} title={title} here={null}>
      <p class="back">
        <a href="/">{says.back}</a>
      </p>
      <h1>{title}</h1>
      <p class="sub">{says.of(promise.kind, promise.source, promise.ref)}</p>
      <section aria-label={words.page.bar.section} class="card wide">
        <p class="now-line">
          <PhaseTag words={words} phase={promise.phase} />
          <strong class="left">{outcomeText(words, data)}</strong>
        </p>
        <Calls words={words} data={data} />
        <Bar words={words} times={times} now={now} zone={times.zone} />
        <Legend words={words} times={times} now={now} />
        <p class="sub">{zone(times.zone)}</p>
      </section>
      <div class="halves">
        <Summary words={words} data={data} />
        <Timeline words={words} data={data} />
      </div>
      <Plan words={words} data={data} />
      <Notices words={words} data={data} />
    </Page>,
  );
}

/** What a caller sees for an id that no promise has; to be sent with status 404. */
export function missingPage(): string {
  const words = wordsFor('en');
  const { promise } = words.page;
  return documentOf(
    <Page words={words} title={promise.missing} here={null}>
      <h1>{promise.missing}</h1>
      <p>{promise.missingHint}</p>
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
});

/** What to act on by hand, by the newest notice that left or failed. A promise we took back still owes its notice. */
function Calls({ words, data }: PartProps) {
  const { promise, timeline, now } = data;
  const owesWord = promise.closedAt === null || promise.withdrawnBy === 'company';
  if (!owesWord) return null;
  const facts = timeline.map(({ fact }) => fact);
  const newest = facts.findLast(({ kind }) => kind === 'notice_sent' || kind === 'notice_failed');
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
  if (promise.fulfilledAt === null) return says.takenBack(length, marginMs >= 0);
  if (promise.fulfilledAsDay && marginMs === 0) return says.onTheDay;
  return marginMs >= 0 ? says.early(length) : says.lateBy(length);
}

function Summary({ words, data }: PartProps) {
  const { promise, ownerName, now, notices } = data;
  const { promise: says } = words.page;
  const { plan } = promise;
  const { promisedAt, wakeAt, estimatedAt, fulfilledAt, madeAt } = promise;
  const told = toldLater(promise);
  const together = [promisedAt, plan.windowFrom, wakeAt, estimatedAt, told, fulfilledAt, madeAt];
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
  const lines: readonly (readonly [string, string | null, string?])[] = [
    [says.promised, whenText(words.clock, promised, seconds)],
    [says.waits, promise.closedAt === null && !promise.history ? waitsFor(words, row, now, saying) : null],
    [says.estimate, estimatedAt === null ? null : time(estimatedAt)],
    [says.told, told === null ? null : deadline(told)],
    [late ? says.fulfilledLate : says.fulfilled, done, late ? 'bad' : ''],
    [says.owner, ownerName ?? promise.owner ?? says.noOwner],
    [says.customer, promise.customerRef],
    [says.partner, promise.partner],
    [says.region, promise.region],
    [says.product, promise.product],
    [says.made, madeAt === null ? says.madeUnknown : time(madeAt)],
    [says.history, promise.history ? says.historyMeans : null],
    [says.flags, promise.flags.length === 0 ? null : promise.flags.map((flag) => words.names.flag[flag]).join(', ')],
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
              {factText(words, fact, plan, time)}
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
  const { promise, now, notices } = data;
  const { plan } = promise;
  const together = plan.reasons.map(({ at }) => at);
  const { time, deadline } = sayingOf(words, timesOf(data), { now, zone: plan.zone }, together);
  const putOff = notices.some(({ reason, told }) => reason === 'risk' && told !== null && told.at > plan.promisedAt);
  // Of history only what was promised and aimed at means something: it is never warned about, nor recovered.
  const shown = plan.reasons.filter(
    ({ instant: name }) => !promise.history || name === 'promisedAt' || name === 'targetAt',
  );
  const rows = shown.map((reason) => {
    const { instant: name, at } = reason;
    const when = at === null ? says.noInstant : name === 'promisedAt' ? deadline(at) : time(at);
    return putOff && name === 'recoveryAt'
      ? { name: says.managerAt, when, why: `${explainReason(reason, plan)} ${says.recoveryPutOff}` }
      : { name: says.planName[name], when, why: explainReason(reason, plan) };
  });
  return (
    <section aria-labelledby="plan-title" class="card">
      <h2 id="plan-title">{says.plan}</h2>
      <table class="facts" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {Object.values(says.planColumn).map((title) => (
              <th scope="col" role="columnheader">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(({ name, when, why }) => (
            <tr role="row">
              <th scope="row" role="rowheader">
                {name}
              </th>
              <td role="cell">{when}</td>
              <td role="cell">{why}</td>
            </tr>
          ))}
        </tbody>
      </table>
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
        <table class="facts" role="table">
          <thead role="rowgroup">
            <tr role="row">
              {Object.values(columns).map((title) => (
                <th scope="col" role="columnheader">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {notices.map((notice) => (
              <tr role="row">
                <th scope="row" role="rowheader">
                  {reason[notice.reason]}
                </th>
                <td role="cell" data-label={columns.state} class={notice.state === 'failed' ? 'bad' : ''}>
                  {notice.sentAt === null ? state[notice.state] : `${state[notice.state]} ${time(notice.sentAt)}`}
                </td>
                <td role="cell" data-label={columns.due}>
                  {time(notice.dueAt)}
                </td>
                <td role="cell" data-label={columns.told}>
                  {tells(notice)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
