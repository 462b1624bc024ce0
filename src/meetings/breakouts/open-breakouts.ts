import type { Ctx } from '../../platform/context/index.ts';
import { actorId } from '../../platform/core/index.ts';
import { doorErrors } from '../admission/index.ts';
import { findStanding } from '../lobby/index.ts';
import {
  identityAt,
  listTargets,
  type Place,
  requireModerator,
  shownBy,
  type Standing,
  standingOf,
  type Target,
} from '../moderation/index.ts';
import { depart, departing, type Journey, journeyOf } from '../moves/index.ts';
import { tellLiveRoom } from '../realtime/index.ts';
import { copyPeople, newRoom, requireReach, type Room, roomsCreated } from '../rooms/index.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import { insertBreakouts, putPeople } from './breakouts.queries.ts';
import {
  dealOut,
  type Division,
  divisionTold,
  groupRoom,
  known,
  presentBreakouts,
  toDealOut,
  travellerOf,
  welcome,
} from './breakouts.rules.ts';
import type { BreakoutsView, OpenBreakouts } from './breakouts.schemas.ts';

/** Names of the groups, and who begins in each. */
function groupsIn(
  ctx: Ctx,
  { rooms, assignment }: OpenBreakouts,
  parent: Room,
  targets: readonly Target[],
): { name: string; identities: string[] }[] {
  const asked = typeof rooms === 'number' ? Array.from({ length: rooms }, () => undefined) : rooms;
  const people = assignment === 'automatic' ? toDealOut(targets) : [];
  const dealt = dealOut(people, asked.length, ctx.ids.random(people.length * 4));
  return asked.map((group, at) => ({
    name: group?.name ?? `${parent.name.slice(0, 200)} ${at + 1}`,
    identities: assignment === 'automatic' ? dealt[at]! : (group?.identities ?? []),
  }));
}

interface Plan {
  division: Division;
  journeys: Journey[];
}

/** Everything that is to be made, before it is stored. */
function planOf(
  ctx: Ctx,
  place: Place,
  { room: parent, identity }: Standing,
  input: OpenBreakouts,
  targets: readonly Target[],
): Plan {
  const travellers = new Map(targets.map((target) => [target.participant.identity, travellerOf(target)]));
  const openedAt = new Date(ctx.clock.now());
  const closesAt = input.durationSeconds ? new Date(openedAt.getTime() + input.durationSeconds * 1000) : null;
  const groups = groupsIn(ctx, input, parent, targets).map(({ name, identities }) => ({
    // Who made the room is the host of its groups, whoever divides it.
    room: {
      ...newRoom(ctx, groupRoom(parent, name), { parentRoomId: parent.id }),
      createdBy: parent.createdBy,
    },
    call: null,
    people: known(identities, travellers),
  }));
  const division: Division = {
    breakout: {
      id: ctx.ids.create('breakout'),
      organizationId: parent.organizationId,
      roomId: parent.id,
      assignment: input.assignment,
      status: 'open',
      openedBy: identity,
      openedAt,
      closesAt,
      closedAt: null,
      updatedAt: openedAt,
      version: 1,
    },
    groups,
    people: groups.flatMap(({ room, people }) =>
      people.map((person) => ({ identity: person.identity, roomId: room.id })),
    ),
  };
  const journeys = groups.map(({ room: to, people }) => journeyOf(ctx, place, { from: parent, to, people }));
  return { division, journeys };
}

function store(ctx: Ctx, { division, journeys }: Plan, view: BreakoutsView) {
  const { breakout, groups } = division;
  const { id: breakoutId, organizationId, roomId } = breakout;
  const made = roomsCreated(groups.map(({ room }) => room));
  const leaving = journeys.map((journey) => departing(journey, 'change'));
  const people = journeys.flatMap(({ to, moves }) =>
    moves.map(({ move: { identity, kind, userId, linkId, name, role } }) => {
      const who = { identity, kind, userId, linkId, name, role };
      return { organizationId, breakoutId, roomId: to.id, ...who };
    }),
  );
  return ctx.commit({
    write: (q) => [
      ...made.write(q),
      ...insertBreakouts(
        q,
        breakout,
        groups.map(({ room }, position) => ({ organizationId, breakoutId, roomId: room.id, position })),
      ),
      copyPeople(q, organizationId, {
        from: roomId,
        to: groups.map(({ room }) => room.id),
        at: breakout.openedAt,
      }),
      ...(people.length > 0 ? [putPeople(q, people)] : []),
      ...leaving.flatMap(({ write }) => write(q)),
    ],
    audit: {
      action: 'breakouts.opened',
      target: { type: 'room', id: roomId },
      after: { breakoutId, assignment: breakout.assignment, rooms: groups.length, people: people.length },
    },
    effects: [
      ...(made.effects ?? []),
      ...leaving.flatMap(({ effects }) => effects),
      { type: 'breakouts.changed', key: roomId, payload: { roomId, breakoutId } },
    ],
    conflicts: { breakouts_open_room_key: breakoutErrors.alreadyOpen },
    result: view,
  });
}

/**
 * Divides a room into groups, each a room of its own, and sends people there.
 * @throws AppError `rooms.not_found`, `rooms.ended`, `moderation.not_moderator` or `breakouts.*`
 */
export async function openBreakouts(ctx: Ctx, place: Place, input: OpenBreakouts): Promise<BreakoutsView> {
  const { roomId } = place;
  requireReach(ctx.actor, roomId);
  const [[row], targets] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, identityAt(ctx.actor, place)),
    listTargets(q, ctx.organizationId, roomId),
  ]);
  const standing = standingOf(ctx.actor, place, row);
  requireModerator(standing);
  const { room, call } = standing;
  if (room.status === 'ended') throw doorErrors.ended();
  if (room.parentRoomId) throw breakoutErrors.nested();
  const plan = planOf(ctx, place, standing, input, welcome(targets));
  const view = await store(ctx, plan, presentBreakouts(plan.division));
  await tellLiveRoom(ctx, roomId, [divisionTold(plan.division, shownBy(actorId(ctx.actor) ?? ''))]);
  await depart(ctx, plan.journeys, call);
  return view;
}
