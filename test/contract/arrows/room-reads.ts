import { Visitor } from 'oxc-parser';
import { createCallGraph, nameAt } from './functions.ts';
import { DOMAINS, isQueries, isTables, locateDomain } from './places.ts';
import { lineAt, parseSource, type Sources } from './scan.ts';

/** A function that reads what belongs to a room. */
export interface RoomRead {
  from: string;
  line: number;
  /** The function of the module's top level that reads. */
  by: string;
  /** A table it reads. */
  table: string;
  /** Whether it, or every function of the file that calls it, asks `rooms/access` for whom it reads. */
  asksAccess: boolean;
}

/** The domains that know rooms. */
const LATER_DOMAINS = DOMAINS.slice(DOMAINS.indexOf('calls'));

/** Statements that change rows, and conditions of theirs: what a verb commits it has read before. */
const WRITES = /^(insert|update|upsert|delete|change|consume|must|hold|lock|mark|touch|copy)/;

/** Functions by which a verb asks `rooms/access` whether the room shows to the caller. */
export const ACCESS_CHECKS: readonly string[] = [
  'requireRoomAccess',
  'readChat',
  'readRoomAccess',
  'roomAccessOf',
  'relationOf',
  'restrictedViewer',
  'readManagedRoom',
  'getPollAsModerator',
  'fileViewerOf',
];

/** The declarations of the top level of a file, by name. */
const splitDeclarations = (text: string): [name: string, body: string][] =>
  text.split(/^(?=(?:export )?(?:async )?(?:function|const) \w)/m).flatMap((body) => {
    const name = /^(?:export )?(?:async )?(?:function|const) (\w+)/.exec(body)?.[1];
    return name ? [[name, body] as [string, string]] : [];
  });

/** Adds every declaration that uses one that is found already, until there are no more. */
function findUsers(
  declarations: readonly [name: string, body: string][],
  found: Map<string, string>,
  useOf: (name: string) => RegExp,
): Map<string, string> {
  for (let size = -1; size !== found.size;) {
    size = found.size;
    const uses = [...found].map(([name, table]) => [useOf(name), table] as const);
    for (const [name, body] of declarations) {
      const used = found.has(name) ? undefined : uses.find(([use]) => use.test(body));
      if (used) found.set(name, used[1]);
    }
  }
  return found;
}

/** The constants of tables whose rows belong to a room: `rooms`, and all that refer to such a table by a foreign key. */
export function listRoomTables(sources: Sources): ReadonlySet<string> {
  const declarations = [...sources].flatMap(([path, text]) =>
    isTables(path) ? splitDeclarations(text) : [],
  );
  const tables = new Set(
    declarations.filter(([, body]) => body.includes('= pgTable(')).map(([name]) => name),
  );
  const found = findUsers(
    declarations.filter(([name]) => name !== 'rooms'),
    new Map([['rooms', '']]),
    // By a reference, or by a column with one that several tables of a file share.
    (name) => new RegExp(String.raw`=> ${name}\.|: ${name}\(\)`),
  );
  return new Set([...found.keys()].filter((name) => tables.has(name)));
}

const toSqlName = (constant: string) =>
  constant.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** The functions of `.queries.ts` that select from the table of a room, themselves or by others, each with the table. */
function listRoomQueries(sources: Sources): ReadonlyMap<string, string> {
  const declarations = [...sources].flatMap(([path, text]) =>
    isQueries(path) ? splitDeclarations(text) : [],
  );
  const selects = [...listRoomTables(sources)].map((table) => {
    const name = toSqlName(table);
    return [name, new RegExp(String.raw`\b(?:from|[jJ]oin)(?:\(\s*${table}\b| ${name}\b)`)] as const;
  });
  const found = new Map<string, string>();
  for (const [name, body] of declarations) {
    const table = WRITES.test(name) ? undefined : selects.find(([, select]) => select.test(body))?.[0];
    if (table) found.set(name, table);
  }
  return findUsers(
    declarations.filter(([name]) => !WRITES.test(name)),
    found,
    (name) => new RegExp(String.raw`\b${name}\(`),
  );
}

function listReadsInSource(from: string, text: string, queries: ReadonlyMap<string, string>): RoomRead[] {
  // A name that the file imports from an earlier domain than the rooms' is another function.
  const { program, module } = parseSource(from, text);
  const foreign = new Set(
    module.staticImports
      .filter(({ moduleRequest }) => /\/(kernel|platform|identity)\//.test(moduleRequest.value))
      .flatMap(({ entries }) => entries.map(({ localName }) => localName.value)),
  );
  const calls: { by: string; to: string }[] = [];
  const reads = new Map<string, Omit<RoomRead, 'asksAccess'>>();
  new Visitor({
    CallExpression({ callee, start }) {
      if (callee.type !== 'Identifier') return;
      const by = nameAt(program.body, start);
      calls.push({ by, to: callee.name });
      const table = foreign.has(callee.name) ? undefined : queries.get(callee.name);
      if (table && !reads.has(by)) reads.set(by, { from, line: lineAt(text, start), by, table });
    },
  }).visit(program);
  const graph = createCallGraph(program.body, calls);
  return [...reads.values()].map((read) => ({
    ...read,
    asksAccess: graph.alwaysCalls(read.by, (name) => ACCESS_CHECKS.includes(name)),
  }));
}

/** Every read of a table whose rows belong to a room, by the function that makes it. */
export function listRoomReads(sources: Sources): RoomRead[] {
  const queries = listRoomQueries(sources);
  return [...sources].flatMap(([path, text]) =>
    LATER_DOMAINS.includes(locateDomain(path) ?? '') && path.endsWith('.ts') && !isQueries(path)
      ? listReadsInSource(path, text, queries)
      : [],
  );
}
