import { sql } from 'drizzle-orm';
import { compiled, mustHold, type Places, type Queries, type Statement } from '../../platform/db/index.ts';
import {
  insertCall,
  type NewCall,
  type Seat,
  type SeatCount,
  seatInOpenCall,
  seatsTaken,
} from '../calls/index.ts';
import { doorErrors } from './admission.errors.ts';

export interface SeatRequest {
  seat: Seat;
  /** The call to open, when the room has none. */
  newCall: NewCall | undefined;
  /** How many may sit; null for a role that sits nowhere. */
  capacity: number | null;
}

const mustHaveRoom = compiled((q, at: Places<SeatCount & { capacity: number }>) =>
  mustHold(q, sql`${seatsTaken(at)} < ${at.capacity}`, doorErrors.full),
);

/**
 * Takes a seat, alone: the lock comes first, and each later statement sees what others did before it was granted. Fails
 * with `rooms.full`, or with `request.stale` when the call ended or the identity got another place in it meanwhile.
 */
export function takeSeat(q: Queries, { seat, newCall, capacity }: SeatRequest): Statement[] {
  const { organizationId, callId, identity, seatSince } = seat;
  const now = seatSince.toISOString();
  return [
    ...(newCall ? [insertCall(q, newCall)] : []),
    seatInOpenCall(q, seat),
    ...(capacity === null
      ? []
      : [mustHaveRoom(q, { organizationId, callId, now, except: identity, capacity })]),
  ];
}
