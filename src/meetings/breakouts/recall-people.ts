import type { Ctx } from '../../platform/context/index.ts';
import { actorId } from '../../platform/core/index.ts';
import { closing } from '../calls/index.ts';
import { roomEndTold } from '../closing/index.ts';
import { findStanding } from '../lobby/index.ts';
import {
  actAtCluster,
  forEach,
  identityAt,
  type Place,
  requireModerator,
  shownBy,
  standingOf,
  type Target,
} from '../moderation/index.ts';
import { departing, type Journey, journeyCommands, journeyOf, roleThere } from '../moves/index.ts';
import { tellLiveRoom } from '../realtime/index.ts';
import { changeRoom, requireReach, type Room } from '../rooms/index.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import { changeBreakout, listInGroups, readDivision } from './breakouts.queries.ts';
import {
  divisionsOf,
  divisionTold,
  presentBreakouts,
  type StoredDivision,
  travellerOf,
} from './breakouts.rules.ts';
import type { BreakoutsView } from './breakouts.schemas.ts';

/** Somebody in a group's call. */
export type InGroup = Target & { groupId: string };

/** The way back of everybody who may go it: from the group they are in, else from the one they were put into. */
function waysBack(
  ctx: Ctx,
  place: Pick<Place, 'as'>,
  parent: Room,
  { groups, people }: StoredDivision,
  present: readonly InGroup[],
): Journey[] {
  const roles = new Map(people.map(({ identity, role }) => [identity, role]));
  const here = new Set(present.map(({ participant }) => participant.identity));
  return groups.map(({ room }) => {
    const there = present
      .filter(({ groupId, person }) => groupId === room.id && !person?.removedAt)
      .map((target) => {
        const role = roles.get(target.participant.identity) ?? roleThere(target, parent, target.person);
        return { ...travellerOf(target), role };
      });
    const absent = people.filter(
      ({ identity, roomId, keptOut }) => roomId === room.id && !keptOut && !here.has(identity),
    );
    return journeyOf(ctx, place, { from: room, to: parent, people: [...there, ...absent] });
  });
}

/** Ends the groups at once, after the commit: tells people the way back, then closes behind them. */
async function sendBack(
  ctx: Ctx,
  division: StoredDivision,
  journeys: readonly Journey[],
  endedAt: Date,
): Promise<void> {
  const by = shownBy(actorId(ctx.actor) ?? '');
  await tellLiveRoom(ctx, division.breakout.roomId, [divisionTold(division, by)]);
  await forEach(division.groups, async ({ room, call }) => {
    const journey = journeys.find(({ from }) => from.id === room.id);
    const ways = journey ? await journeyCommands(ctx, journey) : [];
    await tellLiveRoom(ctx, room.id, [...ways, roomEndTold({ ...room, updatedAt: endedAt }, by)]);
    if (call) await actAtCluster(ctx, call.cluster, 'end', (api) => api.deleteRoom(call.id));
  });
}

/**
 * Ends all groups of a division that is open. Everybody is sent back, unless the room that was divided is over itself.
 * @param of `parent` is undefined for a room that was deleted
 * @throws AppError `request.stale` when something of it changed since it was read
 */
export async function closeDivision(
  ctx: Ctx,
  place: Pick<Place, 'as'>,
  {
    parent,
    division,
    present,
  }: { parent: Room | undefined; division: StoredDivision; present: readonly InGroup[] },
): Promise<BreakoutsView> {
  const now = new Date(ctx.clock.now());
  const { breakout, groups } = division;
  const { id: breakoutId, roomId, version } = breakout;
  const journeys = parent?.status === 'open' ? waysBack(ctx, place, parent, division, present) : [];
  const leaving = journeys.map((journey) => departing(journey, 'leave'));
  const ends = groups.flatMap(({ call }) => (call ? [closing(call, 'closed', now)] : []));
  const open = groups.filter(({ room }) => room.status === 'open');
  const set = { status: 'closed', closedAt: now, updatedAt: now } as const;
  const closed = { ...division, breakout: { ...breakout, ...set, version: version + 1 } };
  const view = await ctx.commit({
    write: (q) => [
      changeBreakout(q, breakout, set),
      ...open.map(({ room }) => changeRoom(q, room, { status: 'ended', updatedAt: now })),
      ...ends.map((end) => end.write(q)),
      ...leaving.flatMap(({ write }) => write(q)),
    ],
    audit: { action: 'breakouts.closed', target: { type: 'room', id: roomId }, after: { breakoutId } },
    effects: [
      ...leaving.flatMap(({ effects }) => effects),
      ...ends.flatMap(({ effects }) => effects),
      ...open.map(({ room }) => ({ type: 'room.ended', key: room.id, payload: { roomId: room.id } })),
      { type: 'breakouts.changed', key: roomId, payload: { roomId, breakoutId } },
    ],
    result: presentBreakouts(closed),
  });
  await sendBack(ctx, closed, journeys, now);
  return view;
}

/**
 * Sends everybody back and ends the groups. Again it changes nothing.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `breakouts.not_found` or `request.stale`
 */
export async function recallPeople(ctx: Ctx, place: Place, breakoutId: string): Promise<BreakoutsView> {
  const { roomId } = place;
  requireReach(ctx.actor, roomId);
  const [[row], present, ...whole] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, identityAt(ctx.actor, place)),
    listInGroups(q, ctx.organizationId, breakoutId),
    ...readDivision(q, ctx.organizationId, roomId, breakoutId),
  ]);
  const standing = standingOf(ctx.actor, place, row);
  requireModerator(standing);
  const [division] = divisionsOf(whole);
  if (!division) throw breakoutErrors.notFound();
  if (division.breakout.status === 'closed') return presentBreakouts(division);
  return closeDivision(ctx, place, { parent: standing.room, division, present });
}
