import { sql } from 'drizzle-orm';
import { requestErrors } from '../../platform/core/index.ts';
import { mustHold, type Queries, type Statement } from '../../platform/db/index.ts';
import {
  callIsOpen,
  findParticipant,
  insertCall,
  lockCall,
  type NewCall,
  type Seat,
  seatsTaken,
  upsertParticipant,
} from '../calls/index.ts';
import { doorErrors } from './admission.errors.ts';

export interface SeatRequest {
  seat: Seat;
  /** The call to open, when the room has none. */
  newCall: NewCall | undefined;
  /** How many may sit; null for a role that sits nowhere. */
  capacity: number | null;
}

/**
 * Takes a seat, alone: the lock comes first, and each later statement sees what others did before it was granted. Fails
 * with `rooms.full`, or with `request.stale` when the call ended or the identity got another place in it meanwhile.
 */
export function takeSeat(q: Queries, { seat, newCall, capacity }: SeatRequest): Statement[] {
  const { organizationId, callId, identity, id, seatSince } = seat;
  const place = findParticipant(q, organizationId, callId, identity).as('place');
  return [
    ...(newCall ? [insertCall(q, newCall)] : []),
    lockCall(q, organizationId, callId),
    mustHold(q, callIsOpen(organizationId, callId), requestErrors.stale),
    upsertParticipant(q, seat),
    mustHold(q, sql`exists (select from ${place} where ${place.id} = ${id})`, requestErrors.stale),
    ...(capacity === null
      ? []
      : [
          mustHold(
            q,
            sql`${seatsTaken(organizationId, callId, seatSince, identity)} < ${capacity}`,
            doorErrors.full,
          ),
        ]),
  ];
}
