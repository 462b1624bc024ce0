import type { Ctx } from '../../kernel/context/index.ts';
import { actorCredential, authErrors, requirePermission } from '../../kernel/core/index.ts';
import { disabledFeaturesOf, hasLeftOrganization, isModeratorRole, roleInRoom } from '../access/index.ts';
import type { AdmissionView, WaitingView } from '../admission/index.ts';
import { linkErrors, normalizeCode, resolveRoleByLink, selectLinkByCode } from '../links/index.ts';
import { admitByLink, buildLinkAttribution, requireLinkAccess, toLinkVisit } from './admit-by-link.ts';
import type { JoinAsMember } from './guest-access.schemas.ts';

/**
 * Admits a member of the link's organization to the room, or to its lobby, under their own identity.
 * @throws AppError `links.*`, `rooms.*`, `clusters.not_configured`, `server.unavailable`, `auth.forbidden`, or
 * `request.stale`
 */
export async function joinAsMember(
  ctx: Ctx,
  code: string,
  input: JoinAsMember,
): Promise<{ admission: AdmissionView | WaitingView; roomId: string }> {
  const { actor } = ctx;
  if (actor.kind !== 'user')
    throw authErrors.forbidden({ detail: 'API keys join through the room, not through a link' });
  requirePermission(actor, 'rooms:join');
  const { userId } = actor;
  const normalizedCode = normalizeCode(code);
  // Within the caller's own organization: a link of another one is not found.
  const [found] = await ctx.read((q) => [selectLinkByCode(q, normalizedCode, userId)]);
  const visit = toLinkVisit(found);
  const { link, state, accountName, memberRole } = visit;
  if (hasLeftOrganization(actor, visit)) throw linkErrors.notFound();
  const ownRole = roleInRoom(actor, state.room, { person: state.person, memberRole });
  const role = resolveRoleByLink(ownRole, link, state.person);
  const isRaisedByLink = role !== ownRole;
  // A moderator who gets no more from the link is independent of it: it stores nothing and takes no feature away.
  const isIndependentOfLink = visit.lastLinkId !== link.id && isModeratorRole(ownRole) && !isRaisedByLink;
  const isReturning = visit.lastLinkId === link.id || (isIndependentOfLink && state.seat !== undefined);
  await requireLinkAccess(ctx, visit, isReturning, input.password);
  const admission = await admitByLink(ctx, visit, {
    isReturning,
    applicant: {
      identity: userId,
      kind: 'user',
      name: input.name ?? accountName ?? userId,
      userId,
      linkId: link.id,
      credential: actorCredential(actor),
      role,
      recordingConsent: input.recordingConsent,
      extraRoles: [],
      // A moderator needs no approval, unless the link gives them a higher role.
      needsApproval: link.requireApproval && (isRaisedByLink || !isModeratorRole(ownRole)),
      disabledFeatures: isIndependentOfLink ? {} : disabledFeaturesOf(link),
      linkAttribution: isIndependentOfLink
        ? undefined
        : buildLinkAttribution(link, isReturning, isRaisedByLink),
    },
  });
  return { admission, roomId: link.roomId };
}
