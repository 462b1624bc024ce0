import { and, eq } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { roomPeople } from '../rooms/rooms.tables.ts';

/** A participant, with what decides whether they may stay in the call. */
export function selectConnectedParticipant(
  q: Queries,
  organizationId: string,
  callId: string,
  participantId: string,
) {
  return q
    .select({
      identity: callParticipants.identity,
      cluster: calls.cluster,
      callStatus: calls.status,
      removedAt: roomPeople.removedAt,
    })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .leftJoin(
      roomPeople,
      and(eq(roomPeople.roomId, calls.roomId), eq(roomPeople.identity, callParticipants.identity)),
    )
    .where(
      and(
        eq(callParticipants.id, participantId),
        eq(callParticipants.callId, callId),
        eq(callParticipants.organizationId, organizationId),
      ),
    );
}
