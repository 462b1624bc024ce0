import type { Change, Ctx } from '../../platform/context/index.ts';
import { closing, insertCall, type Seat, SEATLESS_ROLES, takeSeat } from '../calls/index.ts';
import type { RoomRole } from '../rooms/index.ts';
import { type Applicant, type Door, TOKEN_SECONDS } from './admission.rules.ts';

/** What the ledger tells of somebody who has a seat and never came; of who has been there it keeps what it told. */
const NEVER_THERE = { status: 'waiting', joinedAt: null, leftAt: null, connectedMs: 0 } as const;

/** The call that is going on. One on a cluster that is not set up any more is over: nobody can come to it. */
export const openCallOf = ({ clusters }: Ctx['ports'], { call }: Pick<Door, 'call'>): Door['call'] =>
  call && clusters.names.includes(call.cluster) ? call : undefined;

/** A seat to take, and the parts of the commit that takes it. */
export interface SeatRequest extends Required<Pick<Change<unknown>, 'write' | 'effects'>> {
  seat: Seat;
  cluster: string;
}

/**
 * The seat to take, in the room's open call or in a new one where the first participant is.
 * @throws AppError `clusters.not_configured` when there is no cluster for a new one
 */
export function seatRequest(
  ctx: Ctx,
  door: Door,
  { identity, kind, userId, name }: Applicant,
  role: RoomRole,
): SeatRequest {
  const { room } = door;
  const now = new Date(ctx.clock.now());
  const { organizationId, id: roomId } = room;
  const region = ctx.origin.continent;
  const stamps = { createdAt: now, updatedAt: now };
  const call = openCallOf(ctx.ports, door);
  const cluster = call?.cluster ?? ctx.ports.clusters.choose(region);
  const newCall = call
    ? undefined
    : { id: ctx.ids.create('call'), organizationId, roomId, cluster, region, ...stamps };
  const lost = call ? undefined : door.call && closing({ ...door.call, organizationId, roomId }, 'lost', now);
  const seat: Seat = {
    id: (call && door.seat?.id) ?? ctx.ids.create('participant'),
    organizationId,
    callId: call?.id ?? newCall!.id,
    identity,
    kind,
    userId,
    name,
    role,
    region,
    seatSince: now,
    seatUntil: new Date(now.getTime() + TOKEN_SECONDS * 1000),
    ...NEVER_THERE,
    ...stamps,
  };
  const seats = (SEATLESS_ROLES as readonly string[]).includes(role) ? null : room.capacity;
  return {
    seat,
    cluster,
    write: (q) => [
      ...(lost ? [lost.write(q)] : []),
      ...(newCall ? [insertCall(q, newCall)] : []),
      takeSeat(q, seat, seats),
    ],
    effects: lost?.effects ?? [],
  };
}
