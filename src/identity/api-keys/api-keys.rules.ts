import { type Permission, permits } from '../../kernel/core/index.ts';
import { ROLE_PERMISSIONS } from '../access/index.ts';
import { apiKeyErrors } from './api-keys.errors.ts';
import type { apiKeys } from './api-keys.tables.ts';

type ApiKeyRow = typeof apiKeys.$inferSelect;

/** No key holds more than the admin role: what only owners may do takes a person. */
const MAX_PERMISSIONS = ROLE_PERMISSIONS.admin;
const SCOPE_RESOURCES = [...new Set(MAX_PERMISSIONS.map((permission) => permission.split(':')[0]!))];
const SCOPE_ACTIONS = new Set(['read', 'write', 'export', 'delete']);
/** What `read` leaves out: who did what, and which keys there are. */
const RESTRICTED_RESOURCES = new Set(['audit', 'api-keys']);
/** What `write` only reads: the house itself. */
const ADMINISTRATIVE_RESOURCES = new Set([
  'organizations',
  'members',
  'invitations',
  'billing',
  'usage',
  ...RESTRICTED_RESOURCES,
]);

/** The scopes that stand for a set of permissions; any other scope is one permission, such as `rooms:read`. */
export const BROAD_SCOPES = ['read', 'write', 'admin'] as const;

/** Whether the text is a scope a key can have. */
export function isScope(text: string): boolean {
  if ((BROAD_SCOPES as readonly string[]).includes(text)) return true;
  const [resource, action, ...rest] = text.split(':');
  return (
    resource !== undefined &&
    action !== undefined &&
    rest.length === 0 &&
    SCOPE_RESOURCES.includes(resource) &&
    SCOPE_ACTIONS.has(action) &&
    permits(MAX_PERMISSIONS, text as Permission)
  );
}

const allReadPermissions = () =>
  SCOPE_RESOURCES.filter((each) => !RESTRICTED_RESOURCES.has(each)).map((each) => `${each}:read` as const);
const allWritePermissions = () =>
  SCOPE_RESOURCES.filter((each) => !ADMINISTRATIVE_RESOURCES.has(each)).map(
    (each) => `${each}:write` as const,
  );

/** The permissions that scopes stand for; a stored scope that is no longer known stands for none. */
export function permissionsOfScopes(scopes: readonly string[]): Permission[] {
  const all = scopes.filter(isScope).flatMap((scope): readonly Permission[] => {
    if (scope === 'read') return allReadPermissions();
    if (scope === 'write') return [...allReadPermissions(), ...allWritePermissions()];
    if (scope === 'admin') return MAX_PERMISSIONS;
    return [scope as Permission];
  });
  return [...new Set(all)];
}

/**
 * Nobody makes, changes or renews a key that holds more than they do: they could use it.
 * @throws AppError `api_keys.beyond_authority`
 */
export function requireScopesWithinAuthority(authority: readonly string[], scopes: readonly string[]): void {
  const missing = permissionsOfScopes(scopes).find((permission) => !permits(authority, permission));
  if (missing !== undefined) throw apiKeyErrors.beyondAuthority({ detail: `the caller lacks ${missing}` });
}

/** @throws AppError `api_keys.expiry_in_past` */
export function requireFutureExpiry(expiresAt: Date | null | undefined, nowMs: number): void {
  if (expiresAt && expiresAt.getTime() <= nowMs) throw apiKeyErrors.expiryInPast();
}

export const API_KEY_STATUSES = ['active', 'expired', 'revoked'] as const;
export type ApiKeyStatus = (typeof API_KEY_STATUSES)[number];

/** A key as it stands at a moment. */
export type ApiKey = ApiKeyRow & { status: ApiKeyStatus };

export function withStatus(row: ApiKeyRow, nowMs: number): ApiKey {
  const expired = row.expiresAt !== null && row.expiresAt.getTime() <= nowMs;
  return { ...row, status: row.revokedAt ? 'revoked' : expired ? 'expired' : 'active' };
}
