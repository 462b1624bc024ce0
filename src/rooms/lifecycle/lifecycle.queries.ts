import { and, arrayContains, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import type { PageRange } from '../../kernel/core/index.ts';
import { inOrder, isInRange, type Queries } from '../../kernel/db/index.ts';
import { isShownTo } from '../access/index.ts';
import type { ListRooms } from '../rooms/index.ts';
import { rooms } from '../rooms/rooms.tables.ts';

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

/** A page of the rooms that show to the viewer, with one row more than the limit. */
export function selectRooms(
  q: Queries,
  organizationId: string,
  { status, type, tag, live }: ListRooms,
  { range, viewer }: { range: PageRange; viewer: string | null },
) {
  return q
    .select({ room: rooms, callId: calls.id })
    .from(rooms)
    .leftJoin(calls, and(eq(calls.roomId, rooms.id), isOpenCall))
    .where(
      and(
        eq(rooms.organizationId, organizationId),
        isNull(rooms.deletedAt),
        status && eq(rooms.status, status),
        type && eq(rooms.type, type),
        tag === undefined ? undefined : arrayContains(rooms.tags, [tag]),
        live === undefined ? undefined : live ? sql`${calls.id} is not null` : isNull(calls.id),
        isInRange(rooms.id, range),
        isShownTo(viewer),
      ),
    )
    .orderBy(inOrder(rooms.id, range))
    .limit(range.limit + 1);
}
