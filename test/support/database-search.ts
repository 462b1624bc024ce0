import { sql } from 'drizzle-orm';
import { type Services, systemScope } from '../../src/kernel/context/index.ts';

/** The tables with the text in any column of any row; a secret must be in none. */
export async function findTablesContaining({ database }: Services, text: string): Promise<string[]> {
  const [tables] = await database.read(systemScope, (q) => [
    q.execute<{ name: string }>(sql`select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and has_table_privilege(oid, 'select')`),
  ]);
  const names = tables.rows.map((row) => row.name);
  const [first, ...rest] = names.map(
    (name) => sql`select ${name}::text as name,
    exists (select from ${sql.identifier(name)} as t where position(${text}::text in t::text) > 0) as held`,
  );
  if (!first) throw new Error('the system role may read no table');
  const [found] = await database.read(systemScope, (q) => [
    q.execute<{ name: string; held: boolean }>(sql.join([first, ...rest], sql` union all `)),
  ]);
  return found.rows.filter((row) => row.held).map((row) => row.name);
}
