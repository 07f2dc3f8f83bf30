import { msBetween, type Instant } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';
import { explainReason } from '../../words/explain.en.ts';
import { lengthText, shortTimeText, timeText, whenText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { Bar, Legend, leftText } from '../parts/bar.tsx';
import { factText } from '../parts/facts.ts';
import { Page, documentOf } from '../parts/page.tsx';
import { PhaseTag } from '../parts/phase.tsx';
import { waitsFor } from '../parts/waits.ts';
import type { PromisePageData } from '../shapes.ts';

/** One promise with its plan and the reasons for it, what happened, and what the customer was told. */
export function promisePage(data: PromisePageData): string {
  const words = wordsFor('en');
  const { promise: says, zone } = words.page;
  const { promise, now } = data;
  const times = { ...promise, zone: promise.plan.zone };
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

function outcomeText(words: Words, { promise, now }: PromisePageData): string {
  const { promise: says } = words.page;
  const endedAt = promise.fulfilledAt ?? promise.closedAt;
  if (endedAt === null) return leftText(words, { ...promise, zone: promise.plan.zone }, now);
  const marginMs = msBetween(endedAt, promise.promisedAt);
  const length = lengthText(words.clock, marginMs);
  if (promise.fulfilledAt === null) return says.takenBack(length, marginMs >= 0);
  return marginMs >= 0 ? says.early(length) : says.lateBy(length);
}

function Summary({ words, data: { promise, ownerName, now, notices } }: PartProps) {
  const { promise: says, none } = words.page;
  const { plan } = promise;
  const time = (at: Instant | null): string => (at === null ? none : shortTimeText(words.clock, at, plan.zone, now));
  const waiting = notices.find(({ state }) => state === 'owed' || state === 'claimed')?.reason ?? null;
  const row = { ...promise, zone: plan.zone, recoveryAt: plan.recoveryAt, notice: waiting };
  const lines: readonly (readonly [string, string | null])[] = [
    [
      says.promised,
      whenText(words.clock, { at: promise.promisedAt, day: plan.day, from: plan.windowFrom, zone: plan.zone }),
    ],
    [says.waits, promise.closedAt === null ? waitsFor(words, row, now, plan.zone) : null],
    [says.estimate, promise.estimatedAt === null ? null : time(promise.estimatedAt)],
    [says.told, promise.toldAt > promise.promisedAt ? time(promise.toldAt) : null],
    [says.fulfilled, promise.fulfilledAt === null ? null : time(promise.fulfilledAt)],
    [says.owner, ownerName ?? promise.owner ?? says.noOwner],
    [says.customer, promise.customerRef],
    [says.partner, promise.partner],
    [says.made, time(promise.madeAt)],
    [says.flags, promise.flags.length === 0 ? null : promise.flags.map((flag) => words.names.flag[flag]).join(', ')],
  ];
  return (
    <dl class="card summary">
      {lines.map(([name, value]) =>
        value === null ? null : (
          <div>
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
  const { zone } = promise.plan;
  const time = (at: Instant): string => shortTimeText(words.clock, at, zone, now);
  return (
    <section aria-labelledby="timeline-title" class="card">
      <h2 id="timeline-title">{says.timeline}</h2>
      {timeline.length === 0 ? <p class="sub">{says.noTimeline}</p> : null}
      <ol class="timeline">
        {timeline.map(({ recordedAt, fact }) => (
          <li class={`fact ${fact.kind}`}>
            <time datetime={fact.occurredAt} title={timeText(words.clock, fact.occurredAt, zone)}>
              {time(fact.occurredAt)}
            </time>
            <span>
              {factText(words, fact, time)}
              {msBetween(fact.occurredAt, recordedAt) > LATE_NEWS_MS ? (
                <span class="sub">{says.recordedLater(time(recordedAt))}</span>
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

function Plan({ words, data: { promise, now } }: PartProps) {
  const { promise: says } = words.page;
  const { plan } = promise;
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
          {plan.reasons.map((reason) => (
            <tr role="row">
              <th scope="row" role="rowheader">
                {says.planName[reason.instant]}
              </th>
              <td role="cell">
                {reason.at === null ? says.noInstant : shortTimeText(words.clock, reason.at, plan.zone, now)}
              </td>
              <td role="cell">{explainReason(reason)}</td>
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
  const time = (at: Instant): string => shortTimeText(words.clock, at, zone, now);
  const tells = ({ told, nextNewsAt }: PromisePageData['notices'][number]): string => {
    if (told) return says.tellsTime(whenText(words.clock, { at: told.at, day: told.day, from: null, zone }));
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
              {Object.values(says.noticeColumn).map((title) => (
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
                <td role="cell">
                  {notice.sentAt === null ? state[notice.state] : `${state[notice.state]} ${time(notice.sentAt)}`}
                </td>
                <td role="cell">{time(notice.dueAt)}</td>
                <td role="cell">{tells(notice)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
