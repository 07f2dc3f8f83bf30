import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
};

interface Import {
  readonly of: string;
  /** Loaded when it is called for, not with the file. */
  readonly isLate: boolean;
}

/** What a source file loads; types are gone when it runs. */
function importsOf(file: string): readonly Import[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword)
      add(node.moduleSpecifier, false);
    if (ts.isExportDeclaration(node) && !node.isTypeOnly) add(node.moduleSpecifier, false);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], true);
    ts.forEachChild(node, visit);
  };
  const add = (name: ts.Expression | undefined, isLate: boolean): void => {
    if (name && ts.isStringLiteral(name)) found.push({ of: name.text, isLate });
  };
  visit(source);
  return found;
}

/** Every file that the command line can load, with the packages that it loads. */
function reachable(entry: string): ReadonlyMap<string, readonly Import[]> {
  const seen = new Map<string, readonly Import[]>();
  const walk = (file: string): void => {
    if (seen.has(file)) return;
    const imports = importsOf(file);
    seen.set(
      file,
      imports.filter(({ of }) => !/^(\.|node:)/.test(of)),
    );
    for (const { of } of imports) if (of.startsWith('.')) walk(join(dirname(file), of));
  };
  walk(join(ROOT, entry));
  return seen;
}

/** `@scope/name` or `name`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

describe('a production image without the optional packages', () => {
  let files: ReadonlyMap<string, readonly Import[]>;
  beforeAll(() => {
    files = reachable('cli/main.ts');
  });

  it('is looked at whole: every command is among the files', () => {
    for (const name of ['api', 'worker', 'migrate', 'report', 'replay', 'keys', 'up'])
      expect([...files.keys()]).toContain(join(ROOT, 'cli', 'commands', `${name}.ts`));
    expect([...files.keys()]).toContain(join(ROOT, 'cli', 'up', 'mail-sink.ts'));
    expect([...files.keys()]).toContain(join(ROOT, 'temporal', 'worker.ts'));
  });

  it('loads none of them with a file, only where one is called for', () => {
    const early = [...files].flatMap(([file, imports]) =>
      imports
        .filter(({ of, isLate }) => !isLate && packageOf(of) in optionalDependencies)
        .map(({ of }) => `${file}: ${of}`),
    );
    expect(early).toEqual([]);
  });

  it('loads nothing that is there for development only', () => {
    const known = { ...dependencies, ...optionalDependencies };
    const missing = [...files].flatMap(([file, imports]) =>
      imports.filter(({ of }) => !(packageOf(of) in known)).map(({ of }) => `${file}: ${of}`),
    );
    expect(missing).toEqual([]);
  });

  it('has every optional package on the list that "kept up" checks', () => {
    const file = join(ROOT, 'cli', 'up', 'extras.ts');
    expect(existsSync(file)).toBe(true);
    for (const name of Object.keys(optionalDependencies)) expect(readFileSync(file, 'utf8')).toContain(`'${name}'`);
  });
});
