import type { CommitRequest, Ctx } from '../../kernel/context/index.ts';
import { prepareCallEnd, insertCall, type Seat, takeSeat } from '../../calls/calls/index.ts';
import { callLimitsOf } from '../rooms/index.ts';
import {
  type AdmissionDecision,
  type AdmissionState,
  type Applicant,
  SEAT_SECONDS,
  seatLimitOf,
} from './admission.rules.ts';
import { hashSeatNetwork } from './seat-network.ts';

/** A seat whose person has not connected yet. A seat that exists already keeps what the ledger found. */
const NOT_YET_JOINED = { status: 'waiting', joinedAt: null, leftAt: null, connectedMs: 0 } as const;

/** The open call of the room. A call on a cluster that is no longer configured is over: nobody can connect to it. */
export const openCallOf = (
  { clusters }: Ctx['ports'],
  { call }: Pick<AdmissionState, 'call'>,
): AdmissionState['call'] => (call && clusters.names.includes(call.cluster) ? call : undefined);

/** Where a new call takes place: where the room has its calls, as long as that is configured, else near the first participant. */
const clusterOf = ({ clusters }: Ctx['ports'], { room }: AdmissionState, region: string | null): string =>
  room.cluster !== null && clusters.names.includes(room.cluster)
    ? room.cluster
    : clusters.chooseCluster(region);

/** A seat, and the parts of the commit that takes it. */
export interface PreparedSeat extends Required<Pick<CommitRequest<unknown>, 'write' | 'events'>> {
  seat: Seat;
  cluster: string;
}

/**
 * Prepares a seat in the room's open call, or in a new one.
 * @throws AppError `clusters.not_configured` when there is no cluster for a new call
 */
export async function prepareSeat(
  ctx: Ctx,
  state: AdmissionState,
  applicant: Applicant,
  { role, isApproved }: Pick<AdmissionDecision, 'role' | 'isApproved'>,
): Promise<PreparedSeat> {
  const { room } = state;
  const { identity, kind, userId, credential, name, linkId } = applicant;
  const now = new Date(ctx.clock.now());
  const { organizationId, id: roomId } = room;
  const region = ctx.origin.continent;
  const timestamps = { createdAt: now, updatedAt: now };
  const call = openCallOf(ctx.ports, state);
  const cluster = call?.cluster ?? clusterOf(ctx.ports, state, region);
  const newCall = call
    ? undefined
    : { id: ctx.ids.create('call'), organizationId, roomId, cluster, region, ...timestamps };
  const callId = call?.id ?? newCall!.id;
  const lostCall = call
    ? undefined
    : state.call && prepareCallEnd({ ...state.call, organizationId, roomId }, 'lost', now);
  const seat: Seat = {
    id: (call && state.seat?.id) ?? ctx.ids.create('participant'),
    organizationId,
    callId,
    identity,
    kind,
    userId,
    credential,
    name,
    role,
    region,
    seatSince: now,
    seatUntil: new Date(now.getTime() + SEAT_SECONDS * 1000),
    network: kind === 'user' || kind === 'guest' ? await hashSeatNetwork(ctx, callId) : null,
    linkId: kind === 'guest' ? linkId : null,
    ...NOT_YET_JOINED,
    ...timestamps,
  };
  return {
    seat,
    cluster,
    write: (q) => [
      ...(lostCall ? [lostCall.write(q)] : []),
      ...(newCall ? [insertCall(q, newCall, callLimitsOf(roomId))] : []),
      takeSeat(q, seat, seatLimitOf(room, seat), isApproved),
    ],
    events: lostCall?.events ?? [],
  };
}
