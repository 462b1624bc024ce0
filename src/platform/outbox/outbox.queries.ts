import type { Queries } from '../db/index.ts';
import { outbox } from './outbox.tables.ts';

export function insertOutbox(q: Queries, rows: (typeof outbox.$inferInsert)[]) {
  return q.insert(outbox).values(rows);
}
