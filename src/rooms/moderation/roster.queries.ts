import { and, eq, gt, ne, or } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { visibleTo } from '../rooms/index.ts';
import { rooms } from '../rooms/rooms.tables.ts';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';

/** More than a room holds, agents and observers included. */
const MAX_SEATS = 2_000;

/**
 * A row when the viewer sees the room. @param viewer null for who sees all
 */
export function selectRoomIfVisible(
  q: Queries,
  organizationId: string,
  roomId: string,
  viewer: string | null,
) {
  return q
    .select({ id: rooms.id })
    .from(rooms)
    .where(and(eq(rooms.id, roomId), eq(rooms.organizationId, organizationId), visibleTo(viewer)));
}

/** Who has a place in the room's open call and has not left it for good a while ago. */
export function selectRosterSeats(q: Queries, organizationId: string, roomId: string, leftSince: Date) {
  const { id, identity, name, role, kind, status } = callParticipants;
  return q
    .select({ id, identity, name, role, kind, status })
    .from(calls)
    .innerJoin(callParticipants, eq(callParticipants.callId, calls.id))
    .where(
      and(
        eq(calls.roomId, roomId),
        eq(calls.organizationId, organizationId),
        isOpenCall,
        or(ne(callParticipants.status, 'left'), gt(callParticipants.leftAt, leftSince)),
      ),
    )
    .limit(MAX_SEATS);
}
