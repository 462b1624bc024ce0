import type { Call } from '../../calls/calls/index.ts';
import type { ClusterParticipant, MediaApi, MediaGrants } from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { applyToAll } from '../../kernel/core/index.ts';
import { type Room, selectRoomAndOpenCall } from '../rooms/index.ts';
import { selectOutdatedToken, selectTargets } from './moderation.queries.ts';
import { type ModerationTarget, targetGrants } from './moderation.rules.ts';

/** Gives a participant, at the cluster, the role and the grants that are stored. */
export const applyRoleAtCluster = (
  api: MediaApi,
  { id }: Call,
  room: Room,
  target: ModerationTarget,
): Promise<boolean> =>
  api.updateParticipant(id, target.participant.identity, {
    attributes: { role: target.participant.role },
    grants: targetGrants(room, target),
  });

/** Whether the participant has exactly these grants at the cluster. */
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
 * Brings the media grants of the people in a room's open call into line with their roles and the room's features. Only
 * grants that differ at the cluster are changed.
 * @param identities limits it to these people; absent for everybody
 */
export async function enforceGrants(ctx: Ctx, roomId: string, identities?: readonly string[]): Promise<void> {
  const [[found], targets] = await ctx.read((q) => [
    selectRoomAndOpenCall(q, ctx.organizationId, roomId),
    selectTargets(q, ctx.organizationId, roomId, identities && { identities }),
  ]);
  if (!found?.call) return;
  const { room, call } = found;
  const api = ctx.ports.clusters.api(call.cluster, ctx.trace);
  const byIdentity = new Map(targets.map((target) => [target.participant.identity, target]));
  const present = await api.listParticipants(call.id);
  const outdated = present.flatMap((live) => {
    const target = byIdentity.get(live.identity);
    return target && !hasGrants(live, targetGrants(room, target)) ? [target] : [];
  });
  await applyToAll(outdated, (target) => applyRoleAtCluster(api, call, room, target));
}

/**
 * Gives somebody who has just connected the role and the grants that are stored, if these may have changed since they got
 * their token.
 */
export async function enforceGrantsOfNewcomer(
  ctx: Ctx,
  newcomer: { callId: string; participantId: string },
): Promise<void> {
  const [[found]] = await ctx.read((q) => [selectOutdatedToken(q, ctx.organizationId, newcomer)]);
  if (!found) return;
  const { room, call, ...target } = found;
  await applyRoleAtCluster(ctx.ports.clusters.api(call.cluster, ctx.trace), call, room, target);
}
