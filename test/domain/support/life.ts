import { alertFacts, noticeChanges, type UnfinishedNotice } from '../../../domain/promise/decisions.ts';
import { noticeKeyText, type Fact, type Told } from '../../../domain/promise/facts.ts';
import { fold, type PromiseState } from '../../../domain/promise/fold.ts';
import { plusMs, type Instant } from '../../../domain/promise/instant.ts';
import { judge, type Judgement } from '../../../domain/promise/judge.ts';
import { tellable } from '../../../domain/promise/tellable.ts';
import type { Terms } from '../../../domain/promise/plan.ts';
import { takeOver } from '../../../domain/promise/sending.ts';
import type { NoticeReason } from '../../../domain/promise/words.ts';

/** A notice row: owed, or frozen and in flight. */
interface Row extends UnfinishedNotice {
  readonly reason: NoticeReason;
  readonly text: {
    readonly claimedAt: Instant;
    readonly told: Told | null;
    readonly nextNewsAt: Instant | null;
  } | null;
}

/** What becomes of a hand-over: accepted, refused for good, or its worker died and another takes the claim over. */
export type HandOver = 'accepted' | 'refused' | 'worker_died';

/** What was seen at one settlement. */
export interface Moment {
  readonly now: Instant;
  readonly state: PromiseState;
  readonly judged: Judgement;
  readonly inserted: readonly NoticeReason[];
}

/**
 * One promise as the database keeps it, without the database: facts, unfinished notices, and what settling, claiming
 * and recording do to them.
 */
export class Life {
  readonly facts: Fact[] = [];
  readonly moments: Moment[] = [];
  readonly keys: string[] = [];
  rows: Row[] = [];
  readonly terms: Terms;

  constructor(terms: Terms) {
    this.terms = terms;
  }

  state(): PromiseState {
    return fold(this.terms, this.facts);
  }

  settle(now: Instant, facts: readonly Fact[] = []): Judgement {
    this.facts.push(...facts);
    const state = this.state();
    const judged = judge(this.terms, state, now);
    const { insert, drop } = noticeChanges(judged, state, this.rows, now);
    this.facts.push(...alertFacts(this.terms, state, judged, now));
    for (const { key, cause } of drop) {
      const { reason, revision, occasion } = key;
      const factKey = `notice:${noticeKeyText(key)}:dropped`;
      this.facts.push({ kind: 'notice_dropped', factKey, occurredAt: now, reason, revision, occasion, cause });
    }
    const gone = new Set(drop.map(({ id }) => id));
    const added = insert.map((notice): Row => ({ ...notice, id: noticeKeyText(notice), claimed: false, text: null }));
    this.keys.push(...added.map(({ id }) => id));
    this.rows = [...this.rows.filter(({ id }) => !gone.has(id)), ...added];
    this.moments.push({ now, state, judged, inserted: added.map(({ reason }) => reason) });
    return judged;
  }

  /** Claims a notice, or takes over a claim that ran out; true when its text is to be handed over. */
  claim(id: string, now: Instant): boolean {
    this.settle(now);
    const row = this.rows.find((one) => one.id === id);
    if (!row) return false;
    if (row.text && takeOver({ claimUntil: now, notValidAfter: row.notValidAfter }, now).kind === 'give_up') {
      this.end(row, 'worker_died', now);
      return false;
    }
    const text = row.text ?? tellable(this.terms, this.state(), row.reason, now);
    this.replace({ ...row, claimed: true, text: { ...text, claimedAt: now } });
    return true;
  }

  /** Records what became of a hand-over. */
  record(id: string, outcome: HandOver, now: Instant): void {
    const row = this.rows.find((one) => one.id === id);
    if (row && outcome !== 'worker_died') this.end(row, outcome, now);
  }

  private end(row: Row, outcome: HandOver, now: Instant): void {
    const { id, reason, revision, occasion, text } = row;
    if (!text) throw new Error(`${id} was never claimed.`);
    this.rows = this.rows.filter((one) => one !== row);
    const key = { reason, revision, occasion };
    const { told, nextNewsAt, claimedAt } = text;
    const fact: Fact =
      outcome === 'accepted'
        ? {
            kind: 'notice_sent',
            factKey: `notice:${id}:sent`,
            occurredAt: claimedAt,
            told,
            nextNewsAt,
            channel: 'email',
            messageId: id,
            ...key,
          }
        : {
            kind: 'notice_failed',
            factKey: `notice:${id}:failed`,
            occurredAt: now,
            outcome: outcome === 'refused' ? 'refused' : 'unknown',
            ...key,
          };
    this.settle(now, [fact]);
  }

  private replace(row: Row): void {
    this.rows = this.rows.map((one) => (one.id === row.id ? row : one));
  }
}

/** News that arrive at some instant; they may have occurred earlier. */
export interface Arrival {
  readonly at: Instant;
  readonly fact: Fact;
}

/** How slow the world is, drawn anew at each use. */
export interface World {
  readonly delayMs: () => number;
  readonly handOver: () => HandOver;
}

/**
 * Lives a promise to its end: wakes at every `wakeAt`, hands over what is owed, and takes in the news, each after a
 * delay. Between two wakes nobody looks.
 */
export function live(terms: Terms, begin: Instant, arrivals: readonly Arrival[], world: World): Life {
  const life = new Life(terms);
  const events = new Map<string, { readonly at: Instant; readonly act: (now: Instant) => void }>();
  const after = (now: Instant, name: string, act: (now: Instant) => void): void => {
    if (!events.has(name)) events.set(name, { at: plusMs(now, world.delayMs()), act });
  };
  const look = (now: Instant): void => {
    const wakeAt = life.moments.at(-1)?.judged.wakeAt ?? null;
    events.delete('wake');
    if (wakeAt) events.set('wake', { at: plusMs(wakeAt, world.delayMs()), act: (at) => void life.settle(at) });
    for (const { id, claimed } of life.rows) if (!claimed) after(now, id, (at) => perform(id, at));
  };
  const perform = (id: string, now: Instant): void => {
    if (!life.claim(id, now)) return;
    const outcome = world.handOver();
    if (outcome === 'worker_died') after(now, `${id} again`, (at) => perform(id, at));
    else after(now, `${id} recorded`, (at) => life.record(id, outcome, at));
  };
  arrivals.forEach(({ at, fact }, index) =>
    events.set(`news ${index}`, { at, act: (now) => void life.settle(now, [fact]) }),
  );
  life.settle(begin);
  look(begin);
  let now = begin;
  for (let steps = 0; events.size > 0; steps += 1) {
    if (steps > 500) throw new Error('This promise never comes to rest.');
    const [name, next] = [...events].reduce((best, event) => (event[1].at < best[1].at ? event : best));
    events.delete(name);
    now = next.at > now ? next.at : now;
    next.act(now);
    look(now);
  }
  return life;
}
