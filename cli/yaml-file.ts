import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';

/** Where something stands in a file: keys and places in lists, from the outside in. */
export type Path = readonly (string | number)[];

/** Says what is wrong at a place. */
export type Report = (path: Path, message: string) => void;

/** What is wrong in a file, and where; lines count from 1. */
export interface YamlFault {
  readonly line: number;
  readonly path: Path;
  readonly message: string;
}

export interface YamlFile {
  readonly value: unknown;
  readonly report: Report;
  /** A fault as `report` adds it, for one that cannot be known yet. */
  readonly faultAt: (path: Path, message: string) => string;
}

/**
 * Reads a YAML file; faults are added to `faults`, each as `file:line: key: message`. Null: it is no YAML.
 * @throws what reading the file throws
 */
export function readYaml(file: string, faults: string[]): YamlFile | null {
  const read = readYamlFile(file);
  if ('faults' in read) {
    faults.push(...read.faults.map((fault) => faultLine(file, fault)));
    return null;
  }
  const { value, lineOf } = read;
  const faultAt = (path: Path, message: string): string => faultLine(file, { line: lineOf(path), path, message });
  return { value, report: (path, message) => void faults.push(faultAt(path, message)), faultAt };
}

/**
 * Reads a YAML file: what it says, and on which line something of it stands.
 * @throws what reading the file throws
 */
export function readYamlFile(
  file: string,
): { readonly value: unknown; readonly lineOf: (path: Path) => number } | { readonly faults: readonly YamlFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0)
    return {
      faults: document.errors.map(({ pos, message }) => ({
        line: lineAt(pos[0]),
        path: [],
        message: message.split('\n')[0] ?? message,
      })),
    };
  return { value: document.toJS() as unknown, lineOf: (path) => lineAt(offsetOf(document, path)) };
}

/** `file:line: key: message`. */
export function faultLine(file: string, { line, path, message }: YamlFault): string {
  const key = path.length > 0 ? ` ${path.join('.')}:` : '';
  return `${file}:${line}:${key} ${message}`;
}

/** The YAML files of a folder, by name. That it cannot be read is added to `faults`. */
export function listYaml(folder: string, faults: string[]): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
    return names.sort().map((name) => join(folder, name));
  } catch (error) {
    faults.push(`${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** The path of a JSON pointer (RFC 6901). */
export const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Where the key stands, or the nearest thing around it that is there. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = rangeOf(node);
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && nameOf(key.value) === String(step));
      if (!pair) return offset;
      offset = rangeOf(pair.key) || offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = rangeOf(node) || offset;
    } else return offset;
  }
  return offset;
}

/** Keys that are numbers or yes and no are texts once read. */
const nameOf = (key: unknown): string => (typeof key === 'string' ? key : JSON.stringify(key));

const rangeOf = (node: unknown): number => (node as Node | null | undefined)?.range?.[0] ?? 0;
