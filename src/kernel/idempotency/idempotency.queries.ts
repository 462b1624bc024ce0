import { and, eq, gt, lte, sql } from 'drizzle-orm';
import { idempotencyErrors } from '../core/index.ts';
import { mustChange, type Queries } from '../db/index.ts';
import { idempotencyRecords } from './idempotency.tables.ts';

type RecordRow = typeof idempotencyRecords.$inferInsert;

/** Selects the stored response of a key; sent with the verb's first read. */
export function selectIdempotencyRecord(
  q: Queries,
  { scope, key }: { scope: string; key: string },
  now: Date,
) {
  return q
    .select({ requestHash: idempotencyRecords.requestHash, reply: idempotencyRecords.reply })
    .from(idempotencyRecords)
    .where(
      and(
        eq(idempotencyRecords.scope, scope),
        eq(idempotencyRecords.key, key),
        gt(idempotencyRecords.expiresAt, now),
      ),
    );
}

/** Stores the response; fails the commit when another request with the key was first. Replaces an expired record. */
export function insertIdempotencyRecord(q: Queries, row: RecordRow) {
  const insert = q
    .insert(idempotencyRecords)
    .values(row)
    .onConflictDoUpdate({
      target: [idempotencyRecords.scope, idempotencyRecords.key],
      set: row,
      setWhere: lte(idempotencyRecords.expiresAt, row.createdAt),
    })
    .returning({ key: idempotencyRecords.key });
  return mustChange(q, insert, idempotencyErrors.inFlight);
}

/** Deletes up to `limit` expired records, oldest first. */
export function deleteExpiredIdempotencyRecords(q: Queries, now: Date, limit: number) {
  const expired = q
    .select({ row: sql`ctid` })
    .from(idempotencyRecords)
    .where(lte(idempotencyRecords.expiresAt, now))
    .orderBy(idempotencyRecords.expiresAt)
    .limit(limit);
  return q.delete(idempotencyRecords).where(sql`ctid in ${expired}`);
}
