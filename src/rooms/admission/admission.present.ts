import type { Ctx } from '../../kernel/context/index.ts';
import type { CallParticipant } from '../../calls/calls/index.ts';
import { signRoomTicket } from '../../realtime/protocol/index.ts';
import type { RoomRole } from '../rooms/index.ts';
import { allowedFeatures, mediaGrantsOf } from '../access/index.ts';
import { type AdmissionState, type Applicant, TOKEN_SECONDS, type WaitReason } from './admission.rules.ts';
import type { AdmissionView, WaitingView } from './admission.schemas.ts';

interface AdmissionSubject {
  applicant: Applicant;
  room: AdmissionState['room'];
  role: RoomRole;
}

/** The address of the room's socket, and the ticket that opens it. */
async function signRealtimeAccess(
  ctx: Ctx,
  { applicant, room, role }: AdmissionSubject,
  ids: { callId: string | null; participantId: string | null; lobbyEntryId: string | null },
): Promise<AdmissionView['realtime']> {
  const { identity, name, kind, userId, linkId, credential } = applicant;
  const ticket = await signRoomTicket(ctx.signer, {
    organizationId: room.organizationId,
    roomId: room.id,
    identity,
    name,
    kind,
    userId,
    linkId,
    credential,
    role,
    features: allowedFeatures(room, applicant.disabledFeatures),
    ...ids,
  });
  return { url: `${ctx.config.PUBLIC_URL.replace(/^http/, 'ws')}/api/v1/rooms/${room.id}/socket`, ticket };
}

/** What an admitted applicant gets: a media token, and access to the room's socket. */
export async function presentAdmitted(
  ctx: Ctx,
  subject: AdmissionSubject,
  {
    callId,
    cluster,
    participantId,
  }: { callId: string; cluster: string; participantId: CallParticipant['id'] },
): Promise<AdmissionView> {
  const { applicant, room, role } = subject;
  const { identity, name, kind } = applicant;
  const expiresAt = new Date(ctx.clock.now() + TOKEN_SECONDS * 1000).toISOString();
  const [token, realtime] = await Promise.all([
    ctx.ports.clusters.signJoinToken(cluster, {
      room: callId,
      identity,
      name,
      attributes: { role, kind, participantId },
      grants: mediaGrantsOf(role, room.type, allowedFeatures(room, applicant.disabledFeatures)),
      configuration: {
        emptyTimeoutSeconds: room.emptyTimeoutSeconds,
        departureTimeoutSeconds: room.departureTimeoutSeconds,
        metadata: JSON.stringify({ organizationId: room.organizationId, roomId: room.id, callId }),
      },
      ttlSeconds: TOKEN_SECONDS,
    }),
    signRealtimeAccess(ctx, subject, { callId, participantId, lobbyEntryId: null }),
  ]);
  const url = ctx.ports.clusters.clientUrl(cluster);
  return { status: 'admitted', token, url, callId, participantId, identity, role, expiresAt, realtime };
}

/** What a waiting applicant gets: access to the room's socket, which shows them the decision. */
export async function presentWaiting(
  ctx: Ctx,
  subject: AdmissionSubject,
  { lobbyEntryId, expiresAt, waitsFor }: { lobbyEntryId: string; expiresAt: Date; waitsFor: WaitReason },
): Promise<WaitingView> {
  const realtime = await signRealtimeAccess(ctx, subject, {
    callId: null,
    participantId: null,
    lobbyEntryId,
  });
  const { identity } = subject.applicant;
  return {
    status: 'waiting',
    waitsFor,
    lobbyEntryId,
    identity,
    expiresAt: expiresAt.toISOString(),
    realtime,
  };
}
