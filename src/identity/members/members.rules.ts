import { type Actor, authErrors, type PermissionGrant, permits } from '../../kernel/core/index.ts';
import { mayGrant, permissionsOfRole, type Role } from '../access/index.ts';
import { memberErrors } from './members.errors.ts';
import type { members } from './members.tables.ts';

/** A membership with which a user can work in an organization, as an access token states it. */
export interface ActiveMembership {
  organizationId: string;
  role: string;
  plan: string;
}

/**
 * The membership a user signs in with: that of the organization they used last, or else the one they joined first;
 * null for a user without an organization.
 * @param memberships in the order of joining
 */
export function chooseMembership(
  memberships: readonly ActiveMembership[],
  lastOrganizationId: string | null | undefined,
): ActiveMembership | null {
  const last = memberships.find(({ organizationId }) => organizationId === lastOrganizationId);
  return last ?? memberships[0] ?? null;
}

/**
 * The organization in whose audit log a change of the user's own account is recorded: that of the credential, if the user is
 * an active member of it at this moment, or else the one they joined first; null for a user without an organization.
 */
export const auditedOrganization = (
  memberships: readonly ActiveMembership[],
  credentialOrganizationId: string | null,
): string | null => chooseMembership(memberships, credentialOrganizationId)?.organizationId ?? null;

type MembershipState = Pick<typeof members.$inferSelect, 'role' | 'status'>;

/**
 * The permissions of the caller at this moment. An access token can be some minutes older than the membership; for
 * granting and revoking permissions the stored membership counts.
 * @throws AppError `auth.forbidden` for a user who is not an active member
 */
export function authorityOf(
  actor: Actor,
  membership: MembershipState | undefined,
): readonly PermissionGrant[] {
  if (actor.kind === 'apiKey') return actor.permissions;
  if (actor.kind !== 'user' || membership?.status !== 'active')
    throw authErrors.forbidden({ detail: 'needs an active membership' });
  return permissionsOfRole(membership.role);
}

/**
 * Refuses a caller who grants a role with permissions that they do not have, or changes a member who has such a role.
 * @throws AppError `members.beyond_authority`
 */
export function requireRoleWithinAuthority(authority: readonly PermissionGrant[], role: Role): void {
  if (!mayGrant(authority, role)) throw memberErrors.beyondAuthority({ detail: `the role is ${role}` });
}

/** @throws AppError `auth.forbidden` or `members.beyond_authority` */
export function requireCanManageRole(authority: readonly PermissionGrant[], role: Role): void {
  if (!permits(authority, 'members:write')) throw authErrors.forbidden({ detail: 'needs members:write' });
  requireRoleWithinAuthority(authority, role);
}

const isActiveOwner = ({ role, status }: MembershipState) => role === 'owner' && status === 'active';

/** Whether a change takes an active owner away; `after` is undefined for a removal. */
export function removesActiveOwner(before: MembershipState, after: MembershipState | undefined): boolean {
  return isActiveOwner(before) && !(after && isActiveOwner(after));
}

export type MemberChangeEvent = 'member.role_changed' | 'member.suspended' | 'member.reactivated';

/** The names of a change, in the audit log and as events; empty when nothing changes. */
export function memberChangeEvents(before: MembershipState, after: MembershipState): MemberChangeEvent[] {
  const events: MemberChangeEvent[] = [];
  if (before.role !== after.role) events.push('member.role_changed');
  if (before.status !== after.status)
    events.push(after.status === 'suspended' ? 'member.suspended' : 'member.reactivated');
  return events;
}
