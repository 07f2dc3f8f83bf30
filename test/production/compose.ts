import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const FILE = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url));

const condition = z.enum(['service_healthy', 'service_completed_successfully']);
const config = z.strictObject({ source: z.string(), target: z.string() });
const healthCheck = z.strictObject({
  test: z.tuple([z.literal('CMD')], z.string()),
  interval: z.string(),
  timeout: z.string(),
  retries: z.int(),
  start_period: z.string(),
});

/** What our file says of a service; a key that stands here is one that we know the meaning of. */
const service = z.strictObject({
  image: z.string(),
  build: z.string().optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  shm_size: z.string().optional(),
  stop_grace_period: z.string().optional(),
  restart: z.enum(['unless-stopped', 'on-failure']),
  depends_on: z.record(z.string(), z.strictObject({ condition })).default({}),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()),
  configs: z.array(config).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  healthcheck: healthCheck.optional(),
});

const composeFile = z.object({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
  configs: z.record(z.string(), z.strictObject({ content: z.string() })),
});

export type Compose = z.infer<typeof composeFile>;
export type Service = z.infer<typeof service>;

/** The file as it is written. */
export const composeText = (): string => readFileSync(FILE, 'utf8');

/**
 * `docker-compose.yml` as Compose would take it with these variables.
 * @throws where one that the file asks for is not among them, and where the file says what we do not know
 */
export const readCompose = (variables: Readonly<Record<string, string>>): Compose =>
  composeFile.parse(interpolated(parse(composeText(), { merge: true }), variables));

/** The service of that name. @throws where there is none */
export function serviceOf({ services }: Compose, name: string): Service {
  const found = services[name];
  if (!found) throw new Error(`docker-compose.yml has no service ${name}.`);
  return found;
}

/** All services, each after those that it waits for. */
export function inOrder(compose: Compose): readonly (readonly [string, Service])[] {
  const order = new Map<string, Service>();
  const add = (name: string): void => {
    const found = serviceOf(compose, name);
    for (const needed of Object.keys(found.depends_on)) if (!order.has(needed)) add(needed);
    order.set(name, found);
  };
  for (const name of Object.keys(compose.services)) if (!order.has(name)) add(name);
  return [...order];
}

/** Every variable that the file asks for, with those that it can do without marked so. */
export const variablesAskedFor = (): readonly { readonly name: string; readonly isNeeded: boolean }[] =>
  [...composeText().matchAll(REFERENCE)].flatMap(([, name, kind]) =>
    name === undefined ? [] : [{ name, isNeeded: kind !== '-' }],
  );

/** `$$`, `${NAME}`, `${NAME:-else}`, `${NAME:?why}`: what the file uses of Compose's interpolation. */
const REFERENCE = /\$\$|\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g;

function interpolated(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string')
    return value.replaceAll(REFERENCE, (whole: string, name?: string, kind?: string, words = ''): string => {
      if (name === undefined) return '$';
      const given = variables[name];
      if (given) return given;
      if (kind === '-') return words;
      throw new Error(`${name} is not set: ${words || whole}`);
    });
  if (Array.isArray(value)) return value.map((each) => interpolated(each, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, interpolated(each, variables)]));
}

/** Values for whatever the file needs. */
export const EXAMPLE = {
  POSTGRES_PASSWORD: 'of-the-superuser',
  KEPT_DB_PASSWORD: 'of-kept',
  TEMPORAL_DB_PASSWORD: 'of-temporal',
  KEPT_BASE_URL: 'https://kept.books.example',
  SMTP_URL: 'smtps://kept:secret@mail.books.example',
} as const;

/** The services that run our own image. */
export const ownServices = ({ services }: Compose): readonly (readonly [string, Service])[] =>
  Object.entries(services).filter(([, { build }]) => build !== undefined);
