import type { Phase } from '../../domain/promise/words.ts';
import type { Words } from '../../words/en.ts';
import { loadTexts } from '../../words/alert-texts.ts';
import { lengthText, shortTimeText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { Legend } from '../parts/bar.tsx';
import { CallsToday } from '../parts/calls-today.tsx';
import { Alerts, Mails } from '../parts/feeds.tsx';
import { Page, documentOf, rendered } from '../parts/page.tsx';
import { PhaseTag } from '../parts/phase.tsx';
import { Rate } from '../parts/rate.tsx';
import { RemediesToday } from '../parts/remedies-today.tsx';
import { Rows } from '../parts/rows.tsx';
import { Search } from '../parts/search.tsx';
import type { TodayData } from '../shapes.ts';

/** The first page: what is at risk, how much time each promise has left, what was said, how well the word is kept. */
export function todayPage(data: TodayData): string {
  const words = wordsFor('en');
  const { today, zone } = words.page;
  const parts = liveParts(words, data);
  const live = (name: LivePart) => <div data-live={name}>{rendered(parts[name])}</div>;
  return documentOf(
    <Page words={words} title={today.title} here="today" status={live('status')} live>
      <div class="desk">
        <Search words={words} />
        <a class="button" href="/promises/new">
          {words.spoken.link}
        </a>
      </div>
      {live('headline')}
      <div class="columns">
        <section aria-labelledby="rows-title" class="board">
          <div class="board-head">
            <h2 id="rows-title">{today.rows}</h2>
            <LiveControl words={words} />
            <p class="sub">{zone(data.board.zone)}</p>
          </div>
          <Legend words={words} />
          {live('rows')}
        </section>
        <div class="aside">
          <section aria-labelledby="rate-title" class="card">
            <h2 id="rate-title">{today.rate}</h2>
            {live('rate')}
          </section>
          <section aria-labelledby="calls-title" class="card">
            <h2 id="calls-title">{words.calls.today.title}</h2>
            {live('calls')}
          </section>
          {live('remedies')}
          <section aria-labelledby="alerts-title" class="card">
            <h2 id="alerts-title">{today.alerts}</h2>
            {live('alerts')}
          </section>
          <section aria-labelledby="mails-title" class="card">
            <h2 id="mails-title">{today.mails}</h2>
            {live('mails')}
          </section>
        </div>
      </div>
    </Page>,
  );
}

/**
 * The parts that move, as one line of JSON: the data of a `rows` event of `/events`. `live.js` puts each where it belongs.
 *
 * To mount: `GET /events` answers `text/event-stream`; about once a second, where the line differs from the last one,
 * `event: rows\ndata: ${renderRows(data)}\n\n`. One rendering serves all listeners.
 */
export const renderRows = (data: TodayData): string => JSON.stringify(liveParts(wordsFor('en'), data));

type LivePart = 'status' | 'headline' | 'rows' | 'rate' | 'calls' | 'remedies' | 'alerts' | 'mails';

function liveParts(words: Words, data: TodayData): Readonly<Record<LivePart, string>> {
  const { board, calls, remedies, mails } = data;
  return {
    status: String(<Status words={words} data={data} />),
    headline: String(<Headline words={words} data={data} />),
    rows: String(<Rows words={words} board={board} open={openOf(board)} />),
    rate: String(<Rate words={words} board={board} />),
    calls: String(<CallsToday words={words} calls={calls} />),
    remedies: String(<RemediesToday words={words} remedies={remedies} />),
    alerts: String(<Alerts words={words} board={board} />),
    mails: String(<Mails words={words} mails={mails} board={board} />),
  };
}

const openOf = ({ kinds }: TodayData['board']): number =>
  kinds.reduce((sum, { counts }) => sum + counts.open + counts.paused + counts.at_risk + counts.overdue, 0);

interface PartProps {
  readonly words: Words;
  readonly data: TodayData;
}

const COUNTED = [
  'open',
  'at_risk',
  'overdue',
  'paused',
  'kept',
  'broken',
  'withdrawn',
  'unreachable',
] as const satisfies readonly Phase[];
/** Counted only where there are some: most kinds know neither. */
const SELDOM: ReadonlySet<Phase> = new Set(['paused', 'unreachable']);

function Headline({ words, data: { board } }: PartProps) {
  const { today } = words.page;
  const count = (phase: Phase): number => board.kinds.reduce((sum, { counts }) => sum + counts[phase], 0);
  return (
    <>
      <h1>{today.headline(count('open') + count('paused'), count('at_risk'), count('overdue'))}</h1>
      <p class="lead">{today.lead}</p>
      <ul class="counts" aria-label={today.counts}>
        {COUNTED.filter((phase) => !SELDOM.has(phase) || count(phase) > 0).map((phase) => (
          <li class={count(phase) === 0 ? 'nought' : ''}>
            <strong>{count(phase)}</strong>
            <PhaseTag words={words} phase={phase} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Status({ words, data: { engine, board } }: PartProps) {
  const { engine: says, asOf } = words.page;
  const [short] = engine.capacity.shortages;
  const [needed, has] = loadTexts(words, short ?? engine.capacity);
  const waiting = [
    engine.due > 0 ? says.due(engine.due, lengthText(words.clock, engine.lagMs)) : null,
    engine.backlog > 0 ? says.backlog(engine.backlog) : null,
  ].filter((part) => part !== null);
  return (
    <p class="status">
      <span class={engine.up ? 'status-good' : 'status-bad'}>{engine.up ? says.up : says.down}</span>
      {engine.hold !== null && <span class="status-bad">{says.held[engine.hold]}</span>}
      {short && (
        <span class="status-bad">
          {says.short(shortTimeText(words.clock, short.from, board.zone, board.now), needed, has)}
        </span>
      )}
      <span>{waiting.length > 0 ? waiting.join(', ') : says.onTime}</span>
      <span>{asOf(shortTimeText(words.clock, board.now, board.zone, board.now, true))}</span>
    </p>
  );
}

/** Shown by the script, without which nothing moves; without it the page is renewed by hand. */
function LiveControl({ words }: { readonly words: Words }) {
  const { pause, resume, reload, lost } = words.page;
  return (
    <>
      <button type="button" hidden data-live-control data-pause={pause} data-resume={resume} data-lost={lost}>
        {pause}
      </button>
      <noscript>
        <a href="/">{reload}</a>
      </noscript>
    </>
  );
}
