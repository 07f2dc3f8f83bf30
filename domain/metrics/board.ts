import type { Instant, Zone } from '../promise/instant.ts';
import type { Plan } from '../promise/plan.ts';
import type { AlertReason, AlertRung, NoticeReason, Phase, WaitedFor } from '../promise/words.ts';

/** Where an open promise stands on the first page, most urgent first. */
export const SECTIONS = ['at_risk', 'overdue', 'open'] as const;
export type Section = (typeof SECTIONS)[number];

/** One open promise, with what it waits for. */
export interface BoardRow {
  readonly id: string;
  readonly source: string;
  readonly ref: string;
  readonly kind: string;
  readonly subject: string | null;
  /** Null only for history that names nobody. */
  readonly customerRef: string | null;
  /** The owner's name; the id where nobody of that id is known; null where none is named. */
  readonly owner: string | null;
  readonly ownerId: string | null;
  readonly partner: string | null;
  readonly phase: Phase;
  /** The phase; `at_risk` also while a later time that the customer was told still stands. */
  readonly section: Section;
  readonly zone: Zone;
  readonly day: string | null;
  readonly windowFrom: Instant | null;
  readonly madeAt: Instant | null;
  readonly targetAt: Instant;
  readonly lastCallAt: Instant;
  /** `IDLE` while the clock stands until something happens, as are the other instants of its plan. */
  readonly promisedAt: Instant;
  readonly recoveryAt: Instant;
  readonly estimatedAt: Instant | null;
  /** The newest time told to the customer; equals promisedAt where no other was told. */
  readonly toldAt: Instant;
  readonly wakeAt: Instant | null;
  /** Of a duration promise only. */
  readonly clock: Plan['clock'];
  /** Who must act, by the newest word about it; null: nobody but we. */
  readonly waitingFor: WaitedFor | null;
  readonly waitingSince: Instant | null;
  /** When that is over by itself; null: when something happens. */
  readonly waitingUntil: Instant | null;
  readonly checkpoints: Plan['checkpoints'];
  /** Checkpoints passed, each when first. */
  readonly passed: Readonly<Record<string, Instant>>;
  /** Set where it ended. */
  readonly closedAt: Instant | null;
  /** The first notice that is owed and not out yet. */
  readonly notice: NoticeReason | null;
  /** The newest notice that left or failed has failed: the customer does not know. */
  readonly unreached: boolean;
  /** When the newest notice said that the customer hears next; null where it told a time, or there is none. */
  readonly nextNewsAt: Instant | null;
}

/** Somebody of the staff was told about a promise. */
export interface BoardAlert {
  readonly id: string;
  readonly promiseId: string;
  readonly source: string;
  readonly ref: string;
  readonly subject: string | null;
  readonly reason: AlertReason;
  readonly rung: AlertRung;
  /** Name of the person told; null where nobody is named for the rung. */
  readonly person: string | null;
  readonly at: Instant;
  /** Which one was missed, of the reason `checkpoint`; else null. */
  readonly checkpoint: string | null;
  /** Whose slip it is, where a partner answers for the checkpoint. */
  readonly partner: string | null;
  /** Broken because it was taken back, not because its time had passed. */
  readonly takenBack: boolean;
}

/** How many alerts one of the staff has open. */
export interface OpenAlerts {
  readonly personId: string | null;
  /** Their name. */
  readonly person: string | null;
  readonly count: number;
}

/** How many promises of a kind stand where. */
export interface KindCounts {
  readonly kind: string;
  readonly counts: Readonly<Record<Phase, number>>;
  /** The share of promises to be kept; null where none is set. */
  readonly goal: number | null;
}

/** The state of all promises at a moment, as the first page shows it. */
export interface BoardData {
  readonly now: Instant;
  /** The company's zone: the first page shows all times in it. */
  readonly zone: Zone;
  /** By section, then by promised time, those without one last; at most 100. */
  readonly rows: readonly BoardRow[];
  readonly kinds: readonly KindCounts[];
  /** Set where only this many promises, those with the latest promised times, were counted. */
  readonly countedOnly: number | null;
  /** How many alerts each of the staff has open, by name, most first; null: nobody is named for them. */
  readonly openAlerts: readonly OpenAlerts[];
  /** Newest first, at most 10. */
  readonly alerts: readonly BoardAlert[];
}
