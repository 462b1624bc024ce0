import { type Expression, type Node, Visitor } from 'oxc-parser';
import { locateModuleFile } from './places.ts';
import { lineAt, parseSource, type Sources } from './scan.ts';

/** A table of the schema. */
export interface Table {
  /** Its name in SQL. */
  name: string;
  /** The module that declares it. */
  owner: string;
}

/** Where a file reads or writes a table. */
export interface TableUse {
  from: string;
  line: number;
  table: Table;
  kind: 'read' | 'write';
  /** A Drizzle call is found by the imported name, everything else by the table's name in SQL text. */
  by: 'Drizzle' | 'SQL text';
}

/** Functions that write to the table they get as an argument. */
const WRITING_METHODS = new Set(['insert', 'update', 'delete']);
const WRITING_HELPERS = new Set(['changeVersioned', 'changeVersionedBy', 'deleteVersioned', 'insertWithin']);

/** The tables by the name of their TypeScript constant and by their name in SQL. */
export interface TableCatalogue {
  byConstant: ReadonlyMap<string, Table>;
  byName: ReadonlyMap<string, Table>;
}

/** Finds every `export const x = pgTable('name', …)` of the modules. */
export function listTables(sources: Sources): TableCatalogue {
  const byConstant = new Map<string, Table>();
  for (const [path, text] of sources) {
    const owner = locateModuleFile(path)?.module;
    if (owner === undefined || !path.endsWith('.tables.ts')) continue;
    for (const [, constant, name] of text.matchAll(/export const (\w+) = pgTable\(\s*'(\w+)'/g))
      byConstant.set(constant!, { name: name!, owner });
  }
  return { byConstant, byName: new Map([...byConstant.values()].map((table) => [table.name, table])) };
}

const SQL_TABLE =
  /\b(insert\s+into|update|delete\s+from|truncate(?:\s+table)?|from|join|using|,)\s+(?:only\s+)?(?:public\.)?"?([a-z_]+)"?(?=[\s;,()"]|$)/gi;
const WRITING_SQL = /^(insert|update|delete|truncate)/i;
/** SQL that ends with a writing keyword, so that the value put in next is the written table. */
const ENDS_IN_WRITE = /\b(insert\s+into|update|delete\s+from)\s+(?:only\s+)?$/i;

/** Finds table names in SQL text; after a comma only a name with an alias counts, the rest are columns. */
function listTablesInSql(text: string, byName: TableCatalogue['byName']) {
  return [...text.matchAll(SQL_TABLE)].flatMap((match) => {
    const [whole, keyword, name] = match as unknown as [string, string, string];
    const table = byName.get(name.toLowerCase());
    if (!table) return [];
    const rest = text.slice(match.index + whole.length);
    if (keyword === ',' && !/^\s+(?:as\s+)?[a-z]\w{0,2}\b/i.test(rest)) return [];
    const kind: TableUse['kind'] = WRITING_SQL.test(keyword) ? 'write' : 'read';
    return [{ offset: match.index, table, kind }];
  });
}

/** Whether a tag makes its template SQL. */
export const isSqlTag = (tag: Expression): boolean =>
  (tag.type === 'Identifier' && tag.name === 'sql') ||
  (tag.type === 'MemberExpression' && isSqlTag(tag.object));

/** Names imported by the file that are constants of tables, also when imported through an index. */
function listImportedTables(path: string, text: string, { byConstant }: TableCatalogue) {
  const { module } = parseSource(path, text);
  const imported = new Map<string, Table>();
  for (const { entries } of module.staticImports)
    for (const { importName, localName } of entries) {
      const table = byConstant.get(importName.name ?? '');
      if (table) imported.set(localName.value, table);
    }
  return imported;
}

function listUsesInSource(from: string, text: string, catalogue: TableCatalogue): TableUse[] {
  const imported = listImportedTables(from, text, catalogue);
  const uses: TableUse[] = [];
  const add = (offset: number, table: Table, kind: TableUse['kind'], by: TableUse['by']) =>
    uses.push({ from, line: lineAt(text, offset), table, kind, by });
  const importedTable = (node: Node | undefined) =>
    node?.type === 'Identifier' ? imported.get(node.name) : undefined;
  const addSql = (offset: number, sql: string) => {
    for (const each of listTablesInSql(sql, catalogue.byName))
      add(offset + each.offset, each.table, each.kind, 'SQL text');
  };
  new Visitor({
    CallExpression({ callee, arguments: values, start }) {
      const method =
        callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
          ? callee.property.name
          : '';
      const helper = callee.type === 'Identifier' ? callee.name : '';
      const written = WRITING_METHODS.has(method)
        ? values.slice(0, 1)
        : WRITING_HELPERS.has(helper)
          ? values
          : [];
      for (const value of written) {
        const table = importedTable(value);
        if (table) add(start, table, 'write', 'Drizzle');
      }
      const [first] = values;
      if (isSqlTag(callee) && first?.type === 'Literal' && typeof first.value === 'string')
        addSql(first.start, first.value);
    },
    TaggedTemplateExpression({ tag, quasi }) {
      if (!isSqlTag(tag)) return;
      for (const [index, { value, start }] of quasi.quasis.entries()) {
        addSql(start, value.raw);
        const table = ENDS_IN_WRITE.test(value.raw) ? importedTable(quasi.expressions[index]) : undefined;
        if (table) add(start, table, 'write', 'Drizzle');
      }
    },
  }).visit(parseSource(from, text).program);
  return uses;
}

/** Whether a file can use a table at all; parsing the others would cost more than the whole check. */
const mayUseTables = (text: string) =>
  /\bsql[`.]|\.(insert|update|delete)\(|\b(changeVersioned|changeVersionedBy|deleteVersioned|insertWithin)\(/.test(
    text,
  );

/** Every use of a table by a Drizzle call that writes, and every table named in SQL text or in a `.sql` file. */
export function listTableUses(sources: Sources, catalogue = listTables(sources)): TableUse[] {
  return [...sources].flatMap(([path, text]) => {
    if (path.endsWith('.sql'))
      return listTablesInSql(text, catalogue.byName).map(({ offset, table, kind }) => ({
        from: path,
        line: lineAt(text, offset),
        table,
        kind,
        by: 'SQL text' as const,
      }));
    return mayUseTables(text) ? listUsesInSource(path, text, catalogue) : [];
  });
}
