import type { Ctx } from '../../kernel/context/index.ts';
import { actorId } from '../../kernel/core/index.ts';
import { updateSeatRole } from '../../calls/calls/index.ts';
import { actAtCluster } from '../../calls/clusters/index.ts';
import { type LiveCommand, publicIdentity, sendLiveCommands } from '../../realtime/protocol/index.ts';
import { outranks, type RoomAccessRequest } from '../access/index.ts';
import { upsertRoomPerson } from '../rooms/index.ts';
import { applyRoleAtCluster } from './enforce-grants.ts';
import { selectTargets } from './moderation.queries.ts';
import {
  type ModerationTarget,
  requireAssignableRole,
  requireAuthorityOver,
  requireCallOfTarget,
} from './moderation.rules.ts';
import type { ChangeRole, ParticipantRoleView } from './moderation.schemas.ts';
import { readAccessAndTarget } from './remove-participant.ts';
import { participantRoleChanged } from './moderation.events.ts';

/** Sets a participant's role in the live room; its key makes repeating it harmless. */
function roleCommand({ participant, person }: ModerationTarget): LiveCommand {
  const { identity, role } = participant;
  const atMs = (person?.updatedAt ?? participant.updatedAt).getTime();
  const by = person ? publicIdentity(person.changedBy) : null;
  return { type: 'participant.role', key: `${identity}:${role}:${atMs}`, atMs, by, identity, role };
}

/**
 * Gives a participant another role in the room, for this call and later ones, in media, socket and API.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `moderation.participant_not_found`,
 * `moderation.not_host`, `moderation.administrator`, `moderation.no_call` or `moderation.role_fixed`
 */
export async function changeRole(
  ctx: Ctx,
  request: RoomAccessRequest,
  participantId: string,
  { role }: ChangeRole,
): Promise<ParticipantRoleView> {
  const { roomAccess, target } = await readAccessAndTarget(ctx, request, participantId);
  const call = requireCallOfTarget(roomAccess, target);
  requireAssignableRole(roomAccess, target, role);
  if (outranks(target.participant.role, role)) requireAuthorityOver(ctx.actor, roomAccess, target);
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
    events: [participantRoleChanged.of({ roomId: room.id, identities: [identity] })],
    result: { participantId, identity, role },
  });
  const previousPerson = target.person ?? { linkId: null, removedAt: null, excludesNetwork: false };
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

/** Brings the roles of these people in the live room into line with their seats in the open call. */
export async function showRoles(
  ctx: Ctx,
  { roomId, identities }: { roomId: string; identities: string[] },
): Promise<void> {
  const [targets] = await ctx.read((q) => [selectTargets(q, ctx.organizationId, roomId, { identities })]);
  if (targets.length > 0) await ctx.ports.liveRooms.apply(roomId, targets.map(roleCommand));
}
