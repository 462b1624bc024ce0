import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission, type IfMatch, requireVersion } from '../../kernel/core/index.ts';
import { changeApiKey } from './api-keys.queries.ts';
import { readActiveKeyAndAuthority } from './read-api-keys.ts';
import { apiKeyRevoked } from './api-keys.events.ts';

/**
 * Revokes a key for good, its former secret too. Revoking needs `api-keys:write` alone, not the permissions of the key.
 * @param ifMatch the version the caller has seen; undefined to revoke any version
 * @throws AppError `api_keys.not_found`, `api_keys.revoked`, `auth.forbidden` or `request.stale`
 */
export async function revokeApiKey(ctx: Ctx, apiKeyId: string, ifMatch: IfMatch): Promise<void> {
  requirePermission(ctx.actor, 'api-keys:write');
  const { key } = await readActiveKeyAndAuthority(ctx, apiKeyId);
  requireVersion(key, ifMatch);
  const now = new Date(ctx.clock.now());
  return ctx.commit({
    write: (q) => [changeApiKey(q, key, { revokedAt: now, updatedAt: now })],
    audit: {
      action: 'api_key.revoked',
      severity: 'warning',
      target: { type: 'apiKey', id: apiKeyId },
      before: { name: key.name, prefix: key.prefix, scopes: key.scopes },
    },
    events: [apiKeyRevoked.of({ organizationId: key.organizationId, apiKeyId })],
    result: undefined,
  });
}
