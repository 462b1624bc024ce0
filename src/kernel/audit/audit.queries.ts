import type { Queries } from '../db/index.ts';
import { auditLogs } from './audit.tables.ts';

export function insertAuditLogs(q: Queries, rows: (typeof auditLogs.$inferInsert)[]) {
  return q.insert(auditLogs).values(rows);
}
