import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openApiText } from '../../api/openapi.ts';
import { VARIABLES } from '../../cli/environment.ts';
import { createProgram } from '../../cli/program.ts';
import { ALERT_REASONS } from '../../domain/promise/words.ts';
import { EXAMPLE, readCompose, variablesAskedFor } from './compose.ts';

const FOLDER = fileURLToPath(new URL('../../docs/operations', import.meta.url));
const pages = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const);
const page = (name: string): string => pages.find(([known]) => known === name)?.[1] ?? '';
const all = pages.map(([, text]) => text).join('\n');

describe('docs/operations', () => {
  it.each(ALERT_REASONS)('say what the alert %s means', (reason) => {
    expect(page('alerts.md')).toMatch(new RegExp(`^\\| \`${reason}\` +\\|`, 'm'));
  });

  it('say what every field of /ready means', () => {
    const { components } = JSON.parse(openApiText()) as {
      readonly components: { readonly schemas: { readonly Readiness: { readonly properties: object } } };
    };
    const rows = page('alerts.md').split('## Of promises')[0] ?? '';
    for (const field of Object.keys(components.schemas.Readiness.properties)) expect(rows).toContain(`\`${field}\``);
  });

  it('say how to set every variable that docker-compose.yml asks for', () => {
    for (const { name } of variablesAskedFor()) expect(page('install.md') + page('configure.md')).toContain(name);
  });

  it('name services of docker-compose.yml, and variables that Kept reads', () => {
    const services = Object.keys(readCompose(EXAMPLE).services);
    const named = [
      ...all.matchAll(/docker compose (?:run --rm|exec -T|stop|up [^`\n]*--scale) ([a-z -]+?)(?=[ `=]|…|$)/gm),
    ];
    expect(named.length).toBeGreaterThan(5);
    for (const [, name] of named) for (const each of (name ?? '').split(' ')) expect(services).toContain(each);
    for (const [, name] of all.matchAll(/`(KEPT_[A-Z_]+|SMTP_URL|DATABASE_URL|LOG_LEVEL)`/g))
      expect([...Object.keys(VARIABLES), ...Object.keys(EXAMPLE)]).toContain(name);
  });

  it('name commands that there are', async () => {
    const program = await createProgram();
    const known = new Set(
      program.commands.flatMap((each) => [
        each.name(),
        ...each.commands.map((inner) => `${each.name()} ${inner.name()}`),
      ]),
    );
    const named = [...all.matchAll(/(?:`|^)kept ((?:keys|hold|policy|remedies) [a-z]+|[a-z]+)/gm)].map(
      ([, name]) => name,
    );
    expect(named.length).toBeGreaterThan(10);
    for (const name of named) expect(known).toContain(name);
  });

  it('lead to pages that there are', () => {
    for (const [name, text] of pages)
      for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)\)/g))
        if (!target.startsWith('http'))
          expect([name, target, existsSync(join(FOLDER, dirname(name), target))]).toEqual([name, target, true]);
  });
});
