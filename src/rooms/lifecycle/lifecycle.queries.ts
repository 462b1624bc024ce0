import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { calls } from '../../calls/calls/calls.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';

const endsAt = sql<Date>`${calls.startedAt} + ${calls.maxDurationSeconds} * interval '1 second'`;

/** Calls that reach their longest duration between `from` and `to`, in the order of their ends. */
export function selectCallsEndingSoon(q: Queries, from: Date, to: Date, limit: number) {
  return q
    .select({
      callId: calls.id,
      roomId: calls.roomId,
      startedAt: calls.startedAt,
      maxDurationSeconds: calls.maxDurationSeconds,
    })
    .from(calls)
    .where(
      and(
        eq(calls.status, 'active'),
        isNotNull(calls.maxDurationSeconds),
        sql`${endsAt} > ${from.toISOString()}::timestamptz`,
        sql`${endsAt} <= ${to.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(endsAt)
    .limit(limit);
}
