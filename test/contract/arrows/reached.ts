import { type Node, Visitor } from 'oxc-parser';
import { posix } from 'node:path';
import { isInFolder, roleOf } from './places.ts';
import { parseSource, type Sources } from './scan.ts';

/** A statement of the top level of a file. */
interface Statement {
  path: string;
  text: string;
}

/** What the names of a file stand for. */
interface FileNames {
  statements: Statement[];
  declared: Map<string, Statement>;
  /** What is imported or exported again, by the name in this file; `*` for the whole file. */
  linked: Map<string, { path: string; name: string }>;
  /** Files of which all exports are exported again. */
  spread: string[];
  /** The part of a manifest that lists what the system runs; its statements leave it out. */
  ofSystem: Statement;
}

/** By whom the functions of the product are run. */
export interface Reached {
  /** Whether only subscriptions, scheduled tasks and meters run a function of the top level of a file. */
  isOfSystem(path: string, name: string): boolean;
}

const pathOf = (from: string, specifier: string) => posix.join(posix.dirname(from), specifier);

/** The names that a statement declares; in a pattern more than those. */
function listNames(statement: Node, text: string): string[] {
  const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declared?.type === 'FunctionDeclaration' || declared?.type === 'ClassDeclaration')
    return declared.id ? [declared.id.name] : [];
  if (declared?.type !== 'VariableDeclaration') return [];
  return declared.declarations.flatMap(({ id }) =>
    id.type === 'Identifier' ? [id.name] : (text.slice(id.start, id.end).match(/\w+/g) ?? []),
  );
}

/** Where a manifest lists what the system runs: subscriptions, scheduled tasks and meters. */
function listSystemRanges(path: string, text: string): [start: number, end: number][] {
  const ranges: [start: number, end: number][] = [];
  if (!path.endsWith('/module.ts')) return ranges;
  new Visitor({
    Property({ key, start, end }) {
      if (key.type === 'Identifier' && /^(?:subscriptions|schedules|meters)$/.test(key.name))
        ranges.push([start, end]);
    },
  }).visit(parseSource(path, text).program);
  return ranges;
}

function readNames(path: string, text: string): FileNames {
  const { program, module } = parseSource(path, text);
  const ranges = listSystemRanges(path, text);
  const rest = ranges.reduce(
    (all, [start, end]) => all.slice(0, start) + ' '.repeat(end - start) + all.slice(end),
    text,
  );
  const names: FileNames = {
    statements: [],
    declared: new Map(),
    linked: new Map(),
    spread: [],
    ofSystem: { path, text: ranges.map(([start, end]) => text.slice(start, end)).join('\n') },
  };
  for (const { moduleRequest, entries } of module.staticImports)
    for (const { importName, localName } of entries)
      names.linked.set(localName.value, {
        path: pathOf(path, moduleRequest.value),
        name: importName.name ?? '*',
      });
  for (const { entries } of module.staticExports)
    for (const { moduleRequest, importName, exportName } of entries) {
      if (!moduleRequest) continue;
      const from = pathOf(path, moduleRequest.value);
      if (exportName.name === null) names.spread.push(from);
      else names.linked.set(exportName.name, { path: from, name: importName.name ?? '*' });
    }
  for (const each of program.body) {
    if (each.type === 'ImportDeclaration') continue;
    const statement = { path, text: rest.slice(each.start, each.end) };
    names.statements.push(statement);
    for (const name of listNames(each, text)) names.declared.set(name, statement);
  }
  return names;
}

/** Names in code; those of properties, which follow a dot or precede a colon, are left out. */
const NAMES = /(?<![\w$]|(?<!\.)\.)[A-Za-z_$][\w$]*(?!\w|:)/g;
const DYNAMIC_IMPORTS = /\bimport\('(\.[^']+)'\)/g;

/** Every statement that the given ones name, directly or through others. */
function follow(roots: readonly Statement[], files: ReadonlyMap<string, FileNames>): Set<Statement> {
  const find = (path: string, name: string): Statement[] => {
    const file = files.get(path);
    if (!file) return [];
    if (name === '*') return file.statements;
    const declared = file.declared.get(name);
    if (declared) return [declared];
    const linked = file.linked.get(name);
    return linked ? find(linked.path, linked.name) : file.spread.flatMap((from) => find(from, name));
  };
  const reached = new Set<Statement>();
  const waiting = [...roots];
  for (let each = waiting.pop(); each; each = waiting.pop()) {
    if (reached.has(each)) continue;
    reached.add(each);
    for (const name of new Set(each.text.match(NAMES))) waiting.push(...find(each.path, name));
    for (const [, specifier] of each.text.matchAll(DYNAMIC_IMPORTS))
      waiting.push(...find(pathOf(each.path, specifier!), '*'));
  }
  return reached;
}

/** Files that people, clients or machines reach; what only developers run is left out. */
const isEntry = (path: string) =>
  isInFolder(path, 'durable-objects') ||
  (isInFolder(path, 'workers') && !isInFolder(path, 'workers/local', 'workers/ops')) ||
  ['routes', 'frames'].includes(roleOf(posix.basename(path)));

/** Follows all names from where the product is entered. A name that may stand for a function counts as that function. */
export function findReached(sources: Sources): Reached {
  const files = new Map(
    [...sources].flatMap(([path, text]) =>
      path.endsWith('.ts') ? [[path, readNames(path, text)] as const] : [],
    ),
  );
  const entries = [...files].flatMap(([path, { statements }]) => (isEntry(path) ? statements : []));
  const fromOutside = follow(entries, files);
  const fromSystem = follow(
    [...files.values()].map(({ ofSystem }) => ofSystem),
    files,
  );
  return {
    isOfSystem(path, name) {
      const statement = files.get(path)?.declared.get(name);
      return statement !== undefined && fromSystem.has(statement) && !fromOutside.has(statement);
    },
  };
}
