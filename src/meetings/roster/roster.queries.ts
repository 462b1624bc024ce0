import { and, eq, gt, inArray, ne, or } from 'drizzle-orm';
import type { Queries } from '../../platform/db/index.ts';
import { callParticipants, calls } from '../calls/calls.tables.ts';

/** More than a room holds, agents and observers included. */
const MOST = 2_000;

/** Who has a place in the room's open call and has not left it for good a while ago. */
export function listSeats(q: Queries, organizationId: string, roomId: string, leftSince: Date) {
  const { id, identity, name, role, kind, status } = callParticipants;
  return q
    .select({ id, identity, name, role, kind, status })
    .from(calls)
    .innerJoin(callParticipants, eq(callParticipants.callId, calls.id))
    .where(
      and(
        eq(calls.roomId, roomId),
        eq(calls.organizationId, organizationId),
        inArray(calls.status, ['waiting', 'active']),
        or(ne(callParticipants.status, 'left'), gt(callParticipants.leftAt, leftSince)),
      ),
    )
    .limit(MOST);
}
