import type { Registrar } from '../db/register.ts';
import type { SlotRegistrar } from '../db/register-slot.ts';
import type { Pool } from '../db/pool.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { PageMail } from '../web/shapes.ts';
import type { KeyCheck } from './auth/keys.ts';
import type { ReferenceData } from './reference-data.ts';

/** A line of the log: fields, then a text. Fields never hold names, addresses or texts of a caller. */
export interface ApiLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A mail as the sink got it. */
export type DevMail = PageMail;

/** What exists on a laptop only, under `kept up`. */
export interface DevParts {
  mails(): Promise<readonly DevMail[]>;
}

/** What the API is made of. */
export interface ApiOptions {
  readonly pool: Pool;
  /** Where people reach these pages; links in answers begin with it. No slash at the end. */
  readonly baseUrl: string;
  readonly log: ApiLog;
  readonly engineUp: () => boolean | Promise<boolean>;
  /** Says when a promise was made that does not say so itself. What is judged, PostgreSQL's clock judges. */
  readonly now: () => Instant;
  readonly dev?: DevParts;
  /** Aborted when the API is about to be closed: streams that would never end by themselves end then. */
  readonly closing?: AbortSignal;
}

/** What handlers work with. */
export interface ApiDeps extends ApiOptions {
  readonly registrar: Registrar;
  readonly slotRegistrar: SlotRegistrar;
  readonly reference: ReferenceData;
  readonly keys: KeyCheck;
}
