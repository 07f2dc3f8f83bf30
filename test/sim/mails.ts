import type { Named } from '../../domain/promise/facts.ts';
import { isOwnerUntold } from '../../domain/promise/hand-over.ts';
import { earliest, msBetween, plusMs, type Instant } from '../../domain/promise/instant.ts';
import { CLAIM_MS, failedFact, sentFact, type Said } from '../../domain/promise/sending.ts';
import { tellable } from '../../domain/promise/tellable.ts';
import type { FailOutcome } from '../../domain/promise/words.ts';
import type { Step } from '../../workflows/contract.ts';
import type { Decisions } from './decisions.ts';
import {
  isUnfinished,
  keyOf,
  missing,
  newsAbout,
  promiseNews,
  unfinishedOf,
  type NoticeRow,
  type Rows,
  type Settled,
} from './rows.ts';

/** A text as it leaves. */
export interface Mail {
  readonly messageId: string;
  /** As in the header `Kept-Notices`. */
  readonly notices: readonly string[];
  /** When a warning in it is no longer true, by the plans when it was written; null: it warns of nothing. */
  readonly sendBy: Instant | null;
}

/** A row of `dispatches`. */
interface DispatchRow {
  readonly id: string;
  readonly mail: Mail;
  state: 'claimed' | 'sent' | 'failed';
  claimedAt: Instant;
  claimUntil: Instant;
  claimedBy: string;
  attempts: number;
}

export type Claim =
  | {
      readonly kind: 'send';
      readonly dispatchId: string;
      readonly mail: Mail;
      readonly attempts: number;
      readonly trueForMs: number | null;
    }
  | { readonly kind: 'done'; readonly step: Step }
  | { readonly kind: 'later'; readonly afterMs: number };

const GONE: Step = { duties: [], wakeAt: null, closed: 'unknown' };

/** Who holds which claim. */
export interface Held {
  readonly promiseId: string;
  readonly dispatchId: string;
  readonly worker: string;
  readonly attempts: number;
}

/** The transactions around a hand-over, as in `db/claims.ts` and `db/dispatches.ts`. */
export interface Mails {
  readonly dispatches: ReadonlyMap<string, DispatchRow>;
  claim(promiseId: string, noticeId: string, worker: string): Claim;
  recordSent(held: Held): Step;
  recordRefused(held: Held): Step;
  throwAway(held: Held): void;
  handBack(held: Held): void;
  keep(held: Held, forMs: number): void;
}

export function mails(rows: Rows, decisions: Decisions, now: () => Instant): Mails {
  const dispatches = new Map<string, DispatchRow>();
  const all = (): readonly NoticeRow[] => [...rows.promises.values()].flatMap(({ notices }) => notices);
  const membersOf = (dispatchId: string): readonly NoticeRow[] =>
    all().filter((notice) => notice.dispatchId === dispatchId && isUnfinished(notice));
  const change = (members: readonly NoticeRow[], to: Partial<NoticeRow>): void => {
    for (const { id, promiseId } of members) {
      const row = rows.promises.get(promiseId) ?? missing(promiseId);
      row.notices = row.notices.map((notice) => (notice.id === id ? { ...notice, ...to } : notice));
      rows.touched.add(promiseId);
    }
  };
  const heldBy = ({ dispatchId, worker }: Omit<Held, 'attempts'>): DispatchRow | null => {
    const dispatch = dispatches.get(dispatchId);
    return dispatch?.state === 'claimed' && dispatch.claimedBy === worker ? dispatch : null;
  };
  /** By this very try. */
  const triedBy = (held: Held): DispatchRow | null => {
    const dispatch = heldBy(held);
    return dispatch?.attempts === held.attempts ? dispatch : null;
  };
  const stepOf = (promiseId: string): Step =>
    rows.settle([{ id: promiseId, facts: [] }], { answering: promiseId }).get(promiseId)?.step ?? GONE;
  const record = (
    promiseId: string,
    members: readonly NoticeRow[],
    factOf: (notice: NoticeRow) => ReturnType<typeof failedFact>,
  ): Step => {
    const ids = [
      ...new Set([
        promiseId,
        ...members.flatMap((member) => aboutOf(rows, member) ?? member.promiseId),
        ...members.map((member) => member.promiseId),
      ]),
    ].sort();
    const changes = ids.map((id) => ({ id, facts: members.filter((member) => member.promiseId === id).map(factOf) }));
    return rows.settle(changes, { answering: promiseId }).get(promiseId)?.step ?? GONE;
  };
  const fail = (promiseId: string, dispatch: DispatchRow, outcome: FailOutcome): Step => {
    const members = membersOf(dispatch.id);
    dispatch.state = 'failed';
    change(members, { state: 'failed', claimed: false });
    return record(promiseId, members, (notice) => failedFact(notice, outcome, now()));
  };

  const sendAgain = (promiseId: string, dispatch: DispatchRow, worker: string): Claim => {
    const at = now();
    const notValidAfter = earliest(membersOf(dispatch.id).map((notice) => notice.notValidAfter));
    const taken = decisions.takeOver({ claimUntil: dispatch.claimUntil, notValidAfter }, at);
    if (taken.kind === 'later') return taken;
    if (taken.kind === 'give_up') return { kind: 'done', step: fail(promiseId, dispatch, 'unknown') };
    const claimUntil = plusMs(at, CLAIM_MS);
    Object.assign(dispatch, { claimedBy: worker, claimedAt: at, claimUntil, attempts: dispatch.attempts + 1 });
    const { id: dispatchId, mail, attempts } = dispatch;
    return { kind: 'send', dispatchId, mail, attempts, trueForMs: notValidAfter && msBetween(at, notValidAfter) };
  };

  const freeze = (due: readonly NoticeRow[], settled: ReadonlyMap<string, Settled>, worker: string): Claim => {
    const at = now();
    const id = rows.id('d');
    const warnings: Instant[] = [];
    for (const notice of due) {
      const { terms, state } = settled.get(notice.promiseId) ?? missing(notice.promiseId);
      const said = saidOf(terms, state, notice, at, newsAbout(rows, notice.promiseId));
      change([notice], { state: 'claimed', claimed: true, dispatchId: id, said });
      if (notice.reason === 'risk' || (notice.reason === 'progress' && !said.about)) warnings.push(state.plan.sendBy);
    }
    const mail: Mail = {
      messageId: `<${id}@kept.example>`,
      notices: due.map((notice) => keyOf(notice, notice.promiseId)),
      sendBy: earliest(warnings),
    };
    const claimUntil = plusMs(at, CLAIM_MS);
    dispatches.set(id, { id, mail, state: 'claimed', claimedAt: at, claimUntil, claimedBy: worker, attempts: 1 });
    const notValidAfter = earliest(due.map((notice) => notice.notValidAfter));
    const trueForMs = notValidAfter && msBetween(at, notValidAfter);
    return { kind: 'send', dispatchId: id, mail, attempts: 1, trueForMs };
  };

  return {
    dispatches,
    claim: (promiseId, noticeId, worker) => {
      const asked = rows.promises.get(promiseId) ?? missing(promiseId);
      const at = now();
      const waiting = [...rows.promises.values()].filter(
        (row) =>
          row.customer === asked.customer &&
          (row === asked || (row.wakeAt !== null && row.wakeAt <= at) || unfinishedOf(row).length > 0),
      );
      const changes = waiting.map(({ id }) => ({ id, facts: [] }));
      const settled = rows.settle(changes, { answering: promiseId });
      const taking = decisions.takingOf(waiting.flatMap(unfinishedOf), noticeId, at);
      switch (taking.kind) {
        case 'gone':
          return { kind: 'done', step: settled.get(promiseId)?.step ?? GONE };
        case 'later':
          return taking;
        case 'frozen':
          return sendAgain(promiseId, dispatches.get(taking.dispatchId) ?? missing(taking.dispatchId), worker);
        case 'text':
          return freeze(taking.due, settled, worker);
      }
    },
    recordSent: (held) => {
      const dispatch = heldBy(held);
      if (!dispatch) return stepOf(held.promiseId);
      const members = membersOf(dispatch.id);
      const { claimedAt, mail } = dispatch;
      dispatch.state = 'sent';
      change(members, { state: 'sent', claimed: false });
      const step = record(held.promiseId, members, ({ said, ...notice }) =>
        sentFact(
          { ...notice, told: null, nextNewsAt: null, ...said },
          { claimedAt, messageId: mail.messageId, channel: 'email' },
        ),
      );
      const told = new Map(
        members.flatMap((member) => {
          const at = member.said?.nextNewsAt ?? null;
          return at === null ? [] : [[aboutOf(rows, member) ?? member.promiseId, at] as const];
        }),
      );
      for (const [about, at] of told) promiseNews(rows, about, at, claimedAt);
      return step;
    },
    recordRefused: (held) => {
      const dispatch = triedBy(held);
      return dispatch ? fail(held.promiseId, dispatch, 'refused') : stepOf(held.promiseId);
    },
    throwAway: (held) => {
      const dispatch = triedBy(held);
      if (!dispatch) return;
      change(membersOf(dispatch.id), { state: 'owed', claimed: false, dispatchId: null, said: null });
      dispatches.delete(dispatch.id);
    },
    handBack: (held) => {
      const dispatch = triedBy(held);
      if (dispatch) Object.assign(dispatch, { claimUntil: now(), attempts: dispatch.attempts - 1 });
    },
    keep: (held, forMs) => {
      const dispatch = triedBy(held);
      if (dispatch) dispatch.claimUntil = plusMs(now(), forMs);
    },
  };
}

/** Of a promise to be in touch again: the one that it is about. */
function aboutOf({ promises }: Rows, { promiseId }: NoticeRow): string | null {
  const { basis, parent } = promises.get(promiseId) ?? missing(promiseId);
  return basis.news === undefined ? null : parent;
}

/** Whoever owns it is always on duty here. */
function saidOf(
  terms: Settled['terms'],
  state: Settled['state'],
  { reason }: NoticeRow,
  at: Instant,
  inARow: number,
): Said {
  const says = tellable(terms, state, reason, at, inARow);
  const named: Named = { person: state.owner ?? 'hotline', role: state.owner === null ? 'hotline' : 'owner' };
  const isOfOwner = reason === 'progress' && isOwnerUntold(state) && says.nextNewsAt === null;
  return { ...says, named, ...(isOfOwner ? { about: 'owner' as const } : {}) };
}
