import type { Ctx } from '../../platform/context/index.ts';
import { actorId } from '../../platform/core/index.ts';
import { findStanding } from '../lobby/index.ts';
import { type LiveCommand, tellLiveRoom } from '../realtime/index.ts';
import { putRoomPerson, requireReach, type RoomPerson } from '../rooms/index.ts';
import { actAtCluster } from './act.ts';
import { findTarget } from './moderation.queries.ts';
import {
  identityAt,
  type Place,
  requireTarget,
  shownBy,
  standingOf,
  type Target,
} from './moderation.rules.ts';

const REASON = 'removed by a moderator';

/** What the live room is told of somebody who is kept out, or no longer; the same however often it is told. */
function keptOut({ identity, removedAt, updatedAt, changedBy }: RoomPerson): LiveCommand {
  const decided = { identity, by: shownBy(changedBy) };
  if (!removedAt) {
    const atMs = updatedAt.getTime();
    return { ...decided, type: 'participant.readmitted', key: `${identity}:readmitted:${atMs}`, atMs };
  }
  const atMs = removedAt.getTime();
  return {
    ...decided,
    type: 'participant.removed',
    key: `${identity}:removed:${atMs}`,
    atMs,
    reason: REASON,
  };
}

/** Who asks, and whom they may act on. @throws AppError as `removeParticipant` */
export async function readTarget(ctx: Ctx, place: Place, participantId: string) {
  const { roomId } = place;
  requireReach(ctx.actor, roomId);
  const [[row], [target]] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, identityAt(ctx.actor, place)),
    findTarget(q, ctx.organizationId, roomId, participantId),
  ]);
  const standing = standingOf(ctx.actor, place, row);
  return { standing, target: requireTarget(standing, target) };
}

/** Notes down since when they are kept out, or that they no longer are. */
async function decide(
  ctx: Ctx,
  place: Place,
  { participant, person }: Target,
  removedAt: Date | null,
): Promise<RoomPerson> {
  const { organizationId, identity, userId } = participant;
  const { roomId } = place;
  const updatedAt = new Date(ctx.clock.now());
  const changedBy = place.as?.identity ?? actorId(ctx.actor)!;
  const row = { organizationId, roomId, identity, userId, removedAt, changedBy, updatedAt };
  const verb = removedAt ? 'removed' : 'readmitted';
  await ctx.commit({
    write: (q) => [putRoomPerson(q, row)],
    audit: {
      action: `participant.${verb}`,
      severity: removedAt ? 'warning' : 'info',
      target: { type: 'room', id: roomId },
      after: { participantId: participant.id, identity, name: participant.name },
    },
    effects: [{ type: 'participant.removed', key: roomId, payload: { roomId, identity } }],
    result: undefined,
  });
  return { role: person?.role ?? null, linkId: person?.linkId ?? null, ...row };
}

/**
 * Sends somebody out of the room and keeps them out. Again it changes nothing, and sends away who is still there.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `moderation.participant_not_found` or
 * `moderation.not_host`
 */
export async function removeParticipant(ctx: Ctx, place: Place, participantId: string): Promise<void> {
  const { standing, target } = await readTarget(ctx, place, participantId);
  const { identity } = target.participant;
  const person = target.person?.removedAt
    ? target.person
    : await decide(ctx, place, target, new Date(ctx.clock.now()));
  const { call } = standing;
  await Promise.all([
    tellLiveRoom(ctx, place.roomId, [keptOut(person)]),
    call && actAtCluster(ctx, call.cluster, 'remove', (api) => api.removeParticipant(call.id, identity)),
  ]);
}

/**
 * Lets somebody who was removed come in again; they may be named as a participant of an earlier call.
 * @throws AppError as `removeParticipant`
 */
export async function readmitParticipant(ctx: Ctx, place: Place, participantId: string): Promise<void> {
  const { target } = await readTarget(ctx, place, participantId);
  if (!target.person?.removedAt) return;
  await tellLiveRoom(ctx, place.roomId, [keptOut(await decide(ctx, place, target, null))]);
}

/** Makes the live room and the cluster follow what the room knows of somebody. */
export async function enforceRemoval(
  ctx: Ctx,
  { roomId, identity }: { roomId: string; identity: string },
): Promise<void> {
  const [[found]] = await ctx.read((q) => [findStanding(q, ctx.organizationId, roomId, identity)]);
  if (!found?.person) return;
  const { person, call } = found;
  await ctx.ports.liveRooms.apply(roomId, [keptOut(person)]);
  if (person.removedAt && call)
    await ctx.ports.clusters.api(call.cluster, ctx.trace).removeParticipant(call.id, identity);
}
