import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { cacheFolder, SHARED_CACHE } from '../../cli/config.ts';
import { startMailSink, type MailSink } from '../../cli/up/mail-sink.ts';
import { freePort } from '../../cli/up/ports.ts';
import { postgresBinaries } from '../../cli/up/postgres-binaries.ts';
import { startPostgres, type RunningPostgres } from '../../cli/up/postgres.ts';
import { databaseUser } from '../../cli/up/run-as.ts';
import { asCommand, needs } from './command.ts';
import { EXAMPLE, inOrder, readCompose, serviceOf, type Compose, type Service } from './compose.ts';
import { temporalPrograms, type TemporalPrograms } from './go-programs.ts';
import { buildImage, type Image } from './image.ts';
import { tellStory } from './story.ts';

/**
 * `npm run engine:full`: the processes of docker-compose.yml without Docker, by its own lines. Builds Temporal's programs
 * by Go and our image by the Dockerfile's steps, starts every service in its order and waits as it says, and sends one
 * promise through them. Exit 1 where anything is not as it should be, 3 where the machine lacks something.
 */
const STEP_TRIES = 10;
const PAUSE_MS = 500;

/** What builds the programs of the images, and what else those hold. */
const PROGRAMS = { go: 'Go 1.26.4 or newer', bash: "Debian's package bash" };

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/** The server keeps its ports in a column that ends at 32,767. */
const LOW_PORT = 20_000;

/** This machine in place of Docker's network. */
interface Place {
  readonly folder: string;
  readonly compose: Compose;
  readonly postgres: RunningPostgres;
  readonly sink: MailSink;
  readonly programs: TemporalPrograms;
  readonly image: Image;
  /** By the port inside of Docker. */
  readonly ports: Readonly<Record<string, number>>;
}

/** Ports of the server that Docker's network keeps apart, and this machine does not. */
const OWN_PORTS = ['FRONTEND', 'MATCHING', 'HISTORY', 'WORKER', 'INTERNAL_FRONTEND'].flatMap((name) => [
  `${name}_GRPC_PORT`,
  `${name}_MEMBERSHIP_PORT`,
  `${name}_HTTP_PORT`,
]);

async function main(): Promise<void> {
  needs(PROGRAMS);
  const folder = mkdtempSync(join(tmpdir(), 'kept-full-'));
  chmodSync(folder, 0o755);
  const running = new Map<string, ChildProcess>();
  const ends: (() => Promise<unknown>)[] = [];
  try {
    await Promise.race([goThrough(folder, running, ends), stopped()]);
  } finally {
    for (const child of [...running.values()].toReversed()) await ended(child);
    for (const end of ends.toReversed()) await end();
  }
  // Where something went wrong it stays for a look.
  rmSync(folder, { recursive: true, force: true });
}

let isStopped = false;
/** Rejects when somebody tells us to stop, so that what we started ends with us. */
const stopped = (): Promise<never> =>
  new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'])
      process.once(signal, () => {
        isStopped = true;
        reject(new Error(`Stopped by ${signal}.`));
      });
  });

async function goThrough(
  folder: string,
  running: Map<string, ChildProcess>,
  ends: (() => Promise<unknown>)[],
): Promise<void> {
  const place = await prepare(folder, ends);
  const begun = performance.now();
  for (const [name, service] of inOrder(place.compose)) {
    if (isStopped) return;
    await bringUp(place, name, service, running);
  }
  say(`All services are up after ${((performance.now() - begun) / 1_000).toFixed(1)} s.`);
  const { environment } = serviceOf(place.compose, 'temporal-ui');
  const figures = await tellStory({
    api: `http://127.0.0.1:${place.ports['7400']}`,
    pages: `http://127.0.0.1:${place.ports['8080']}`,
    namespace: environment['TEMPORAL_DEFAULT_NAMESPACE'] ?? '',
    mails: join(folder, 'mails.ndjson'),
    key: await output(place, 'api', ['keys', 'create', '--name', 'story']),
  });
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

async function prepare(folder: string, ends: (() => Promise<unknown>)[]): Promise<Place> {
  const compose = readCompose(EXAMPLE);
  const programs = await temporalPrograms(compose, folder, say);
  say('Building the image by the steps of the Dockerfile …');
  const image = buildImage(join(folder, 'image'), say);
  const sink = await startMailSink(join(folder, 'mails.ndjson'));
  ends.push(sink.stop);
  mkdirSync(join(folder, 'policies'));
  for (const [name, text] of Object.entries(POLICIES)) writeFileSync(join(folder, 'policies', name), text);
  const user = databaseUser(undefined, say);
  const binaries = postgresBinaries({ user, elsewhere: [cacheFolder(), SHARED_CACHE], log: say });
  const data = join(folder, 'postgres');
  mkdirSync(data);
  if (user) chownSync(data, user.uid, user.gid);
  const postgres = await startPostgres({
    ...{ binaries, user, dataDir: join(data, 'data'), logFile: join(folder, 'postgres.log') },
    ...{ password: EXAMPLE.POSTGRES_PASSWORD, port: 0, log: say },
  });
  ends.push(postgres.stop);
  const inside = ['7400', '8080', '7233', ...OWN_PORTS];
  const ports: Record<string, number> = { '5432': postgres.port };
  for (const port of inside) ports[port] = await freePort(LOW_PORT, new Set(Object.values(ports)));
  await firstStart(postgres, compose);
  return { folder, compose, postgres, sink, programs, image, ports };
}

/** What the image of PostgreSQL does on an empty volume: its superuser is `postgres`, and the scripts run. */
async function firstStart(postgres: RunningPostgres, compose: Compose): Promise<void> {
  await query(postgres.url('postgres'), [
    `create role postgres superuser login password '${EXAMPLE.POSTGRES_PASSWORD}'`,
  ]);
  const url = new URL(postgres.url('postgres'));
  url.username = 'postgres';
  const { configs } = serviceOf(compose, 'postgres');
  const scripts = configs.map(({ source }) => compose.configs[source]?.content ?? '');
  const statements = scripts.flatMap((script) => script.split(';\n').filter((each) => each.trim() !== ''));
  await query(url.href, ['alter role kept rename to laptop', ...statements]);
}

async function query(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Starts a service and waits for what others wait for: its health, or its end. */
async function bringUp(
  place: Place,
  name: string,
  service: Service,
  running: Map<string, ChildProcess>,
): Promise<void> {
  const begun = performance.now();
  const isStep = service.restart === 'on-failure';
  const words = wordsOf(place, service);
  if (isStep) for (let tries = 1; (await exitOf(place, name, words)) !== 0; tries += 1) await again(name, tries);
  else {
    // PostgreSQL runs already.
    if (words.length > 0) running.set(name, launch(place, name, words));
    const check = (service.healthcheck?.test.slice(1) ?? []).map((word) => here(place, word));
    for (let tries = 1; (await exitOf(place, name, check)) !== 0; tries += 1) {
      if (typeof running.get(name)?.exitCode === 'number') throw new Error(`${name} has ended.\n${logOf(place, name)}`);
      await again(name, tries / 10);
    }
  }
  say(`${name}: ${isStep ? 'done' : 'healthy'} (${((performance.now() - begun) / 1_000).toFixed(1)} s)`);
}

async function again(name: string, tries: number): Promise<void> {
  if (tries >= STEP_TRIES) throw new Error(`${name} does not come up.`);
  await pause();
}

/** What runs in the container: the entry point of the image, or of the file, and the command. */
function wordsOf(place: Place, { image, entrypoint, command = [] }: Service): readonly string[] {
  const [name] = image.split(':');
  const own: Readonly<Record<string, readonly string[]>> = {
    postgres: [],
    kept: place.image.entrypoint,
    'temporalio/server': ['temporal-server', 'start'],
    'temporalio/ui': ['ui-server', '--root', place.programs.pages, '--env', 'docker', 'start'],
  };
  return [...(entrypoint ?? own[name ?? ''] ?? []), ...command.map((word) => here(place, word))];
}

/** Hosts, ports and paths inside of Docker become those of this machine. */
function here({ ports, image, folder, sink }: Place, text: string): string {
  if (text === EXAMPLE.SMTP_URL) return sink.smtpUrl;
  if (text === EXAMPLE.KEPT_BASE_URL) return `http://127.0.0.1:${ports['7400']}`;
  if (text === '/etc/kept') return join(folder, 'policies');
  if (text === '0.0.0.0') return '127.0.0.1';
  return image
    .here(text)
    .replace(/(^|[@/])(postgres|temporal)(?=$|:\d)/, '$1127.0.0.1')
    .replace(/(^|:)(5432|7233|7400|8080)(?=$|\/)/, (_, before: string, port: string) => `${before}${ports[port]}`);
}

function environmentOf(place: Place, name: string): Record<string, string> {
  const { environment, configs } = serviceOf(place.compose, name);
  const entries = Object.entries(environment).map(([key, value]) => [key, valueHere(place, key, value)] as const);
  for (const { source, target } of configs)
    for (const entry of entries)
      if (entry[1] === target) {
        writeFileSync(join(place.folder, source), place.compose.configs[source]?.content ?? '');
        entries.push([entry[0], join(place.folder, source)]);
      }
  const path = [place.programs.bin, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':');
  const own = name === 'temporal' ? OWN_PORTS.map((port) => [port, String(place.ports[port])] as const) : [];
  const frontend = name === 'temporal' ? { FRONTEND_GRPC_PORT: String(place.ports['7233']) } : {};
  return {
    PATH: path,
    PGPORT: String(place.ports['5432']),
    ...place.image.variables,
    ...Object.fromEntries([...own, ...entries]),
    ...frontend,
  };
}

/** Names of roles and databases are not hosts. */
const valueHere = (place: Place, key: string, value: string): string =>
  /USER|DBNAME|DATABASE$|PWD|PASSWORD/.test(key) ? value : here(place, value);

const logFile = ({ folder }: Place, name: string): string => join(folder, `${name}.log`);
const logOf = (place: Place, name: string): string => readFileSync(logFile(place, name), 'utf8').slice(-3_000);

function launch(place: Place, name: string, [command = '', ...args]: readonly string[]): ChildProcess {
  const log = openSync(logFile(place, name), 'a');
  const env = environmentOf(place, name);
  return spawn(command, args, { env, cwd: place.folder, stdio: ['ignore', log, log] });
}

const exitOf = (place: Place, name: string, words: readonly string[]): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const child = launch(place, name, words);
    child.once('error', reject);
    child.once('exit', resolve);
  });

/** What a command of the image prints. */
function output(place: Place, name: string, args: readonly string[]): Promise<string> {
  const [command = '', ...before] = place.image.entrypoint;
  const child = spawn(command, [...before, ...args], {
    env: environmentOf(place, name),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => void (text += part));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(text.trim()) : reject(new Error(`kept ${args.join(' ')} ended with ${code}.`)),
    );
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

/** The bookshop of the story: a reply within half a minute. */
const POLICIES: Readonly<Record<string, string>> = {
  'people.yaml':
    'people:\n  - { id: kati, name: Kati Kask, email: kati@books.example, phone: "+372 600 0001" }\n' +
    'hotline: { name: Customer care, email: care@books.example }\n',
  'reply.yaml':
    'kind: reply\nbuffer: { fixed: PT12S }\nlead: PT10S\nfactLag: PT1S\nwhenUnknown: warn\nsendGuard: PT1S\n' +
    'notices: { promised: true }\n',
};

await asCommand(main);
