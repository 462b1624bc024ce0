import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** One import, re-export or dynamic import. */
export interface Arrow {
  from: string;
  /** A path from the root for a file of the tree, else the package's specifier as written. */
  to: string;
  /** Erased before it runs. */
  typeOnly: boolean;
}

const ROOTS = ['src', 'workers', 'durable-objects'];

/** Every TypeScript file of the product by its path from the root. */
export function readSources(root = '.'): Map<string, string> {
  const sources = new Map<string, string>();
  for (const folder of ROOTS)
    for (const entry of readdirSync(posix.join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
      const path = posix.join(entry.parentPath, entry.name);
      sources.set(posix.relative(root, path), readFileSync(path, 'utf8'));
    }
  return sources;
}

const resolve = (from: string, specifier: string) =>
  specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), specifier)) : specifier;

/** Every import of every source. @throws Error naming a file that cannot be parsed */
export function listArrows(sources: ReadonlyMap<string, string>): Arrow[] {
  const arrows: Arrow[] = [];
  for (const [from, text] of sources) {
    const { module, errors } = parseSync(from, text);
    if (errors[0]) throw new Error(`${from}: ${errors[0].message}`);
    const add = (specifier: string, typeOnly: boolean) =>
      arrows.push({ from, to: resolve(from, specifier), typeOnly });
    for (const { moduleRequest, entries } of module.staticImports)
      add(moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType));
    for (const { entries } of module.staticExports) {
      const bySpecifier = Map.groupBy(entries, (entry) => entry.moduleRequest?.value);
      for (const [specifier, group] of bySpecifier)
        if (specifier !== undefined)
          add(
            specifier,
            group.every((entry) => entry.isType),
          );
    }
    for (const { moduleRequest } of module.dynamicImports)
      add(text.slice(moduleRequest.start, moduleRequest.end).replaceAll(/^['"`]|['"`]$/g, ''), false);
  }
  return arrows;
}
