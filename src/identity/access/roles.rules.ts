import { type PermissionGrant, permits } from '../../kernel/core/index.ts';

declare module '../../kernel/core/permissions.ts' {
  /** A resource of a module to come: roles and scopes of API keys name it already. */
  interface PermissionActions {
    billing: 'read' | 'write';
  }
}

export const ROLES = ['owner', 'admin', 'member', 'guest'] as const;
export type Role = (typeof ROLES)[number];

/** The permissions of each role. `*` on either side of the colon stands for all; `write` implies `read`. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly PermissionGrant[]>> = {
  owner: ['*:*'],
  admin: [
    'organizations:write',
    'members:write',
    'invitations:write',
    'api-keys:write',
    'audit:*',
    'operations:write',
    'billing:read',
    'usage:write',
    'rooms:*',
    'calls:*',
    'contacts:*',
    'files:*',
    'agents:*',
    'memories:*',
    'ai:write',
    'ai-settings:write',
    'transcripts:*',
    'meeting-workflows:write',
    'moderation:write',
    'analytics:write',
    'buckets:write',
    'phone-numbers:write',
    'phone-trunks:write',
  ],
  member: [
    'organizations:read',
    'members:read',
    'operations:write',
    'rooms:write',
    'rooms:join',
    'calls:write',
    'contacts:write',
    'files:write',
    'agents:write',
    'memories:write',
    'ai:write',
    'transcripts:write',
    'meeting-workflows:read',
  ],
  guest: [
    'organizations:read',
    'rooms:read',
    'rooms:join',
    'calls:read',
    'contacts:write',
    'files:read',
    'memories:read',
  ],
};

/** The permissions of a role's name from a token or a row; an unknown role permits nothing. */
export function permissionsOfRole(role: string | null): readonly PermissionGrant[] {
  return role !== null && Object.hasOwn(ROLE_PERMISSIONS, role) ? ROLE_PERMISSIONS[role as Role] : [];
}

/** Whether somebody with these permissions may grant the role: nobody grants what they do not have. */
export function mayGrant(granterPermissions: readonly PermissionGrant[], role: Role): boolean {
  return ROLE_PERMISSIONS[role].every((permission) => permits(granterPermissions, permission));
}
