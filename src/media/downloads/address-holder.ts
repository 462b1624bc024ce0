import { z } from '@hono/zod-openapi';
import { permissionsOfRole } from '../../identity/access/index.ts';
import { permissionsOfScopes } from '../../identity/api-keys/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import {
  type Actor,
  type AppError,
  type Permission,
  type PermissionGrant,
  permits,
} from '../../kernel/core/index.ts';
import { selectRole, selectScopes } from './downloads.queries.ts';

/** The user or API key that asked for a signed address: it works while they have the authority. */
export const holderSchema = z.object({ kind: z.enum(['user', 'apiKey']), id: z.string() });

export interface HeldAddress {
  /** The organization in which it was asked for. */
  org: string;
  holder: z.output<typeof holderSchema>;
}

/** What a holder must be permitted to do. */
export interface HolderCheck {
  permission: Permission;
  /** The address is public, so it does not report what its holder lacks. */
  refuse: () => AppError;
}

/** The holder of an address, with the authority that they have now. @throws AppError `refuse` when they have none */
export async function findHolder(
  ctx: Ctx,
  { org: organizationId, holder: { kind, id } }: HeldAddress,
  { permission, refuse }: HolderCheck,
): Promise<Actor> {
  const scope = { role: 'app', organizationId, userId: id } as const;
  const requirePermitted = (permissions: readonly PermissionGrant[]) => {
    if (!permits(permissions, permission)) throw refuse();
    return permissions;
  };
  if (kind === 'user') {
    const [[member]] = await ctx.read((q) => [selectRole(q, organizationId, id)], scope);
    if (!member) throw refuse();
    const { role } = member;
    const permissions = requirePermitted(permissionsOfRole(role));
    return { kind, userId: id, sessionId: undefined, organizationId, role, plan: null, permissions };
  }
  const now = new Date(ctx.clock.now());
  const [[key]] = await ctx.read((q) => [selectScopes(q, organizationId, id, now)], scope);
  if (!key) throw refuse();
  const permissions = requirePermitted(permissionsOfScopes(key.scopes));
  return { kind, apiKeyId: id, organizationId, plan: '', requestsPerMinute: 0, permissions };
}
