import type { Ctx } from '../../platform/context/index.ts';
import type { CallParticipant } from '../calls/index.ts';
import { signRoomTicket } from '../realtime/index.ts';
import type { RoomRole } from '../rooms/index.ts';
import { type Applicant, type Door, featuresFor, TOKEN_SECONDS } from './admission.rules.ts';
import type { AdmissionView, WaitingView } from './admission.schemas.ts';
import { grantsOf } from './grants.rules.ts';

interface Place {
  applicant: Applicant;
  room: Door['room'];
  role: RoomRole;
}

/** Where the room's socket is, and the ticket that opens it. */
async function realtimeOf(
  ctx: Ctx,
  { applicant, room, role }: Place,
  ids: { callId: string | null; participantId: string | null; lobbyEntryId: string | null },
): Promise<AdmissionView['realtime']> {
  const { identity, name, kind, userId, linkId } = applicant;
  const ticket = await signRoomTicket(ctx.signer, {
    organizationId: room.organizationId,
    roomId: room.id,
    identity,
    name,
    kind,
    userId,
    linkId,
    role,
    features: featuresFor(room, applicant),
    ...ids,
  });
  return { url: `${ctx.config.PUBLIC_URL.replace(/^http/, 'ws')}/api/v1/rooms/${room.id}/socket`, ticket };
}

/** The tokens of somebody who is let in. */
export async function presentAdmitted(
  ctx: Ctx,
  place: Place,
  {
    callId,
    cluster,
    participantId,
  }: { callId: string; cluster: string; participantId: CallParticipant['id'] },
): Promise<AdmissionView> {
  const { applicant, room, role } = place;
  const { identity, name, kind } = applicant;
  const expiresAt = new Date(ctx.clock.now() + TOKEN_SECONDS * 1000).toISOString();
  const [token, realtime] = await Promise.all([
    ctx.ports.clusters.joinToken(cluster, {
      room: callId,
      identity,
      name,
      attributes: { role, kind, participantId },
      grants: grantsOf(role, room.type, featuresFor(room, applicant)),
      configuration: {
        emptyTimeoutSeconds: room.emptyTimeoutSeconds,
        departureTimeoutSeconds: room.departureTimeoutSeconds,
        metadata: JSON.stringify({ organizationId: room.organizationId, roomId: room.id, callId }),
      },
      lifeSeconds: TOKEN_SECONDS,
    }),
    realtimeOf(ctx, place, { callId, participantId, lobbyEntryId: null }),
  ]);
  const url = ctx.ports.clusters.url(cluster);
  return { status: 'admitted', token, url, callId, participantId, identity, role, expiresAt, realtime };
}

/** What somebody gets who waits: a ticket that shows them the lobby's decision. */
export async function presentWaiting(
  ctx: Ctx,
  place: Place,
  { lobbyEntryId, expiresAt }: { lobbyEntryId: string; expiresAt: Date },
): Promise<WaitingView> {
  const realtime = await realtimeOf(ctx, place, { callId: null, participantId: null, lobbyEntryId });
  const { identity } = place.applicant;
  return { status: 'waiting', lobbyEntryId, identity, expiresAt: expiresAt.toISOString(), realtime };
}
