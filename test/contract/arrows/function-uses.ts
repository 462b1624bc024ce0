import { Visitor } from 'oxc-parser';
import { locateModuleFile } from './places.ts';
import { lineAt, parseSource, type Sources } from './scan.ts';
import { isSqlTag } from './table-uses.ts';

/** Where SQL calls a function of a module. */
export interface FunctionUse {
  from: string;
  line: number;
  name: string;
  /** The module beside which the function's file is. */
  owner: string;
}

/** The owner of every SQL function that a `.sql` file beside a module defines, by its name. */
function listSqlFunctions(sources: Sources): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const [path, text] of sources) {
    const owner = locateModuleFile(path)?.module;
    if (owner === undefined || !path.endsWith('.sql')) continue;
    for (const [, name] of text.matchAll(/create (?:or replace )?function (\w+)\s*\(/gi))
      owners.set(name!, owner);
  }
  return owners;
}

/** The SQL of a file with the offset of each piece; comments are blanked, so that offsets stay. */
function listSql(path: string, text: string): { offset: number; sql: string }[] {
  if (path.endsWith('.sql'))
    return [{ offset: 0, sql: text.replaceAll(/--.*/g, (line) => ' '.repeat(line.length)) }];
  const pieces: { offset: number; sql: string }[] = [];
  new Visitor({
    TaggedTemplateExpression({ tag, quasi }) {
      if (!isSqlTag(tag)) return;
      for (const { value, start } of quasi.quasis) pieces.push({ offset: start, sql: value.raw });
    },
  }).visit(parseSource(path, text).program);
  return pieces;
}

/** Every call of a module's SQL function, in `.sql` files and in SQL text of TypeScript. */
export function listFunctionUses(sources: Sources): FunctionUse[] {
  const owners = listSqlFunctions(sources);
  if (owners.size === 0) return [];
  const call = new RegExp(String.raw`(?<!function )\b(${[...owners.keys()].join('|')})\s*\(`, 'gi');
  return [...sources].flatMap(([from, text]) => {
    if (!from.endsWith('.sql') && !/\bsql`/.test(text)) return [];
    return listSql(from, text).flatMap(({ offset, sql }) =>
      [...sql.matchAll(call)].map((match) => {
        const name = match[1]!.toLowerCase();
        return { from, line: lineAt(text, offset + match.index), name, owner: owners.get(name)! };
      }),
    );
  });
}
