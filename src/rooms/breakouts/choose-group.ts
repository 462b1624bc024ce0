import type { Ctx } from '../../kernel/context/index.ts';
import { actorCredential } from '../../kernel/core/index.ts';
import { requesterIdentity, requireRoomAccess, type RoomAccessRequest } from '../access/index.ts';
import { moderationErrors, selectTargets } from '../moderation/index.ts';
import { buildMoveChanges, createMoveBatch, MOVE_EXPIRY_SECONDS, buildTicketClaims } from '../moves/index.ts';
import { signRoomTicket } from '../../realtime/protocol/index.ts';
import { selectRoomPerson } from '../rooms/index.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import { upsertBreakoutPeople, selectSession, touchBreakout } from './breakouts.queries.ts';
import { assembleSessions, toPersonToMove } from './breakouts.rules.ts';
import type { ChooseGroup, ChosenGroupView } from './breakouts.schemas.ts';
import { breakoutsChanged } from './breakouts.events.ts';

/**
 * Moves the caller to the group of their choice, in a session where people choose; also from one group to another.
 * @throws AppError `rooms.not_found`, `moderation.participant_not_found` or `breakouts.*`
 */
export async function chooseGroup(
  ctx: Ctx,
  request: RoomAccessRequest,
  breakoutId: string,
  { roomId: groupId }: ChooseGroup,
): Promise<ChosenGroupView> {
  const { roomId } = request;
  const { organizationId } = ctx;
  const identity = requesterIdentity(ctx.actor, request);
  const [{ room, person }, [groupPerson], [target], ...sessionRows] = await requireRoomAccess(
    ctx,
    request,
    (q) => [
      selectRoomPerson(q, organizationId, groupId, identity),
      selectTargets(q, organizationId, roomId, { identities: [identity] }),
      ...selectSession(q, organizationId, roomId, breakoutId),
    ],
  );
  const [session] = assembleSessions(sessionRows);
  const group = session?.groups.find((each) => each.room.id === groupId);
  if (!session || !group) throw breakoutErrors.notFound();
  if (session.breakout.status === 'closed') throw breakoutErrors.closed();
  if (session.breakout.assignment !== 'self_chosen') throw breakoutErrors.notSelfChosen();
  const assignedPerson = session.people.find((each) => each.identity === identity);
  const personToMove = target ? toPersonToMove(target) : assignedPerson;
  // Being removed from the group counts like being removed from the room.
  if (!personToMove || person?.removedAt || groupPerson?.removedAt)
    throw moderationErrors.participantNotFound();
  const from = session.groups.find((each) => each.room.id === assignedPerson?.roomId)?.room ?? room;
  const mover = { ...personToMove, credential: actorCredential(ctx.actor) };
  const batch = createMoveBatch(ctx, request, { from, to: group.room, people: [mover] });
  const [moveWithSwitches] = batch.moves;
  const { move } = moveWithSwitches!;
  const { kind, userId, linkId, name, role } = move;
  const view: ChosenGroupView = {
    roomId: groupId,
    ticket: await signRoomTicket(
      ctx.signer,
      buildTicketClaims(moveWithSwitches!, group.room),
      MOVE_EXPIRY_SECONDS,
    ),
    expiresAt: move.expiresAt.toISOString(),
  };
  return ctx.commit({
    write: (q) => [
      touchBreakout(q, session.breakout, new Date(ctx.clock.now())),
      upsertBreakoutPeople(q, [
        { organizationId, breakoutId, roomId: groupId, identity, kind, userId, linkId, name, role },
      ]),
      // Without the events of a move: the caller has the ticket in the answer and needs no command.
      ...buildMoveChanges(batch, 'change').write(q),
    ],
    events: [breakoutsChanged.of({ roomId, breakoutId })],
    result: view,
  });
}
