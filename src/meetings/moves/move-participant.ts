import type { Ctx } from '../../platform/context/index.ts';
import { doorErrors } from '../admission/index.ts';
import { findStanding } from '../lobby/index.ts';
import {
  identityAt,
  type Place,
  requireCallOf,
  requireModerator,
  requireTarget,
  standingOf,
} from '../moderation/index.ts';
import { requireReach } from '../rooms/index.ts';
import { moveErrors } from './moves.errors.ts';
import { findMover } from './moves.queries.ts';
import { roleThere } from './moves.rules.ts';
import type { MovedView, MoveParticipant } from './moves.schemas.ts';
import { depart, departing, journeyOf } from './send-people.ts';

/**
 * Moves somebody to another room, which lets them in through lock and lobby. Who moves them moderates both rooms.
 * @throws AppError `rooms.not_found`, `rooms.ended`, `moderation.*` or `moves.*`
 */
export async function moveParticipant(
  ctx: Ctx,
  place: Place,
  participantId: string,
  { toRoomId }: MoveParticipant,
): Promise<MovedView> {
  const { actor, organizationId } = ctx;
  requireReach(actor, place.roomId);
  if (toRoomId === place.roomId) throw moveErrors.sameRoom();
  requireReach(actor, toRoomId);
  const identity = identityAt(actor, place);
  const [[here], [there], [found]] = await ctx.read((q) => [
    findStanding(q, organizationId, place.roomId, identity),
    findStanding(q, organizationId, toRoomId, identity),
    findMover(q, organizationId, place.roomId, participantId, toRoomId),
  ]);
  const standing = standingOf(actor, place, here);
  const target = requireTarget(standing, found);
  const call = requireCallOf(standing, target);
  const destination = standingOf(actor, { roomId: toRoomId }, there);
  requireModerator(destination);
  const to = destination.room;
  if (to.status === 'ended') throw doorErrors.ended();
  if (target.there?.removedAt) throw moveErrors.keptOut();
  const { participant, person, switches } = target;
  const { kind, userId, name } = participant;
  const who = {
    identity: participant.identity,
    kind,
    userId,
    name,
    linkId: person?.linkId ?? null,
    switches,
  };
  const people = [{ ...who, role: roleThere(target, to, target.there) }];
  const journey = journeyOf(ctx, place, { from: standing.room, to, people });
  const view: MovedView = {
    participantId,
    identity: participant.identity,
    toRoomId,
    expiresAt: journey.moves[0]!.move.expiresAt.toISOString(),
  };
  await ctx.commit({
    ...departing(journey),
    audit: {
      action: 'participant.moved',
      target: { type: 'room', id: place.roomId },
      after: { participantId, identity: participant.identity, name, toRoomId },
    },
    result: view,
  });
  await depart(ctx, [journey], call);
  return view;
}
