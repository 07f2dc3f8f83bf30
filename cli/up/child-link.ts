import type { TemporalOptions } from '../../temporal/connection.ts';
import type { LogLevel } from '../config.ts';

/** What `kept up` tells its child `kept api`. */
export interface ApiSettings {
  readonly databaseUrl: string;
  readonly temporal: TemporalOptions;
  readonly port: number;
  readonly host: string;
  /** Null: the address that the API then listens on. */
  readonly baseUrl: string | null;
  /** Folder to apply at start; null under `kept up`, which has done that itself. */
  readonly policies: string | null;
  /** Set under `kept up` only: pages and `/dev` exist. `mails`: the sink's file; null where mails leave the house. */
  readonly laptop: { readonly mails: string | null } | null;
  readonly logLevel: LogLevel;
}

/** What `kept up` tells its child `kept worker`. */
export interface WorkerSettings {
  readonly databaseUrl: string;
  readonly temporal: TemporalOptions;
  readonly smtpUrl: string;
  /** Where the pages are that mails to staff lead to; null: they hold no links. \`pages\`: more than those of alerts. */
  readonly links: { readonly baseUrl: string; readonly pages: boolean } | null;
  /** As for the API. */
  readonly policies: string | null;
  readonly logLevel: LogLevel;
}

/** What a child says back. */
export type ChildNews =
  | { readonly type: 'ready'; readonly url: string | null }
  | { readonly type: 'failed'; readonly code: string | null; readonly message: string };

/** Only processes that `kept up` has made have a parent to listen to. */
export const hasParent = (): boolean => process.send !== undefined;

/** Resolves when the parent is gone, though it went before anybody asked: a part takes its time to load. */
const parentGone = (): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.once('disconnect', () => resolve());
    else resolve();
  });

/**
 * The child's side: the settings, once the parent has sent them. They hold passwords, so they are no arguments.
 * @throws where the parent goes before it has sent them
 */
export function settingsFromParent<T>(): Promise<T> {
  return new Promise((resolve, reject) => {
    process.once('message', (message) => resolve((message as { readonly settings: T }).settings));
    void parentGone().then(() => reject(new Error('kept up ended before it had said what to run with.')));
  });
}

/** Resolves when the process has been told to end: by a signal, or because the parent is gone. */
export function toldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
    if (hasParent()) void parentGone().then(resolve);
  });
}

export function tellParent(news: ChildNews): void {
  // A parent that is gone needs no news.
  process.send?.(news, undefined, {}, () => {});
}
