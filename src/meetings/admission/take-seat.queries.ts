import { sql } from 'drizzle-orm';
import { requestErrors } from '../../platform/core/index.ts';
import { mustChange, mustHold, type Queries, type Statement } from '../../platform/db/index.ts';
import {
  holdOpenCall,
  insertCall,
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
  const { organizationId, callId, identity, seatSince } = seat;
  return [
    ...(newCall ? [insertCall(q, newCall)] : []),
    holdOpenCall(q, organizationId, callId),
    mustChange(q, upsertParticipant(q, seat), requestErrors.stale),
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
