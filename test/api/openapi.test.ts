import { expect, test } from 'vitest';
import { openApiDocument, openApiText } from '../../api/openapi.ts';
import { PROBLEMS } from '../../api/problem.ts';
import { ROUTES } from '../../api/routes/index.ts';

test('it is OpenAPI 3.1 and names every route once', () => {
  const document = openApiDocument();
  expect(document['openapi']).toBe('3.1.0');
  const paths = document['paths'] as Record<string, Record<string, { operationId: string }>>;
  const named = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect([...named].sort()).toEqual(ROUTES.map((route) => `${route.method} ${route.path}`).sort());
  expect(new Set(ROUTES.map((route) => route.name)).size).toBe(ROUTES.length);
});

test('everything it refers to is in it', () => {
  const text = openApiText();
  const document = openApiDocument() as { components: Record<string, Record<string, unknown>> };
  const references = [...text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(0);
  for (const [, group = '', name = ''] of references) expect(document.components[group]?.[name]).toBeDefined();
});

test('a route that names a promise says so, and any other id in a path has a word for one that is unknown', () => {
  for (const { path, owner, spec } of ROUTES) {
    expect(owner === 'promise', path).toBe(path.startsWith('/v1/promises/{id}'));
    expect(owner !== 'promise' && path.includes('{'), path).toBe(spec.unknown !== undefined);
    if (spec.unknown) expect(spec.problems, path).toContain(spec.unknown);
  }
});

test('every word of a problem text is filled in by its own name', () => {
  const words = Object.values(PROBLEMS).flatMap(({ detail }) =>
    [...detail.matchAll(/\{(\w+)\}/g)].map(([, word]) => word),
  );
  expect(new Set(words)).toEqual(new Set(['allow', 'limit', 'owner', 'promiseId', 'why']));
});
