import type { Ctx } from '../../kernel/context/index.ts';
import { diffFields, type IfMatch, requireVersion } from '../../kernel/core/index.ts';
import {
  changeMember,
  holdMembers,
  lockOwners,
  type MemberWithUser,
  mustKeepOwner,
} from './members.queries.ts';
import {
  authorityOf,
  removesActiveOwner,
  memberChangeEvents,
  requireRoleWithinAuthority,
  requireCanManageRole,
} from './members.rules.ts';
import type { UpdateMember } from './members.schemas.ts';
import { readMemberAndCaller } from './read-members.ts';
import { memberReactivated, memberRoleChanged, memberSuspended } from './members.events.ts';

const CHANGE_EVENTS = {
  'member.role_changed': memberRoleChanged,
  'member.suspended': memberSuspended,
  'member.reactivated': memberReactivated,
} as const;

/**
 * Changes a member's role, suspends or reactivates them.
 * @param ifMatch the version the caller has seen; undefined to change any version
 * @throws AppError `members.not_found`, `members.beyond_authority`, `members.last_owner`,
 * `billing.limit_reached`, `auth.forbidden` or `request.stale`
 */
export async function updateMember(
  ctx: Ctx,
  organizationId: string,
  memberId: string,
  input: UpdateMember,
  ifMatch: IfMatch,
): Promise<MemberWithUser> {
  const { target, caller } = await readMemberAndCaller(ctx, organizationId, memberId);
  const { member, user } = target;
  const authority = authorityOf(ctx.actor, caller);
  requireCanManageRole(authority, member.role);
  if (input.role) requireRoleWithinAuthority(authority, input.role);
  requireVersion(member, ifMatch);

  const after = { role: input.role ?? member.role, status: input.status ?? member.status };
  const events = memberChangeEvents(member, after);
  if (events.length === 0) return target;
  const guardOwners = removesActiveOwner(member, after);
  const now = new Date(ctx.clock.now());
  const set = { ...after, updatedAt: now };
  const isReactivated = member.status !== 'active' && after.status === 'active';
  const { userId } = member;
  return ctx.commit({
    grantsAuthority: true,
    write: (q) => [
      ...(guardOwners ? [lockOwners(q, organizationId)] : []),
      changeMember(q, member, set),
      ...(isReactivated ? holdMembers(q, organizationId, now) : []),
      ...(guardOwners ? [mustKeepOwner(q, organizationId)] : []),
    ],
    audit: events.map((action) => ({
      action,
      severity: 'warning' as const,
      target: { type: 'member', id: memberId },
      ...diffFields<Record<string, unknown>>(member, after),
    })),
    events: events.map((type) => CHANGE_EVENTS[type].of({ organizationId, memberId, userId })),
    result: { member: { ...member, ...set, version: member.version + 1 }, user },
  });
}
