import { neon, neonConfig } from '@neondatabase/serverless';
import { inject } from 'vitest';

export type SqlRow = Record<string, unknown>;

/** Plain SQL as the database's owner, past every wall: for suites that look at the database itself. */
export async function ownerSql<T extends SqlRow = SqlRow>(
  text: string,
  params: unknown[] = [],
): Promise<T[]> {
  neonConfig.fetchEndpoint = `${inject('databaseEndpoint')}/sql`;
  return (await neon(inject('databaseUrl')).query(text, params)) as T[];
}
