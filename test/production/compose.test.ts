import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openApiText } from '../../api/openapi.ts';
import { readConfig } from '../../cli/config.ts';
import { VARIABLES } from '../../cli/environment.ts';
import { createProgram } from '../../cli/program.ts';
import { WORKER_GRACE_MS } from '../../temporal/worker.ts';
import {
  composeText,
  EXAMPLE,
  inOrder,
  ownServices,
  readCompose,
  serviceOf,
  variablesAskedFor,
  type Service,
} from './compose.ts';
import { lastOf, readDockerfile } from './dockerfile.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
const compose = readCompose(EXAMPLE);
const services = Object.entries(compose.services);
const own = ownServices(compose);

/** `40s`, as Compose writes durations. */
const secondsOf = (text: string | undefined): number => Number(/^(\d+)s$/.exec(text ?? '')?.[1]);

/** `127.0.0.1:7400:7400` */
const portsOf = ({ ports }: Service): readonly { readonly host: string; readonly inside: number }[] =>
  ports.map((each) => {
    const [host = '', , inside] = each.split(':');
    return { host, inside: Number(inside) };
  });

describe('docker-compose.yml', () => {
  it('brings up PostgreSQL, Temporal with its schema and pages, and the three parts of Kept', () => {
    expect(own.map(([name, { command }]) => [name, command?.[0]])).toEqual([
      ['migrate', 'migrate'],
      ['api', 'api'],
      ['worker', 'worker'],
    ]);
    const images = services.filter(([, { build }]) => build === undefined).map(([, { image }]) => image.split(':')[0]);
    expect([...new Set(images)]).toEqual(['postgres', 'temporalio/admin-tools', 'temporalio/server', 'temporalio/ui']);
  });

  it('starts each service after those that it waits for, and every one', () => {
    const names = inOrder(compose).map(([name]) => name);
    expect([...names].sort()).toEqual(services.map(([name]) => name).sort());
    for (const [name, { depends_on }] of services)
      for (const needed of Object.keys(depends_on))
        expect(names.indexOf(needed), name).toBeLessThan(names.indexOf(name));
  });

  it('pins every image by version, our own by that of the package', () => {
    for (const [name, { image, build }] of services)
      expect(image, name).toMatch(build === undefined ? /:\d+\.\d+(\.\d+)?$/ : new RegExp(`^kept:${version}$`));
    const versions = services.flatMap(([, { image }]) => /^temporalio\/(?:server|admin-tools):(.*)$/.exec(image)?.[1]);
    expect(new Set(versions.filter(Boolean)).size, 'the server and the tools of its schema').toBe(1);
  });

  it.each(Object.keys(EXAMPLE))('does without no %s', (name) => {
    const { [name as keyof typeof EXAMPLE]: _, ...others } = EXAMPLE;
    expect(() => readCompose(others)).toThrow(name);
  });

  it('asks for nothing else, and reads what it can do without by a name of our own', () => {
    const asked = variablesAskedFor();
    const needed = new Set(asked.filter(({ isNeeded }) => isNeeded).map(({ name }) => name));
    expect([...needed].toSorted()).toEqual(Object.keys(EXAMPLE).toSorted());
    for (const { name } of asked.filter(({ isNeeded }) => !isNeeded)) expect(Object.keys(VARIABLES)).toContain(name);
  });

  it('holds no secret: passwords stand in it as the names of variables', () => {
    for (const [, password] of composeText().matchAll(/:\/\/\w+:([^@\s]+)@/g)) expect(password).toMatch(/^\$\{.*\}$/);
    for (const [, value] of composeText().matchAll(/^\s*\w*(?:PASSWORD|PWD|SECRET|_KEY|TOKEN)\w*: *(.+)$/gm))
      expect(value).toMatch(/^\$\{\w+:\?.*\}$/);
    for (const [, value] of composeText().matchAll(/password '([^']*)'/g)) expect(value).toMatch(/^\$\{\w+:\?\}$/);
  });

  it('starts again whatever ends, but no step that has done its work', () => {
    const steps = new Set(
      services.flatMap(([, { depends_on: on }]) =>
        Object.entries(on).flatMap(([name, { condition }]) =>
          condition === 'service_completed_successfully' ? [name] : [],
        ),
      ),
    );
    for (const [name, { restart }] of services)
      expect([name, restart]).toEqual([name, steps.has(name) ? 'on-failure' : 'unless-stopped']);
  });

  it('waits only for services that there are, and for health only where it is asked about', () => {
    for (const [name, { depends_on: on }] of services)
      for (const [needed, { condition }] of Object.entries(on))
        expect([name, condition === 'service_healthy', serviceOf(compose, needed).healthcheck !== undefined]).toEqual([
          name,
          condition === 'service_healthy',
          condition === 'service_healthy',
        ]);
  });

  it('asks everything that stays up about its health', () => {
    for (const [name, { restart, healthcheck }] of services)
      expect([name, healthcheck !== undefined]).toEqual([name, restart === 'unless-stopped']);
  });

  it('opens ports on this machine only, and none of PostgreSQL or Temporal', () => {
    for (const [name, service] of services) {
      for (const { host } of portsOf(service)) expect(host, name).toBe('127.0.0.1');
      if (service.ports.length > 0) expect(['api', 'temporal-ui']).toContain(name);
    }
  });

  it('asks about the health of others where they listen', () => {
    const ui = serviceOf(compose, 'temporal-ui');
    const uiPort = Number(ui.environment['TEMPORAL_UI_PORT']);
    expect(portsOf(ui)).toEqual([{ host: '127.0.0.1', inside: uiPort }]);
    expect(new URL(ui.healthcheck?.test.at(-1) ?? '').port).toBe(String(uiPort));
    const address = serviceOf(compose, 'temporal-namespace').environment['TEMPORAL_ADDRESS'];
    expect(ui.environment['TEMPORAL_ADDRESS']).toBe(address);
    expect(serviceOf(compose, 'temporal').healthcheck?.test.at(-1)).toBe(address?.split(':')[1]);
    const { username } = new URL(serviceOf(compose, 'migrate').environment['DATABASE_URL'] ?? '');
    const postgres = serviceOf(compose, 'postgres');
    // The image's own superuser, who is there before the roles of the volume are made.
    expect(postgres.healthcheck?.test.at(-1)).toBe(postgres.environment['POSTGRES_USER'] ?? 'postgres');
    expect(username).not.toBe('postgres');
  });

  it('keeps data in volumes that it declares, and declares none beside', () => {
    const mounted = services.flatMap(([, { volumes }]) => volumes.map((each) => each.split(':')[0] ?? ''));
    const named = mounted.filter((each) => !each.startsWith('.') && !each.startsWith('/'));
    expect(named).toEqual(Object.keys(compose.volumes));
    expect(serviceOf(compose, 'postgres').volumes).toEqual(['postgres:/var/lib/postgresql']);
  });

  it('mounts no settings but those that it holds, and uses all of these', () => {
    const used = services.flatMap(([, { configs }]) => configs.map(({ source }) => source));
    expect(used.toSorted()).toEqual(Object.keys(compose.configs).toSorted());
    const { configs, environment } = serviceOf(compose, 'temporal');
    expect(configs.map(({ target }) => target)).toEqual([environment['DYNAMIC_CONFIG_FILE_PATH']]);
  });

  it('says one address, one namespace and one password on both ends of a connection', () => {
    const { environment: temporal } = serviceOf(compose, 'temporal');
    const { environment: schema } = serviceOf(compose, 'temporal-schema');
    expect([temporal['POSTGRES_SEEDS'], temporal['DB_PORT'], temporal['DB']]).toEqual([
      schema['SQL_HOST'],
      schema['SQL_PORT'],
      schema['SQL_PLUGIN'],
    ]);
    expect([temporal['POSTGRES_USER'], temporal['POSTGRES_PWD'], temporal['DBNAME']]).toEqual([
      schema['SQL_USER'],
      schema['SQL_PASSWORD'],
      schema['SQL_DATABASE'],
    ]);
    const databases = compose.configs['databases']?.content ?? '';
    const roles = [...databases.matchAll(/create role (\w+) login password '([^']+)'/g)].map(([, ...rest]) => rest);
    const { username, password, hostname, pathname } = new URL(
      serviceOf(compose, 'migrate').environment['DATABASE_URL'] ?? '',
    );
    expect(roles).toEqual([
      [username, password],
      [temporal['POSTGRES_USER'], temporal['POSTGRES_PWD']],
    ]);
    expect(Object.keys(compose.services)).toContain(hostname);
    for (const name of [pathname.slice(1), temporal['DBNAME'], temporal['VISIBILITY_DBNAME']])
      expect(databases).toContain(`create database ${name} owner `);
    const namespaces = ['temporal-namespace', ...own.map(([name]) => name)].map(
      (name) => serviceOf(compose, name).environment['TEMPORAL_NAMESPACE'],
    );
    expect(
      new Set([...namespaces, serviceOf(compose, 'temporal-ui').environment['TEMPORAL_DEFAULT_NAMESPACE']]),
    ).toEqual(new Set(['kept']));
  });
});

describe.each(own)('the service %s', (name, service) => {
  it('runs a command that there is, with options that it takes', async () => {
    const [asked = '', ...rest] = service.command ?? [];
    const program = await createProgram(asked);
    const command = program.commands.find((each) => each.name() === asked);
    let ran = 0;
    command?.exitOverride().action(() => void (ran += 1));
    await program.parseAsync([asked, ...rest], { from: 'user' });
    expect(ran).toBe(1);
  });

  it('is given variables that Kept reads, with values that it takes', () => {
    for (const variable of Object.keys(service.environment)) expect(Object.keys(VARIABLES)).toContain(variable);
    expect(readConfig(service.environment)).toMatchObject({
      temporal: { address: 'temporal:7233', namespace: 'kept' },
      logLevel: VARIABLES.LOG_LEVEL.fallback,
    });
  });

  it('finds its policies where they are mounted, and cannot change them', () => {
    const { policies } = readConfig(service.environment);
    expect(service.volumes).toEqual([`./policies:${policies}:ro`]);
  });

  it('can write nothing and gain no right', () => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect([name, service.init]).toEqual([name, true]);
  });
});

describe('the service api', () => {
  const api = serviceOf(compose, 'api');
  const { port } = readConfig(api.environment);

  it('listens on every address of its own, on the port that is opened and that the image names', () => {
    expect(api.command).toEqual(['api', '--host', '0.0.0.0']);
    expect(portsOf(api)).toEqual([{ host: '127.0.0.1', inside: port }]);
    const image = readDockerfile().at(-1);
    expect(image && lastOf(image, 'expose').port).toBe(port);
  });

  it('is asked about its health at a route of the API that needs no key', () => {
    const text = api.healthcheck?.test.join(' ').replace('${process.env.KEPT_PORT}', String(port)) ?? '';
    const url = new URL(/http:[^`]+/.exec(text)?.[0] ?? '');
    expect(Number(url.port)).toBe(port);
    const { paths } = JSON.parse(openApiText()) as { paths: Record<string, { get?: { security?: unknown[] } }> };
    expect(paths[url.pathname]?.get).toMatchObject({ security: [] });
  });
});

it('lets a worker end what is on its way before it is killed', () => {
  expect(secondsOf(serviceOf(compose, 'worker').stop_grace_period) * 1_000).toBeGreaterThan(WORKER_GRACE_MS);
});
