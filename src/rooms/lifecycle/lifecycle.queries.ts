import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { calls } from '../../calls/calls/calls.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { rooms } from '../rooms/rooms.tables.ts';

const endsAt = sql<Date>`${calls.startedAt} + ${rooms.maxDurationSeconds} * interval '1 second'`;

/** Calls that reach their longest duration between `from` and `to`, in the order of their ends. */
export function selectCallsEndingSoon(q: Queries, from: Date, to: Date, limit: number) {
  return q
    .select({
      callId: calls.id,
      roomId: rooms.id,
      startedAt: calls.startedAt,
      maxDurationSeconds: rooms.maxDurationSeconds,
    })
    .from(calls)
    .innerJoin(rooms, eq(rooms.id, calls.roomId))
    .where(
      and(
        eq(calls.status, 'active'),
        isNotNull(rooms.maxDurationSeconds),
        sql`${endsAt} > ${from.toISOString()}::timestamptz`,
        sql`${endsAt} <= ${to.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(endsAt)
    .limit(limit);
}
