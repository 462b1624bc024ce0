import type { CommitRequest, Ctx } from '../../kernel/context/index.ts';
import { prepareCallEnd, insertCall, type Seat, UNCOUNTED_ROLES, takeSeat } from '../../calls/calls/index.ts';
import { callLimitsOf, type RoomRole } from '../rooms/index.ts';
import { type Applicant, type AdmissionState, TOKEN_SECONDS } from './admission.rules.ts';

/** A seat whose person has not connected yet. A seat that exists already keeps what the ledger found. */
const NOT_YET_JOINED = { status: 'waiting', joinedAt: null, leftAt: null, connectedMs: 0 } as const;

/** The open call of the room. A call on a cluster that is no longer configured is over: nobody can connect to it. */
export const openCallOf = (
  { clusters }: Ctx['ports'],
  { call }: Pick<AdmissionState, 'call'>,
): AdmissionState['call'] => (call && clusters.names.includes(call.cluster) ? call : undefined);

/** A seat, and the parts of the commit that takes it. */
export interface PreparedSeat extends Required<Pick<CommitRequest<unknown>, 'write' | 'events'>> {
  seat: Seat;
  cluster: string;
}

/**
 * Prepares a seat in the room's open call, or in a new call near the first participant.
 * @throws AppError `clusters.not_configured` when there is no cluster for a new call
 */
export function prepareSeat(
  ctx: Ctx,
  state: AdmissionState,
  { identity, kind, userId, credential, name }: Applicant,
  role: RoomRole,
): PreparedSeat {
  const { room } = state;
  const now = new Date(ctx.clock.now());
  const { organizationId, id: roomId } = room;
  const region = ctx.origin.continent;
  const timestamps = { createdAt: now, updatedAt: now };
  const call = openCallOf(ctx.ports, state);
  const cluster = call?.cluster ?? ctx.ports.clusters.chooseCluster(region);
  const newCall = call
    ? undefined
    : { id: ctx.ids.create('call'), organizationId, roomId, cluster, region, ...timestamps };
  const lostCall = call
    ? undefined
    : state.call && prepareCallEnd({ ...state.call, organizationId, roomId }, 'lost', now);
  const seat: Seat = {
    id: (call && state.seat?.id) ?? ctx.ids.create('participant'),
    organizationId,
    callId: call?.id ?? newCall!.id,
    identity,
    kind,
    userId,
    credential,
    name,
    role,
    region,
    seatSince: now,
    seatUntil: new Date(now.getTime() + TOKEN_SECONDS * 1000),
    ...NOT_YET_JOINED,
    ...timestamps,
  };
  const seatLimit = (UNCOUNTED_ROLES as readonly string[]).includes(role) ? null : room.capacity;
  return {
    seat,
    cluster,
    write: (q) => [
      ...(lostCall ? [lostCall.write(q)] : []),
      ...(newCall ? [insertCall(q, newCall, callLimitsOf(roomId))] : []),
      takeSeat(q, seat, seatLimit),
    ],
    events: lostCall?.events ?? [],
  };
}
