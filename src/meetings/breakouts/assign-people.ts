import type { Ctx } from '../../platform/context/index.ts';
import { actorId, requestErrors, requireVersion } from '../../platform/core/index.ts';
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
import { depart, departing, type Journey, journeyOf, type Traveller } from '../moves/index.ts';
import { tellLiveRoom } from '../realtime/index.ts';
import { requireReach, type Room } from '../rooms/index.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import { changeBreakout, keepPeople, putPeople, readDivision } from './breakouts.queries.ts';
import {
  type Division,
  divisionsOf,
  divisionTold,
  known,
  presentBreakouts,
  type StoredDivision,
  travellerOf,
  welcome,
} from './breakouts.rules.ts';
import type { Assign, BreakoutsView } from './breakouts.schemas.ts';

/** Where everybody is to be, by identity. @throws AppError `request.invalid` for a room that is no group of these */
function placesOf({ groups }: Assign, division: StoredDivision): Map<string, Room> {
  const rooms = new Map(division.groups.map(({ room }) => [room.id, room]));
  const wrong = groups.flatMap(({ roomId }, at) =>
    rooms.has(roomId) ? [] : [{ pointer: `/groups/${at}/roomId`, message: 'must be one of the groups' }],
  );
  if (wrong.length > 0) throw requestErrors.invalid({ errors: wrong });
  return new Map(
    groups.flatMap(({ roomId, identities }) =>
      identities.map((identity) => [identity, rooms.get(roomId)!] as const),
    ),
  );
}

/** Who goes from where to where: all who are not where they are to be. */
function journeysOf(
  ctx: Ctx,
  place: Place,
  parent: Room,
  division: StoredDivision,
  { places, travellers }: { places: Map<string, Room>; travellers: Map<string, Traveller> },
): Journey[] {
  const rooms = new Map(division.groups.map(({ room }) => [room.id, room]));
  const keptOut = new Set(division.people.filter((person) => person.keptOut).map(({ identity }) => identity));
  const were = new Map(division.people.map(({ identity, roomId }) => [identity, rooms.get(roomId)!]));
  const going = [...new Set([...were.keys(), ...places.keys()])].flatMap((identity) => {
    const [from, to] = [were.get(identity) ?? parent, places.get(identity) ?? parent];
    const stays = from.id === to.id || (to.id === parent.id && keptOut.has(identity));
    return stays ? [] : [{ from, to, traveller: travellers.get(identity)! }];
  });
  const byWay = Map.groupBy(going, ({ from, to }) => `${from.id} ${to.id}`);
  return [...byWay.values()].map((same) =>
    journeyOf(ctx, place, {
      from: same[0]!.from,
      to: same[0]!.to,
      people: same.map(({ traveller }) => traveller),
    }),
  );
}

/** Stores who is where, and sends those on their way who are not there yet. */
async function rearrange(
  ctx: Ctx,
  { room: parent, call }: Standing,
  division: StoredDivision,
  journeys: readonly Journey[],
  places: ReadonlyMap<string, Room>,
): Promise<BreakoutsView> {
  const { breakout } = division;
  const { id: breakoutId, organizationId, roomId } = breakout;
  const updatedAt = new Date(ctx.clock.now());
  const changed: Division = {
    ...division,
    breakout: { ...breakout, updatedAt, version: breakout.version + 1 },
    people: [...places].map(([identity, room]) => ({ identity, roomId: room.id })),
  };
  const arriving = journeys
    .filter(({ to }) => to.id !== parent.id)
    .flatMap(({ to, moves }) =>
      moves.map(({ move: { identity, kind, userId, linkId, name, role } }) => {
        const who = { identity, kind, userId, linkId, name, role };
        return { organizationId, breakoutId, roomId: to.id, ...who };
      }),
    );
  const leaving = journeys.map((journey) =>
    departing(journey, journey.to.id === parent.id ? 'leave' : 'change'),
  );
  const view = await ctx.commit({
    write: (q) => [
      changeBreakout(q, breakout, { updatedAt }),
      keepPeople(q, breakout, [...places.keys()]),
      ...(arriving.length > 0 ? [putPeople(q, arriving)] : []),
      ...leaving.flatMap(({ write }) => write(q)),
    ],
    audit: {
      action: 'breakouts.assigned',
      target: { type: 'room', id: roomId },
      after: { breakoutId, moved: journeys.flatMap(({ moves }) => moves).length },
    },
    effects: [
      ...leaving.flatMap(({ effects }) => effects),
      { type: 'breakouts.changed', key: roomId, payload: { roomId, breakoutId } },
    ],
    result: presentBreakouts(changed),
  });
  await tellLiveRoom(ctx, roomId, [divisionTold(changed, shownBy(actorId(ctx.actor) ?? ''))]);
  const calls = new Map([
    [parent.id, call],
    ...division.groups.map((group) => [group.room.id, group.call] as const),
  ]);
  for (const [from, same] of Map.groupBy(journeys, (journey) => journey.from.id))
    await depart(ctx, same, calls.get(from));
  return view;
}

/** Everybody who may be put into a group: who is or was in the room's call, and who is in a group by now. */
const travellersOf = (targets: readonly Target[], division: StoredDivision): Map<string, Traveller> =>
  new Map([
    ...division.people.map((person) => [person.identity, person] as const),
    ...welcome(targets).map((target) => [target.participant.identity, travellerOf(target)] as const),
  ]);

/**
 * Says anew who is in which group; whoever is named nowhere is sent back.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `breakouts.*`, `request.invalid` or `request.stale`
 */
export async function assignPeople(
  ctx: Ctx,
  place: Place,
  breakoutId: string,
  input: Assign,
  ifMatch: number | undefined,
): Promise<BreakoutsView> {
  const { roomId } = place;
  requireReach(ctx.actor, roomId);
  const named = input.groups.flatMap(({ identities }) => identities);
  const [[row], targets, ...whole] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, identityAt(ctx.actor, place)),
    listTargets(q, ctx.organizationId, roomId, { identities: named }),
    ...readDivision(q, ctx.organizationId, roomId, breakoutId),
  ]);
  const standing = standingOf(ctx.actor, place, row);
  requireModerator(standing);
  const [division] = divisionsOf(whole);
  if (!division) throw breakoutErrors.notFound();
  requireVersion(division.breakout, ifMatch);
  if (division.breakout.status === 'closed') throw breakoutErrors.closed();
  const places = placesOf(input, division);
  const travellers = travellersOf(targets, division);
  known(named, travellers);
  const journeys = journeysOf(ctx, place, standing.room, division, { places, travellers });
  return rearrange(ctx, standing, division, journeys, places);
}
