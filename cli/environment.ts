/** One environment variable: what it says, and what holds where it is not set or empty. */
export interface Variable {
  readonly meaning: string;
  /** Taken as if the variable had been set to it; null: nothing is. */
  readonly fallback: string | null;
  /** What happens without it, in words, where `fallback` does not say it. */
  readonly without?: string;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * Every variable that Kept reads, in the order of the reference page. To add one: an entry here, and its reading in
 * `config.ts`. The names are public.
 */
export const VARIABLES = {
  DATABASE_URL: {
    meaning: 'The PostgreSQL to use, `postgres://…`; version 15 or newer.',
    fallback: null,
    without:
      '`up` runs its own; commands that read or write promises look for a running `up`; `api`, `worker` and `migrate` refuse',
  },
  SMTP_URL: {
    meaning: 'The mail server that takes the notices, `smtp://…` or `smtps://…`.',
    fallback: null,
    without: '`up` keeps every mail in a sink of its own; `worker` refuses',
  },
  KEPT_POLICIES: {
    meaning:
      'Folder with one file per kind, `people.yaml`, `company.yaml` and `calendars/`; they are written into the database at each start.',
    fallback: null,
    without: 'what is stored stays',
  },
  KEPT_BASE_URL: {
    meaning: 'Where people reach the API, `https://…`: links in its answers begin with it.',
    fallback: null,
    without: 'the address the API listens on',
  },
  KEPT_PORT: { meaning: 'Port of pages and API; 0 is any free one.', fallback: '7400' },
  KEPT_STATE: {
    meaning: 'Folder in which `up` keeps everything; by it other commands find a running `up`.',
    fallback: '.kept',
  },
  KEPT_CACHE: {
    meaning: 'Folder of programs that are fetched or copied once; clones may share it.',
    fallback: null,
    without: '`kept` under `XDG_CACHE_HOME`',
  },
  XDG_CACHE_HOME: { meaning: "The user's folder of caches.", fallback: null, without: '`~/.cache`' },
  LOG_LEVEL: { meaning: `How much \`api\` and \`worker\` log: ${LOG_LEVELS.join(', ')}.`, fallback: 'info' },
  TEMPORAL_ADDRESS: {
    meaning: 'The Temporal server to use, `host:port`. The variables below, down to the profile, count only with it.',
    fallback: null,
    without: '`up` runs its own; `api` and `worker` refuse',
  },
  TEMPORAL_NAMESPACE: { meaning: 'The namespace there.', fallback: 'default' },
  TEMPORAL_API_KEY: { meaning: 'The key for it; switches TLS on.', fallback: null },
  TEMPORAL_TLS: { meaning: 'Whether TLS is spoken to it: 1 or true.', fallback: null, without: 'with an API key: yes' },
  TEMPORAL_TLS_CLIENT_CERT_PATH: { meaning: 'Our certificate, as a file.', fallback: null },
  TEMPORAL_TLS_CLIENT_CERT_DATA: { meaning: 'Our certificate itself.', fallback: null },
  TEMPORAL_TLS_CLIENT_KEY_PATH: { meaning: 'The key of our certificate, as a file.', fallback: null },
  TEMPORAL_TLS_CLIENT_KEY_DATA: { meaning: 'The key of our certificate itself.', fallback: null },
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: { meaning: 'Who vouches for the server, as a file.', fallback: null },
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: { meaning: 'Who vouches for the server, the certificate itself.', fallback: null },
  TEMPORAL_TLS_SERVER_NAME: {
    meaning: 'The name the server must prove.',
    fallback: null,
    without: 'that of its address',
  },
  TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: { meaning: '1 or true: any name will do.', fallback: null },
  'TEMPORAL_GRPC_META_<NAME>': { meaning: 'A header sent with every call.', fallback: null },
  TEMPORAL_CONFIG_FILE: {
    meaning: "Temporal's own file of settings; variables win over it.",
    fallback: null,
    without: '`temporalio/temporal.toml` in `~/.config`, on macOS in `~/Library/Application Support`',
  },
  TEMPORAL_PROFILE: { meaning: 'Which profile of that file.', fallback: 'default' },
  TEMPORAL_CLI_PATH: {
    meaning: "Temporal's command line, which `up` runs as the server.",
    fallback: null,
    without: '`temporal` on `PATH`, else in `KEPT_CACHE`, else fetched once',
  },
  PATH: { meaning: 'Where `temporal` and, for tests, a browser are looked for.', fallback: null },
  TEMPORAL_TEST_SERVER_PATH: {
    meaning: "Tests: Temporal's test server.",
    fallback: null,
    without: '`temporal-test-server` on `PATH`, else in `KEPT_CACHE`, else fetched once',
  },
  CHROME_PATH: {
    meaning: 'Tests: the browser for the pages.',
    fallback: null,
    without: '`chromium`, `chromium-browser` or `google-chrome` on `PATH`',
  },
  KEPT_NO_BROWSER: { meaning: 'Tests: 1 skips those that need a browser.', fallback: null },
} as const satisfies Readonly<Record<string, Variable>>;

export type VariableName = keyof typeof VARIABLES;

/** The environment as a list of names and values. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable's value, else its fallback; an empty one counts as not set. */
export const valueOf = (env: Environment, name: VariableName): string | null => env[name] || VARIABLES[name].fallback;
