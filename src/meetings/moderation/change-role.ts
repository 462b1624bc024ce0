import type { Ctx } from '../../platform/context/index.ts';
import { actorId } from '../../platform/core/index.ts';
import { findStanding } from '../lobby/index.ts';
import { type Call, changeSeatRole } from '../calls/index.ts';
import { type LiveParticipant, type MediaApi, type MediaGrants } from '../clusters/index.ts';
import { type LiveCommand, tellLiveRoom } from '../realtime/index.ts';
import { putRoomPerson, type Room } from '../rooms/index.ts';
import { actAtCluster, forEach } from './act.ts';
import { listTargets } from './moderation.queries.ts';
import {
  grantsFor,
  type Place,
  requireAssignable,
  requireCallOf,
  shownBy,
  type Target,
} from './moderation.rules.ts';
import type { ChangeRole, ParticipantRoleView } from './moderation.schemas.ts';
import { readTarget } from './remove-participant.ts';

/** What the live room is told of somebody's role; the same however often it is told. */
function roleTold({ participant, person }: Target): LiveCommand {
  const { identity, role } = participant;
  const atMs = (person?.updatedAt ?? participant.updatedAt).getTime();
  const by = person ? shownBy(person.changedBy) : null;
  return { type: 'participant.role', key: `${identity}:${role}:${atMs}`, atMs, by, identity, role };
}

const grantRole = (api: MediaApi, { id }: Call, room: Room, target: Target): Promise<boolean> =>
  api.updateParticipant(id, target.participant.identity, {
    attributes: { role: target.participant.role },
    grants: grantsFor(room, target),
  });

/**
 * Gives somebody another role in the room: for this call and for later ones, for media, socket and API.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `moderation.participant_not_found`,
 * `moderation.not_host`, `moderation.no_call` or `moderation.role_fixed`
 */
export async function changeRole(
  ctx: Ctx,
  place: Place,
  participantId: string,
  { role }: ChangeRole,
): Promise<ParticipantRoleView> {
  const { standing, target } = await readTarget(ctx, place, participantId);
  const call = requireCallOf(standing, target);
  requireAssignable(standing, target, role);
  const { room } = standing;
  const { participant } = target;
  const { identity, userId, organizationId } = participant;
  const updatedAt = new Date(ctx.clock.now());
  const changedBy = place.as?.identity ?? actorId(ctx.actor)!;
  const person = { organizationId, roomId: room.id, identity, userId, role, changedBy, updatedAt };
  const view = await ctx.commit({
    write: (q) => [putRoomPerson(q, person), changeSeatRole(q, participant, role, updatedAt)],
    audit: {
      action: 'participant.role_changed',
      target: { type: 'room', id: room.id },
      before: { role: participant.role },
      after: { role, participantId, identity, name: participant.name },
    },
    effects: [
      {
        type: 'participant.role_changed',
        key: room.id,
        payload: { roomId: room.id, identities: [identity] },
      },
    ],
    result: { participantId, identity, role },
  });
  const known = target.person ?? { linkId: null, removedAt: null };
  const changed = { ...target, participant: { ...participant, role }, person: { ...known, ...person } };
  await Promise.all([
    tellLiveRoom(ctx, room.id, [roleTold(changed)]),
    actAtCluster(ctx, call.cluster, 'role', (api) => grantRole(api, call, room, changed)),
  ]);
  return view;
}

/** Whether the cluster lets them do exactly that. */
function holds(
  { grants: held }: LiveParticipant,
  { publish, subscribe, data, hidden, sources }: MediaGrants,
) {
  if (!held) return false;
  const listed = (names: readonly string[] | undefined) => (publish ? (names ?? []).toSorted().join() : '');
  return (
    held.publish === publish &&
    held.subscribe === subscribe &&
    held.data === data &&
    held.hidden === hidden &&
    listed(held.sources) === listed(sources)
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
): Promise<Target[]> {
  const [[found], targets] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, ''),
    listTargets(q, ctx.organizationId, roomId, identities && { identities }),
  ]);
  if (!found?.call) return targets;
  const { room, call } = found;
  const api = ctx.ports.clusters.api(call.cluster, ctx.trace);
  const byIdentity = new Map(targets.map((target) => [target.participant.identity, target]));
  const present = await api.listParticipants(call.id);
  const wrong = present.flatMap((live) => {
    const target = byIdentity.get(live.identity);
    return target && !holds(live, grantsFor(room, target)) ? [target] : [];
  });
  const outcomes = await forEach(wrong, (target) => grantRole(api, call, room, target));
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
  if (targets.length > 0) await ctx.ports.liveRooms.apply(roomId, targets.map(roleTold));
}
