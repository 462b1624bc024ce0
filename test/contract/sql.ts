import { neon, neonConfig } from '@neondatabase/serverless';
import { inject } from 'vitest';

export type Row = Record<string, unknown>;

/** Plain SQL as the database's owner, past every wall: for suites that look at the database itself. */
export async function ownerSql<T extends Row = Row>(text: string, params: unknown[] = []): Promise<T[]> {
  neonConfig.fetchEndpoint = `${inject('databaseEndpoint')}/sql`;
  return (await neon(inject('databaseUrl')).query(text, params)) as T[];
}

/** One transaction as the owner: the statements share what they set. @returns the rows of the last one */
export async function ownerBatch<T extends Row = Row>(statements: [text: string, params?: unknown[]][]) {
  neonConfig.fetchEndpoint = `${inject('databaseEndpoint')}/sql`;
  const sql = neon(inject('databaseUrl'));
  const results = await sql.transaction(statements.map(([text, params = []]) => sql.query(text, params)));
  return results.at(-1) as T[];
}
