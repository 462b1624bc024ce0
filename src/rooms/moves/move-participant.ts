import type { Ctx } from '../../kernel/context/index.ts';
import {
  accessKeyOf,
  requesterIdentity,
  requireGuestOfRoom,
  requireMember,
  requireModerator,
  requireVisible,
  roleInDestination,
  type RoomAccessRequest,
  roomAccessOf,
  selectRoomAccess,
} from '../access/index.ts';
import { admissionErrors } from '../admission/index.ts';
import { requireCallOfTarget, requireTarget } from '../moderation/index.ts';
import { moveErrors } from './moves.errors.ts';
import { selectParticipantToMove } from './moves.queries.ts';
import type { MovedParticipantView, MoveParticipant } from './moves.schemas.ts';
import { applyMoves, buildMoveChanges, createMoveBatch } from './apply-moves.ts';

/**
 * Moves a participant to another room, which lets them in despite lock and lobby. The caller has to moderate both rooms.
 * @throws AppError `rooms.not_found`, `rooms.ended`, `moderation.*` or `moves.*`
 */
export async function moveParticipant(
  ctx: Ctx,
  request: RoomAccessRequest,
  participantId: string,
  { toRoomId }: MoveParticipant,
): Promise<MovedParticipantView> {
  const { actor, organizationId } = ctx;
  requireGuestOfRoom(actor, request.roomId);
  requireGuestOfRoom(actor, toRoomId);
  const identity = requesterIdentity(actor, request);
  // A socket's caller is inside of the room they move somebody from, and known to the destination by identity alone.
  const destinationRequest = { roomId: toRoomId };
  const destinationKey = { ...accessKeyOf(actor, destinationRequest), identity };
  const [[fromRow], [toRow], [found]] = await ctx.read((q) => [
    selectRoomAccess(q, organizationId, accessKeyOf(actor, request)),
    selectRoomAccess(q, organizationId, destinationKey),
    selectParticipantToMove(q, organizationId, request.roomId, participantId, toRoomId),
  ]);
  const roomAccess = requireMember(requireVisible(roomAccessOf(actor, request, fromRow)));
  if (toRoomId === request.roomId) throw moveErrors.sameRoom();
  const target = requireTarget(roomAccess, found);
  requireCallOfTarget(roomAccess, target);
  const destination = requireMember(requireVisible(roomAccessOf(actor, destinationRequest, toRow)));
  requireModerator(destination);
  const to = destination.room;
  if (to.status === 'ended') throw admissionErrors.ended();
  if (target.there?.removedAt) throw moveErrors.keptOut();
  const { participant, person, switches } = target;
  const { kind, userId, name, credential } = participant;
  if (kind === 'phone') throw moveErrors.onTelephone();
  const movedPerson = {
    identity: participant.identity,
    kind,
    userId,
    name,
    credential,
    linkId: person?.linkId ?? null,
    switches,
  };
  const people = [{ ...movedPerson, role: roleInDestination(participant, to, target.there) }];
  const batch = createMoveBatch(ctx, request, { from: roomAccess.room, to, people });
  const view: MovedParticipantView = {
    participantId,
    identity: participant.identity,
    toRoomId,
    expiresAt: batch.moves[0]!.move.expiresAt.toISOString(),
  };
  await ctx.commit({
    ...buildMoveChanges(batch),
    audit: {
      action: 'participant.moved',
      target: { type: 'room', id: request.roomId },
      after: { participantId, identity: participant.identity, name, toRoomId },
    },
    result: view,
  });
  await applyMoves(ctx, [batch]);
  return view;
}
