import { type PermissionGrant, permits } from '../../kernel/core/index.ts';
import { ROLE_PERMISSIONS } from '../access/index.ts';
import { apiKeyErrors } from './api-keys.errors.ts';
import type { apiKeys } from './api-keys.tables.ts';

type ApiKeyRow = typeof apiKeys.$inferSelect;

/** No key holds more than the admin role: what only owners may do takes a person. */
const MAX_PERMISSIONS = ROLE_PERMISSIONS.admin;
const SCOPE_RESOURCES = [...new Set(MAX_PERMISSIONS.map((permission) => permission.split(':')[0]!))];
const SCOPE_ACTIONS = new Set(['read', 'write', 'export', 'delete']);
/** Actions that are scopes on one resource alone. */
const RESOURCE_SCOPES = new Set(['rooms:join', 'rooms:observe', 'files:manage', 'memories:manage']);
/** Not part of the scope `read`: the audit log, which keys exist, where an organization keeps its
 * data and what it calls through, and its keys and budget for AI. */
const RESTRICTED_RESOURCES = new Set([
  'audit',
  'api-keys',
  'buckets',
  'phone-numbers',
  'phone-trunks',
  'ai-settings',
  'moderation',
]);
/** Only readable with the scope `write`: the administration of the organization, and what costs money with each request. */
const ADMINISTRATIVE_RESOURCES = new Set([
  'organizations',
  'members',
  'invitations',
  'billing',
  'usage',
  'ai',
  'meeting-workflows',
  ...RESTRICTED_RESOURCES,
]);

/** The scopes that stand for several permissions; any other scope is one permission, such as `rooms:read`. */
export const BROAD_SCOPES = ['read', 'write', 'admin'] as const;

/** Whether a key can have the scope. */
export function isScope(text: string): boolean {
  if ((BROAD_SCOPES as readonly string[]).includes(text)) return true;
  const [resource, action, ...rest] = text.split(':');
  return (
    resource !== undefined &&
    action !== undefined &&
    rest.length === 0 &&
    SCOPE_RESOURCES.includes(resource) &&
    (SCOPE_ACTIONS.has(action) || RESOURCE_SCOPES.has(text)) &&
    permits(MAX_PERMISSIONS, text as PermissionGrant)
  );
}

const grantsOn = (resources: readonly string[], action: 'read' | 'write') =>
  // A resource may have no such action; then the grant permits nothing.
  resources.map((resource) => `${resource}:${action}` as PermissionGrant);

const READ_GRANTS = grantsOn(
  SCOPE_RESOURCES.filter((resource) => !RESTRICTED_RESOURCES.has(resource)),
  'read',
);
const WRITE_GRANTS = grantsOn(
  SCOPE_RESOURCES.filter((resource) => !ADMINISTRATIVE_RESOURCES.has(resource)),
  'write',
);

/** Managing rooms includes joining their calls: keys that could manage them before these scopes existed still join. */
const ROOM_MANAGEMENT: readonly PermissionGrant[] = ['rooms:join', 'rooms:observe'];

/** The permissions of a key's scopes; a stored scope that is no longer valid has none. */
export function permissionsOfScopes(scopes: readonly string[]): PermissionGrant[] {
  const all = scopes.filter(isScope).flatMap((scope): readonly PermissionGrant[] => {
    if (scope === 'read') return READ_GRANTS;
    if (scope === 'write') return [...READ_GRANTS, ...WRITE_GRANTS, ...ROOM_MANAGEMENT];
    if (scope === 'rooms:write') return [scope, ...ROOM_MANAGEMENT];
    if (scope === 'admin') return MAX_PERMISSIONS;
    return [scope as PermissionGrant];
  });
  return [...new Set(all)];
}

/** The scopes for a permission, one of which a key needs. */
export const scopesPermitting = (permission: PermissionGrant): string[] =>
  [...BROAD_SCOPES, `${permission.split(':')[0]!}:write`, permission].filter((scope) =>
    permits(permissionsOfScopes([scope]), permission),
  );

/**
 * A caller cannot create, change or reroll a key that permits more than they are permitted themselves: they could use
 * it.
 * @throws AppError `api_keys.beyond_authority`
 */
export function requireScopesWithinAuthority(
  authority: readonly PermissionGrant[],
  scopes: readonly string[],
): void {
  const missing = permissionsOfScopes(scopes).find((permission) => !permits(authority, permission));
  if (missing !== undefined) throw apiKeyErrors.beyondAuthority({ detail: `the caller lacks ${missing}` });
}

export const API_KEY_STATUSES = ['active', 'expired', 'revoked'] as const;
export type ApiKeyStatus = (typeof API_KEY_STATUSES)[number];

/** A key with its status at a moment. */
export type ApiKey = ApiKeyRow & { status: ApiKeyStatus };

export function withStatus(row: ApiKeyRow, nowMs: number): ApiKey {
  const expired = row.expiresAt !== null && row.expiresAt.getTime() <= nowMs;
  return { ...row, status: row.revokedAt ? 'revoked' : expired ? 'expired' : 'active' };
}
