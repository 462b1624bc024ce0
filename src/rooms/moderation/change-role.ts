import type { Ctx } from '../../kernel/context/index.ts';
import { actorId } from '../../kernel/core/index.ts';
import { selectRoomAccess } from '../lobby/index.ts';
import { type Call, updateSeatRole } from '../../calls/calls/index.ts';
import { type ClusterParticipant, type MediaApi, type MediaGrants } from '../../calls/clusters/index.ts';
import { type LiveCommand, sendLiveCommands } from '../../realtime/protocol/index.ts';
import { upsertRoomPerson, type Room } from '../rooms/index.ts';
import { actAtCluster, mapSettled } from './act-at-cluster.ts';
import { selectTargets } from './moderation.queries.ts';
import {
  targetGrants,
  type RoomAccessRequest,
  requireAssignableRole,
  requireCallOfTarget,
  publicIdentity,
  type ModerationTarget,
} from './moderation.rules.ts';
import type { ChangeRole, ParticipantRoleView } from './moderation.schemas.ts';
import { readAccessAndTarget } from './remove-participant.ts';

/** What the live room is told of somebody's role; the same however often it is told. */
function roleCommand({ participant, person }: ModerationTarget): LiveCommand {
  const { identity, role } = participant;
  const atMs = (person?.updatedAt ?? participant.updatedAt).getTime();
  const by = person ? publicIdentity(person.changedBy) : null;
  return { type: 'participant.role', key: `${identity}:${role}:${atMs}`, atMs, by, identity, role };
}

const applyRoleAtCluster = (
  api: MediaApi,
  { id }: Call,
  room: Room,
  target: ModerationTarget,
): Promise<boolean> =>
  api.updateParticipant(id, target.participant.identity, {
    attributes: { role: target.participant.role },
    grants: targetGrants(room, target),
  });

/**
 * Gives somebody another role in the room: for this call and for later ones, for media, socket and API.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `moderation.participant_not_found`,
 * `moderation.not_host`, `moderation.no_call` or `moderation.role_fixed`
 */
export async function changeRole(
  ctx: Ctx,
  request: RoomAccessRequest,
  participantId: string,
  { role }: ChangeRole,
): Promise<ParticipantRoleView> {
  const { standing: roomAccess, target } = await readAccessAndTarget(ctx, request, participantId);
  const call = requireCallOfTarget(roomAccess, target);
  requireAssignableRole(roomAccess, target, role);
  const { room } = roomAccess;
  const { participant } = target;
  const { identity, userId, organizationId } = participant;
  const updatedAt = new Date(ctx.clock.now());
  const changedBy = request.caller?.identity ?? actorId(ctx.actor)!;
  const person = { organizationId, roomId: room.id, identity, userId, role, changedBy, updatedAt };
  const view = await ctx.commit({
    write: (q) => [upsertRoomPerson(q, person), updateSeatRole(q, participant, role, updatedAt)],
    audit: {
      action: 'participant.role_changed',
      target: { type: 'room', id: room.id },
      before: { role: participant.role },
      after: { role, participantId, identity, name: participant.name },
    },
    events: [
      {
        type: 'participant.role_changed',
        key: room.id,
        payload: { roomId: room.id, identities: [identity] },
      },
    ],
    result: { participantId, identity, role },
  });
  const previousPerson = target.person ?? { linkId: null, removedAt: null };
  const changed = {
    ...target,
    participant: { ...participant, role },
    person: { ...previousPerson, ...person },
  };
  await Promise.all([
    sendLiveCommands(ctx, room.id, [roleCommand(changed)]),
    actAtCluster(ctx, call.cluster, 'role', (api) => applyRoleAtCluster(api, call, room, changed)),
  ]);
  return view;
}

/** Whether the cluster lets them do exactly that. */
function hasGrants(
  { grants: current }: ClusterParticipant,
  { publish, subscribe, data, hidden, sources }: MediaGrants,
) {
  if (!current) return false;
  const sortedSources = (names: readonly string[] | undefined) =>
    publish ? (names ?? []).toSorted().join() : '';
  return (
    current.publish === publish &&
    current.subscribe === subscribe &&
    current.data === data &&
    current.hidden === hidden &&
    sortedSources(current.sources) === sortedSources(sources)
  );
}

/**
 * Makes what the people in a room's open call may do with media follow their roles and the room's features.
 * @param identities of those it is about; absent for everybody
 */
export async function enforceGrants(
  ctx: Ctx,
  roomId: string,
  identities?: readonly string[],
): Promise<ModerationTarget[]> {
  const [[found], targets] = await ctx.read((q) => [
    selectRoomAccess(q, ctx.organizationId, roomId, ''),
    selectTargets(q, ctx.organizationId, roomId, identities && { identities }),
  ]);
  if (!found?.call) return targets;
  const { room, call } = found;
  const api = ctx.ports.clusters.api(call.cluster, ctx.trace);
  const byIdentity = new Map(targets.map((target) => [target.participant.identity, target]));
  const present = await api.listParticipants(call.id);
  const outdated = present.flatMap((live) => {
    const target = byIdentity.get(live.identity);
    return target && !hasGrants(live, targetGrants(room, target)) ? [target] : [];
  });
  const outcomes = await mapSettled(outdated, (target) => applyRoleAtCluster(api, call, room, target));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return targets;
}

/** Makes live room and cluster follow the roles of these people. */
export async function enforceRoles(
  ctx: Ctx,
  { roomId, identities }: { roomId: string; identities: string[] },
): Promise<void> {
  const targets = await enforceGrants(ctx, roomId, identities);
  if (targets.length > 0) await ctx.ports.liveRooms.apply(roomId, targets.map(roleCommand));
}
