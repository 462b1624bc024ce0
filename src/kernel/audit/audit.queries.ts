import { getTableColumns, sql } from 'drizzle-orm';
import type { Queries } from '../db/index.ts';
import { auditLogs } from './audit.tables.ts';

type NewAuditLog = typeof auditLogs.$inferInsert;

const COLUMNS = Object.entries(getTableColumns(auditLogs)).map(([key, { name }]) => [key, name] as const) as [
  keyof NewAuditLog,
  string,
][];

/**
 * Writes entries, as one document: nearly every commit has one, and a statement with a parameter for each field takes longer to
 * build than to run.
 */
export function insertAuditLogs(q: Queries, rows: readonly NewAuditLog[]) {
  const documents = rows.map((row) => Object.fromEntries(COLUMNS.map(([key, name]) => [name, row[key]])));
  return q.execute(sql`insert into audit_logs
    select * from jsonb_populate_recordset(null::audit_logs, ${JSON.stringify(documents)}::jsonb)`);
}
