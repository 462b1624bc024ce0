import type { Ctx } from '../../kernel/context/index.ts';
import type { AuditEntry } from '../../kernel/audit/index.ts';
import { actorId } from '../../kernel/core/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { actAtCluster } from '../../calls/clusters/index.ts';
import {
  identitySchema,
  type LiveCommand,
  publicIdentity,
  sendLiveCommands,
} from '../../realtime/protocol/index.ts';
import { requireRoomAccess, type RoomAccessRequest } from '../access/index.ts';
import {
  type RoomPerson,
  selectRoomAndOpenCall,
  selectRoomPerson,
  upsertRoomPerson,
} from '../rooms/index.ts';
import { selectTarget } from './moderation.queries.ts';
import { type ModerationTarget, requireAuthorityOver, requireTarget } from './moderation.rules.ts';
import type { RemoveParticipant } from './moderation.schemas.ts';
import { participantRemoved } from './moderation.events.ts';

const REMOVAL_REASON = 'removed by a moderator';

/** Shows in the live room that somebody was removed, or readmitted; its key makes repeating it harmless. */
function removalCommand({ identity, removedAt, updatedAt, changedBy }: RoomPerson): LiveCommand {
  const header = { identity, by: publicIdentity(changedBy) };
  if (!removedAt) {
    const atMs = updatedAt.getTime();
    return { ...header, type: 'participant.readmitted', key: `${identity}:readmitted:${atMs}`, atMs };
  }
  const atMs = removedAt.getTime();
  return {
    ...header,
    type: 'participant.removed',
    key: `${identity}:removed:${atMs}`,
    atMs,
    reason: REMOVAL_REASON,
  };
}

/** The caller, and a participant on whom they may act. @throws AppError as `removeParticipant` */
export async function readAccessAndTarget(ctx: Ctx, request: RoomAccessRequest, participantId: string) {
  const [roomAccess, [target]] = await requireRoomAccess(ctx, request, (q) => [
    selectTarget(q, ctx.organizationId, request.roomId, participantId),
  ]);
  return { roomAccess, target: requireTarget(roomAccess, target) };
}

/** The removal of a participant, or its end (`removedAt` null), for the commit of the verb that decides about it. */
export function removalChange(
  ctx: Ctx,
  request: RoomAccessRequest,
  { participant, person }: ModerationTarget,
  { removedAt, excludesNetwork }: Pick<RoomPerson, 'removedAt' | 'excludesNetwork'>,
) {
  const { organizationId, identity, userId } = participant;
  const { roomId } = request;
  const updatedAt = new Date(ctx.clock.now());
  const changedBy = request.caller?.identity ?? actorId(ctx.actor)!;
  const removal = { removedAt, excludesNetwork, changedBy, updatedAt };
  const row = { organizationId, roomId, identity, userId, ...removal };
  const verb = removedAt ? 'removed' : 'readmitted';
  return {
    person: { role: person?.role ?? null, linkId: person?.linkId ?? null, ...row } satisfies RoomPerson,
    write: (q: Queries): Statement[] => [upsertRoomPerson(q, row)],
    audit: {
      action: `participant.${verb}`,
      severity: removedAt ? 'warning' : 'info',
      target: { type: 'room', id: roomId },
      after: { participantId: participant.id, identity, name: participant.name, excludesNetwork },
    } satisfies AuditEntry,
    events: [participantRemoved.of({ roomId, identity })],
  };
}

/** Stores the removal of a participant, or ends it (`removedAt` null). */
async function commitRemoval(
  ctx: Ctx,
  request: RoomAccessRequest,
  target: ModerationTarget,
  removal: Pick<RoomPerson, 'removedAt' | 'excludesNetwork'>,
): Promise<RoomPerson> {
  const { person, write, audit, events } = removalChange(ctx, request, target, removal);
  return ctx.commit({ write, audit, events, result: person });
}

/**
 * Removes a participant from the room until they are readmitted. Repeating it stores nothing, unless it keeps the network
 * out otherwise than before, and disconnects them if they are still connected.
 * @param keepNetworkOut whether new guests of their network are kept out of the open call, too
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `moderation.participant_not_found`,
 * `moderation.not_host` or `moderation.administrator`
 */
export async function removeParticipant(
  ctx: Ctx,
  request: RoomAccessRequest,
  participantId: string,
  { keepNetworkOut }: RemoveParticipant,
): Promise<void> {
  const { roomAccess, target } = await readAccessAndTarget(ctx, request, participantId);
  requireAuthorityOver(ctx.actor, roomAccess, target);
  const { identity } = target.participant;
  const removal = {
    removedAt: target.person?.removedAt ?? new Date(ctx.clock.now()),
    excludesNetwork: keepNetworkOut,
  };
  const isStored = target.person?.removedAt && target.person.excludesNetwork === keepNetworkOut;
  const person = isStored ? target.person! : await commitRemoval(ctx, request, target, removal);
  const { call } = roomAccess;
  await Promise.all([
    sendLiveCommands(ctx, request.roomId, [removalCommand(person)]),
    call && actAtCluster(ctx, call.cluster, 'remove', (api) => api.removeParticipant(call.id, identity)),
  ]);
}

/**
 * Ends the removal of a person, so that they can join again. They can be named as a participant of an earlier call. An
 * administrator ends also their own.
 * @throws AppError as `removeParticipant`
 */
export async function readmitParticipant(
  ctx: Ctx,
  request: RoomAccessRequest,
  participantId: string,
): Promise<void> {
  const { target } = await readAccessAndTarget(ctx, request, participantId);
  if (!target.person?.removedAt) return;
  await sendLiveCommands(ctx, request.roomId, [
    removalCommand(await commitRemoval(ctx, request, target, { removedAt: null, excludesNetwork: false })),
  ]);
}

/** Brings live room and cluster into line with what the room stores about a removal. */
export async function enforceRemoval(
  ctx: Ctx,
  { roomId, identity }: { roomId: string; identity: string },
): Promise<void> {
  const [[found], [person]] = await ctx.read((q) => [
    selectRoomAndOpenCall(q, ctx.organizationId, roomId),
    selectRoomPerson(q, ctx.organizationId, roomId, identity),
  ]);
  if (!found || !person) return;
  const { call } = found;
  // The live room knows people and agents only, not the cluster's recorders and telephones.
  if (identitySchema.safeParse(identity).success)
    await ctx.ports.liveRooms.apply(roomId, [removalCommand(person)]);
  if (person.removedAt && call)
    await ctx.ports.clusters.api(call.cluster, ctx.trace).removeParticipant(call.id, identity);
}
