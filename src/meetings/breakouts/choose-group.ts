import type { Ctx } from '../../platform/context/index.ts';
import { findStanding } from '../lobby/index.ts';
import { identityAt, listTargets, moderationErrors, type Place, standingOf } from '../moderation/index.ts';
import { departing, journeyOf, MOVE_SECONDS, ticketFor } from '../moves/index.ts';
import { signRoomTicket } from '../realtime/index.ts';
import { findRoomPerson, requireReach } from '../rooms/index.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import { putPeople, readDivision, touchBreakout } from './breakouts.queries.ts';
import { divisionsOf, travellerOf } from './breakouts.rules.ts';
import type { ChooseGroup, ChosenView } from './breakouts.schemas.ts';

/**
 * Goes to a group of one's own choice, where people choose themselves; to another one later on as well.
 * @throws AppError `rooms.not_found`, `moderation.participant_not_found` or `breakouts.*`
 */
export async function chooseGroup(
  ctx: Ctx,
  place: Place,
  breakoutId: string,
  { roomId: groupId }: ChooseGroup,
): Promise<ChosenView> {
  const { roomId } = place;
  const { organizationId } = ctx;
  requireReach(ctx.actor, roomId);
  const identity = identityAt(ctx.actor, place);
  const [[row], [inGroup], [target], ...whole] = await ctx.read((q) => [
    findStanding(q, organizationId, roomId, identity),
    findRoomPerson(q, organizationId, groupId, identity),
    listTargets(q, organizationId, roomId, { identities: [identity] }),
    ...readDivision(q, organizationId, roomId, breakoutId),
  ]);
  const { room, person } = standingOf(ctx.actor, place, row);
  const [division] = divisionsOf(whole);
  const group = division?.groups.find((each) => each.room.id === groupId);
  if (!division || !group) throw breakoutErrors.notFound();
  if (division.breakout.status === 'closed') throw breakoutErrors.closed();
  if (division.breakout.assignment !== 'self_chosen') throw breakoutErrors.notSelfChosen();
  const known = division.people.find((each) => each.identity === identity);
  const traveller = target ? travellerOf(target) : known;
  // Who was removed from the group itself is as little of it as who was removed from the room.
  if (!traveller || person?.removedAt || inGroup?.removedAt) throw moderationErrors.participantNotFound();
  const from = division.groups.find((each) => each.room.id === known?.roomId)?.room ?? room;
  const journey = journeyOf(ctx, place, { from, to: group.room, people: [traveller] });
  const [moveOf] = journey.moves;
  const { move } = moveOf!;
  const { kind, userId, linkId, name, role } = move;
  const view: ChosenView = {
    roomId: groupId,
    ticket: await signRoomTicket(ctx.signer, ticketFor(moveOf!, group.room), MOVE_SECONDS),
    expiresAt: move.expiresAt.toISOString(),
  };
  return ctx.commit({
    write: (q) => [
      touchBreakout(q, division.breakout, new Date(ctx.clock.now())),
      putPeople(q, [
        { organizationId, breakoutId, roomId: groupId, identity, kind, userId, linkId, name, role },
      ]),
      // They go by themselves, with the ticket of the answer: nobody has to be told.
      ...departing(journey, 'change').write(q),
    ],
    effects: [{ type: 'breakouts.changed', key: roomId, payload: { roomId, breakoutId } }],
    result: view,
  });
}
