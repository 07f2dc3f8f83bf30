import type { Absence } from '../domain/calendar/absences.ts';
import type { BoardRow } from '../domain/metrics/board.ts';
import type { AlertLine } from '../domain/promise/alerts.ts';
import type { Instant, Zone } from '../domain/promise/instant.ts';
import type { PagePerson } from './spoken-shapes.ts';

/** The form that hands promises over, as it was typed. */
export interface HandOverForm {
  readonly people: readonly PagePerson[];
  readonly to: string;
  readonly note: string;
  /** Id of who says so. */
  readonly by: string;
  readonly faults: { readonly to?: string; readonly note?: string; readonly by?: string };
}

/** The forms that say when somebody is away, as they were typed. */
export interface AbsenceForm {
  readonly typed: {
    /** Once: days, and times where it is part of one. */
    readonly fromDay: string;
    readonly fromTime: string;
    readonly toDay: string;
    readonly toTime: string;
    /** Every week. */
    readonly every: string;
    readonly from: string;
    readonly to: string;
  };
  readonly faults: { readonly once?: string; readonly weekly?: string };
}

/** One of the staff. Names stand for ids where these are known. */
export interface ShownPerson {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly team: string | null;
  /** Id of a calendar; null: always on duty. */
  readonly hours: string | null;
  readonly lead: PagePerson | null;
  readonly manager: PagePerson | null;
  readonly deputy: PagePerson | null;
  /** Those that are not over. */
  readonly absences: readonly (Absence & { readonly id: string })[];
  /** In which the wall times of their absences are meant. */
  readonly zone: Zone;
  readonly onDuty: boolean;
  readonly away: boolean;
  /** When that changes next; null: not within a year. */
  readonly changesAt: Instant | null;
}

/** A promise that was handed to them, not acknowledged yet. */
export interface PageHandOver {
  readonly promiseId: string;
  readonly kind: string;
  readonly source: string;
  readonly ref: string;
  readonly subject: string | null;
  readonly from: string | null;
  readonly at: Instant;
  readonly dueAt: Instant;
  readonly note: string | null;
}

/** Everything the page of one of the staff shows. */
export interface PersonPageData {
  readonly now: Instant;
  /** Of the company: all other times are told in it. */
  readonly zone: Zone;
  readonly id: string;
  /** Null: nobody of this id is known, yet promises name them. */
  readonly person: ShownPerson | null;
  readonly handOvers: readonly PageHandOver[];
  readonly alerts: { readonly lines: readonly AlertLine[]; readonly count: number };
  /** The most urgent of their open promises, and how many there are of them. */
  readonly rows: readonly BoardRow[];
  readonly open: number;
  readonly form: HandOverForm;
  readonly absence: AbsenceForm;
  /** How many just went to whom; null: nothing was handed over by the page. */
  readonly went: readonly { readonly name: string; readonly count: number }[] | null;
}
