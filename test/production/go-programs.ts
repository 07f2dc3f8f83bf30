import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binaryPath, cacheFolder } from '../../cli/config.ts';
import { findBinary, TEMPORAL_CLI } from '../../cli/up/binaries.ts';
import { isThere } from './command.ts';
import { serviceOf, type Compose } from './compose.ts';

interface GoProgram {
  /** As its image calls it. */
  readonly name: string;
  readonly module: string;
  readonly path: string;
  /** The service of docker-compose.yml whose image says the version. */
  readonly service: string;
}

const PROGRAMS: readonly GoProgram[] = [
  { name: 'temporal-server', module: 'go.temporal.io/server', path: 'cmd/server', service: 'temporal' },
  { name: 'temporal-sql-tool', module: 'go.temporal.io/server', path: 'cmd/tools/sql', service: 'temporal-schema' },
  { name: 'ui-server', module: 'github.com/temporalio/ui-server/v2', path: 'cmd/server', service: 'temporal-ui' },
];

/** By what the images hold and this machine may lack: as much of each as the health checks ask for. */
const STAND_INS: Readonly<Record<string, string>> = {
  nc: '#!/bin/bash\n# nc -z HOST PORT\nexec 3<>"/dev/tcp/$2/$3"\n',
  pg_isready: '#!/bin/bash\n# pg_isready --host HOST …\nexec 3<>"/dev/tcp/$2/$PGPORT"\n',
  curl: `#!/bin/bash
# curl … URL
exec node -e 'fetch(process.argv.at(-1)).then((r) => process.exit(r.ok ? 0 : 22), () => process.exit(7))' -- "$@"
`,
};

/** What the images of Temporal hold, built for this machine. */
export interface TemporalPrograms {
  /** A folder with all of them, to stand on PATH. */
  readonly bin: string;
  /** The folder from which the pages read their settings. */
  readonly pages: string;
}

/**
 * Builds the programs of the versions that docker-compose.yml pins, once for all clones: some five minutes at first.
 * @throws where Go cannot
 */
export async function temporalPrograms(
  compose: Compose,
  folder: string,
  say: (line: string) => void,
): Promise<TemporalPrograms> {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const program of PROGRAMS)
    symlinkSync(built(program, versionOf(compose, program), say), join(bin, program.name));
  const { given, searchPath } = binaryPath(TEMPORAL_CLI.variable);
  const cli = await findBinary(TEMPORAL_CLI, { given, searchPath, cache: cacheFolder(), log: say });
  symlinkSync(cli, join(bin, 'temporal'));
  for (const [name, script] of Object.entries(STAND_INS)) if (!isThere(name)) standIn(join(bin, name), script);
  const pages = PROGRAMS.find(({ name }) => name === 'ui-server');
  if (!pages) throw new Error('Nobody serves the pages.');
  const settings = join(folder, 'pages');
  cpSync(join(sourceOf(pages, versionOf(compose, pages)), 'config'), join(settings, 'config'), { recursive: true });
  return { bin, pages: settings };
}

const versionOf = (compose: Compose, { service }: GoProgram): string =>
  `v${serviceOf(compose, service).image.split(':')[1]}`;

function built({ name, module, path }: GoProgram, version: string, say: (line: string) => void): string {
  const cached = join(cacheFolder(), `${name}-${version}`);
  if (existsSync(cached)) return cached;
  say(`Building ${module}/${path}@${version}; it is kept in ${cacheFolder()} for good.`);
  const half = join(cacheFolder(), `.build-${process.pid}`);
  mkdirSync(half, { recursive: true });
  // oxlint-disable-next-line node/no-process-env -- go reads its own settings
  const env = { ...process.env, GOBIN: half };
  try {
    execFileSync('go', ['install', `${module}/${path}@${version}`], { env, stdio: ['ignore', 'inherit', 'inherit'] });
    renameSync(join(half, path.split('/').at(-1) ?? ''), cached);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return cached;
}

/** Go's own copy of the sources. */
function sourceOf({ module }: GoProgram, version: string): string {
  const said = execFileSync('go', ['mod', 'download', '-json', `${module}@${version}`], { encoding: 'utf8' });
  return (JSON.parse(said) as { readonly Dir: string }).Dir;
}

function standIn(file: string, text: string): void {
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}
