import { and, arrayContains, count, eq, isNotNull, isNull, notInArray, sql } from 'drizzle-orm';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
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

/**
 * Active calls that end when one person is alone in them, and in which one person is at the moment, besides agents and
 * observers; those that have not changed for longest first.
 */
export function selectCallsOfOne(q: Queries, limit: number) {
  const connected = q
    .select({ people: count() })
    .from(callParticipants)
    .where(
      and(
        eq(callParticipants.callId, calls.id),
        eq(callParticipants.status, 'connected'),
        notInArray(callParticipants.role, [...UNCOUNTED_ROLES]),
      ),
    );
  return q
    .select({ callId: calls.id })
    .from(calls)
    .where(and(eq(calls.status, 'active'), isNotNull(calls.aloneTimeoutSeconds), eq(sql`(${connected})`, 1)))
    .orderBy(calls.updatedAt)
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
