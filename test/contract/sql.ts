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
