import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { type ParseResult, parseSync } from 'oxc-parser';

/** One import, re-export or dynamic import. */
export interface Arrow {
  from: string;
  /** Line of the import in `from`, from 1. */
  line: number;
  /** A path from the root for a file of the tree, else the package's specifier as written. */
  to: string;
  /** Erased before it runs. */
  typeOnly: boolean;
  /** From a tables file to another one, for foreign keys only. */
  foreignKeyOnly: boolean;
}

/** The text of each file by its path from the root. */
export type Sources = ReadonlyMap<string, string>;

const ROOTS = ['src', 'workers', 'durable-objects'];

/** Reads every TypeScript and SQL file of the product. */
export function readSources(root = '.'): Map<string, string> {
  const sources = new Map<string, string>();
  for (const folder of ROOTS)
    for (const entry of readdirSync(posix.join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(ts|sql)$/.test(entry.name)) continue;
      const path = posix.join(entry.parentPath, entry.name);
      sources.set(posix.relative(root, path), readFileSync(path, 'utf8'));
    }
  return sources;
}

/** The line of an offset in a text, from 1. */
export const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length;

const parsedFiles = new Map<string, { text: string; parsed: ParseResult }>();

/** Parses a file, once for all rules that look into it. @throws Error naming a file that cannot be parsed */
export function parseSource(path: string, text: string): ParseResult {
  const known = parsedFiles.get(path);
  if (known?.text === text) return known.parsed;
  const parsed = parseSync(path, text);
  if (parsed.errors[0]) throw new Error(`${path}: ${parsed.errors[0].message}`);
  parsedFiles.set(path, { text, parsed });
  return parsed;
}

const resolve = (from: string, specifier: string) =>
  specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), specifier)) : specifier;

const IMPORTS = /^import [^;]*;$/gm;
const FOREIGN_KEYS = /\.references\(\([^)]*\)[^=]*=>\s*\w+\.\w+|foreignColumns:\s*\[[^\]]*\]/g;

/** Whether a tables file uses the imported names in foreign keys and nowhere else. */
function isForeignKeyOnly(text: string, names: readonly string[]): boolean {
  const rest = text.replaceAll(IMPORTS, '').replaceAll(FOREIGN_KEYS, '');
  return names.length > 0 && names.every((name) => !new RegExp(`\\b${name}\\b`).test(rest));
}

function listFileArrows(from: string, text: string): Arrow[] {
  const { module } = parseSource(from, text);
  const arrows: Arrow[] = [];
  const add = (start: number, specifier: string, typeOnly: boolean, foreignKeyOnly = false) =>
    arrows.push({ from, line: lineAt(text, start), to: resolve(from, specifier), typeOnly, foreignKeyOnly });
  for (const { start, moduleRequest, entries } of module.staticImports) {
    const typeOnly = entries.length > 0 && entries.every((entry) => entry.isType);
    const names = entries.map(({ localName }) => localName.value);
    const betweenTables = from.endsWith('.tables.ts') && moduleRequest.value.endsWith('.tables.ts');
    add(start, moduleRequest.value, typeOnly, betweenTables && isForeignKeyOnly(text, names));
  }
  for (const { start, entries } of module.staticExports) {
    const bySpecifier = Map.groupBy(entries, (entry) => entry.moduleRequest?.value);
    for (const [specifier, group] of bySpecifier) {
      const typeOnly = group.every((entry) => entry.isType);
      if (specifier !== undefined) add(start, specifier, typeOnly);
    }
  }
  for (const { start, moduleRequest } of module.dynamicImports) {
    const literal = text.slice(moduleRequest.start, moduleRequest.end);
    add(start, literal.replaceAll(/^['"`]|['"`]$/g, ''), false);
  }
  return arrows;
}

/** Every import of every source. */
export function listArrows(sources: Sources): Arrow[] {
  return [...sources].flatMap(([path, text]) => (path.endsWith('.ts') ? listFileArrows(path, text) : []));
}
