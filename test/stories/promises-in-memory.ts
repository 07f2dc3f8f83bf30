import { tryAgain } from '../../activities/failures.ts';
import { noticeChanges, type UnfinishedNotice } from '../../domain/promise/decisions.ts';
import { noticeKeyText, type Fact } from '../../domain/promise/facts.ts';
import { fold } from '../../domain/promise/fold.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { judge, tellable } from '../../domain/promise/judge.ts';
import type { Terms } from '../../domain/promise/plan.ts';
import type { PromiseActivities, Step } from '../../workflows/contract.ts';

/** A promise of which only the rules are real: its facts lie in memory, and its clock is the test server's. */
export interface MemoryPromise {
  readonly terms: Terms;
  readonly facts: Fact[];
  unfinished: UnfinishedNotice[];
  /** Set while no mail leaves. */
  mailDown: boolean;
  /** Awaited inside `advance`, after it has read and before it answers. */
  beforeAnswer: () => Promise<void>;
  /** Awaited inside `perform`, after it has recorded and before it answers. */
  afterSending: () => Promise<void>;
  advances: number;
}

export const promiseInMemory = (terms: Terms): MemoryPromise => ({
  terms,
  facts: [{ kind: 'registered', factKey: 'registered', occurredAt: terms.plan.madeAt ?? terms.plan.leadTo }],
  unfinished: [],
  mailDown: false,
  beforeAnswer: async () => {},
  afterSending: async () => {},
  advances: 0,
});

const MAIL_RETRY_MS = 60 * 60_000;

/** The port of workflows/contract.ts over promises in memory; decides with the same functions as `db/settle.ts`. */
export function memoryActivities(
  promises: ReadonlyMap<string, MemoryPromise>,
  now: () => Promise<Instant>,
): PromiseActivities {
  return {
    advance: async ({ promiseId }) => {
      const promise = promises.get(promiseId);
      if (!promise) return { duties: [], wakeAt: null, closed: 'unknown' };
      promise.advances += 1;
      const step = settle(promise, await now());
      await promise.beforeAnswer();
      return step;
    },
    perform: async ({ promiseId, dutyId }) => {
      const promise = promises.get(promiseId);
      if (!promise) return { duties: [], wakeAt: null, closed: 'unknown' };
      const at = await now();
      const step = settle(promise, at);
      const duty = promise.unfinished.find((notice) => notice.id === dutyId);
      if (!duty) return step;
      if (promise.mailDown) throw tryAgain('NOT_ACCEPTED', 'ECONNREFUSED', MAIL_RETRY_MS);
      const { reason, revision, occasion } = duty;
      const says = tellable(promise.terms, fold(promise.terms, promise.facts), reason, at);
      promise.unfinished = promise.unfinished.filter((notice) => notice.id !== dutyId);
      promise.facts.push({
        kind: 'notice_sent',
        factKey: `notice:${noticeKeyText(duty)}:sent`,
        occurredAt: at,
        reason,
        revision,
        occasion,
        ...says,
        channel: 'email',
        messageId: `<${dutyId}@memory.example>`,
      });
      const answer = settle(promise, at);
      await promise.afterSending();
      return answer;
    },
  };
}

/** What `db/settle.ts` writes, written into memory. */
export function settle(promise: MemoryPromise, now: Instant): Step {
  const { terms, facts } = promise;
  const state = fold(terms, facts);
  const judged = judge(terms, state, now);
  const changes = noticeChanges(judged, state, promise.unfinished, now);
  for (const reason of judged.alerts)
    facts.push({
      kind: 'escalated',
      factKey: `alert:${reason}`,
      occurredAt: now,
      reason,
      rungs: terms.escalation[reason],
    });
  for (const { key, cause } of changes.drop) {
    const { reason, revision, occasion } = key;
    const factKey = `notice:${noticeKeyText(key)}:dropped`;
    facts.push({ kind: 'notice_dropped', factKey, occurredAt: now, reason, revision, occasion, cause });
  }
  const dropped = new Set(changes.drop.map((drop) => drop.id));
  const inserted = changes.insert.map((notice) => ({ ...notice, id: noticeKeyText(notice), claimed: false }));
  promise.unfinished = [...promise.unfinished.filter((notice) => !dropped.has(notice.id)), ...inserted];
  const duties = promise.unfinished.map(({ id, reason }) => ({ id, reason }));
  return { duties, wakeAt: judged.wakeAt, closed: judged.closed };
}
