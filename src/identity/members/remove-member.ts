import type { Ctx } from '../../kernel/context/index.ts';
import { type IfMatch, requireVersion } from '../../kernel/core/index.ts';
import { deleteMember, lockOwners, mustKeepOwner } from './members.queries.ts';
import { authorityOf, removesActiveOwner, requireCanManageRole } from './members.rules.ts';
import { readMemberAndCaller } from './read-members.ts';
import { memberRemoved } from './members.events.ts';

/**
 * Removes a member. Leaving needs no permission, not even an active membership.
 * @param ifMatch the version the caller has seen; undefined to remove any version
 * @throws AppError `members.not_found`, `members.beyond_authority`, `members.last_owner`, `auth.forbidden` or
 * `request.stale`
 */
export async function removeMember(
  ctx: Ctx,
  organizationId: string,
  memberId: string,
  ifMatch: IfMatch,
): Promise<void> {
  const {
    target: { member },
    caller,
  } = await readMemberAndCaller(ctx, organizationId, memberId);
  const isLeaving = caller?.id === member.id;
  if (!isLeaving) requireCanManageRole(authorityOf(ctx.actor, caller), member.role);
  requireVersion(member, ifMatch);

  const guardOwners = removesActiveOwner(member, undefined);
  const { userId, role, status } = member;
  return ctx.commit({
    write: (q) => [
      ...(guardOwners ? [lockOwners(q, organizationId)] : []),
      deleteMember(q, member),
      ...(guardOwners ? [mustKeepOwner(q, organizationId)] : []),
    ],
    audit: {
      action: 'member.removed',
      severity: 'warning',
      target: { type: 'member', id: memberId },
      before: { userId, role, status },
      after: { left: isLeaving },
    },
    events: [memberRemoved.of({ organizationId, memberId, userId })],
    result: undefined,
  });
}
