import { neon, neonConfig } from '@neondatabase/serverless';
import { fileDatabase } from '../support/database/of-file.ts';

export type SqlRow = Record<string, unknown>;

/** Plain SQL as the database's owner, past every tenant policy: for suites that look at the database itself. */
export async function ownerSql<T extends SqlRow = SqlRow>(
  text: string,
  params: unknown[] = [],
): Promise<T[]> {
  const { endpoint, connectionString } = fileDatabase();
  neonConfig.fetchEndpoint = `${endpoint}/sql`;
  return (await neon(connectionString).query(text, params)) as T[];
}

/** Runs a statement, also one that calls functions, and says how many rows of a table it has read. */
export async function countRowsRead(
  table: string,
  text: string,
  params: unknown[],
): Promise<{ result: SqlRow[]; rows: number }> {
  const { endpoint, connectionString } = fileDatabase();
  neonConfig.fetchEndpoint = `${endpoint}/sql`;
  const sql = neon(connectionString);
  const [result, counts] = await sql.transaction([
    sql.query(text, params),
    sql.query(
      `select (seq_tup_read + coalesce(idx_tup_fetch, 0))::integer as rows from pg_stat_xact_user_tables where relname = $1`,
      [table],
    ),
  ]);
  return { result: result as SqlRow[], rows: Number((counts as SqlRow[])[0]!['rows']) };
}
