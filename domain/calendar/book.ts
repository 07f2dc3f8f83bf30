import type { VersionedPartner } from '../policy/partner.ts';
import type { Calendar } from './calendar.ts';

/** A calendar in one of its versions. */
export interface VersionedCalendar {
  readonly calendar: Calendar;
  readonly version: number;
}

/** What a plan is made by, besides its policy. */
export interface Book {
  readonly policyVersion: number;
  /** @throws where there is no such calendar; whoever takes an id from outside asks first */
  readonly calendar: (id: string) => VersionedCalendar;
  /** The partner of the promise; absent: none of whom anything is said. */
  readonly partner?: VersionedPartner | undefined;
}

/** For a policy and promises that name no calendar. */
export const NO_CALENDARS: Book = {
  policyVersion: 0,
  calendar: (id) => {
    throw new RangeError(`No calendar ${id} is at hand.`);
  },
};
