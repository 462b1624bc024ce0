import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { ownerSql } from '../sql.ts';

const modules = await Promise.all(
  globSync('src/**/*.tables.ts').map((path) => import(resolve(path)) as Promise<Record<string, unknown>>),
);

/** Everything that the tables files export, by name: what drizzle-kit sees as the schema. */
export const schemaExports: Record<string, unknown> = Object.assign({}, ...modules);

/** Every table that some `*.tables.ts` declares. */
export const declaredTables = [
  ...new Set(Object.values(schemaExports).filter((each): each is PgTable => is(each, PgTable))),
].map((table) => getTableConfig(table));

export interface DatabaseColumn {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
  fallback: string | null;
}

/** Every column of the migrated database. */
export const listColumns = () =>
  ownerSql<DatabaseColumn & Record<string, unknown>>(`
    select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
      not a.attnotnull as nullable,
      coalesce(pg_get_expr(d.adbin, d.adrelid), nullif(a.attidentity::text, '')) as fallback
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    order by c.relname, a.attnum`);

export const listTableNames = async (): Promise<string[]> => {
  const rows = await ownerSql<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname`,
  );
  return rows.map(({ name }) => name);
};

export interface ForeignKey {
  name: string;
  table: string;
  columns: string[];
  onDelete: string;
}

export const listForeignKeys = () =>
  ownerSql<ForeignKey & Record<string, unknown>>(`
    select k.conname as name, c.relname as table, k.confdeltype as "onDelete",
      array(select a.attname::text from unnest(k.conkey) with ordinality as u(num, place)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = u.num order by u.place) as columns
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.contype = 'f' and c.relnamespace = 'public'::regnamespace order by k.conname`);

/** The leading columns of every index without a condition, in their order; an expression is an empty name. */
export const listFullIndexes = () =>
  ownerSql<{ table: string; columns: string[] }>(`
    select c.relname as table,
      array(select coalesce(a.attname::text, '') from unnest(i.indkey::int2[]) with ordinality as u(num, place)
        left join pg_attribute a on a.attrelid = c.oid and a.attnum = u.num and u.num > 0 order by u.place) as columns
    from pg_index i join pg_class c on c.oid = i.indrelid
    where i.indpred is null and c.relnamespace = 'public'::regnamespace`);
